#include "tests/sim/onbon_areas.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "tests/sim/board_text.hpp"

namespace lobby::sim {
namespace {

enum class OnbonShows : std::uint8_t { page, nothing, logo };

struct OnbonSight {
  OnbonShows shows = OnbonShows::nothing;
  std::size_t page = 0;
};

constexpr milliseconds shortest_stay{10};

milliseconds stay_of(const OnbonPage& page) {
  return std::max(page.stay, shortest_stay);
}

/// The page a run through all of them has come to, and how many runs are over.
OnbonSight sight_of(const OnbonArea& area, TimePoint now) {
  if (area.pages.empty()) {
    return {};
  }
  const auto age = now - area.updated;
  const bool is_watched = area.run == OnbonRun::loop_or_blank || area.run == OnbonRun::loop_or_logo;
  if (is_watched && area.timeout != 0 && age >= std::chrono::seconds(area.timeout)) {
    return {area.run == OnbonRun::loop_or_logo ? OnbonShows::logo : OnbonShows::nothing, 0};
  }
  milliseconds whole{0};
  for (const OnbonPage& page : area.pages) {
    whole += stay_of(page);
  }
  const auto runs = age / whole;
  const bool is_over = area.run == OnbonRun::once || area.run == OnbonRun::once_then_nothing ? runs >= 1
                       : area.run == OnbonRun::by_count ? runs >= area.timeout
                                                        : false;
  if (is_over) {
    return {area.run == OnbonRun::once ? OnbonShows::page : OnbonShows::nothing, area.pages.size() - 1};
  }
  auto left = age % whole;
  std::size_t page = 0;
  while (left >= stay_of(area.pages[page])) {
    left -= stay_of(area.pages[page]);
    ++page;
  }
  return {OnbonShows::page, page};
}

}  // namespace

OnbonAreas::OnbonAreas(const BoardShape& shape, const display::DotFont& font) : shape_(shape), font_(font) {}

void OnbonAreas::put(std::uint8_t id, OnbonArea area) {
  is_untouched_ = false;
  areas_.insert_or_assign(id, std::move(area));
}

void OnbonAreas::clear() {
  is_untouched_ = false;
  areas_.clear();
}

void OnbonAreas::reset() {
  areas_.clear();
  is_untouched_ = true;
}

display::Picture OnbonAreas::draw(TimePoint now) const {
  display::Picture glass(shape_.width, shape_.height);
  if (is_untouched_) {
    lay_over(glass, logo_page(shape_, shape_.width, shape_.height, font_), 0, 0);
  }
  for (const auto& [id, area] : areas_) {
    const OnbonSight sight = sight_of(area, now);
    glass.fill(area.x, area.y, area.width, area.height, {});
    if (sight.shows == OnbonShows::page) {
      lay_over(glass, area.pages[sight.page].dots, area.x, area.y);
    } else if (sight.shows == OnbonShows::logo) {
      lay_over(glass, logo_page(shape_, area.width, area.height, font_), area.x, area.y);
    }
  }
  return glass;
}

boost::json::array OnbonAreas::describe(TimePoint now) const {
  boost::json::array out;
  for (const auto& [id, area] : areas_) {
    const OnbonSight sight = sight_of(area, now);
    out.push_back({{"area", id},
                   {"x", area.x},
                   {"y", area.y},
                   {"width", area.width},
                   {"height", area.height},
                   {"run_mode", static_cast<int>(area.run)},
                   {"timeout", area.timeout},
                   {"pages", area.pages.size()},
                   {"shows", sight.shows == OnbonShows::page   ? "page"
                             : sight.shows == OnbonShows::logo ? "logo"
                                                               : "nothing"},
                   {"page", sight.page},
                   {"age_ms", std::chrono::floor<milliseconds>(now - area.updated).count()}});
  }
  return out;
}

}  // namespace lobby::sim
