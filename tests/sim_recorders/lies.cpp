// Every lie that a simulated recorder can tell, told to the real driver: the promise is looked at over the
// whole time, not at its end.
#include <array>

#include "tests/sim_recorders/front_bench.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;
using Lie = sim::Fault;

namespace {

constexpr link::Duration alarm_within = 10s;

/// How long REC may outlive the truth. An ended event of motion shows by its file alone, which grows in
/// blocks; a job that is active without writing, by how far the film goes.
link::Duration limit_of(Kind kind, Lie fault) {
  if (kind == Kind::motion && fault == Lie::mode_names) {
    return 36s;
  }
  const bool is_onvif = kind == Kind::onvif || kind == Kind::onvif_token;
  return is_onvif && fault == Lie::unwritten ? 66s : 9s;
}

/// Probes as a supervisor does, and holds REC against what the recorder really does.
struct Watch {
  explicit Watch(FrontBench& in, Lie fault = Lie::gone)
      : bench(in), limit(limit_of(in.kind, fault)), last_true(in.loop.now()) {}

  void run(std::chrono::seconds span, bool orders_again = false) {
    for (auto left = span; left > 0s; left -= 2s) {
      // What is true is looked at ten times as often as the recorder is asked.
      for (int i = 0; i < 10; ++i) {
        bench.loop.run_for(200ms);
        was_true = was_true || bench.truth();
        last_true = bench.truth() ? bench.loop.now() : last_true;
      }
      verdict = bench.verdict();
      const auto untrue_for = bench.loop.now() - last_true;
      if (verdict == Verdict::recording) {
        ++recording;
        CHECK(untrue_for <= limit);
      } else if (orders_again) {
        static_cast<void>(bench.start());
      }
      if (untrue_for > std::max(alarm_within, limit)) {
        CHECK(verdict != Verdict::recording);
      }
      last_true = bench.truth() ? bench.loop.now() : last_true;
    }
  }

  FrontBench& bench;
  link::Duration limit;
  link::MonoTime last_true;
  Verdict verdict = Verdict::unknown;
  bool was_true = false;
  int recording = 0;
};

std::vector<Lie> faults_of(FrontBench& bench) {
  std::vector<Lie> out;
  for (std::size_t i = 0; i < sim::fault_count; ++i) {
    const auto fault = static_cast<Lie>(i);
    if (bench.front->can_have(fault)) {
      out.push_back(fault);
    }
  }
  return out;
}

/// What says nothing of the recording: the driver bears it, and REC stays.
bool is_borne(Kind kind, Lie fault) {
  constexpr std::array all{Lie::stale, Lie::nonce_once, Lie::clock,       Lie::slow,
                           Lie::busy,  Lie::lie,        Lie::error_inside};
  if (kind == Kind::motion) {
    // Its status stands open, and bears the time of its own clock.
    return fault != Lie::clock && (fault == Lie::unauthorised || fault == Lie::lock_out ||
                                   std::find(all.begin(), all.end(), fault) != all.end());
  }
  // ONVIF has three ways: two are left when one ends. A relay of its own is none of them.
  const bool is_left = fault == Lie::no_state || fault == Lie::no_events || fault == Lie::contact;
  const bool is_onvif = kind == Kind::onvif || kind == Kind::onvif_token;
  return (is_onvif && is_left) || std::find(all.begin(), all.end(), fault) != all.end();
}

/// Either is right: it may go on recording, or say what cannot be understood.
bool is_open(Kind kind, Lie fault) {
  return fault == Lie::power_cycle || fault == Lie::mode_names ||
         (kind == Kind::motion && fault == Lie::clock);
}

}  // namespace

TEST_CASE("REC is never older than what is true, whatever a recorder begins to say in the midst of it") {
  for (const Kind kind : all_kinds) {
    FrontBench list(kind);
    for (const Lie fault : faults_of(list)) {
      CAPTURE(name_of(kind));
      CAPTURE(std::string(sim::to_text(fault)));
      FrontBench bench(kind);
      REQUIRE(bench.start().word == Word::done);
      Watch watch(bench, fault);
      watch.run(40s);
      REQUIRE(watch.verdict == Verdict::recording);
      bench.front->model().set_clock(1h);
      bench.inject(fault);
      watch.recording = 0;
      watch.run(80s);
      if (is_borne(kind, fault)) {
        // A clock is read once in a minute: until then its film seems to be an hour old.
        CHECK(watch.recording >= (fault == Lie::clock ? 8 : 35));
      } else if (!is_open(kind, fault)) {
        CHECK(watch.verdict != Verdict::recording);
        // The last good proof keeps REC for a while, and no longer.
        CHECK(watch.recording * 2s <= watch.limit);
      }
      bench.front->clear(std::nullopt);
      watch.run(120s, true);
      CHECK(watch.verdict == Verdict::recording);
      CHECK(bench.truth());
    }
  }
}

TEST_CASE("a start that a recorder only says it has carried out is no recording") {
  for (const Kind kind : all_kinds) {
    FrontBench list(kind);
    for (const Lie fault : faults_of(list)) {
      CAPTURE(name_of(kind));
      CAPTURE(std::string(sim::to_text(fault)));
      FrontBench bench(kind);
      bench.front->model().set_clock(-1h);
      bench.inject(fault);
      static_cast<void>(bench.start());
      Watch watch(bench, fault);
      watch.run(80s, true);
      if (!watch.was_true) {
        CHECK(watch.verdict != Verdict::recording);
        CHECK(watch.recording == 0);
      }
      if (fault == Lie::stale || fault == Lie::nonce_once || fault == Lie::clock) {
        CHECK(watch.verdict == Verdict::recording);
      }
    }
  }
}

TEST_CASE("a changed password is tried so seldom that nobody is locked out, and found again") {
  for (const Kind kind : all_kinds) {
    CAPTURE(name_of(kind));
    FrontBench bench(kind);
    REQUIRE(bench.start().word == Word::done);
    Watch watch(bench);
    watch.run(20s);
    REQUIRE(watch.verdict == Verdict::recording);
    bench.inject(Lie::unauthorised);
    watch.run(360s, true);
    boost::json::object seen;
    bench.front->describe(seen);
    CHECK(bench.front->gate().wrong() <= 4);
    CHECK_FALSE(seen.at("locked").as_bool());
    if (kind == Kind::onvif_token) {
      CHECK(seen.at("wrong_tokens").to_number<int>() <= 4);
      CHECK_FALSE(seen.at("tokens_locked").as_bool());
    }
    // The status of motion stands open, and says true.
    CHECK((watch.verdict != Verdict::recording) == (kind != Kind::motion));
    bench.front->clear(std::nullopt);
    watch.run(900s, true);
    CHECK(watch.verdict == Verdict::recording);
  }
}

TEST_CASE("every use of a nonce counts up, and a replay is refused") {
  FrontBench bench(Kind::isapi);
  REQUIRE(bench.start().word == Word::done);
  Watch watch(bench);
  watch.run(200s);
  CHECK(bench.front->gate().replays() == 0);
  CHECK(bench.front->gate().wrong() == 0);
  // An overheard request, once more: its nc is known.
  std::string overheard;
  auto peer = std::make_shared<fakes::HttpPeer>(bench.loop);
  peer->answer = [&](const fakes::HttpAsked& asked) {
    overheard = asked.field("Authorization").empty() ? overheard : asked.head + "\r\n" + asked.body;
    return said_of(*bench.front->answer(ask_of(asked)));
  };
  bench.recorder = make_hikvision(bench.loop, bench.client(peer), {}, bench.options());
  bench.recorder->resume(bench.session);
  CHECK(bench.verdict_after(4s) == Verdict::recording);
  REQUIRE_FALSE(overheard.empty());
  const auto ask = sim::take_request(overheard);
  REQUIRE(ask);
  const auto reply = bench.front->answer(*ask);
  CHECK(reply->status == 401);
  CHECK(reply->fields.front().second.find("stale") == std::string::npos);
  CHECK(bench.front->gate().replays() == 1);
  CHECK(bench.front->gate().wrong() == 0);
}

TEST_CASE("the truth tells each piece of film with its bounds") {
  FrontBench bench(Kind::dahua);
  REQUIRE(bench.start().word == Word::done);
  Watch watch(bench);
  watch.run(20s);
  bench.inject(Lie::no_disk);
  const auto lost = bench.now();
  watch.run(20s);
  bench.front->clear(Lie::no_disk);
  const auto again = bench.now();
  watch.run(20s);
  boost::json::object seen;
  bench.front->describe(seen);
  CHECK(seen.at("recording").as_bool());
  const auto& film = seen.at("segments").as_array();
  REQUIRE(film.size() == 2);
  CHECK(film[0].at("end_ms") == lost.time_since_epoch().count());
  CHECK(film[1].at("begin_ms") == again.time_since_epoch().count());
  CHECK(film[1].at("end").is_null());
}
