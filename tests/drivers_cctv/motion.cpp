// The driver of motion against a model of it: each way in which motion was seen to say yes to what is not so.
#include "drivers/cctv/motion.hpp"

#include <doctest/doctest.h>

#include "tests/drivers_cctv/ends.hpp"
#include "tests/sim/recorder_motion.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;
using fakes::http_answer;

namespace {

/// motion, its camera and its disk.
struct MotionBench : Bench {
  sim::MotionRecorder model{[this] { return now(); }};
  std::shared_ptr<fakes::HttpPeer> control, stream;
  bool is_locked = false;
  std::optional<link::Duration> shelf_hangs;

  struct Shelf final : MovieShelf {
    explicit Shelf(MotionBench& in) : bench(in), timer(in.loop) {}
    void look(link::Duration within, std::function<void(Look)> done) override {
      const auto hangs = bench.shelf_hangs && *bench.shelf_hangs > within;
      timer.start(hangs ? within : link::Duration(1ms), [this, hangs, done] {
        const auto movie = bench.model.movie();
        done(hangs ? Look{"the folder of movies does not answer", {}, 0, 0}
                   : Look{{}, movie.name, movie.size, movie.free});
      });
    }
    MotionBench& bench;
    link::Timer timer;
  };

  void make(bool with_shelf = true) {
    control = peer_of(*this, model, 0);
    stream = peer_of(*this, model, 1);
    control->answer = [this, good = control->answer](const fakes::HttpAsked& asked) {
      return is_locked ? said_of(model.locked(sim::DigestGate({}))) : good(asked);
    };
    recorder = make_motion(loop, client(control), client(stream),
                           with_shelf ? std::make_unique<Shelf>(*this) : nullptr, {}, options());
  }
};

}  // namespace

TEST_CASE("a start, proof by status and by disk, and an end") {
  MotionBench bench;
  bench.make();
  CHECK(bench.verdict() == Verdict::unknown);
  const auto outcome = bench.start();
  CHECK(outcome.word == Word::done);
  CHECK(outcome.raw_sha256.size() == 64);
  CHECK(bench.session.since >= day_begin);
  CHECK(bench.session.since <= bench.now());
  CHECK_FALSE(bench.session.previous.empty());
  // Also in the first seconds, when the movie is still empty, and over many minutes.
  for (int i = 0; i < 100; ++i) {
    CAPTURE(i);
    REQUIRE(bench.verdict_after(2s) == Verdict::recording);
  }
  CHECK(bench.last.clock_offset);
  CHECK(std::chrono::abs(*bench.last.clock_offset) <= 501ms);
  CHECK(bench.stop().word == Word::done);
  CHECK_FALSE(bench.model.is_in_event());
  CHECK(bench.verdict_after(2s) == Verdict::unknown);
}

TEST_CASE("without a look at the movies it is amber, never REC") {
  MotionBench bench;
  bench.make(false);
  CHECK_FALSE(bench.recorder->can_verify());
  CHECK(bench.recorder->describe().find('\n') != std::string::npos);
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(20s) == Verdict::triggered);
  CHECK(bench.check("storage") == Fault::storage);
}

TEST_CASE("each lie of motion is found within two probes") {
  MotionBench bench;
  bench.make();
  SUBCASE("Done, and no event") {
    bench.model.inject(sim::Fault::lie);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("status").fault == Fault::not_recording);
    CHECK(bench.proof("file").fault == Fault::not_written);
  }
  SUBCASE("Connection OK, and never a picture") {
    bench.model.set_source(sim::MotionRecorder::Source::never_connected);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("status").fault == Fault::camera_lost);
  }
  SUBCASE("a movie of grey frames") {
    bench.model.set_source(sim::MotionRecorder::Source::refused);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.check("camera") == Fault::camera_lost);
  }
  SUBCASE("frames that stand still in a movie that grows") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(60s) == Verdict::recording);
    bench.model.inject(sim::Fault::still);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("status").fault == Fault::frozen);
    CHECK(bench.proof("file").seen == Proof::Seen::yes);
    bench.model.mend_all();
    CHECK(bench.verdict_after(2s) == Verdict::recording);
  }
  SUBCASE("a full disk") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(60s) == Verdict::recording);
    bench.model.inject(sim::Fault::no_disk);
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.proof("file").fault == Fault::storage);
    CHECK(bench.proof("status").seen == Proof::Seen::yes);
    CHECK(bench.check("storage") == Fault::storage);
  }
  SUBCASE("a movie that has come to its end") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(60s) == Verdict::recording);
    bench.model.end_event();  // and the event's time stays as it was
    CHECK(bench.verdict_after(34s) == Verdict::not_recording);
    CHECK(bench.proof("file").fault == Fault::not_written);
  }
  SUBCASE("a dead process") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(10s) == Verdict::recording);
    for (auto& peer : {bench.control, bench.stream}) {
      peer->hang_up();
      peer->opens = http::Fault::refused;
    }
    CHECK(bench.verdict_after(2s) == Verdict::unknown);
    CHECK(bench.proof("status").fault == Fault::unreachable);
    const auto again = bench.start();
    CHECK(again.word == Word::failed);
    CHECK(again.fault == Fault::unreachable);
  }
  SUBCASE("a mount that hangs") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(10s) == Verdict::recording);
    bench.shelf_hangs = 1h;
    CHECK(bench.verdict_after(2s) == Verdict::unknown);
    CHECK(bench.proof("file").fault == Fault::storage);
    CHECK(bench.start().word == Word::done);
  }
}

TEST_CASE("status 200 with a refusal inside, and what a lock-out looks like") {
  MotionBench bench;
  bench.make();
  bench.control->answer = [](const fakes::HttpAsked&) {
    return http_answer(200, "Bad Request \nThe server did not understand your request. \n");
  };
  CHECK(bench.start().fault == Fault::no_camera);

  bench.control->answer = [](const fakes::HttpAsked&) {
    return http_answer(401, "Access denied",
                       "WWW-Authenticate: Digest realm=\"Motion\",qop=\"auth\",nonce=\"46\","
                       "opaque=\"00\",algorithm=md5\r\n");
  };
  const auto refused = bench.start();
  CHECK(refused.word == Word::failed);
  CHECK(refused.fault == Fault::credential);
  CHECK(bench.control->asked.size() == 3);
  // Nothing more is tried.
  CHECK(bench.start().fault == Fault::credential);
  CHECK(bench.check("login") == Fault::credential);
  CHECK(bench.control->asked.size() == 3);
}

TEST_CASE("locked out: the same words as for an unknown camera, and another name") {
  MotionBench bench;
  bench.make();
  const auto good = bench.control->answer;
  bench.control->answer = [](const fakes::HttpAsked&) {
    return http_answer(401, "", "WWW-Authenticate: Digest realm=\"Motion\",qop=\"auth\",nonce=\"4\"\r\n");
  };
  CHECK(bench.start().fault == Fault::credential);
  bench.loop.run_for(61s);
  bench.control->answer = good;
  bench.is_locked = true;
  CHECK(bench.start().fault == Fault::locked_out);
  CHECK(bench.check("camera") == Fault::locked_out);
  bench.is_locked = false;
  CHECK(bench.start().word == Word::done);
}

TEST_CASE("a clock that is an hour off is told, and misleads nobody") {
  for (const auto off : {-1h, 1h}) {
    MotionBench bench;
    bench.model.set_clock(off);
    bench.model.inject(sim::Fault::clock);
    bench.make();
    // The last event was an hour ago by one clock, and is now by the other.
    bench.model.set_event_time((bench.now() + off - 600s).time_since_epoch().count() / 1000);
    bench.model.inject(sim::Fault::lie);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    bench.model.mend(sim::Fault::lie);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::recording);
    REQUIRE(bench.last.clock_offset);
    CHECK(std::chrono::abs(*bench.last.clock_offset - off) <= 501ms);
    CHECK(bench.check("clock") == Fault::clock);
  }
}

TEST_CASE("a session of another life goes on, and sends nothing") {
  MotionBench bench;
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(30s) == Verdict::recording);
  const auto session = bench.session;
  bench.recorder.reset();
  bench.make();
  bench.recorder->resume(session);
  CHECK(bench.verdict_after(30s) == Verdict::recording);
  CHECK(bench.control->asked.empty());
  // Started again it keeps its beginning.
  CHECK(bench.start().word == Word::done);
  CHECK(bench.session == session);
}

TEST_CASE("one order and one probe at a time, each within its time") {
  MotionBench bench;
  bench.make();
  bench.control->opens = http::Fault::timeout;
  bench.stream->opens = http::Fault::timeout;
  std::vector<Fault> faults;
  bench.recorder->start([&](const Outcome& outcome, const Session&) { faults.push_back(outcome.fault); });
  bench.recorder->start([&](const Outcome& outcome, const Session&) { faults.push_back(outcome.fault); });
  int readings = 0;
  bench.recorder->probe([&](const Reading&) { ++readings; });
  bench.recorder->probe([&](const Reading& reading) {
    ++readings;
    CHECK(reading.proofs.empty());
  });
  CHECK(faults.empty());
  bench.loop.run_for(2001ms);
  CHECK(readings == 2);
  CHECK(faults == std::vector{Fault::busy});
  bench.loop.run_for(3s);
  CHECK(faults == std::vector{Fault::busy, Fault::timeout});
  bench.recorder->start([](const Outcome&, const Session&) { FAIL("the recorder is gone"); });
  bench.recorder.reset();
  bench.loop.run_for(10s);
}
