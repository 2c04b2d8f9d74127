#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/devices/config.hpp"

namespace lobby::devices {

/// A `[[recorder]]`: one camera at its recorder.
struct RecorderConfig {
  enum class Speaks : std::uint8_t { motion, onvif, isapi, dahua };
  hall::DeviceId id;
  Speaks speaks = Speaks::motion;
  std::string driver;  ///< the protocol, as the site file says it
  TcpAddress address;
  std::optional<TcpAddress> stream;  ///< of motion: the port that tells its status
  std::string user, password_file;   ///< empty: the device asks nobody
  int channel = 1;                   ///< motion calls it a camera
  std::string movie_dir;             ///< of motion: where we see its movies; empty: nobody does
  std::string movie_prefix;
  std::string recording, profile, job;  ///< of ONVIF: tokens
  std::string method;                   ///< of ISAPI: `post`, `put`; empty: found out
  bool local_times = false;             ///< of ISAPI: segments are told in local time
  int zone_min = 480;                   ///< of Dahua: its local time less UTC
};

}  // namespace lobby::devices
