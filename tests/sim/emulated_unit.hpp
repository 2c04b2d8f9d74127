#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "display/canvas/dot_font.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/emulator.hpp"
#include "tests/sim/station.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {

/// A window unit or button panel that is the real firmware in an emulator. Bytes come to it as they passed
/// the line, and it speaks when it likes; what can be seen of it is what leaves the MCU.
class EmulatedUnit final : public Device, public Station {
 public:
  struct Place {
    std::string id, bus;
    std::string where;  ///< the window of a unit, the kiosk of a panel
    UnitModel::Settings settings;
    UnitShape shape = UnitShape::window_unit;
    std::string image;
  };
  explicit EmulatedUnit(Place place) : place_(std::move(place)) {}

  /// Starts the emulator; a sentence when that fails.
  std::string start();

  std::optional<Spoken> hear(const HeardFrame&, TimePoint) override { return std::nullopt; }
  void overhear(std::span<const std::uint8_t> bytes, bool whole) override;
  void carry(std::span<const std::uint8_t> bytes) override;
  int speech_fd() const override { return emulator_ == nullptr ? -1 : emulator_->bus_fd(); }
  Bytes take_speech() override;

  const std::string& id() const override { return place_.id; }
  std::string_view kind() const override {
    return place_.shape == UnitShape::button_panel ? "panel" : "window_unit";
  }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t sheet) override;
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view key) override;

 private:
  bool has_power();
  void apply(FaultSet faults);

  const Place place_;
  std::unique_ptr<Emulator> emulator_;  ///< from start() on
  std::mutex mutex_;                    ///< faults_, taps_
  FaultSet faults_;
  std::uint64_t taps_ = 0;
};

}  // namespace lobby::sim
