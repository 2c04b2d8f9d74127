#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/dot_font.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/dialect_line.hpp"
#include "tests/sim/site.hpp"

namespace lobby::sim {

/// A strip sign of the 69-byte frame without its line. It keeps what it is told to store, page by page, shows
/// a page that it was told at once, and turns them by itself, the longer the longer their stay is. It is busy
/// for 300 ms after each frame on the line, whosesoever, and misses what begins in that time.
class StripModel {
 public:
  static constexpr std::size_t most_pages = 8;
  explicit StripModel(std::uint8_t address) : address_(address) {}
  void hear(std::span<const std::uint8_t> bytes, TimePoint now);
  /// Power off and on: dark. What was stored is gone with the sign's battery.
  void reset() { pages_ = {}; }

  struct Counts {
    std::uint64_t frames = 0;  ///< to this sign, taken
    std::uint64_t too_soon = 0, damaged = 0;
  };
  const Counts& counts() const { return counts_; }
  struct Page {
    std::u32string text;
    bool blinks = false;
    milliseconds stay{0};
  };
  /// As many as it can keep; those that it was never told are empty.
  const std::array<std::optional<Page>, most_pages>& pages() const { return pages_; }
  /// The page that it shows; null: it is dark.
  const Page* page_at(TimePoint now) const;
  /// 8 wide characters of 16 × 16 dots.
  display::Bitmap lit(const display::DotFont& font, TimePoint now) const;

 private:
  void judge(TimePoint began);
  bool take_page();

  std::uint8_t address_;
  Bytes frame_;
  TimePoint began_{}, last_byte_{}, busy_until_{};
  std::array<std::optional<Page>, most_pages> pages_;
  std::size_t first_ = 0;  ///< that it was told last, and began with
  TimePoint since_{};
  Counts counts_;
};

/// One such sign, or a board of several, one below the other, whose addresses count up.
class StripSign final : public Device, public Talker {
 public:
  StripSign(TalkerEnd end, std::shared_ptr<const display::DotFont> font);

  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;

  const std::string& id() const override { return end_.id; }
  std::string_view kind() const override { return end_.kind; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t) override;
  std::optional<File> screen(int pitch) override;
  bool can_have(Fault fault) const override {
    return fault == Fault::gone || fault == Fault::freeze || fault == Fault::power_cycle;
  }
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "A sign has no keys."; }

 private:
  display::Bitmap dots();

  const TalkerEnd end_;
  const std::shared_ptr<const display::DotFont> font_;
  std::mutex mutex_;  ///< all below
  std::vector<StripModel> rows_;
  FaultSet faults_;
};

}  // namespace lobby::sim
