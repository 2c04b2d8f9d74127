#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/sim/device.hpp"
#include "tests/sim/line_model.hpp"
#include "tests/sim/noise.hpp"
#include "tests/sim/pty.hpp"
#include "tests/sim/station.hpp"
#include "tests/sim/wakeup.hpp"

namespace lobby::sim {

/// An RS-485 line: the adapter's pty, and the stations that hang on it, on a thread of their own.
class Line final : public Device {
 public:
  /// Who hangs on it, with the id that the site gives him.
  struct Drop {
    std::string id;
    std::shared_ptr<Station> station;
  };
  Line(std::string id, std::string path, LinePace pace, std::vector<Drop> drops);
  ~Line() override;

  std::string start();

  const std::string& id() const override { return id_; }
  std::string_view kind() const override { return "bus"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view, std::size_t) override { return std::nullopt; }
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void set_noise(unsigned per_mille) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "A line has no keys."; }

 private:
  void run();
  bool fit_adapter();
  std::unique_ptr<Pty> another_adapter();
  void serve();
  void hear_host(TimePoint now);
  void hear_stations(TimePoint now);
  void pass_on(const LineModel::Said& said);
  void offer(const Bytes& frame, TimePoint now);
  void say(std::size_t drop, Bytes bytes, TimePoint from);
  void wait();

  const std::string id_;
  const std::string path_;
  const std::vector<Drop> drops_;
  std::mutex mutex_;  ///< all below but the thread's
  FaultSet faults_;
  Noise noise_;
  LineModel model_;
  std::unique_ptr<Pty> pty_;
  std::string last_name_;  ///< of the adapter: a replugged one has another
  bool replug_ = false;
  bool is_doubled_ = false;  ///< the frame that is being heard
  std::string last_fault_;
  Wakeup wakeup_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace lobby::sim
