#pragma once

#include <memory>
#include <string>

#include "drivers/cctv/recorder.hpp"
#include "drivers/http/client.hpp"

namespace lobby::cctv {

struct OnvifSettings {
  std::string recording{};  ///< its token at the recorder
  std::string profile{};    ///< of the camera: the source of a job that is made
  /// A job that stands ready: it is made active, and put back afterwards. Empty: one is made, and removed.
  std::string job{};
  int priority = 10;  ///< of a job that is made: only the highest active one of a recording records
  std::string device_path = "/onvif/device_service";
};

/// A recorder of ONVIF Profile G: a recording job, proved by the state that it tells when asked and by the
/// events that it sends by itself. `events`: a second client to the same device, since pulling waits there;
/// without one it cannot be verified. Both clients have this `login`.
std::unique_ptr<Recorder> make_onvif(link::Executor& executor, std::unique_ptr<http::Client> client,
                                     std::unique_ptr<http::Client> events, std::shared_ptr<http::Login> login,
                                     OnvifSettings settings, RecorderOptions options);

}  // namespace lobby::cctv
