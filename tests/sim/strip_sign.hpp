#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/dot_font.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/dialect_line.hpp"

namespace lobby::sim {

/// A strip sign of the 69-byte frame without its line: what it shows is what the last good frame to it said.
/// It is busy for 300 ms after each frame on the line, whosesoever, and misses what begins in that time.
class StripModel {
 public:
  explicit StripModel(std::uint8_t address) : address_(address) {}
  void hear(std::span<const std::uint8_t> bytes, TimePoint now);
  /// Power off and on: dark. What was stored is gone with the sign's battery.
  void reset() { text_.clear(); }

  struct Counts {
    std::uint64_t frames = 0;  ///< to this sign, taken
    std::uint64_t too_soon = 0, damaged = 0;
  };
  const Counts& counts() const { return counts_; }
  const std::u32string& text() const { return text_; }
  bool blinks() const { return blinks_; }
  /// 8 wide characters of 16 × 16 dots.
  display::Bitmap lit(const display::DotFont& font) const;

 private:
  void judge(TimePoint began);
  bool take_text();

  std::uint8_t address_;
  Bytes frame_;
  TimePoint began_{}, last_byte_{}, busy_until_{};
  std::u32string text_;
  bool blinks_ = false;
  Counts counts_;
};

class StripSign final : public Device, public Talker {
 public:
  StripSign(std::string id, std::string window, std::uint8_t address,
            std::shared_ptr<const display::DotFont> font);

  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;

  const std::string& id() const override { return id_; }
  std::string_view kind() const override { return "sign"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t) override;
  bool can_have(Fault fault) const override {
    return fault == Fault::gone || fault == Fault::freeze || fault == Fault::power_cycle;
  }
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "A sign has no keys."; }

 private:
  const std::string id_, window_;
  const std::shared_ptr<const display::DotFont> font_;
  std::mutex mutex_;  ///< all below
  StripModel model_;
  FaultSet faults_;
};

}  // namespace lobby::sim
