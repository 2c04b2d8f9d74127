#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "tests/sim/device.hpp"
#include "tests/sim/pty.hpp"
#include "tests/sim/rtu.hpp"
#include "tests/sim/wakeup.hpp"

namespace lobby::sim {

/// Another maker's device on a line that speaks no Modbus. Called by the line's thread; guards itself.
class Talker {
 public:
  virtual ~Talker() = default;
  /// What the host has sent, as it came.
  virtual void hear(std::span<const std::uint8_t> bytes, TimePoint now) = 0;
  /// What it says now; empty: nothing.
  virtual Bytes speak(TimePoint /*now*/) { return {}; }
  /// When it wants to speak next.
  virtual std::optional<TimePoint> next() { return std::nullopt; }
  /// Set by its line: ends the line's wait.
  std::function<void()> wake = [] {};
};

/// A line of other makers' devices: the adapter's pty and who hangs on it, on a thread of its own.
class DialectLine final : public Device {
 public:
  DialectLine(std::string id, std::string path, std::string dialect,
              std::vector<std::shared_ptr<Talker>> talkers);
  ~DialectLine() override;

  std::string start();

  const std::string& id() const override { return id_; }
  std::string_view kind() const override { return "bus"; }
  boost::json::object describe() override;
  /// "bytes": the last that the host has sent.
  std::optional<File> file(std::string_view name, std::size_t) override;
  bool can_have(Fault fault) const override { return fault == Fault::gone || fault == Fault::power_cycle; }
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "A line has no keys."; }

 private:
  void run();
  void fit_adapter();
  void serve();
  void wait();

  const std::string id_, path_, dialect_;
  const std::vector<std::shared_ptr<Talker>> talkers_;
  std::mutex mutex_;  ///< all below but the thread's
  FaultSet faults_;
  bool replug_ = false;
  std::string raw_;
  std::uint64_t bytes_ = 0;
  std::unique_ptr<Pty> pty_;
  Wakeup wakeup_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace lobby::sim
