#pragma once

#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "tests/sim/device.hpp"
#include "tests/sim/station.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {

/// A window unit or button panel on a line, with what can be wrong with it. Asked by the line's thread and
/// the control's.
class Unit final : public Device, public Station {
 public:
  struct Place {
    std::string id, bus;
    std::string where;  ///< the window of a unit, the kiosk of a panel
    UnitModel::Settings settings;
    UnitShape shape = UnitShape::window_unit;
  };
  Unit(Place place, std::uint16_t boot_id, std::shared_ptr<const display::DotFont> font);

  const std::string& window() const { return place_.where; }
  /// Has the host taken every press?
  bool keys_taken();
  bool is_powered();

  std::optional<Spoken> hear(const HeardFrame& frame, TimePoint now) override;
  void overhear(std::span<const std::uint8_t> bytes, bool whole) override;

  const std::string& id() const override { return place_.id; }
  std::string_view kind() const override {
    return place_.shape == UnitShape::button_panel ? "panel" : "window_unit";
  }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t sheet) override;
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  /// A word, "down:WORD" for a key that stays down, "up" for letting it go.
  std::string press(std::string_view key) override;

 private:
  bool hears_line() const;
  std::optional<Bytes> answer(const RtuRequest& request);

  const Place place_;
  const std::shared_ptr<const display::DotFont> font_;
  std::mutex mutex_;  ///< all below
  UnitModel model_;
  FaultSet faults_;
  std::minstd_rand noise_;
  std::uint64_t requests_ = 0;
  std::uint64_t face_writes_ = 0;
  std::optional<TimePoint> last_heard_;
};

/// 16 rows of 16 hex digits, the leftmost dot in the highest bit: what a sign lights, for people who compare.
boost::json::array dot_rows(const display::Bitmap& dots);

}  // namespace lobby::sim
