// Door, locker and key at the inputs of a simulated board.
#include "drivers/cctv/inputs.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "tests/drivers_cctv/board_bus.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

struct InputBench {
  fakes::VirtualExecutor loop;
  sim::RelayModel board{1};
  BoardBus line{loop, board};
  std::vector<Inputs::Edge> edges;
  int changes = 0;
  std::unique_ptr<Inputs> inputs;

  void make(std::uint64_t inverted = 0) {
    InputSettings settings;
    settings.board = {1};
    settings.first = 4;
    settings.count = 3;
    settings.inverted = inverted;
    inputs = std::make_unique<Inputs>(
        loop, line, settings, [this](const Inputs::Edge& one) { edges.push_back(one); },
        [this] { ++changes; });
  }
  std::string taken() {
    std::string out;
    for (const auto& one : std::exchange(edges, {})) {
      out += std::to_string(one.input) + (one.is_active ? "+" : "-") +
             (one.kind == Inputs::Edge::Kind::first    ? "f"
              : one.kind == Inputs::Edge::Kind::missed ? "m"
                                                       : "") +
             " ";
    }
    return out;
  }
};

}  // namespace

TEST_CASE("inputs are told at first, then each time they change") {
  InputBench bench;
  bench.board.set_input(5, true);
  bench.make();
  CHECK_FALSE(bench.inputs->is_active(0));
  bench.loop.run_for(1s);
  CHECK(bench.taken() == "0-f 1+f 2-f ");
  CHECK(bench.inputs->state().fault == Fault::none);
  CHECK(bench.changes == 1);
  bench.board.set_input(4, true);
  bench.loop.run_for(1s);
  CHECK(bench.taken() == "0+ ");
  bench.board.set_input(4, false);
  bench.board.set_input(5, false);
  bench.loop.run_for(1s);
  CHECK(bench.taken() == "0- 1- ");
  CHECK(bench.inputs->is_active(1) == false);
  CHECK_FALSE(bench.inputs->is_active(3));
}

TEST_CASE("an input that opens when it is active is told so") {
  InputBench bench;
  bench.make(0b100);
  bench.loop.run_for(1s);
  CHECK(bench.taken() == "0-f 1-f 2+f ");
  bench.board.set_input(6, true);
  bench.loop.run_for(1s);
  CHECK(bench.taken() == "2- ");
}

TEST_CASE("a contact that bounces is told once, and one that only trembles never") {
  InputBench bench;
  bench.make();
  bench.loop.run_for(1s);
  bench.taken();
  // It trembles for three seconds, seldom twice alike, and stays open.
  for (int i = 0; i < 30; ++i) {
    bench.board.set_input(4, i % 2 == 0);
    bench.loop.run_for(100ms);
  }
  bench.board.set_input(4, false);
  bench.loop.run_for(1s);
  CHECK(bench.taken().empty());
  for (int i = 0; i < 7; ++i) {
    bench.board.set_input(4, i % 2 == 0);
    bench.loop.run_for(100ms);
  }
  bench.loop.run_for(1s);
  CHECK(bench.taken() == "0+ ");
}

TEST_CASE("what changed while nobody looked is no hand at a key") {
  for (const auto fault : {sim::Fault::silent, sim::Fault::gone, sim::Fault::corrupt, sim::Fault::refuse}) {
    CAPTURE(std::string(sim::to_text(fault)));
    InputBench bench;
    bench.make();
    bench.loop.run_for(1s);
    bench.taken();
    bench.board.inject(fault, 0ms, bench.loop.now());
    bench.loop.run_for(5s);
    CHECK(bench.inputs->state().fault != Fault::none);
    CHECK_FALSE(bench.inputs->is_active(0));
    CHECK(bench.changes == 2);
    bench.board.set_input(4, true);
    bench.loop.run_for(5s);
    CHECK(bench.taken().empty());
    bench.board.clear(std::nullopt);
    bench.loop.run_for(5s);
    CHECK(bench.taken() == "0+m ");
    CHECK(bench.changes == 3);
    bench.board.set_input(4, false);
    bench.loop.run_for(1s);
    CHECK(bench.taken() == "0- ");
  }
}

TEST_CASE("a single answer that is lost is no outage, and a dead board is asked seldom") {
  InputBench bench;
  bench.make();
  bench.loop.run_for(1s);
  bench.board.inject(sim::Fault::silent, 0ms, bench.loop.now());
  bench.loop.run_for(150ms);
  bench.board.clear(std::nullopt);
  bench.loop.run_for(1s);
  CHECK(bench.changes == 1);
  bench.line.is_away = true;
  bench.loop.run_for(10s);
  const int before = bench.line.asked;
  bench.loop.run_for(60s);
  CHECK(bench.line.asked - before <= 60);
}

TEST_CASE("inputs may end within their own call") {
  InputBench bench;
  InputSettings settings;
  settings.board = {1};
  settings.first = 4;
  settings.count = 4;
  int told = 0;
  bench.inputs = std::make_unique<Inputs>(
      bench.loop, bench.line, settings,
      [&](const Inputs::Edge&) {
        ++told;
        bench.inputs.reset();
      },
      nullptr);
  bench.loop.run_for(5s);
  CHECK(told == 1);
}
