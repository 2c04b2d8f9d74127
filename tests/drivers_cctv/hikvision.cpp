// The driver of Hikvision recorders against a model of one, with the lies that were told about them.
#include "drivers/cctv/hikvision.hpp"

#include <doctest/doctest.h>

#include "tests/drivers_cctv/ends.hpp"
#include "tests/sim/recorder_isapi.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

struct HikBench : Bench {
  sim::IsapiRecorder model{[this] { return now(); }};
  std::shared_ptr<fakes::HttpPeer> peer = peer_of(*this, model);
  HikvisionSettings settings;
  void make() { recorder = make_hikvision(loop, client(peer), settings, options()); }
};

}  // namespace

TEST_CASE("manual recording, proved by the channel and by the disk") {
  for (const bool clips : {false, true}) {
    CAPTURE(clips);
    HikBench bench;
    bench.model.habits.clips = clips;
    bench.make();
    CHECK(bench.verdict() == Verdict::not_recording);
    CHECK(bench.start().word == Word::done);
    for (int i = 0; i < 60; ++i) {
      CAPTURE(i);
      REQUIRE(bench.verdict_after(2s) == Verdict::recording);
    }
    CHECK(bench.stop().word == Word::done);
    CHECK_FALSE(bench.model.is_manual());
    CHECK_FALSE(bench.model.is_recording());
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
  }
}

TEST_CASE("POST or PUT is found out once") {
  HikBench bench;
  bench.model.habits.wants_put = true;
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.stop().word == Word::done);
  std::string methods;
  for (const auto& asked : bench.peer->asked) {
    methods += asked.method + " ";
  }
  CHECK(methods == "POST PUT PUT ");
  bench.settings.method = HikvisionSettings::Method::post;
  bench.make();
  CHECK(bench.start().fault == Fault::unsupported);
  CHECK(bench.peer->asked.size() == 4);
}

TEST_CASE("each lie of a recorder is found") {
  HikBench bench;
  bench.make();
  SUBCASE("200 with a refusal inside") {
    bench.model.inject(sim::Fault::error_inside);
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::failed);
    CHECK(outcome.fault == Fault::refused);
    CHECK(outcome.reason == "the recorder says no: 4 invalidOperation");
    CHECK(bench.verdict() == Verdict::not_recording);
    bench.model.mend_all();
    bench.model.inject(sim::Fault::busy);
    CHECK(bench.start().fault == Fault::busy);
  }
  SUBCASE("200 with a login page inside") {
    bench.model.inject(sim::Fault::login_page);
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::unknown);
    CHECK(outcome.fault == Fault::garbled);
    CHECK(bench.verdict() == Verdict::unknown);
  }
  SUBCASE("the flag says that it records, and nothing is written") {
    bench.model.inject(sim::Fault::unwritten);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("channel").seen == Proof::Seen::yes);
    CHECK(bench.proof("search").fault == Fault::not_written);
  }
  SUBCASE("the writing comes to an end under the flag") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(20s) == Verdict::recording);
    bench.model.inject(sim::Fault::unwritten);
    // The newest picture grows old: 8 s is the limit.
    CHECK(bench.verdict_after(10s) == Verdict::unknown);
    CHECK(bench.verdict_after(60s) == Verdict::not_recording);
  }
  SUBCASE("no live state: that part is unknown, and one proof is none") {
    bench.model.inject(sim::Fault::no_state);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::unknown);
    CHECK(bench.proof("search").seen == Proof::Seen::yes);
  }
  SUBCASE("a camera that is gone, a disk that is dead") {
    CHECK(bench.start().word == Word::done);
    bench.model.inject(sim::Fault::no_picture);
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.check("camera") == Fault::camera_lost);
    bench.model.mend_all();
    bench.model.inject(sim::Fault::no_disk);
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.check("storage") == Fault::storage);
  }
}

TEST_CASE("a clock an hour off misleads nobody, and is told") {
  for (const auto off : {-1h, 1h}) {
    HikBench bench;
    bench.model.set_clock(off);
    bench.model.inject(sim::Fault::clock);
    bench.make();
    CHECK(bench.check("clock") == Fault::clock);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(20s) == Verdict::recording);
    REQUIRE(bench.last.clock_offset);
    CHECK(std::chrono::abs(*bench.last.clock_offset - off) <= 501ms);
    bench.model.inject(sim::Fault::unwritten);
    CHECK(bench.verdict_after(10s) != Verdict::recording);
  }
}

TEST_CASE("segments in another zone than was set never prove anything") {
  for (const bool is_local : {false, true}) {
    for (const bool clips : {false, true}) {
      CAPTURE(is_local);
      CAPTURE(clips);
      HikBench bench;
      bench.settings.segments_are_local = !is_local;
      bench.model.habits.lists_local = is_local;
      bench.model.habits.clips = clips;
      bench.model.habits.is_scheduled = true;
      bench.model.inject(sim::Fault::unwritten);
      bench.model.set_segments(
          {{day_begin - 48h, day_begin - 8h}});  // round the clock, until eight hours ago
      bench.make();
      CHECK(bench.start().word == Word::done);
      for (int i = 0; i < 100; ++i) {
        REQUIRE(bench.verdict_after(2s) != Verdict::recording);
      }
    }
  }
  HikBench right;
  right.settings.segments_are_local = true;
  right.model.habits.lists_local = true;
  right.make();
  CHECK(right.start().word == Word::done);
  CHECK(right.verdict_after(20s) == Verdict::recording);
}

TEST_CASE("fit for a recording, and what is said of it") {
  HikBench bench;
  bench.make();
  const auto found = bench.preflight();
  CHECK(found.version == "DS V4");
  REQUIRE(found.checks.size() == 4);
  for (const auto& check : found.checks) {
    CAPTURE(check.name);
    CHECK(check.outcome.word == Word::done);
  }
  for (const auto& asked : bench.peer->asked) {
    CHECK(asked.method == "GET");
  }
  bench.peer->hang_up();
  bench.peer->opens = http::Fault::refused;
  CHECK(bench.check("login") == Fault::unreachable);
}

TEST_CASE("a session of another life goes on at the recorder") {
  HikBench bench;
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(600s) == Verdict::recording);
  const auto session = bench.session;
  bench.make();
  bench.recorder->resume(session);
  CHECK(bench.verdict_after(2s) == Verdict::recording);
  CHECK(bench.model.is_manual());
}
