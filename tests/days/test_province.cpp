#include <chrono>
#include <cstdlib>

#include "tests/days/watch.hpp"

using namespace lobby::hall;

TEST_CASE("a day of a provincial hall: 100,000 tickets, ten a second at the doors") {
#ifdef __SANITIZE_ADDRESS__
  const std::size_t citizens = 10'000, windows = 256, services = 128;
#else
  const std::size_t citizens = 100'000, windows = 1024, services = 512;
#endif
  const Site site = days::provincial_site(windows, services);
  State state;
  days::Watch watch(site, state);
  const auto began = std::chrono::steady_clock::now();
  days::Day day(site, state, {.citizens = citizens, .rush_s = 600, .rush_per_s = 10}, 1);
  day.on_event([&](const Event& event) { watch(event); });
  day.run(*parse_date("2026-11-02"));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  MESSAGE(watch.issued() << " tickets issued, " << watch.served() << " served, " << day.commands()
                         << " commands, a day in " << took.count()
                         << " s; refused: " << days::listed(day.refusals()) << "\n"
                         << watch.waits().table());
  CHECK(watch.issued() == citizens);
  CHECK(watch.served() * 100 >= watch.issued() * 90);
}
