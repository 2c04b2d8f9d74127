// The driver of motion against a model of it: each way in which motion was seen to say yes to what is not so.
#include "drivers/cctv/motion.hpp"

#include <doctest/doctest.h>

#include "tests/drivers_cctv/bench.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;
using fakes::http_answer;

namespace {

/// motion, its camera and its disk. It says what motion 4.5.1 was seen to say in each state.
struct MotionModel {
  explicit MotionModel(Bench& in) : bench(in) {}

  Bench& bench;
  std::shared_ptr<fakes::HttpPeer> control = std::make_shared<fakes::HttpPeer>(bench.loop);
  std::shared_ptr<fakes::HttpPeer> stream = std::make_shared<fakes::HttpPeer>(bench.loop);

  enum class Source { good, never_connected, refused, frozen };
  Source source = Source::good;
  std::chrono::milliseconds clock{};  ///< its clock less ours
  std::uint64_t room = 1U << 30;
  bool is_locked = false;
  int in_event_since = 0;  ///< seconds of its clock
  bool is_open = false, ignores_orders = false;
  UtcTime frozen_since{};
  std::string movie;
  std::uint64_t size = 0;
  UtcTime written{};
  std::optional<link::Duration> shelf_hangs;

  std::int64_t seconds() const {
    return std::chrono::floor<std::chrono::seconds>(bench.now() + clock).time_since_epoch().count();
  }

  fakes::HttpSaid order(const fakes::HttpAsked& asked) {
    const std::string bad = "Bad Request \nThe server did not understand your request. \n";
    if (is_locked) {
      return http_answer(200, bad);
    }
    if (asked.target == "/1/action/eventstart") {
      if (!ignores_orders && source != Source::never_connected && !is_open) {
        is_open = true;
        in_event_since = static_cast<int>(seconds());
        movie = "1-" + std::to_string(in_event_since) + ".mp4";
        size = 0;
        written = bench.now();
      }
      return http_answer(200, "Start event for camera 1 \nDone\n");
    }
    if (asked.target == "/1/action/eventend") {
      is_open = false;
      return http_answer(200, "End event for camera 1 \nDone \n");
    }
    if (asked.target == "/1/detection/connection") {
      return http_answer(200, std::string("Camera hall \nCamera 1 -- hall ") +
                                  (source == Source::refused ? "Lost connection" : "Connection OK") + " \n");
    }
    return http_answer(200, bad);
  }

  fakes::HttpSaid status(const fakes::HttpAsked& asked) {
    if (asked.target != "/1/status.json") {
      return http_answer(404, "");
    }
    const auto still = std::chrono::floor<std::chrono::seconds>(bench.now() - frozen_since).count();
    const bool frozen = source == Source::frozen, never = source == Source::never_connected;
    return http_answer(
        200, "{\"camera_status\": [{\"id\": 1, \"image_width\": " + std::string(never ? "0" : "320") +
                 ", \"fps\": " + (frozen ? "2" : "10") +
                 ", \"missing_frame_counter\": " + std::to_string(frozen ? 9 + 2 * still : 0) +
                 ", \"running\": 1, \"lost_connection\": " + (source == Source::refused ? "1" : "0") +
                 ", \"currenttime\": " + std::to_string(never ? 1 : seconds()) +
                 ", \"eventtime\": " + std::to_string(in_event_since) + "}]}");
  }

  /// The muxer gives its bytes away in blocks, 20 s apart at a low bit rate.
  MovieShelf::Look look() {
    if (is_open && bench.now() - written >= 20s && room > 0) {
      written = bench.now();
      size += 32'768;
    }
    return {{}, movie, size, room};
  }

  struct Shelf final : MovieShelf {
    explicit Shelf(MotionModel& in) : model(in), timer(in.bench.loop) {}
    void look(link::Duration within, std::function<void(Look)> done) override {
      const auto hangs = model.shelf_hangs && *model.shelf_hangs > within;
      timer.start(hangs ? within : link::Duration(1ms), [this, hangs, done] {
        done(hangs ? Look{"the folder of movies does not answer", {}, 0, 0} : model.look());
      });
    }
    MotionModel& model;
    link::Timer timer;
  };

  void make(bool with_shelf = true) {
    control->answer = [this](const fakes::HttpAsked& asked) { return order(asked); };
    stream->answer = [this](const fakes::HttpAsked& asked) { return status(asked); };
    bench.recorder = make_motion(bench.loop, bench.client(control), bench.client(stream),
                                 with_shelf ? std::make_unique<Shelf>(*this) : nullptr, {}, bench.options());
  }
};

struct MotionBench : Bench {
  MotionModel model{*this};
};

}  // namespace

TEST_CASE("a start, proof by status and by disk, and an end") {
  MotionBench bench;
  bench.model.make();
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
  CHECK_FALSE(bench.model.is_open);
  CHECK(bench.verdict_after(2s) == Verdict::unknown);
}

TEST_CASE("without a look at the movies it is amber, never REC") {
  MotionBench bench;
  bench.model.make(false);
  CHECK_FALSE(bench.recorder->can_verify());
  CHECK(bench.recorder->describe().find('\n') != std::string::npos);
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(20s) == Verdict::triggered);
  CHECK(bench.check("storage") == Fault::storage);
}

TEST_CASE("each lie of motion is found within two probes") {
  MotionBench bench;
  bench.model.make();
  SUBCASE("Done, and no event") {
    bench.model.ignores_orders = true;
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("status").fault == Fault::not_recording);
    CHECK(bench.proof("file").fault == Fault::not_written);
  }
  SUBCASE("Connection OK, and never a picture") {
    bench.model.source = MotionModel::Source::never_connected;
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("status").fault == Fault::camera_lost);
  }
  SUBCASE("a movie of grey frames") {
    bench.model.source = MotionModel::Source::refused;
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.check("camera") == Fault::camera_lost);
  }
  SUBCASE("frames that stand still in a movie that grows") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(60s) == Verdict::recording);
    bench.model.source = MotionModel::Source::frozen;
    bench.model.frozen_since = bench.now();
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("status").fault == Fault::frozen);
    CHECK(bench.proof("file").seen == Proof::Seen::yes);
    bench.model.source = MotionModel::Source::good;
    CHECK(bench.verdict_after(2s) == Verdict::recording);
  }
  SUBCASE("a full disk") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(60s) == Verdict::recording);
    bench.model.room = 0;
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.proof("file").fault == Fault::storage);
    CHECK(bench.proof("status").seen == Proof::Seen::yes);
    CHECK(bench.check("storage") == Fault::storage);
  }
  SUBCASE("a movie that has come to its end") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(60s) == Verdict::recording);
    bench.model.is_open = false;  // and the event's time stays as it was
    CHECK(bench.verdict_after(34s) == Verdict::not_recording);
    CHECK(bench.proof("file").fault == Fault::not_written);
  }
  SUBCASE("a dead process") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(10s) == Verdict::recording);
    for (auto& peer : {bench.model.control, bench.model.stream}) {
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
    bench.model.shelf_hangs = 1h;
    CHECK(bench.verdict_after(2s) == Verdict::unknown);
    CHECK(bench.proof("file").fault == Fault::storage);
    CHECK(bench.start().word == Word::done);
  }
}

TEST_CASE("status 200 with a refusal inside, and what a lock-out looks like") {
  MotionBench bench;
  bench.model.make();
  bench.model.control->answer = [](const fakes::HttpAsked&) {
    return http_answer(200, "Bad Request \nThe server did not understand your request. \n");
  };
  CHECK(bench.start().fault == Fault::no_camera);

  bench.model.control->answer = [](const fakes::HttpAsked&) {
    return http_answer(401, "Access denied",
                       "WWW-Authenticate: Digest realm=\"Motion\",qop=\"auth\",nonce=\"46\","
                       "opaque=\"00\",algorithm=md5\r\n");
  };
  const auto refused = bench.start();
  CHECK(refused.word == Word::failed);
  CHECK(refused.fault == Fault::credential);
  CHECK(bench.model.control->asked.size() == 3);
  // Nothing more is tried.
  CHECK(bench.start().fault == Fault::credential);
  CHECK(bench.check("login") == Fault::credential);
  CHECK(bench.model.control->asked.size() == 3);
}

TEST_CASE("locked out: the same words as for an unknown camera, and another name") {
  MotionBench bench;
  bench.model.make();
  const auto good = bench.model.control->answer;
  bench.model.control->answer = [](const fakes::HttpAsked&) {
    return http_answer(401, "", "WWW-Authenticate: Digest realm=\"Motion\",qop=\"auth\",nonce=\"4\"\r\n");
  };
  CHECK(bench.start().fault == Fault::credential);
  bench.loop.run_for(61s);
  bench.model.control->answer = good;
  bench.model.is_locked = true;
  CHECK(bench.start().fault == Fault::locked_out);
  CHECK(bench.check("camera") == Fault::locked_out);
  bench.model.is_locked = false;
  CHECK(bench.start().word == Word::done);
}

TEST_CASE("a clock that is an hour off is told, and misleads nobody") {
  for (const auto off : {-1h, 1h}) {
    MotionBench bench;
    bench.model.clock = off;
    bench.model.make();
    // The last event was an hour ago by one clock, and is now by the other.
    bench.model.in_event_since =
        static_cast<int>((bench.now() + off - 600s).time_since_epoch().count() / 1000);
    bench.model.ignores_orders = true;
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    bench.model.ignores_orders = false;
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::recording);
    REQUIRE(bench.last.clock_offset);
    CHECK(std::chrono::abs(*bench.last.clock_offset - off) <= 501ms);
    CHECK(bench.check("clock") == Fault::clock);
  }
}

TEST_CASE("a session of another life goes on, and sends nothing") {
  MotionBench bench;
  bench.model.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(30s) == Verdict::recording);
  const auto session = bench.session;
  const auto orders = bench.model.control->asked.size();
  bench.recorder.reset();
  bench.model.make();
  bench.recorder->resume(session);
  CHECK(bench.verdict_after(30s) == Verdict::recording);
  CHECK(bench.model.control->asked.size() == orders);
  // Started again it keeps its beginning.
  CHECK(bench.start().word == Word::done);
  CHECK(bench.session == session);
}

TEST_CASE("one order and one probe at a time, each within its time") {
  MotionBench bench;
  bench.model.make();
  bench.model.control->opens = http::Fault::timeout;
  bench.model.stream->opens = http::Fault::timeout;
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
