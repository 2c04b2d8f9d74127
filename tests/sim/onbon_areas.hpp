#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "display/canvas/dot_font.hpp"
#include "tests/sim/board_card.hpp"

namespace lobby::sim {

/// What an Onbon card does with an area's pages, and when its host falls silent.
enum class OnbonRun : std::uint8_t { loop, once, loop_or_blank, loop_or_logo, once_then_nothing, by_count };
inline constexpr std::uint8_t onbon_runs = 6;

struct OnbonPage {
  display::Picture dots;
  milliseconds stay{0};
};

struct OnbonArea {
  int x = 0, y = 0, width = 0, height = 0;
  OnbonRun run = OnbonRun::loop;
  std::uint16_t timeout = 0;  ///< seconds, or how often with by_count
  std::vector<OnbonPage> pages;
  TimePoint updated{};
};

/// The dynamic areas of a card, by number. The logo page stands alone on a card that has got nothing since
/// its power came.
class OnbonAreas {
 public:
  OnbonAreas(const BoardShape& shape, const display::DotFont& font);

  void put(std::uint8_t id, OnbonArea area);
  /// false: there is no such area.
  bool remove(std::uint8_t id) { return areas_.erase(id) != 0; }
  bool has(std::uint8_t id) const { return areas_.contains(id); }
  void clear();
  /// As after power on.
  void reset();
  std::size_t size() const { return areas_.size(); }
  display::Picture draw(TimePoint now) const;
  boost::json::array describe(TimePoint now) const;

 private:
  const BoardShape& shape_;
  const display::DotFont& font_;
  std::map<std::uint8_t, OnbonArea> areas_;
  bool is_untouched_ = true;
};

}  // namespace lobby::sim
