#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/sim/device.hpp"
#include "tests/sim/pty.hpp"
#include "tests/sim/rtu.hpp"
#include "tests/sim/unit.hpp"
#include "tests/sim/wakeup.hpp"

namespace lobby::sim {

/// The wire itself, in given time: host bytes arrive one character after the other although the pty hands
/// them over at once, a frame ends by silence, the answer leaves at the line's pace. Belongs to one thread.
class LineModel {
 public:
  explicit LineModel(LinePace pace) : pace_(pace) {}

  void host_wrote(std::span<const std::uint8_t> bytes, TimePoint now);
  /// A whole frame when the line has been silent long enough behind it; call serve() with the answer.
  std::optional<Bytes> take_frame(TimePoint now);
  /// The answer starts `after` the frame's closing silence.
  void send(Bytes answer, nanoseconds after);
  /// Bytes that have passed the wire by now.
  Bytes take_sent(TimePoint now);
  std::optional<TimePoint> next() const;
  void reset();

  struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t collisions = 0;      ///< the host spoke into an answer
    std::uint64_t short_silences = 0;  ///< a request began less than 1.5 characters behind an answer
    nanoseconds busy{0};               ///< characters on the wire
  };
  const Counts& counts() const { return counts_; }
  const LinePace& pace() const { return pace_; }

 private:
  /// An adapter hands bytes over in such portions.
  static constexpr std::size_t portion = 8;

  LinePace pace_;
  Bytes frame_;
  TimePoint frame_end_{};
  Bytes answer_;
  TimePoint answer_start_{};
  std::size_t sent_ = 0;
  TimePoint quiet_since_{};
  Counts counts_;
};

/// An RS-485 line: the adapter's pty, and the units that hang on it, on a thread of their own.
class Line final : public Device {
 public:
  Line(std::string id, std::string path, LinePace pace, std::vector<std::shared_ptr<Unit>> units);
  ~Line() override;

  std::string start();

  const std::string& id() const override { return id_; }
  std::string_view kind() const override { return "bus"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view, std::size_t) override { return std::nullopt; }
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "A line has no keys."; }

 private:
  void run();
  bool fit_adapter();
  void serve();
  void answer(const Bytes& frame);
  void wait();

  const std::string id_;
  const std::string path_;
  const std::vector<std::shared_ptr<Unit>> units_;
  std::mutex mutex_;  ///< faults_, model_, pty_, replug_
  FaultSet faults_;
  LineModel model_;
  std::unique_ptr<Pty> pty_;
  bool replug_ = false;
  std::string last_fault_;
  std::minstd_rand noise_;
  Wakeup wakeup_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace lobby::sim
