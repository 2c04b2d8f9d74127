// ZoneMinder's trigger lines against a model of what its port was seen to do.
#include "drivers/cctv/zoneminder.hpp"

#include <doctest/doctest.h>

#include "tests/drivers_cctv/bench.hpp"
#include "tests/fakes/scripted_link.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

fakes::Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

struct ZoneMinderBench : Bench {
  std::shared_ptr<fakes::Wire> wire = std::make_shared<fakes::Wire>(loop);
  bool is_on = false, hears_orders = true, writes = true;
  int event = 40;
  std::string movie;
  std::uint64_t size = 0, room = 1U << 30;

  void tell() {
    wire->receive(
        bytes_of("1|" + std::string(is_on ? "on" : "off") + "|1795438800|" + std::to_string(event) + "\n"));
  }
  void set(bool on) {
    if (std::exchange(is_on, on) != on) {
      event += on ? 1 : 0;
      movie = std::to_string(event) + "-video.mp4";
      tell();
    }
  }
  struct Shelf final : MovieShelf {
    explicit Shelf(ZoneMinderBench& in) : bench(in), timer(in.loop) {}
    void look(link::Duration, std::function<void(Look)> done) override {
      timer.start(1ms, [this, done] {
        bench.size += bench.is_on && bench.writes ? 1000 : 0;
        done({{}, bench.movie, bench.size, bench.room});
      });
    }
    ZoneMinderBench& bench;
    link::Timer timer;
  };
  void make(bool with_shelf = true) {
    wire->otherwise = [this](const fakes::Bytes& sent) {
      const std::string line(sent.begin(), sent.end());
      loop.after(50ms, [this, line] {
        if (hears_orders && line.starts_with("1|on|")) {
          set(true);
        } else if (hears_orders && line.starts_with("1|cancel|")) {
          set(false);
        }
      });
    };
    recorder = make_zoneminder(loop, wire->make_link(), with_shelf ? std::make_unique<Shelf>(*this) : nullptr,
                               {}, options());
    wire->up();
  }
};

}  // namespace

TEST_CASE("trigger lines are those that were seen, and nothing ends them but their end") {
  CHECK(zoneminder::on_line(1, "eval-start") == "1|on|100|eval-start||\n");
  CHECK(zoneminder::on_line(12, "a|b\nc\xE8\xAF\x84") == "12|on|100|abc||\n");
  CHECK(zoneminder::on_line(1, std::string(100, 'x')).size() == std::string("1|on|100|||\n").size() + 32);
  CHECK(zoneminder::cancel_line(3) == "3|cancel|0|||\n");
  const auto told = zoneminder::parse_told("1|on|1795439509|17");
  REQUIRE(told);
  CHECK(told->monitor == 1);
  CHECK(told->is_on);
  CHECK(told->at == 1'795'439'509);
  CHECK(told->event == 17);
  CHECK_FALSE(zoneminder::parse_told("1|off|1795439509|17")->is_on);
  for (const char* wrong : {"", "1|on|1795439509", "1|on|1795439509|17|", "1|on|x|17", "-1|on|1|1",
                            "1|ON|1|1", "1|on|1|", "1|on|1|1 ", "1|on|1|99999999999999999999"}) {
    CAPTURE(wrong);
    CHECK_FALSE(zoneminder::parse_told(wrong));
  }
}

TEST_CASE("a new event and a file that grows are two ways of seeing it") {
  ZoneMinderBench bench;
  bench.make();
  CHECK(bench.verdict() == Verdict::unknown);
  CHECK(bench.start().word == Word::done);
  for (int i = 0; i < 60; ++i) {
    REQUIRE(bench.verdict_after(2s) == Verdict::recording);
  }
  CHECK(bench.start().word == Word::done);
  CHECK(bench.event == 41);
  CHECK(bench.stop().word == Word::done);
  CHECK_FALSE(bench.is_on);
  CHECK(bench.verdict_after(2s) == Verdict::unknown);
}

TEST_CASE("without a look at its events it is amber") {
  ZoneMinderBench bench;
  bench.make(false);
  CHECK_FALSE(bench.recorder->can_verify());
  CHECK(bench.recorder->describe().find('\n') != std::string::npos);
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(10s) == Verdict::triggered);
  CHECK(bench.check("storage") == Fault::storage);
}

TEST_CASE("what a ZoneMinder does not do is found") {
  ZoneMinderBench bench;
  bench.make();
  SUBCASE("an order that is ignored without a word") {
    bench.hears_orders = false;
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::unknown);
    CHECK(outcome.fault == Fault::timeout);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
  }
  SUBCASE("the event of another camera, and one that is over") {
    bench.hears_orders = false;
    bench.loop.after(1s, [&] { bench.wire->receive(bytes_of("2|on|1795438800|77\n")); });
    CHECK(bench.start().word == Word::unknown);
  }
  SUBCASE("a dropped stream ends the event, and it does not begin again by itself") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(10s) == Verdict::recording);
    bench.set(false);
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.proof("event").fault == Fault::not_recording);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(2s) == Verdict::recording);
    CHECK(bench.event == 42);
  }
  SUBCASE("an event without a file") {
    bench.writes = false;
    CHECK(bench.start().word == Word::done);
    // Its name is new: that is a proof of the first 30 s.
    CHECK(bench.verdict_after(40s) == Verdict::not_recording);
    CHECK(bench.proof("event").seen == Proof::Seen::yes);
  }
  SUBCASE("a full disk") {
    CHECK(bench.start().word == Word::done);
    bench.room = 0;
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.check("storage") == Fault::storage);
  }
  SUBCASE("a lost line: what goes on is not known, and amber is all that files are good for") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(10s) == Verdict::recording);
    bench.wire->down();
    CHECK(bench.verdict_after(2s) == Verdict::unknown);
    CHECK(bench.start().fault == Fault::unreachable);
    bench.wire->up();
    CHECK(bench.verdict_after(2s) == Verdict::triggered);
    bench.writes = false;
    CHECK(bench.verdict_after(40s) != Verdict::triggered);
    bench.writes = true;
    bench.set(false);
    bench.set(true);
    CHECK(bench.verdict_after(2s) == Verdict::recording);
  }
}

TEST_CASE("what comes over the trigger port in pieces, or is no line, is borne") {
  ZoneMinderBench bench;
  bench.make(false);
  bench.hears_orders = false;
  bench.wire->receive(bytes_of(std::string(5000, 'x') + "\n\n|||\n\x01\xff\n"));
  std::optional<Outcome> out;
  bench.recorder->start([&](Outcome outcome, const Session&) { out = std::move(outcome); });
  bench.loop.run_for(100ms);
  for (const char c : std::string("1|on|1795438800|41\n")) {
    bench.wire->receive({static_cast<std::uint8_t>(c)});
  }
  bench.loop.run_for(1ms);
  REQUIRE(out);
  CHECK(out->word == Word::done);
  CHECK(bench.verdict() == Verdict::triggered);
  bench.recorder.reset();
  bench.loop.run_for(10s);
}
