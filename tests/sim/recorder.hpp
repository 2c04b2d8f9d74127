#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "tests/sim/device.hpp"
#include "tests/sim/http_wire.hpp"
#include "tests/sim/recorder_front.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {

/// A recorder of the site at its ports. What it records is true time of the simulated lobby.
class Recorder final : public Device {
 public:
  /// nullptr: its protocol is not simulated.
  static std::shared_ptr<Recorder> make(const RecorderEnd& end, const WallClock& clock);

  std::string start() { return wire_.start(); }

  const std::string& id() const override { return end_.id; }
  std::string_view kind() const override { return "recorder"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view, std::size_t) override { return std::nullopt; }
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  /// `offset_s` of clock.
  std::string set_details(Fault fault, const boost::json::object& body) override;
  std::string press(std::string_view) override { return "A recorder has no keys."; }

 private:
  Recorder(RecorderEnd end, std::unique_ptr<RecorderFront> front);
  void fit_wire();

  const RecorderEnd end_;
  mutable std::mutex mutex_;
  const std::unique_ptr<RecorderFront> front_;  ///< under the mutex
  HttpWire wire_;
};

}  // namespace lobby::sim
