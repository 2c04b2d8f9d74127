#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

#include "tests/devices_feed/feed_script.hpp"

namespace lobby::devices {
namespace {

using namespace script;

TEST_CASE("a feed is started with its settings, and nothing of it is fresh") {
  Desk desk;
  REQUIRE(desk.scripts.size() == 1);
  CHECK(desk.child().written == std::vector<std::string>{"settings of approvals"});
  CHECK(desk.device().kind == hall::DeviceKind::feed);
  CHECK(desk.device().driver == "epoint");
  CHECK(desk.device().state == hall::DeviceState::absent);
  CHECK_FALSE(desk.age().as_of);
  CHECK(desk.age().state == hall::Freshness::expired);
  CHECK(desk.age(hall::What::staff).state == hall::Freshness::expired);  // nobody has them
}

TEST_CASE("a whole answer goes part by part, each when the one before is taken, and counts when it is kept") {
  Desk desk;
  desk.say(begin_line(251));
  REQUIRE(desk.asked.back().part == "begin");
  CHECK(desk.asked.back().head.full);
  CHECK(desk.asked.back().head.rows == 251);
  desk.answer(true);
  CHECK(desk.child().written.back() == yes);
  for (int i = 0; i < 250; ++i) {
    desk.say(case_line("r" + std::to_string(i)));
  }
  CHECK(desk.asked.size() == 1);
  desk.say(more_line);
  REQUIRE(desk.asked.back().part == "slice");
  CHECK(desk.asked.back().rows.cases.size() == 250);
  CHECK(desk.asked.back().rows.cases[1].id == "r1");
  CHECK(desk.asked.back().rows.cases[1].applicant_display == "applicant_display");
  desk.answer(true);
  CHECK(desk.child().written.size() == 3);
  desk.say(case_line("last"));
  desk.say(R"({"kind":"removed","id":"x"})");
  desk.say(end_line(251));
  REQUIRE(desk.asked.back().part == "slice");
  CHECK(desk.asked.back().rows.removed == std::vector<std::string>{"x"});
  desk.answer(true);
  CHECK(desk.child().written.size() == 3);  // not before the end is kept
  REQUIRE(desk.asked.back().part == "end");
  CHECK(desk.asked.back().cursor == "c9");
  CHECK(desk.device().state == hall::DeviceState::absent);
  desk.answer(true);
  CHECK(desk.child().written.size() == 4);
  CHECK(desk.device().state == hall::DeviceState::ok);
  CHECK(desk.device().detail == "cases: 251 rows, 2 skipped, 1 of unknown status");
  CHECK(desk.broken == 0);
  desk.answer(true);  // twice is once
  CHECK(desk.child().written.size() == 4);
}

TEST_CASE("what is shown is as old as the question, not as the last row of the answer") {
  Desk desk;
  desk.batch({"a"});
  const auto asked_at = desk.now();
  desk.executor.run_for(seconds(5));
  desk.answer(true);
  CHECK(*desk.age().as_of == asked_at);
  desk.executor.run_for(seconds(30));
  desk.say(fresh("cases", 7'000));
  CHECK(desk.age().as_of->utc_ms == desk.now().utc_ms - 7'000);
  CHECK(desk.age().state == hall::Freshness::fresh);
  CHECK(desk.age().valid_for_s == 600);
}

TEST_CASE("an answer that is held back is no news, and the reason says why") {
  Desk desk;
  desk.say(begin_line(0));
  desk.answer(false, "held back: cases shrank from 100 to 0");
  CHECK(desk.child().written.back() == no);
  CHECK(desk.device().state == hall::DeviceState::degraded);
  CHECK(desk.device().reason == "held back: cases shrank from 100 to 0");
  CHECK_FALSE(desk.age().as_of);
  desk.batch({"a"});
  desk.answer(true);
  CHECK(desk.device().state == hall::DeviceState::ok);
}

TEST_CASE("rows that could not be kept are said so, and are no news") {
  Desk desk;
  SUBCASE("the last ones") {
    desk.batch({"a"});
    desk.answer(false, "the rows could not be kept");
  }
  SUBCASE("some before") {
    desk.say(begin_line(1));
    desk.answer(true);
    desk.say(case_line("a"));
    desk.say(more_line);
    desk.answer(false, "the rows could not be kept");
    CHECK(desk.broken == 1);
  }
  CHECK(desk.child().written.back() == no);
  CHECK(desk.device().state == hall::DeviceState::degraded);
  CHECK(desk.device().reason == "the rows could not be kept");
  CHECK_FALSE(desk.age().as_of);
  desk.batch({"a"});
  desk.answer(true);
  CHECK(desk.device().state == hall::DeviceState::ok);
}

TEST_CASE("an answer that was read only in part is kept, but proves nothing") {
  Desk desk;
  const auto part = [&desk](const std::string& whole) {
    desk.say(begin_line(1));
    desk.answer(true);
    desk.say(case_line("a"));
    std::string end = end_line(1);
    end.insert(end.size() - 1, whole);
    desk.say(end);
    desk.answer(true);
    REQUIRE(desk.asked.back().part == "end");
    CHECK(desk.asked.back().cursor == "c9");
    desk.answer(true);
    CHECK(desk.child().written.back() == yes);
  };
  part(R"(,"whole":false)");
  desk.say(fault_line("read only in part: why", 30));
  CHECK_FALSE(desk.age().as_of);
  CHECK(desk.device().state == hall::DeviceState::degraded);
  CHECK(desk.device().reason == "read only in part: why");
  part(R"(,"whole":true)");
  CHECK(desk.device().state == hall::DeviceState::ok);
  const auto proved = desk.age().as_of;
  REQUIRE(proved);
  // Parts for longer than max_age_s: labelled, and the reason says why.
  for (int i = 0; i < 21; ++i) {
    part(R"(,"whole":false)");
    desk.say(fault_line("read only in part: why", 30));
    desk.executor.run_for(seconds(30));
  }
  CHECK(desk.age().as_of->utc_ms == proved->utc_ms);
  CHECK(desk.age().state == hall::Freshness::labelled);
  CHECK(desk.device().reason == "stale, no answer for more than 600 s: read only in part: why");
  CHECK(desk.scripts.size() == 1);
  desk.say(begin_line(0));
  desk.answer(true);
  std::string odd = end_line(0);
  odd.insert(odd.size() - 1, R"(,"whole":0)");
  desk.say(odd);
  CHECK(desk.device().state == hall::DeviceState::gone);
}

TEST_CASE("kinds of things are fresh each by itself, and a fault of one is told with its name") {
  Desk desk;
  desk.say(fresh_line);
  CHECK_FALSE(desk.age(hall::What::bids).as_of);
  desk.say(R"({"kind":"fault","what":"bids","reason":"HTTP 404","retry_s":600})");
  CHECK(desk.device().state == hall::DeviceState::degraded);
  CHECK(desk.device().reason == "bids: HTTP 404");
  desk.say(fresh_line);
  CHECK(desk.device().reason == "bids: HTTP 404");
  desk.say(fresh("bids"));
  CHECK(desk.device().state == hall::DeviceState::ok);
  CHECK(desk.age(hall::What::bids).as_of);
  CHECK(desk.device().detail == "cases: 7 rows, 0 skipped; bids: 7 rows, 0 skipped");
}

TEST_CASE("one cause that all lists of a source have is told once, and is over for all at once") {
  Desk desk;
  const auto fault = [&desk](const std::string& what, const std::string& reason) {
    desk.say(R"({"kind":"fault","what":")" + what + R"(","reason":")" + reason + R"(","retry_s":60})");
  };
  desk.say(fresh_line);
  const auto before = desk.changes.size();
  for (const std::string what : {"cases", "matters", "staff", "alerts", "bids"}) {
    fault(what, "the upstream cannot be reached");
    CHECK(desk.device().reason == "the upstream cannot be reached");
  }
  CHECK(desk.changes.size() == before + 1);
  desk.say(fresh("bids"));
  CHECK(desk.device().state == hall::DeviceState::ok);
  CHECK(desk.changes.size() == before + 2);

  // Not the leading list: which ones have it is said.
  fault("matters", "HTTP 404");
  fault("staff", "HTTP 404");
  fault("bids", "HTTP 500");
  CHECK(desk.device().reason == "matters, staff: HTTP 404; bids: HTTP 500");
  desk.say(fresh_line);
  CHECK(desk.device().reason == "matters, staff: HTTP 404; bids: HTTP 500");
}

TEST_CASE("a file that another program put there weeks ago is that old") {
  Desk desk;
  const std::int64_t weeks = 21LL * 24 * 3600 * 1000;
  desk.say(fresh("cases", weeks));
  REQUIRE(desk.age().as_of);
  CHECK(desk.now().utc_ms - desk.age().as_of->utc_ms == weeks);
  CHECK(desk.age().state == hall::Freshness::expired);
}

TEST_CASE("a clock that is wrong far away is told") {
  Desk desk;
  desk.say(fresh("cases", 0, -3600));
  CHECK(desk.device().detail == "cases: 7 rows, 0 skipped, its clock is 3600 s behind");
}

TEST_CASE("a fault is shown once; the process lives as long as it keeps its own word") {
  Desk desk;
  desk.batch({"a"});
  desk.answer(true);
  const auto before = desk.changes.size();
  for (int i = 0; i < 5; ++i) {
    desk.say(fault_line("the upstream cannot be reached", 300));
    desk.executor.run_for(seconds(360));
  }
  CHECK(desk.scripts.size() == 1);
  CHECK(desk.device().state == hall::DeviceState::degraded);
  // The fault, and that it is stale now: nothing else was worth recording.
  CHECK(desk.changes.size() - before == 2);
  CHECK(desk.device().reason.find("stale") != std::string::npos);
  CHECK(desk.device().reason.find("the upstream cannot be reached") != std::string::npos);
  desk.say(fresh_line);
  CHECK(desk.device().state == hall::DeviceState::ok);
  CHECK(desk.device().reason.empty());
}

TEST_CASE("rows are labelled at one limit and expire at another, even when nobody says anything wrong") {
  Desk desk;
  desk.batch({"a"});
  desk.answer(true);
  const auto fails_for = [&desk](int limit_ms) {
    for (const auto end = desk.now().utc_ms + limit_ms; desk.now().utc_ms < end;) {
      desk.executor.run_for(milliseconds(std::min<std::int64_t>(30'000, end - desk.now().utc_ms)));
      desk.say(fault_line("why", 1));
    }
  };
  fails_for(599'999);
  CHECK(desk.age().state == hall::Freshness::fresh);
  CHECK(desk.device().reason == "why");
  desk.executor.run_for(milliseconds(1));
  CHECK(desk.age().state == hall::Freshness::labelled);
  CHECK(desk.age().as_of);
  CHECK(desk.device().reason == "stale, no answer for more than 600 s: why");
  fails_for(3'000'000);
  CHECK(desk.age().state == hall::Freshness::expired);
  CHECK(desk.age().as_of);
  desk.say(fresh_line);
  CHECK(desk.age().state == hall::Freshness::fresh);
  CHECK(desk.device().state == hall::DeviceState::ok);
}

TEST_CASE("half an answer is broken off") {
  Desk desk;
  desk.say(begin_line(2));
  desk.answer(true);
  desk.say(case_line("a"));
  SUBCASE("its process ends") {
    desk.child().events.ended("lobby-feed was ended by SIGKILL");
    CHECK(desk.device().state == hall::DeviceState::gone);
    CHECK(desk.device().reason == "lobby-feed was ended by SIGKILL");
    desk.executor.run_for(seconds(1));
    REQUIRE(desk.scripts.size() == 2);
    CHECK(desk.child().written.size() == 1);
    desk.say(case_line("b"));
  }
  SUBCASE("a fault comes instead of the end") {
    desk.say(fault_line("why", 1));
    desk.say(end_line(1));
  }
  SUBCASE("its end counts more rows than came") {
    desk.say(end_line(2));
    CHECK(desk.device().state == hall::DeviceState::gone);
  }
  SUBCASE("it ends before all rows came") {
    desk.say(end_line(1));
    CHECK(desk.device().state == hall::DeviceState::gone);
  }
  SUBCASE("another begins") {
    desk.say(begin_line(1));
    desk.say(end_line(1));
  }
  SUBCASE("it ends as something else") {
    desk.say(case_line("b"));
    desk.say(end_line(2, "bids"));
  }
  CHECK(desk.broken == 1);
  CHECK(desk.asked.size() == 1);  // its beginning
}

TEST_CASE("whatever is no line of the protocol ends the process") {
  for (const std::string& line :
       {std::string("hello"),
        std::string(),
        std::string("[]"),
        std::string("{}"),
        std::string(R"({"kind":"x"})"),
        std::string(R"({"kind":"begin"})"),
        std::string(R"({"kind":"case","id":"a"})"),
        std::string(R"({"kind":"fault","what":"","reason":7,"retry_s":1})"),
        std::string(R"({"kind":"removed","id":""})"),
        std::string(R"({"kind":"fresh","what":"cases","age_ms":0,"rows":-1,"skipped":0,"unknown_status":0,)"
                    R"("bad_values":0,"clock_off_s":0})"),
        std::string(R"({"kind":"record","id":"a","row":{"name":7}})"),
        std::string(R"({"kind":"record","id":"a","row":{"name":{"deep":"er"}}})"),
        more_line,
        begin_line(1, "staff"),
        begin_line(1, "nonsense"),
        begin_line(250'001),
        fresh("staff"),
        std::string("\xff\xfe"),
        "\"" + std::string(feed_lines::max_line, 'x') + "\"",
        case_line("outside")}) {
    CAPTURE(line.substr(0, 60));
    Desk desk;
    const auto first = desk.scripts[0];
    desk.say(line);
    CHECK(first->killed);
    CHECK(desk.device().state == hall::DeviceState::gone);
    CHECK_FALSE(desk.device().reason.empty());
    desk.executor.run_for(seconds(2));
    CHECK(desk.scripts.size() == 2);
    first->events.line(begin_line(1));  // what the old one still says is not heard
    first->events.ended("late");
    CHECK(desk.scripts.size() == 2);
  }
}

TEST_CASE("a slice has a largest size, and its sender must wait") {
  Desk desk;
  SUBCASE("more rows than a slice has") {
    desk.say(begin_line(300));
    desk.answer(true);
    for (unsigned i = 0; i < feed_lines::slice_rows; ++i) {
      desk.say(case_line("a"));
    }
    CHECK(desk.device().state == hall::DeviceState::absent);
    desk.say(case_line("a"));
  }
  SUBCASE("more rows than were told") {
    desk.say(begin_line(1));
    desk.answer(true);
    desk.say(case_line("a"));
    desk.say(case_line("b"));
    desk.say(more_line);
  }
  SUBCASE("a record among cases") {
    desk.say(begin_line(1));
    desk.answer(true);
    desk.say(R"({"kind":"record","id":"a","row":{}})");
  }
  SUBCASE("a line before the answer") {
    desk.batch({"a"});
    desk.say(begin_line(1));
    desk.answer(true);
    CHECK(desk.scripts[0]->written.size() == 2);
  }
  CHECK(desk.device().state == hall::DeviceState::gone);
  CHECK(desk.scripts[0]->killed);
}

}  // namespace
}  // namespace lobby::devices
