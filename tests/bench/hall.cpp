#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <vector>

#include "daemon/hall/estimate.hpp"
#include "daemon/journal/journal.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/raw_client.hpp"
#include "tests/days/day.hpp"
#include "tests/support/daemon.hpp"

namespace lobby::bench {

namespace {

using Clock = std::chrono::steady_clock;
using namespace hall;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// A hall in memory whose windows are all open.
class Room {
 public:
  Room(std::size_t windows, std::size_t services) : site_(days::provincial_site(windows, services)) {
    for (Service& service : site_.services) {
      service.last = 9'999'999;
    }
    now_ = *parse_instant("2026-03-16T09:00:00+08:00");
    must(TurnDay{});
    for (const Window& window : site_.windows) {
      must(OpenWindow{.window = window.id, .clerk = {"c"}});
    }
  }

  const std::vector<Event>& must(const Command& command) {
    decision_ = decide(state_, site_, command, {.now = now_, .by = "bench"});
    if (const auto* refusal = std::get_if<Refusal>(&decision_)) {
      throw std::runtime_error("the hall refused: " + refusal->detail);
    }
    const auto& events = std::get<std::vector<Event>>(decision_);
    for (const Event& event : events) {
      apply(state_, event);
    }
    return events;
  }

  void issue() {
    now_.utc_ms += 10;
    const auto lane = issued_ % 12 == 0 ? Lane::elderly : Lane::ordinary;
    must(IssueTicket{.service = site_.services[issued_++ % site_.services.size()].id,
                     .lane = lane,
                     .kiosk = {},
                     .language = "zh"});
  }

  /// One person from the door to the door: four commands.
  void serve_one() {
    const WindowId& window = site_.windows[served_++ % site_.windows.size()].id;
    issue();
    must(CallNext{.window = window});
    must(StartService{.window = window});
    must(FinishService{.window = window, .case_no = {}, .notice_slip_no = {}});
  }

  const WindowId& next_window() { return site_.windows[served_++ % site_.windows.size()].id; }
  const Site& site() const { return site_; }
  const State& state() const { return state_; }
  Instant now() const { return now_; }

 private:
  Site site_;
  State state_;
  Instant now_;
  Decision decision_;
  std::size_t issued_ = 0, served_ = 0;
};

void commands(std::size_t windows, std::size_t services, int people) {
  Room room(windows, services);
  for (int i = 0; i < 5000; ++i) {
    room.issue();
  }
  auto begin = Clock::now();
  for (int i = 0; i < people; ++i) {
    room.serve_one();
  }
  const double rate = 4.0 * people / seconds_since(begin);
  // The floor: what has to be done with every event anyway, before it can be kept or sent.
  const Event event = room.must(CallNext{.window = room.next_window()}).front();
  begin = Clock::now();
  std::size_t bytes = 0;
  for (int i = 0; i < people; ++i) {
    bytes += journal::to_line(event).json.size();
  }
  const double lines = people / seconds_since(begin);
  fmt::print(
      "decide + apply         {} windows, {} services, 5,000 waiting: {:.0f} commands/s = {:.2f} x writing "
      "an event as JSON ({:.0f}/s) (aim >= 500,000/s){}\n",
      windows, services, rate, rate / lines, lines, bytes == 0 ? " " : "");
}

/// Deciding one call, with so many waiting.
double call_us(int waiting, int calls) {
  Room room(120, 60);
  for (int i = 0; i < waiting; ++i) {
    room.issue();
  }
  Figures figures;
  for (int i = 0; i < calls; ++i) {
    const WindowId& window = room.next_window();
    const auto begin = Clock::now();
    room.must(CallNext{.window = window});
    figures.add(Clock::now() - begin);
    room.must(FinishService{.window = window, .case_no = {}, .notice_slip_no = {}});
    room.issue();
  }
  return figures.percentile(50) * 1000;
}

void estimates(std::size_t windows, std::size_t services, int waiting) {
  Room room(windows, services);
  for (int i = 0; i < waiting; ++i) {
    room.issue();
  }
  Figures looks, plays;
  for (int i = 0; i < 20; ++i) {
    auto begin = Clock::now();
    auto outlook = look(room.site(), room.state(), room.now());
    looks.add(Clock::now() - begin);
    begin = Clock::now();
    const auto played = play(std::move(outlook));
    plays.add(Clock::now() - begin);
    if (played.waits.size() < static_cast<std::size_t>(waiting) / 2) {
      throw std::runtime_error("few waits were told");
    }
  }
  fmt::print(
      "estimates              {} windows, {} waiting: {:.2f} ms on the loop, {:.1f} ms beside it, once a "
      "second\n",
      windows, waiting, looks.percentile(50), plays.percentile(50));
}

}  // namespace

void hall_alone(int people) {
  commands(60, 24, people);
  commands(1024, 512, people);
  const int calls = people / 10;
  const double few = call_us(500, calls), some = call_us(5'000, calls), many = call_us(50'000, calls);
  fmt::print(
      "deciding a call        500 waiting {:.1f} us, 5,000 {:.1f} us, 50,000 {:.1f} us = {:.2f} x for 100 x "
      "as "
      "many (aim: logarithmic, <= 1.74 x)\n",
      few, some, many, many / few);
  estimates(120, 60, 5'000);
  estimates(1024, 512, 10'000);
}

}  // namespace lobby::bench
