// How the processes of feeds begin and end, and what stays of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

#include "tests/devices_feed/feed_script.hpp"

namespace lobby::devices {
namespace {

using namespace script;

TEST_CASE("silence ends the process; the daemon's own slowness does not") {
  Desk desk;
  SUBCASE("from the start") {
    desk.executor.run_for(seconds(69));
    CHECK(desk.scripts.size() == 1);
    desk.executor.run_for(seconds(4));
    CHECK(desk.scripts[0]->killed);
    CHECK(desk.scripts.size() == 2);
  }
  SUBCASE("after an answer: interval, a pull, and a margin") {
    desk.say(fresh_line);
    desk.executor.run_for(seconds(30 + 60 + 10));
    CHECK_FALSE(desk.scripts[0]->killed);
    desk.executor.run_for(seconds(9));
    CHECK(desk.scripts[0]->killed);
    CHECK(desk.device().state == hall::DeviceState::gone);
  }
  SUBCASE("a lie about the pause is bounded") {
    desk.say(fault_line("why", 100'000'000));
    desk.executor.run_for(seconds(6000));
    CHECK(desk.scripts[0]->killed);
  }
  SUBCASE("while we keep the rows") {
    desk.batch({"a"});
    desk.executor.run_for(seconds(5000));
    CHECK(desk.scripts.size() == 1);
    desk.answer(true);
    CHECK(desk.device().state == hall::DeviceState::ok);
    desk.executor.run_for(seconds(200));
    CHECK(desk.scripts[0]->killed);
  }
}

TEST_CASE("restarts come 1, 2, 4 … 60 s apart, and soon again after a good answer") {
  Desk desk;
  std::vector<long> pauses;
  for (int i = 0; i < 9; ++i) {
    const auto count = desk.scripts.size();
    desk.child().events.ended("crashed");
    const auto died = desk.executor.now();
    while (desk.scripts.size() == count) {
      desk.executor.run_for(milliseconds(100));
    }
    pauses.push_back((desk.executor.now() - died) / seconds(1));
  }
  CHECK(pauses == std::vector<long>{1, 2, 4, 8, 16, 32, 60, 60, 60});
  desk.say(fresh_line);
  desk.child().events.ended("crashed");
  desk.executor.run_for(seconds(1));
  CHECK(desk.scripts.size() == 11);
}

TEST_CASE("why a process gave up is in the reason") {
  Desk desk;
  desk.say(fault_line("m.toml:3:1: unknown key", 0));
  desk.child().events.ended("lobby-feed ended with status 2");
  CHECK(desk.device().reason == "lobby-feed ended with status 2: m.toml:3:1: unknown key");
}

TEST_CASE("an answer for a process that is gone, or after the end of all, changes nothing") {
  Desk desk;
  desk.batch({"a"});
  const auto first = desk.asked.back().taken;
  desk.child().events.ended("crashed");
  desk.executor.run_for(seconds(1));
  first(true, "");
  CHECK(desk.child().written.size() == 1);
  CHECK_FALSE(desk.age().as_of);
  desk.batch({"b"});
  const auto second = desk.asked.back().taken;
  const auto child = desk.scripts.back();
  desk.feeds.reset();
  CHECK(child->killed);
  second(true, "");
  child->events.line(begin_line(1));
  child->events.ended("late");
  desk.executor.run_for(seconds(1000));
  CHECK(desk.scripts.size() == 2);
}

TEST_CASE("stopped feeds start nothing any more, and what is known of them stays") {
  Desk desk;
  desk.say(fresh_line);
  const auto as_of = desk.age().as_of;
  REQUIRE(as_of);
  SUBCASE("a process runs") {}
  SUBCASE("one is to be restarted") {
    desk.child().events.ended("exit status 1");
  }
  SUBCASE("rows wait to be kept") {
    desk.batch({"a"});
  }
  desk.feeds->stop();
  desk.executor.run_for(seconds(20));
  CHECK(desk.child().killed);
  CHECK(desk.scripts.size() == 1);
  for (const auto& asked : desk.asked) {
    asked.taken(true, "");
  }
  CHECK(desk.age().as_of == as_of);
  CHECK(desk.age().state == hall::Freshness::fresh);
}

TEST_CASE("of several feeds the one that is furthest behind speaks for all") {
  Desk desk(2);
  REQUIRE(desk.scripts.size() == 2);
  desk.scripts[0]->events.line(fresh_line);
  CHECK_FALSE(desk.age().as_of);
  CHECK(desk.age().stale());
  const auto early = desk.now();
  desk.executor.run_for(seconds(20));
  desk.scripts[1]->events.line(fresh_line);
  CHECK(*desk.age().as_of == early);
  CHECK_FALSE(desk.age().stale());
  desk.scripts[1]->events.ended("crashed");
  CHECK(desk.device(0).state == hall::DeviceState::ok);
  CHECK(desk.device(1).state == hall::DeviceState::gone);
}

}  // namespace
}  // namespace lobby::devices
