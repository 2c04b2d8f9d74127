#include <doctest/doctest.h>

#include <algorithm>

#include "tests/drivers_board/text_bench.hpp"

namespace text_board_tests {

using namespace lobby;
using namespace lobby::tests;
using namespace std::chrono_literals;
using board::Confirmed;
using board::Health;

namespace {

using Bench = TextBench;
using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("a card is asked who it is, then shows, then is set") {
  board::BoardOptions options;
  options.local_time = [] { return board::LocalTime{2026, 3, 16, 9, 5, 31, 1}; };
  Bench bench(options);
  bench.board->want(lines("A001"));
  bench.run(5s);
  CHECK(bench.report().health == Health::absent);
  bench.up();
  bench.run(1s);
  CHECK(bench.said() == Said{"ping", "A001", "brightness 16", "clock"});
  CHECK(bench.report().health == Health::ok);
  CHECK(bench.report().confirmed == Confirmed::shown);
  CHECK(bench.report().acknowledged_at == link::MonoTime(5s + 80ms));
  CHECK(bench.changes.back() == std::pair(Health::ok, std::string()));
}

TEST_CASE("the newest wins: what was wanted meanwhile is never sent") {
  Bench bench;
  bench.ready();
  bench.board->want(lines("A002"));
  bench.board->want(lines("A003"));
  bench.board->want(lines("A004"));
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.run(30ms);
  CHECK(bench.report().confirmed ==
        Confirmed::no);  // the first is acknowledged, which is not wanted any more
  bench.run(1s);
  CHECK(bench.said() == Said{"A002", "A004"});
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("what stands is not sent again, but before half of the card's own timeout has gone") {
  Bench bench;
  bench.ready();
  bench.board->want(lines("A001"));
  bench.run(9s);
  CHECK(bench.said().empty());
  bench.run(60s);
  const auto said = bench.said();
  CHECK(std::count(said.begin(), said.end(), "A001") == 2);  // of 60 s: at 24 and 48
  CHECK(std::count(said.begin(), said.end(), "ping") >= 4);
}

TEST_CASE("a card that falls silent is gone after three questions, and shows the present when it is back") {
  Bench bench;
  bench.ready();
  bench.card = nullptr;
  bench.run(14s);
  CHECK(bench.report().health == Health::gone);
  CHECK(bench.report().reason == "does not answer");
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.board->want(lines("A009"));
  bench.run(60s);
  const auto while_gone = bench.take();
  for (const auto& each : while_gone) {
    CHECK(Bench::name_of(each.bytes) == "ping");
  }
  CHECK(while_gone.size() < 25);  // it is left in peace, ever longer
  bench.card = [](const Bytes&) { return yes; };
  bench.run(6s);
  CHECK(bench.report().health == Health::ok);
  CHECK(bench.report().confirmed == Confirmed::shown);
  const auto said = bench.said();
  CHECK(std::count(said.begin(), said.end(), "A009") == 1);
}

TEST_CASE(
    "after a replug the present content stands within two seconds, even when the first answer is lost") {
  Bench bench;
  bench.ready();
  bench.wire->down("hung up by the far end");
  bench.run(0ms);
  CHECK(bench.report().health == Health::gone);
  CHECK(bench.report().reason == "hung up by the far end");
  bench.board->want(lines("A010"));
  bench.run(60s);
  bool is_first = true;
  bench.card = [&](const Bytes&) { return std::exchange(is_first, false) ? Bytes{} : yes; };
  bench.up();
  bench.run(2s);
  CHECK(bench.report().confirmed == Confirmed::shown);
  CHECK(bench.report().health == Health::ok);
}

TEST_CASE("a refusal has the card's name for it, and everything else goes on") {
  Bench bench;
  bench.card = [](const Bytes& frame) {
    return Bench::name_of(frame).starts_with("brightness") ? k_answer("a0 01 19 00 00") : yes;
  };
  bench.board->want(lines("A001"));
  bench.up();
  bench.run(1s);
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.report().reason == "brightness: wrong command parameter");
  CHECK(bench.report().confirmed == Confirmed::shown);
  bench.take();
  bench.run(300s);
  const auto said = bench.said();
  CHECK(std::count(said.begin(), said.end(), "brightness 16") < 12);
  bench.card = [](const Bytes&) { return yes; };
  bench.run(61s);
  CHECK(bench.report().health == Health::ok);
}

TEST_CASE("an order that the card has not is told as such, and is no fault") {
  Bench bench;
  bench.card = [](const Bytes& frame) {
    return Bench::name_of(frame).starts_with("brightness") ? k_answer("a0 01 02 00 00") : yes;
  };
  bench.board->want(lines("A001"));
  bench.up();
  bench.run(1s);
  CHECK(bench.report().health == Health::ok);
  CHECK(bench.report().unsupported == Said{"brightness"});
  bench.take();
  bench.run(300s);
  const auto said = bench.said();
  CHECK(std::count(said.begin(), said.end(), "brightness 16") == 0);
}

TEST_CASE("a card without an order for it is dark when it is to be off, also behind a flip") {
  Bench bench;
  bench.ready();
  bench.board->set_power(false);
  bench.run(100ms);
  CHECK(bench.said() == Said{" "});
  CHECK(bench.report().confirmed == Confirmed::shown);
  bench.board->want_at(lines("A002"), bench.executor.now() + 100ms);
  bench.run(300ms);
  CHECK(bench.said() == Said{" "});
  bench.board->set_power(true);
  bench.run(100ms);
  CHECK(bench.said() == Said{"A002"});
  bench.board->want_at(lines("A003"), bench.executor.now() + 200ms);
  bench.board->set_power(false);  // what was prepared before is not lit either
  bench.run(300ms);
  CHECK(bench.said() == Said{" "});
}

TEST_CASE("a text that is refused is told again, and is not called shown") {
  Bench bench;
  bench.ready();
  bench.card = [](const Bytes& frame) {
    return Bench::name_of(frame) == "A002" ? k_answer("a0 01 03 00 00") : yes;
  };
  bench.board->want(lines("A002"));
  bench.run(100ms);
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.report().reason == "card busy");
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.card = [](const Bytes&) { return yes; };
  bench.run(500ms);
  CHECK(bench.report().confirmed == Confirmed::shown);
  CHECK(bench.report().health == Health::ok);
}

TEST_CASE("an order that is never answered does not keep the text from being shown") {
  Bench bench;
  bench.card = [](const Bytes& frame) {
    return Bench::name_of(frame).starts_with("brightness") ? Bytes{} : yes;
  };
  bench.board->want(lines("A001"));
  bench.up();
  bench.run(3s);
  CHECK(bench.report().confirmed == Confirmed::shown);
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.report().reason == "brightness: no answer");
  bench.board->want(lines("A002", true));
  bench.run(1200ms);
  CHECK(bench.report().confirmed == Confirmed::shown);
  bench.take();
  bench.run(300s);
  const auto said = bench.said();
  CHECK(std::count(said.begin(), said.end(), "brightness 16") < 12);
}

TEST_CASE("a prepared text leaves at its instant, and nothing stands in its way") {
  Bench bench;
  bench.ready();
  const auto at = bench.executor.now() + 9065ms;  // a poll that was due 5 ms before would be under way
  bench.board->want_at(lines("A002"), at);
  bench.run(9s);
  CHECK(bench.said().empty());
  CHECK(bench.report().confirmed == Confirmed::shown);  // the old one still stands
  bench.run(1s);
  const auto sent = bench.take();
  REQUIRE(!sent.empty());
  CHECK(Bench::name_of(sent[0].bytes) == "A002");
  CHECK(bench.up_at + sent[0].at == at);
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("a prepared text is dropped when something else is wanted before its instant") {
  Bench bench;
  bench.ready();
  bench.board->want_at(lines("A002"), bench.executor.now() + 2s);
  bench.board->want(lines("A003"));
  bench.run(5s);
  CHECK(bench.said() == Said{"A003"});
  bench.board->want_at(lines("A004"), bench.executor.now());  // the instant has come
  bench.run(100ms);
  CHECK(bench.said() == Said{"A004"});
}

TEST_CASE("where others hang on the line nothing is asked, and a text is only called sent") {
  board::OnbonTextSettings settings;
  settings.target.answers = false;
  Bench bench({}, settings);
  bench.card = nullptr;
  bench.board->want(lines("A001"));
  bench.up();
  bench.run(1s);
  CHECK(bench.said() == Said{"A001", "brightness 16"});
  CHECK(bench.report().health == Health::ok);
  CHECK(bench.report().confirmed == Confirmed::sent);
  CHECK(!bench.report().acknowledged_at.has_value());
}

TEST_CASE("brightness follows its schedule from one half-hour to the next") {
  board::LocalTime time{2026, 3, 16, 17, 59, 0, 1};
  board::BoardOptions options;
  options.local_time = [&] { return time; };
  options.brightness.percent.fill(100);
  options.brightness.percent[36] = 40;
  Bench bench(options);
  bench.ready();
  time.hour = 18;
  time.minute = 0;
  bench.run(11s);
  const auto said = bench.said();
  CHECK(std::count(said.begin(), said.end(), "brightness 7") == 1);
  bench.board->set_brightness(board::Brightness::always(0));
  bench.run(100ms);
  CHECK(bench.said() == Said{"brightness 1"});
  bench.board->set_brightness(board::Brightness::always(0));
  bench.run(100ms);
  CHECK(bench.said().empty());
}

TEST_CASE("when it is stopped the closing text stands, and nothing follows") {
  board::BoardOptions options;
  options.closing = lines("welcome");
  Bench bench(options);
  bench.ready();
  bench.board->want(lines("A002"));
  int ends = 0;
  bench.board->stop([&] { ++ends; });
  bench.board->want(lines("A003"));
  bench.run(100ms);
  CHECK(ends == 1);
  CHECK(bench.said() == Said{"A002", "welcome"});
  bench.run(300s);
  CHECK(bench.take().empty());
}

TEST_CASE("a stop waits two seconds for a silent card, and not for one that is unplugged") {
  Bench bench;
  bench.ready();
  bench.card = nullptr;
  int ends = 0;
  bench.board->stop([&] { ++ends; });
  bench.run(1900ms);
  CHECK(ends == 0);
  bench.run(100ms);
  CHECK(ends == 1);

  Bench other;
  other.ready();
  other.wire->down("unplugged");
  other.board->stop([&] { ++ends; });
  other.run(0ms);
  CHECK(ends == 2);
}

TEST_CASE("a board that nothing was wanted of is dark when it is stopped") {
  Bench bench;
  bench.up();
  bench.run(1s);
  CHECK(bench.said() == Said{"ping", "brightness 16"});
  bench.board->stop([] {});
  bench.run(1s);
  CHECK(bench.said() == Said{" "});
}

TEST_CASE("a wire that takes nothing is tried again") {
  Bench bench;
  bench.ready();
  bench.wire->send_status = link::Status::busy;
  bench.board->want(lines("A002"));
  bench.run(5s);
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.wire->send_status = link::Status::ok;
  bench.run(5s);
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("noise, foreign and damaged frames acknowledge nothing") {
  Bench bench;
  bench.ready();
  bench.card = [](const Bytes&) {
    auto damaged = yes;
    damaged[10] ^= 0x01;
    return damaged;
  };
  bench.board->want(lines("A002"));
  bench.run(500ms);
  bench.wire->receive(hex("00 a5 5a ff ff a5 01 02 03 5a"));
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.card = [](const Bytes&) { return yes; };
  bench.run(2s);
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("characters that the card's font lacks are told with what is shown") {
  Bench bench;
  bench.ready();
  bench.board->want(lines("䶮"));
  bench.run(100ms);
  CHECK(bench.report().losses.replaced == 1);
  bench.board->want(lines("A001"));
  bench.run(100ms);
  CHECK(bench.report().losses.replaced == 0);
}

}  // namespace text_board_tests
