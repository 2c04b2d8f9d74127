#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>

#include "display/canvas/dot_font.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/station.hpp"

namespace lobby::sim {

/// A display of six digits on a Modbus line, as DM36 and DM56 are: registers 0 to 5 hold one ASCII digit
/// each, FC 03, 06 and 16.
class DigitDisplay final : public Device, public Station {
 public:
  DigitDisplay(std::string id, std::string window, std::uint8_t address,
               std::shared_ptr<const display::DotFont> font);

  std::optional<Spoken> hear(const HeardFrame& frame, TimePoint now) override;
  void overhear(std::span<const std::uint8_t>, bool) override {}

  const std::string& id() const override { return id_; }
  std::string_view kind() const override { return "sign"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t) override;
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "A display has no keys."; }

 private:
  static constexpr std::size_t digits = 6;
  Bytes answer(const RtuRequest& request);
  std::string text() const;

  const std::string id_, window_;
  const std::uint8_t address_;
  const std::shared_ptr<const display::DotFont> font_;
  std::mutex mutex_;  ///< all below
  std::array<std::uint16_t, digits> registers_{};
  std::uint64_t writes_ = 0;
  FaultSet faults_;
};

}  // namespace lobby::sim
