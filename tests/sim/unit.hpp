#pragma once

#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "tests/sim/device.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {

/// A window unit on a line, with what can be wrong with it. Asked by the line's thread and the control's.
class Unit final : public Device {
 public:
  struct Place {
    std::string id, bus, window;
    std::uint8_t address = 0;
  };
  Unit(Place place, std::uint16_t boot_id, std::shared_ptr<const display::DotFont> font);

  std::uint8_t address() const { return place_.address; }
  const std::string& window() const { return place_.window; }

  struct Spoken {
    Bytes bytes;
    milliseconds late{0};
  };
  /// What this unit puts on the line for the frame; nullopt: nothing.
  std::optional<Spoken> hear(const RtuRequest& request);
  /// Has the host taken every press?
  bool keys_taken();
  bool is_powered();

  const std::string& id() const override { return place_.id; }
  std::string_view kind() const override { return "window_unit"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t sheet) override;
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view key) override;

 private:
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

}  // namespace lobby::sim
