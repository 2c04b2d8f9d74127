#include "tests/sim/clerk.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>

#include "tests/sim_tests/window_model.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<Unit> unit() {
  return std::make_shared<Unit>(Unit::Place{"u1", "line-1", "w1", {}, {}}, 5,
                                std::make_shared<const lobby::display::DotFont>());
}

std::uint64_t keys(Unit& pad) {
  return pad.describe().at("key_count").to_number<std::uint64_t>();
}

/// The host takes every press, as over the line.
void take_keys(Unit& pad) {
  HeardFrame ack{{}, true, RtuRequest{1, 0x10, lobby::wire::window_unit::reg_key_ack, 1, {}, 0}};
  ack.request->values = {static_cast<std::uint16_t>(keys(pad))};
  pad.hear(ack, Clock::now());
}

/// A clerk with a stopped clock at a window of the contract's table.
struct Desk {
  std::shared_ptr<Unit> pad;
  WindowModel hall;
  CrowdCounts counts;
  TimePoint now{1h};
  double minute = 600;
  bool everyone_left = false;
  std::vector<Clerk::Leaving> gone;
  Clerk clerk;

  explicit Desk(std::shared_ptr<Unit> with = nullptr, std::uint64_t seed = 11,
                std::vector<std::string> backups = {})
      : pad(std::move(with)),
        clerk({"w1", "1001", pad, 60, std::move(backups), 5s},
              {[this](const auto& verb, const auto& body) { return hall.ask(verb, body); },
               [this](std::uint64_t) { return everyone_left; },
               [this](const Clerk::Leaving& who) { leave(who); },
               [](Clock::duration) { return std::string("2026-03-16T10:30:00+08:00"); }},
              counts, seed) {}
  /// A window where nobody steps up without a ticket.
  Desk& plain() {
    hall.hall.windows[0].services = {"s1"};
    return *this;
  }
  void leave(const Clerk::Leaving& who) {
    gone.push_back(who);
    if (who.why == Clerk::Leaving::Why::held) {
      clerk.expect(who.ticket, now + 20s);
    }
  }
  void look(Clock::duration after = 250ms) {
    now += after;
    clerk.see(hall.hall, hall.window(), {now, minute});
  }
  void work(int looks) {
    for (int i = 0; i < looks; ++i) {
      look();
    }
  }
  /// Nobody comes any more, and the clerk has seen what became of the last one.
  void settle() {
    plain().hall.hall.windows[0].waiting = 0;
    for (bool quiet = false; !quiet;) {
      const auto before = hall.asked;
      look();
      quiet = before == hall.asked && hall.state() == "idle";
    }
  }
  std::uint64_t count(const char* what) { return counts.describe().at(what).to_number<std::uint64_t>(); }
  std::uint64_t refused(const char* code) {
    const auto codes = counts.describe().at("clerk_refused").as_object();
    return codes.contains(code) ? codes.at(code).to_number<std::uint64_t>() : 0;
  }
};

/// Looks from one idle or called window to the next, at most.
int longest_stay(Desk& desk, int looks) {
  int stay = 0, longest = 0;
  for (int i = 0; i < looks; ++i) {
    desk.look();
    stay = desk.hall.state() == "idle" ? 0 : stay + 1;
    longest = std::max(longest, stay);
  }
  return longest;
}

/// At speed 60: a walk, three further calls, the longest service and the longest pause, and of each act a
/// dozen tries.
constexpr int few = 4 * (2 + 3 * 6 + 25 + 12 + 12 * 3);

}  // namespace

TEST_CASE("a clerk opens a closed window over the API and calls with the key of the unit") {
  Desk desk(unit());
  desk.plain().hall.hall.windows[0].waiting = 0;
  desk.look();
  desk.look(1s);
  CHECK(desk.hall.done == std::map<std::string, int>{{"open", 1}});
  CHECK(desk.hall.last_body.at("clerk") == "1001");
  desk.look(1s);
  desk.look(10s);
  CHECK(keys(*desk.pad) == 0);  // nobody waits
  desk.hall.hall.windows[0].waiting = 2;
  desk.look();
  CHECK(keys(*desk.pad) == 1);
}

TEST_CASE("a press that the wire has not taken is not repeated, a taken one without effect is") {
  Desk desk(unit());
  desk.plain().look();
  desk.look(1s);
  desk.look(1s);
  desk.look(1s);
  REQUIRE(keys(*desk.pad) == 1);
  desk.look(4s);
  desk.look(10s);
  CHECK(keys(*desk.pad) == 1);
  take_keys(*desk.pad);
  desk.look(4s);
  CHECK(keys(*desk.pad) == 2);
}

TEST_CASE("a line that stays away sends the clerk to the console, keys that do nothing too") {
  Desk desk(unit());
  desk.plain();
  bool taken = false;
  SUBCASE("nobody takes the press") {}
  SUBCASE("the presses are taken and refused") {
    taken = true;
  }
  for (int i = 0; i < 4000; ++i) {
    desk.look();
    if (taken) {
      take_keys(*desk.pad);
    }
  }
  CHECK(desk.hall.done["call-next"] > 5);
  CHECK(desk.hall.done["finish"] > 5);
}

TEST_CASE("at a keypad everything is done by keys that has one, and nothing else") {
  Desk desk(unit());
  std::uint64_t pressed = 0;
  for (int i = 0; i < 40'000; ++i) {
    desk.look();
    const auto now_pressed = keys(*desk.pad);
    if (now_pressed != pressed) {
      pressed = now_pressed;
      take_keys(*desk.pad);
      // Whichever key it was, the state leaves one that does it; the unit's own tests read the key itself.
      const std::string state = desk.hall.state();
      if (state == "idle") {
        desk.hall.press("call");
      } else if (state == "called") {
        desk.hall.press("start");
      } else if (state == "serving") {
        desk.hall.press("finish");
      } else if (state == "paused") {
        desk.hall.press("pause");
      }
    }
  }
  CHECK(desk.count("keys_pressed") == pressed);
  CHECK(pressed > 300);
  CHECK(desk.hall.done["resume-held"] + desk.hall.done["collect"] > 0);
}

TEST_CASE("a clerk does all that a clerk does, and each act is counted once") {
  Desk desk;
  desk.work(400'000);  // of a quarter of a second: a hundred thousand people's minutes
  desk.settle();
  auto& done = desk.hall.done;
  CHECK(desk.count("called") ==
        static_cast<std::uint64_t>(done["call-next"] + done["collect"] + done["resume-held"]));
  CHECK(desk.count("recalled") == static_cast<std::uint64_t>(done["recall"]));
  CHECK(desk.count("no_show") == static_cast<std::uint64_t>(done["no-show"]));
  CHECK(desk.count("held") == static_cast<std::uint64_t>(done["hold"]));
  CHECK(desk.count("resumed_held") == static_cast<std::uint64_t>(done["resume-held"]));
  CHECK(desk.count("transferred") == static_cast<std::uint64_t>(done["transfer"]));
  CHECK(desk.count("collected") == static_cast<std::uint64_t>(done["collect"]));
  CHECK(desk.count("rated") == static_cast<std::uint64_t>(done["rate"]));
  CHECK(desk.count("taken_over") == static_cast<std::uint64_t>(done["take-over"]));
  CHECK(desk.count("paused") == static_cast<std::uint64_t>(done["pause"]));
  CHECK(desk.count("started") == static_cast<std::uint64_t>(done["start"]));
  CHECK(desk.count("walk_ins") > 0);
  for (const char* verb : {"call-next", "recall", "start", "finish", "no-show", "hold", "resume-held",
                           "transfer", "pause", "resume", "take-over", "collect", "rate"}) {
    CHECK_MESSAGE(done[verb] > 0, verb);
  }
  auto& words = desk.hall.words;
  CHECK(words["kind"] == std::set<std::string>{"away", "waiting", "with_papers"});
  CHECK(words["place"] == std::set<std::string>{"head", "keep", "tail"});
  CHECK(words["window"] == std::set<std::string>{"w2"});
  CHECK(words["outcome"] == std::set<std::string>{"delivered", "notified", "referred", "transferred"});
  CHECK(words["by"] == std::set<std::string>{"keypad", "qr", "screen"});
  CHECK(words["score"].size() == 5);
  CHECK(words["message"].size() >= 3);
  CHECK(words["back_at"].size() == 1);
  CHECK(desk.hall.held.size() <= 1);  // the last one may still be away
  // Some rate a second time; that is refused, and it is all that this hall had to refuse.
  CHECK(desk.refused("already_rated") > 0);
  CHECK(desk.counts.describe().at("clerk_refused").as_object().size() == 1);
}

TEST_CASE("a transfer never goes to a tenant, to a queue that nobody serves, or to where the person is") {
  Desk desk;
  desk.hall.hall.windows[1].state = "closed";
  desk.work(100'000);
  CHECK(desk.hall.asked["transfer"] == desk.hall.done["transfer"]);
  CHECK(desk.hall.words["window"].empty());
  // "ask" is the one other service that somebody serves.
  CHECK(desk.hall.words["service"] == std::set<std::string>{"ask"});
}

TEST_CASE("who has gone home is called again and then given up, and does not come back") {
  Desk desk;
  desk.everyone_left = true;
  desk.plain().work(20'000);
  CHECK(desk.hall.done["no-show"] > 20);
  CHECK(desk.count("reneged") == desk.count("called"));
  CHECK(desk.hall.done["recall"] >= desk.hall.done["no-show"]);
  CHECK(desk.hall.done["recall"] <= 3 * (desk.hall.done["no-show"] + 1));
  CHECK(desk.hall.done["start"] == 0);
  CHECK(desk.gone.empty());
}

TEST_CASE("a recall waits for the hall's least interval") {
  Desk desk;
  desk.everyone_left = true;
  TimePoint last{};
  std::string before;
  for (int i = 0; i < 20'000; ++i) {
    const int recalls = desk.hall.done["recall"];
    desk.look();
    if (desk.hall.state() == "called" && before != "called") {
      last = desk.now;
    }
    if (desk.hall.done["recall"] != recalls) {
      REQUIRE(desk.now - last >= 5s);
      last = desk.now;
    }
    before = desk.hall.state();
  }
  CHECK(desk.hall.done["recall"] > 20);
}

TEST_CASE("at lunch the window says so or a backup sits there, and afterwards the clerk is back") {
  std::vector<std::string> backups;
  SUBCASE("anybody may take over") {}
  SUBCASE("some may") {
    backups = {"1024", "1045"};
  }
  Desk desk(nullptr, 5, backups);
  int lunches = 0;
  for (int day = 0; day < 40; ++day) {
    for (desk.minute = 510; desk.minute < 900; desk.minute += 0.25) {
      desk.look();
    }
    lunches += desk.hall.words["message"].contains("午餐，稍后回来") ? 1 : 0;
  }
  CHECK(desk.hall.done["take-over"] > 0);
  if (backups.empty()) {
    CHECK(lunches > 0);
  } else {
    CHECK(desk.hall.words["clerk"] == std::set<std::string>{"1001", "1024", "1045"});
    CHECK(desk.hall.done["close"] > 0);  // where backups are named, the clerk cannot take over in turn
  }
}

TEST_CASE("no sequence of refusals holds up a window") {
  constexpr std::array<const char*, 8> codes{"wrong_state",     "nothing_waiting", "recall_limit",
                                             "window_busy",     "storage_failed",  "unreachable",
                                             "not_served_here", "recall_too_soon"};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Desk desk(nullptr, seed);
    Random chance(seed);
    desk.hall.grudge = [&](const std::string&) {
      return happens(0.5, chance) ? std::string(codes.at(chance() % codes.size())) : std::string();
    };
    CHECK_MESSAGE(longest_stay(desk, 10'000) < few, "seed ", seed);
    CHECK(desk.hall.done["call-next"] > 20);
    CHECK(desk.refused("storage_failed") > 0);
  }
}

TEST_CASE("an act that is always refused is done another way, or left") {
  for (const char* verb : {"start", "no-show", "recall", "hold", "transfer", "pause", "take-over", "collect",
                           "resume-held", "rate", "close"}) {
    CAPTURE(verb);
    Desk desk(nullptr, 7, {"1024"});
    desk.hall.grudge = [&](const std::string& asked) {
      return asked == verb ? std::string("wrong_state") : std::string();
    };
    CHECK(longest_stay(desk, 20'000) < few);
    CHECK(desk.hall.done["call-next"] > 50);
    CHECK(desk.hall.done[verb] == 0);
    CHECK(desk.hall.asked["resume-held"] <= 5 * (desk.hall.done["hold"] + 1));
  }
}

TEST_CASE("a daemon that refuses everything for a while finds the clerk at work again") {
  Desk desk;
  bool down = false;
  desk.hall.grudge = [&](const std::string&) { return std::string(down ? "unreachable" : ""); };
  for (int outage = 0; outage < 100; ++outage) {
    down = true;
    desk.work(97);
    down = false;
    const int before = desk.hall.done["call-next"];
    desk.work(2 * few);
    REQUIRE(desk.hall.done["call-next"] > before);
  }
}
