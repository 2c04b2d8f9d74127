#include <malloc.h>

#include "daemon/app/site_file.hpp"
#include "tests/days/watch.hpp"

using namespace lobby::hall;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool is_slow = true;
#else
constexpr bool is_slow = false;
#endif

/// On the heap. The sanitizers have a heap of their own, of which this knows nothing.
std::size_t bytes_in_use() {
  const auto heap = mallinfo2();
  return is_slow ? 0 : heap.uordblks + heap.hblkhd;
}

}  // namespace

TEST_CASE("a month of a county hall: every promise holds, and no day leaves anything behind") {
  const Site site = lobby::app::read_site(LOBBY_SOURCE_DIR "/config/sites/shifang.toml").hall;
  State state;
  days::Watch watch(site, state);
  std::map<std::string, std::uint64_t> refusals;
  std::uint64_t commands = 0, issued = 0, served = 0;
  std::vector<std::size_t> mornings;
  mornings.reserve(40);
  const Date first = *parse_date("2026-11-02");  // a Monday
  const std::int32_t days_in_all = is_slow ? 4 : 30;
  for (std::int32_t i = 0; i < days_in_all; ++i) {
    const Date date{first.days + i};
    if (weekday(date) > 4) {
      continue;
    }
    days::Day day(site, state, {.citizens = weekday(date) == 0 ? 3900U : 3000U},
                  static_cast<std::uint64_t>(date.days));
    bool is_morning = false;
    day.on_event([&](const Event& event) {
      watch(event);
      if (std::exchange(is_morning, std::holds_alternative<DayOpened>(event.body))) {
        mornings.push_back(bytes_in_use());
      }
    });
    day.run(date);
    commands += day.commands();
    issued += watch.issued();
    served += watch.served();
    for (const auto& [name, count] : day.refusals()) {
      refusals[name] += count;
    }
  }
  MESSAGE(issued << " tickets issued, " << served << " served, " << commands
                 << " commands; refused: " << days::listed(refusals) << "\n"
                 << watch.waits().table() << "on the heap in the first morning " << mornings.front()
                 << " bytes, in the last " << mornings.back());
  CHECK(served * 100 >= issued * 90);
  // Slips of 一次性告知 cross ten nights, and their list grows by doubling; from then on no morning has a
  // ticket's worth more than the one before.
  const std::size_t settled = std::min<std::size_t>(15, mornings.size() - 1);
  for (std::size_t i = settled; i < mornings.size(); ++i) {
    CHECK(mornings[i] <= mornings[settled] + 2048);
  }
}
