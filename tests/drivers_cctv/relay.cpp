// A relay board as a recorder's trigger, and as an output, against a simulated board.
#include "drivers/cctv/relay.hpp"

#include <doctest/doctest.h>

#include "tests/drivers_cctv/bench.hpp"
#include "tests/drivers_cctv/board_bus.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;
using Board = sim::Fault;

namespace {

struct RelayBench : Bench {
  RelayBench() {
    settings.coil.board = {1};
    settings.coil.coil = 2;
    settings.coil.contact = 2;
  }
  sim::RelayModel board{1};
  BoardBus line{loop, board};
  RelaySettings settings;
  void make() { recorder = make_relay(loop, line, settings, options()); }
  bool contact() { return board.contact(2, loop.now()); }
  void inject(Board fault) { board.inject(fault, 0ms, loop.now()); }
};

/// The pulse of the DAM family: relay 2 on for 30 s.
DeadMan dam_pulse() {
  DeadMan out;
  out.place = 0x000D;
  out.words = {4, 300};
  return out;
}

}  // namespace

TEST_CASE("a healthy loop is pulled at rest and lets go to record, and is amber at best") {
  RelayBench bench;
  bench.make();
  CHECK_FALSE(bench.recorder->can_verify());
  CHECK(bench.recorder->describe().find('\n') != std::string::npos);
  // Until it is known that no session is open it is left as it is.
  bench.loop.run_for(9s);
  CHECK_FALSE(bench.contact());
  CHECK(bench.verdict() == Verdict::unknown);
  bench.loop.run_for(3s);
  CHECK(bench.contact());
  CHECK(bench.check("mode") == Fault::none);
  CHECK(bench.start().word == Word::done);
  CHECK_FALSE(bench.contact());
  for (int i = 0; i < 30; ++i) {
    REQUIRE(bench.verdict_after(2s) == Verdict::triggered);
  }
  CHECK(bench.last.proofs.size() == 2);
  CHECK(bench.stop().word == Word::done);
  CHECK(bench.contact());
  bench.loop.run_for(60s);
  CHECK(bench.contact());
}

TEST_CASE("a closing contact does it the other way round") {
  RelayBench bench;
  bench.settings.wiring = RelaySettings::Wiring::closing;
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.contact());
  CHECK(bench.verdict_after(4s) == Verdict::triggered);
  CHECK(bench.stop().word == Word::done);
  CHECK_FALSE(bench.contact());
}

TEST_CASE("a dead controller lets the contact fall: the board does it by itself") {
  for (const bool is_coil : {false, true}) {
    CAPTURE(is_coil);
    RelayBench bench;
    bench.settings.coil.dead_man = dam_pulse();
    if (is_coil) {
      bench.settings.coil.dead_man->is_coil = true;
      bench.settings.coil.dead_man->place = 0x0202;
      bench.settings.coil.dead_man->words = {300};
    }
    bench.make();
    bench.loop.run_for(11s);
    // Armed again and again it never falls, for an hour.
    for (int i = 0; i < 3600; ++i) {
      bench.loop.run_for(1s);
      REQUIRE(bench.contact());
    }
    CHECK(bench.start().word == Word::done);
    CHECK_FALSE(bench.contact());
    CHECK(bench.verdict_after(60s) == Verdict::triggered);
    CHECK(bench.stop().word == Word::done);
    CHECK(bench.contact());
    bench.recorder.reset();
    bench.loop.run_for(19s);
    CHECK(bench.contact());
    bench.loop.run_for(12s);
    CHECK_FALSE(bench.contact());
  }
}

TEST_CASE("each way in which a board misleads is found") {
  RelayBench bench;
  bench.make();
  bench.loop.run_for(12s);
  SUBCASE("a contact that does not follow its relay") {
    bench.inject(Board::contact);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("relay").seen == Proof::Seen::yes);
    CHECK(bench.proof("contact").fault == Fault::not_recording);
    bench.board.clear(std::nullopt);
    CHECK(bench.verdict_after(2s) == Verdict::triggered);
  }
  SUBCASE("yes, and the relay stays") {
    bench.inject(Board::lie);
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::failed);
    CHECK(outcome.fault == Fault::refused);
    CHECK(bench.verdict() == Verdict::not_recording);
    // It is tried all the time.
    bench.board.clear(std::nullopt);
    CHECK(bench.verdict_after(8s) == Verdict::triggered);
  }
  SUBCASE("no") {
    bench.inject(Board::refuse);
    CHECK(bench.start().fault == Fault::refused);
    CHECK(bench.verdict() == Verdict::unknown);
  }
  SUBCASE("silence, a damaged answer") {
    bench.inject(Board::silent);
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::unknown);
    CHECK(outcome.fault == Fault::timeout);
    CHECK(bench.verdict() == Verdict::unknown);
    bench.board.clear(std::nullopt);
    bench.inject(Board::corrupt);
    CHECK(bench.verdict_after(2s) == Verdict::unknown);
    CHECK(bench.proof("relay").fault == Fault::garbled);
    bench.board.clear(std::nullopt);
    CHECK(bench.verdict_after(8s) == Verdict::triggered);
  }
  SUBCASE("the line is away") {
    bench.line.is_away = true;
    CHECK(bench.start().fault == Fault::unreachable);
    CHECK(bench.check("login") == Fault::unreachable);
    bench.line.is_away = false;
    CHECK(bench.verdict_after(8s) == Verdict::triggered);
  }
}

TEST_CASE("outputs that fell with the board's power are put right") {
  RelayBench bench;
  bench.settings.wiring = RelaySettings::Wiring::closing;
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(4s) == Verdict::triggered);
  bench.inject(Board::power_cycle);
  CHECK_FALSE(bench.contact());
  bench.loop.run_for(3s);
  CHECK(bench.contact());
  CHECK(bench.verdict_after(2s) == Verdict::triggered);
}

TEST_CASE("a session of another life is kept, and the relay is written only when it moved") {
  RelayBench bench;
  bench.settings.wiring = RelaySettings::Wiring::closing;
  bench.make();
  CHECK(bench.start().word == Word::done);
  const auto session = bench.session;
  CHECK(session.previous == "rest");
  bench.recorder.reset();
  bench.make();
  bench.recorder->resume(session);
  CHECK(bench.verdict_after(60s) == Verdict::triggered);
  boost::json::object seen;
  bench.board.describe(seen, bench.loop.now());
  CHECK(seen.at("writes") == 1);
  CHECK(bench.contact());
}

TEST_CASE("one order and one probe at a time, and nothing after its end") {
  RelayBench bench;
  bench.make();
  std::vector<Fault> faults;
  bench.recorder->start([&](const Outcome& outcome, const Session&) { faults.push_back(outcome.fault); });
  bench.recorder->start([&](const Outcome& outcome, const Session&) { faults.push_back(outcome.fault); });
  bench.loop.run_for(1s);
  CHECK(faults == std::vector{Fault::busy, Fault::none});
  bench.inject(Board::silent);
  bench.recorder->start([](const Outcome&, const Session&) { FAIL("the recorder is gone"); });
  bench.recorder->probe([](const Reading&) { FAIL("the recorder is gone"); });
  bench.recorder->preflight([](const Preflight&) { FAIL("the recorder is gone"); });
  bench.recorder.reset();
  bench.loop.run_for(20s);
}

TEST_CASE("a sign in front of the room is lit, and is lit again") {
  RelayBench bench;
  int changes = 0;
  auto sign = make_coil_output(bench.loop, bench.line, bench.settings.coil, [&] { ++changes; });
  CHECK(sign->state().fault == Fault::unreachable);
  sign->want(true);
  bench.loop.run_for(1s);
  CHECK(sign->state().fault == Fault::none);
  CHECK(sign->state().is_on == true);
  CHECK(sign->state().is_contact);
  CHECK(changes >= 1);
  bench.inject(Board::power_cycle);
  bench.loop.run_for(4s);
  CHECK(bench.contact());
  bench.line.is_away = true;
  bench.loop.run_for(6s);
  CHECK(sign->state().fault == Fault::unreachable);
  CHECK_FALSE(sign->state().is_on);
  // The newest counts, once the line is back.
  sign->want(false);
  bench.line.is_away = false;
  bench.loop.run_for(6s);
  CHECK_FALSE(bench.contact());
  CHECK(sign->state().is_on == false);
  bench.inject(Board::contact);
  sign->want(true);
  bench.loop.run_for(6s);
  CHECK(sign->state().fault == Fault::refused);
  CHECK(sign->state().is_on == false);
}
