// The driver of ONVIF recorders against a model of one.
#include "drivers/cctv/onvif_recorder.hpp"

#include <doctest/doctest.h>

#include "tests/drivers_cctv/ends.hpp"
#include "tests/sim/recorder_onvif.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

struct OnvifBench : Bench {
  sim::OnvifRecorder model{[this] { return now(); }, {.user = "ctl"}};
  std::shared_ptr<fakes::HttpPeer> peer = peer_of(*this, model), events = peer_of(*this, model);
  OnvifSettings settings{.recording = "R1", .profile = "P1"};
  void make(bool with_events = true) {
    recorder =
        make_onvif(loop, client(peer), with_events ? client(events) : nullptr, login, settings, options());
  }
};

}  // namespace

TEST_CASE("a job is made, proved by its state and by events, and removed") {
  for (const bool wants_token : {false, true}) {
    CAPTURE(wants_token);
    OnvifBench bench;
    bench.model.settings.wants_token = wants_token;
    bench.make();
    CHECK(bench.verdict() == Verdict::unknown);
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::done);
    CHECK(bench.session.previous == "made J1");
    for (int i = 0; i < 100; ++i) {
      CAPTURE(i);
      REQUIRE(bench.verdict_after(2s) == Verdict::recording);
    }
    CHECK(bench.model.subscribed() == 1);
    CHECK(bench.model.renewals() >= 6);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.model.jobs_made() == 1);
    CHECK(bench.stop().word == Word::done);
    CHECK_FALSE(bench.model.job());
    bench.loop.run_for(5s);
    CHECK(bench.model.subscriptions() == 0);
    CHECK(bench.model.wrong_tokens() == 0);
  }
}

TEST_CASE("a job that stands ready goes back to what it was") {
  for (const std::string before : {"Idle", "Active"}) {
    OnvifBench bench;
    bench.settings.job = "J9";
    bench.model.set_job(sim::OnvifRecorder::Job{"J9", before});
    bench.make();
    CHECK(bench.start().word == Word::done);
    CHECK(bench.model.job()->mode == "Active");
    CHECK(bench.verdict_after(4s) == Verdict::recording);
    CHECK(bench.stop().word == Word::done);
    CHECK(bench.model.job()->mode == before);
    CHECK(bench.model.job()->token == "J9");
  }
}

TEST_CASE("each lie of an ONVIF recorder is found") {
  OnvifBench bench;
  bench.make();
  SUBCASE("picture without sound") {
    bench.model.inject(sim::Fault::partial);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("job").fault == Fault::partial);
  }
  SUBCASE("active when asked, idle in its events") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::recording);
    bench.model.event_state = "Idle";
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("job").seen == Proof::Seen::yes);
  }
  SUBCASE("active by its word and by its events, and nothing is written") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(20s) == Verdict::recording);
    CHECK(bench.proof("search").seen == Proof::Seen::yes);
    bench.model.inject(sim::Fault::unwritten);
    CHECK(bench.verdict_after(70s) == Verdict::not_recording);
    CHECK(bench.proof("search").fault == Fault::not_written);
    CHECK(bench.proof("job").seen == Proof::Seen::yes);
    bench.model.mend_all();
    CHECK(bench.verdict_after(2s) == Verdict::recording);
    // Without that service there are the two that are left.
    bench.model.has_search = false;
    CHECK(bench.verdict_after(4s) == Verdict::recording);
    CHECK(bench.last.proofs.size() == 2);
  }
  SUBCASE("another one removes our job") {
    CHECK(bench.start().word == Word::done);
    bench.model.set_job(std::nullopt);
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.session.previous == "made J2");
    CHECK(bench.verdict_after(6s) == Verdict::recording);
    bench.model.set_job(std::nullopt);
    CHECK(bench.stop().word == Word::done);
  }
  SUBCASE("no place for a job") {
    bench.model.inject(sim::Fault::busy);
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::failed);
    CHECK(outcome.fault == Fault::capacity);
    CHECK(bench.stop().fault == Fault::mode_unknown);
  }
  SUBCASE("events that end: what they said ends with them") {
    bench.model.has_search = false;
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::recording);
    bench.model.drop_subscriptions();
    bench.model.inject(sim::Fault::no_events);
    CHECK(bench.verdict_after(4s) == Verdict::unknown);
    bench.model.mend_all();
    CHECK(bench.verdict_after(20s) == Verdict::recording);
    CHECK(bench.model.subscribed() == 2);
  }
  SUBCASE("a device that falls silent") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::recording);
    for (auto& peer : {bench.peer, bench.events}) {
      peer->answer = [](const fakes::HttpAsked&) { return fakes::HttpSaid{}; };
    }
    CHECK(bench.verdict_after(2s) == Verdict::unknown);
    CHECK(bench.start().word == Word::unknown);
  }
}

TEST_CASE("without events it is amber") {
  OnvifBench bench;
  bench.make(false);
  CHECK_FALSE(bench.recorder->can_verify());
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(10s) == Verdict::triggered);
}

TEST_CASE("a token bears the device's time, whatever that is, also when it jumps") {
  for (const auto off : {-1h, 0h, 1h}) {
    OnvifBench bench;
    bench.model.settings.wants_token = true;
    bench.model.set_clock(off);
    bench.model.inject(sim::Fault::clock);
    bench.make();
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::recording);
    CHECK(std::chrono::abs(*bench.last.clock_offset - off) <= 501ms);
    CHECK(bench.check("clock") == (off == 0h ? Fault::none : Fault::clock));
    bench.model.set_clock(off + 20min);
    CHECK(bench.verdict_after(20s) == Verdict::recording);
    CHECK(bench.login->may_try(bench.loop.now()));
  }
}

TEST_CASE("a wrong password in tokens is tried once, then not") {
  OnvifBench bench;
  bench.model.settings.wants_token = true;
  bench.model.settings.password = "other";
  bench.make(false);
  CHECK(bench.start().fault == Fault::credential);
  CHECK(bench.model.wrong_tokens() == 1);
  for (int i = 0; i < 20; ++i) {
    CHECK(bench.start().fault == Fault::credential);
    bench.loop.run_for(2s);
  }
  CHECK(bench.model.wrong_tokens() == 1);
}

TEST_CASE("a check of an ONVIF recorder, and a session of another life") {
  OnvifBench bench;
  bench.make();
  const auto found = bench.preflight();
  CHECK(found.version == "M N 1.2");
  REQUIRE(found.checks.size() == 3);
  for (const auto& check : found.checks) {
    CAPTURE(check.name);
    CHECK(check.outcome.word == Word::done);
  }
  CHECK(bench.model.jobs_made() == 0);
  CHECK(bench.start().word == Word::done);
  const auto session = bench.session;
  bench.make();
  bench.recorder->resume(session);
  CHECK(bench.verdict_after(4s) == Verdict::recording);
  CHECK(bench.model.jobs_made() == 1);
}
