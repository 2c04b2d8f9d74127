#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/devices/recorder_config.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/recording.hpp"
#include "drivers/cctv/recorder.hpp"

namespace lobby::devices {

/// The recorders in the hall's words. What each says of itself stands in the roster: `ok` when it lets us in
/// and its clock and storage are as they should be, `degraded` with what is not, `gone` when nobody answers.
/// One that nobody uses is looked at each minute.
class Recorders {
 public:
  using Make = std::function<std::unique_ptr<cctv::Recorder>(const RecorderConfig&)>;
  struct Options {
    std::function<hall::Instant()> now;
    std::chrono::milliseconds lost_after = std::chrono::seconds(8);  ///< how old a proof counts
    std::chrono::milliseconds look_every = std::chrono::seconds(60);
  };
  Recorders(link::Executor& executor, const std::vector<RecorderConfig>& configs, const Make& make,
            Roster& roster, Options options);
  ~Recorders();

  // Each `done` runs once, in a later turn, within the driver's time. A camera that is not there: failed.
  void start(const hall::DeviceId& camera,
             std::function<void(hall::RecorderAnswer, hall::RecordingSession)> done);
  void resume(const hall::DeviceId& camera, hall::RecordingSession session);
  void stop(const hall::DeviceId& camera, std::function<void(hall::RecorderAnswer)> done);
  void probe(const hall::DeviceId& camera, std::function<void(hall::RecordingReading)> done);
  void check(const hall::DeviceId& camera, std::function<void(hall::RecorderReport)> done);

 private:
  struct Unit;
  Unit* find(const hall::DeviceId& camera);
  void look_later(Unit& unit, link::Duration after);

  link::Executor& executor_;
  Options options_;
  std::vector<std::unique_ptr<Unit>> units_;
};

struct RecorderTimes {
  std::chrono::milliseconds order_within{5'000}, probe_within{2'000}, clock_tolerance{5'000};
};
/// The driver of a recorder, with the connections that it needs. Throws std::runtime_error when the password
/// cannot be read.
std::unique_ptr<cctv::Recorder> make_recorder(boost::asio::io_context& io, link::Executor& executor,
                                              const RecorderConfig& config, const RecorderTimes& times,
                                              std::function<hall::Instant()> now);

}  // namespace lobby::devices
