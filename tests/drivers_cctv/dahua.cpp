// The driver of Dahua recorders against a model of one.
#include "drivers/cctv/dahua.hpp"

#include <doctest/doctest.h>

#include "tests/drivers_cctv/ends.hpp"
#include "tests/sim/recorder_dahua.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

struct DahuaBench : Bench {
  sim::DahuaRecorder model{[this] { return now(); }};
  std::shared_ptr<fakes::HttpPeer> peer = peer_of(*this, model);
  void make() { recorder = make_dahua(loop, client(peer), {}, options()); }
};

}  // namespace

TEST_CASE("what Dahua recorders were seen to say") {
  CHECK(dahua::is_ok("OK\r\n"));
  CHECK_FALSE(dahua::is_ok("Error\r\nBad Request!\r\n"));
  CHECK_FALSE(dahua::is_ok("OKAY"));
  const std::string modes =
      "table.RecordMode[0].Mode=0\r\ntable.RecordMode[0].ModeExtra1=2\r\ntable.RecordMode[11].Mode=1\r\n";
  CHECK(dahua::parse_mode(modes, 0) == dahua::Mode::automatic);
  CHECK(dahua::parse_mode(modes, 11) == dahua::Mode::manual);
  CHECK_FALSE(dahua::parse_mode(modes, 1));
  CHECK_FALSE(dahua::parse_mode("table.RecordMode[0].Mode=7\r\n", 0));
  const std::string states = "{\"state\":[{\"Main\":{\"State\":1}}, {\"Main\":{\"State\":0}}]}";
  CHECK(dahua::parse_state(states, 0)->records == true);
  CHECK(dahua::parse_state(states, 1)->records == false);
  CHECK_FALSE(dahua::parse_state(states, 2)->records);
  CHECK_FALSE(dahua::parse_state("{\"state\":[{}]}", 0));
  CHECK_FALSE(dahua::parse_state("Error", 0));
  CHECK(dahua::parse_event("channels[0]=0\r\nchannels[1]=3\r\n", 3) == true);
  CHECK(dahua::parse_event("channels[0]=0\r\n", 1) == false);
  CHECK(dahua::parse_event("Error: No Events\r\n", 0) == false);
  CHECK_FALSE(dahua::parse_event("Error\r\nBad Request!\r\n", 0));
  CHECK(dahua::parse_files("found=0\r\n")->empty());
  const auto files = dahua::parse_files(
      "found=2\r\nitems[0].StartTime=2026-11-23 13:00:00\r\nitems[0].EndTime=2026-11-23 13:30:00\r\n"
      "items[1].StartTime=2026-11-23 13:30:00\r\nitems[1].EndTime=2026-11-23 14:00:00\r\n");
  REQUIRE(files);
  REQUIRE(files->size() == 2);
  CHECK((*files)[1].begin == day_begin + 30min);
  CHECK_FALSE(dahua::parse_files("found=1\r\nitems[0].StartTime=2026-11-23 13:00:00\r\n"));
  CHECK_FALSE(dahua::parse_files("found=101\r\n"));
  CHECK_FALSE(dahua::parse_files("OK"));
  CHECK(dahua::parse_finder("result=08137\r\n") == "08137");
  CHECK_FALSE(dahua::parse_finder("result=1&action=destroy\r\n"));
  CHECK(dahua::query_time(day_begin) == "2026-11-23%2013:00:00");
}

TEST_CASE("manual mode, proved by state and files, and the mode from before again") {
  for (const std::string before : {"0", "1"}) {
    DahuaBench bench;
    bench.model.set_mode(before);
    bench.make();
    CHECK(bench.start().word == Word::done);
    CHECK(bench.model.mode() == "1");
    CHECK(bench.session.previous == before);
    if (before == "0") {
      for (int i = 0; i < 60; ++i) {
        CAPTURE(i);
        REQUIRE(bench.verdict_after(2s) == Verdict::recording);
      }
      CHECK(std::chrono::abs(*bench.last.clock_offset) <= 501ms);
    }
    // Ordered again it does not take its own mode for the one from before.
    CHECK(bench.start().word == Word::done);
    CHECK(bench.session.previous == before);
    CHECK(bench.stop().word == Word::done);
    CHECK(bench.model.mode() == before);
    bench.loop.run_for(10s);
    CHECK(bench.model.finders() == 0);
    CHECK(bench.model.most_finders() <= 1);
  }
}

TEST_CASE("off is never written, and an unknown mode is left alone") {
  DahuaBench bench;
  bench.model.set_mode("2");
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.session.previous == "2");
  CHECK(bench.stop().word == Word::done);
  CHECK(bench.model.mode() == "0");
  for (const auto& asked : bench.peer->asked) {
    CHECK(asked.target.find("Mode=2") == std::string::npos);
  }

  DahuaBench blind;
  blind.model.habits.tells_mode = false;
  blind.make();
  CHECK(blind.start().word == Word::unknown);
  CHECK(blind.model.mode() == "1");
  CHECK(blind.session.previous.empty());
  CHECK(blind.stop().fault == Fault::mode_unknown);
  CHECK(blind.model.mode() == "1");
}

TEST_CASE("a first order that never came does not cost the mode from before") {
  DahuaBench bench;
  bench.model.set_mode("0");
  bench.make();
  bench.peer->opens = http::Fault::refused;
  CHECK(bench.start().word == Word::failed);
  bench.peer->opens = http::Fault::none;
  CHECK(bench.start().word == Word::done);
  CHECK(bench.model.mode() == "1");
  CHECK(bench.session.previous == "0");
  CHECK(bench.stop().word == Word::done);
  CHECK(bench.model.mode() == "0");
}

TEST_CASE("each lie of a Dahua recorder is found") {
  DahuaBench bench;
  bench.make();
  SUBCASE("OK, and the mode stays") {
    bench.model.habits.keeps_mode = true;
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::failed);
    CHECK(outcome.fault == Fault::refused);
    CHECK(bench.verdict() == Verdict::not_recording);
  }
  SUBCASE("the state without files") {
    bench.model.inject(sim::Fault::unwritten);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("state").seen == Proof::Seen::yes);
    CHECK(bench.proof("files").fault == Fault::not_written);
  }
  SUBCASE("files that come to an end under the state") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(10s) == Verdict::recording);
    bench.model.inject(sim::Fault::unwritten);
    CHECK(bench.verdict_after(10s) == Verdict::unknown);
    CHECK(bench.verdict_after(60s) == Verdict::not_recording);
  }
  SUBCASE("the mode that was set says nothing: another took it back") {
    CHECK(bench.start().word == Word::done);
    bench.model.set_mode("0");
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.proof("state").fault == Fault::not_recording);
  }
  SUBCASE("no picture, no disk") {
    bench.model.inject(sim::Fault::no_picture);
    CHECK(bench.check("camera") == Fault::camera_lost);
    bench.model.inject(sim::Fault::no_disk);
    CHECK(bench.check("storage") == Fault::storage);
  }
}

TEST_CASE("a recorder that does not say what it does is amber") {
  DahuaBench bench;
  bench.model.inject(sim::Fault::no_state);
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(10s) == Verdict::triggered);
  CHECK_FALSE(bench.recorder->can_verify());
  bench.model.inject(sim::Fault::unwritten);
  CHECK(bench.verdict_after(70s) == Verdict::not_recording);
}

TEST_CASE("a Dahua clock that is an hour off is told, and misleads nobody") {
  for (const auto off : {-1h, 1h}) {
    DahuaBench bench;
    bench.model.set_clock(off);
    bench.model.inject(sim::Fault::clock);
    bench.make();
    CHECK(bench.check("clock") == Fault::clock);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(10s) == Verdict::recording);
    CHECK(std::chrono::abs(*bench.last.clock_offset - off) <= 501ms);
  }
}

TEST_CASE("a check changes nothing at a Dahua recorder") {
  DahuaBench bench;
  bench.make();
  const auto found = bench.preflight();
  CHECK(found.version == "4.001.0000000.3,build:2022-09-22");
  REQUIRE(found.checks.size() == 5);
  for (const auto& check : found.checks) {
    CAPTURE(check.name);
    CHECK(check.outcome.word == Word::done);
  }
  for (const auto& asked : bench.peer->asked) {
    CHECK(asked.target.find("setConfig") == std::string::npos);
  }
}
