#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "tests/sim/device.hpp"
#include "tests/sim/later.hpp"
#include "tests/sim/plug.hpp"
#include "tests/sim/relay_model.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/station.hpp"
#include "tests/sim/wakeup.hpp"

namespace lobby::sim {

/// A relay board on an RS-485 line, or at a port of its own where it speaks Modbus TCP.
class RelayBoard final : public Device, public Station {
 public:
  explicit RelayBoard(RelayEnd end);
  ~RelayBoard() override;

  /// Of one at a port; a sentence when it cannot be had.
  std::string start();

  std::optional<Spoken> hear(const HeardFrame& frame, TimePoint now) override;
  void overhear(std::span<const std::uint8_t>, bool) override {}

  const std::string& id() const override { return end_.id; }
  std::string_view kind() const override { return "relay"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view, std::size_t) override { return std::nullopt; }
  bool can_have(Fault fault) const override { return RelayModel::can_have(fault); }
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  /// "down:5" closes what hangs at input 5 (4 to 7), "up:5" opens it.
  std::string press(std::string_view key) override;

 private:
  void run();
  void serve();
  void hear_host();
  int say();

  const RelayEnd end_;
  std::mutex mutex_;
  RelayModel model_;            ///< under the mutex
  std::unique_ptr<Plug> plug_;  ///< of one at a port; the thread's
  Bytes in_;                    ///< the thread's
  Later<Bytes> out_;            ///< the thread's
  std::atomic<bool> stop_{false};
  Wakeup wakeup_;
  std::thread thread_;
};

}  // namespace lobby::sim
