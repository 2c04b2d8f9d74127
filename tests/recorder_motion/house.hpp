#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/cctv/motion.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/recorder_motion/camera.hpp"
#include "tests/support/process.hpp"

namespace lobby::recorder_motion {

/// The program motion with a camera, and our driver of it with a supervisor as a site has it: a probe every
/// 2 s, REC with proofs that are at most 8 s old.
class House {
 public:
  /// `movies` empty: a folder of its own.
  explicit House(std::string movies = {});
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  void start_motion();
  /// As a power cut does.
  void kill_motion();
  void make_driver(const std::string& password = "secret");

  cctv::Outcome order_start();
  cctv::Outcome order_stop();
  cctv::Preflight preflight();
  cctv::Reading probe();

  /// The supervisor goes on until it says so; how long that took, nullopt: not within the limit.
  std::optional<std::chrono::milliseconds> until(cctv::Verdict verdict, std::chrono::seconds limit);
  /// Of the last reading.
  cctv::Fault fault(const std::string& probe) const;

  /// Written by motion, newest last.
  std::vector<std::string> movies() const;

  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  tests::TemporaryFolder folder;
  Camera camera;
  std::unique_ptr<cctv::Recorder> recorder;
  cctv::Reading last;

 private:
  template <class Answer>
  Answer wait(const std::function<void(std::function<void(Answer)>)>& ask);

  std::string movies_;
  std::uint16_t control_port_ = 0, stream_port_ = 0;
  std::optional<tests::Process> motion_;
};

}  // namespace lobby::recorder_motion
