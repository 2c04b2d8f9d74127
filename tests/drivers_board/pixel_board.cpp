#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/drivers_board/card_bench.hpp"
#include "tests/fakes/datagram_wire.hpp"

namespace pixel_board_tests {

using namespace lobby;
using namespace lobby::tests;
using namespace std::chrono_literals;
using board::Confirmed;
using board::Health;
using Sent = std::vector<fakes::DatagramWire::Sent>;

namespace {

constexpr board::Size size{64, 16};  // 3072 bytes: three DDP packets, seven universes

struct Bench : board::Board::Listener {
  enum class Kind : std::uint8_t { ddp, e131, synced, colorlight };

  explicit Bench(Kind kind = Kind::ddp, board::BoardOptions options = {}) {
    options.size = size;
    auto door = wire->make_link();
    board::E131Settings e131;
    if (kind == Kind::synced) {
      e131.source.sync_universe = 99;
      e131.multicast = true;
    }
    switch (kind) {
      case Kind::ddp:
        board = board::make_ddp_board(executor, std::move(door), {}, std::move(options), *this);
        break;
      case Kind::e131:
      case Kind::synced:
        board = board::make_e131_board(executor, std::move(door), e131, std::move(options), *this);
        break;
      case Kind::colorlight:
        board = board::make_colorlight_board(executor, std::move(door), {}, std::move(options), *this);
        break;
    }
    board->start();
  }
  void board_changed() override { ++changes; }
  void ready() {
    board->want(picture(64, 16, 10));
    wire->up();
    executor.run_for(400ms);
    wire->sent.clear();
  }
  Sent take() { return std::exchange(wire->sent, {}); }
  const board::Report& report() const { return board->report(); }

  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::DatagramWire> wire = std::make_shared<fakes::DatagramWire>(executor);
  int changes = 0;
  std::unique_ptr<board::Board> board;
};

/// The levels of what was pushed.
std::vector<int> pushed(const Sent& sent) {
  std::vector<int> out;
  for (const auto& each : sent) {
    if (each.bytes[0] == 0x41) {
      out.push_back(each.bytes.back());
    }
  }
  return out;
}

}  // namespace

TEST_CASE("DDP: a frame leaves when the door opens, and is called sent, never shown") {
  Bench bench;
  bench.board->want(picture(64, 16, 10));
  CHECK(bench.report().health == Health::absent);
  bench.wire->up();
  bench.executor.run_for(400ms);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].bytes.size() == 10 + 1440);
  CHECK(sent[2].bytes[0] == 0x41);
  CHECK(bench.report().health == Health::ok);
  CHECK(bench.report().confirmed == Confirmed::sent);
  CHECK(!bench.report().acknowledged_at.has_value());
}

TEST_CASE("DDP: what stands is told again at least once a second, and no more than that") {
  Bench bench;
  bench.ready();
  bench.board->want(picture(64, 16, 10));
  bench.executor.run_for(10s);
  const auto count = pushed(bench.take()).size();
  CHECK(count >= 10);
  CHECK(count <= 12);
}

TEST_CASE("DDP: at most forty frames a second, of which the newest is one") {
  Bench bench;
  bench.ready();
  for (int i = 0; i < 100; ++i) {
    bench.board->want(picture(64, 16, static_cast<std::uint8_t>(100 + i)));
    bench.executor.run_for(5ms);
  }
  bench.executor.run_for(50ms);
  const auto levels = pushed(bench.take());
  CHECK(levels.size() <= 22);
  CHECK(levels.back() == 199);
  CHECK(std::is_sorted(levels.begin(), levels.end()));
  bench.board->want(picture(64, 16, 20));
  auto urgent = picture(64, 16, 30);
  urgent.urgent = true;
  bench.board->want(picture(64, 16, 21));
  bench.board->want(urgent);
  CHECK(pushed(bench.take()).back() == 30);  // without waiting
}

TEST_CASE("DDP: a kernel without room gets the rest a little later, in order") {
  Bench bench;
  bench.ready();
  int takes = 0;
  bench.wire->status = [&] { return ++takes % 2 == 0 ? link::Status::busy : link::Status::ok; };
  bench.board->want(picture(64, 16, 77));
  bench.executor.run_for(20ms);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 3);
  CHECK(sent[1].bytes[6] == 0x05);
  CHECK(sent[2].bytes[0] == 0x41);
  CHECK(bench.report().confirmed == Confirmed::sent);
}

TEST_CASE("DDP: an urgent picture does not wait for the rest of another one") {
  Bench bench;
  bench.ready();
  int room = 1;
  bench.wire->status = [&] { return room-- > 0 ? link::Status::ok : link::Status::busy; };
  bench.board->want(picture(64, 16, 77));
  bench.executor.run_for(100ms);
  auto urgent = picture(64, 16, 88);
  urgent.urgent = true;
  bench.board->want(urgent);
  room = 100;
  bench.executor.run_for(5ms);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 1 + 3);
  CHECK(sent[1].bytes.back() == 88);
}

TEST_CASE("DDP: a prepared picture is brought before and pushed at its instant") {
  Bench bench;
  bench.ready();
  const auto at = bench.executor.now() + 777ms;
  bench.board->want_at(picture(64, 16, 50), at);
  bench.executor.run_for(2s);
  const auto sent = bench.take();
  const auto flip = std::find_if(sent.begin(), sent.end(), [](const auto& each) {
    return each.bytes[0] == 0x41 && each.bytes.back() == 50;
  });
  REQUIRE(flip != sent.end());
  CHECK(flip->at == at);
  CHECK((flip - 1)->at < at);
  CHECK((flip - 1)->bytes.back() == 50);
  CHECK(std::none_of(sent.begin(), flip,
                     [](const auto& each) { return each.bytes[0] == 0x41 && each.bytes.back() == 50; }));
  CHECK(bench.report().confirmed == Confirmed::sent);
  bench.board->want_at(picture(64, 16, 60), bench.executor.now() + 1s);
  bench.board->want(picture(64, 16, 61));
  bench.executor.run_for(3s);
  const auto levels = pushed(bench.take());
  CHECK(std::count(levels.begin(), levels.end(), 60) == 0);
  CHECK(std::count(levels.begin(), levels.end(), 61) >= 2);
}

TEST_CASE("DDP: a prepared picture whose door closed meanwhile is shown when it opens") {
  Bench bench;
  bench.ready();
  bench.board->want_at(picture(64, 16, 50), bench.executor.now() + 100ms);
  bench.executor.run_for(90ms);
  bench.wire->down("Network is down");
  bench.executor.run_for(1s);
  CHECK(bench.report().health == Health::gone);
  CHECK(bench.report().reason == "Network is down");
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.take();
  bench.wire->up();
  bench.executor.run_for(100ms);
  CHECK(pushed(bench.take()) == std::vector{50});
}

TEST_CASE("DDP: brightness and power are in the pixels") {
  board::BoardOptions options;
  options.brightness = board::Brightness::always(50);
  Bench bench(Bench::Kind::ddp, options);
  bench.board->want(picture(64, 16, 200));
  bench.wire->up();
  bench.executor.run_for(100ms);
  CHECK(pushed(bench.take()) == std::vector{100});
  bench.board->set_power(false);
  bench.executor.run_for(100ms);
  CHECK(pushed(bench.take()) == std::vector{0});
  bench.board->set_power(true);
  bench.board->set_brightness(board::Brightness::always(100));
  bench.executor.run_for(100ms);
  CHECK(pushed(bench.take()).back() == 200);
}

TEST_CASE("DDP: a picture of another size is refused by name, and the next one is sent") {
  Bench bench;
  bench.ready();
  bench.board->want(picture(32, 16, 5));
  bench.executor.run_for(100ms);
  CHECK(bench.take().empty());
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.report().reason == "the picture is not of the board's size");
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.board->want(picture(64, 16, 6));
  bench.executor.run_for(100ms);
  CHECK(pushed(bench.take()) == std::vector{6});
  CHECK(bench.report().health == Health::ok);
}

TEST_CASE("DDP: a far end that refuses again and again is not called well in between") {
  Bench bench;
  bench.board->want(picture(64, 16, 10));
  for (int i = 0; i < 5; ++i) {
    bench.wire->up();
    bench.executor.run_for(5ms);
    bench.wire->down("Connection refused");
    bench.executor.run_for(1s);
    CHECK(bench.report().health == Health::absent);
    CHECK(bench.report().reason == "Connection refused");
  }
}

TEST_CASE("DDP: when it is stopped the closing picture is the last") {
  board::BoardOptions options;
  options.closing = picture(64, 16, 99);
  Bench bench(Bench::Kind::ddp, options);
  bench.ready();
  int ends = 0;
  bench.board->stop([&] { ++ends; });
  bench.executor.run_for(10s);
  CHECK(ends == 1);
  CHECK(pushed(bench.take()) == std::vector{99});
}

TEST_CASE("E1.31: universes are kept alive within a second, and three times told the end") {
  Bench bench(Bench::Kind::e131);
  bench.ready();
  bench.executor.run_for(10s);
  const auto kept = bench.take();
  CHECK(kept.size() >= 7 * 10);
  CHECK(kept[0].bytes.size() == 126 + 510);
  CHECK(kept[7].bytes[111] == static_cast<std::uint8_t>(kept[0].bytes[111] + 1));
  int ends = 0;
  bench.board->stop([&] { ++ends; });
  bench.executor.run_for(100ms);
  CHECK(ends == 1);
  const auto last = bench.take();
  REQUIRE(last.size() == 7 + 3 * 7);
  CHECK(std::all_of(last.begin() + 7, last.end(), [](const auto& each) { return each.bytes[112] == 0x40; }));
  CHECK(last[6].bytes.back() == 0);  // nothing else was to close with: dark
  bench.executor.run_for(10s);
  CHECK(bench.take().empty());
}

TEST_CASE("E1.31: with a sync universe the picture is seen at its instant, each universe in its group") {
  Bench bench(Bench::Kind::synced);
  bench.ready();
  const auto at = bench.executor.now() + 333ms;
  bench.board->want_at(picture(64, 16, 50), at);
  bench.executor.run_for(400ms);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 8);
  CHECK(sent[0].group == link::DatagramLink::Group{239, 255, 0, 1});
  CHECK(sent[6].group == link::DatagramLink::Group{239, 255, 0, 7});
  CHECK(sent[6].at < at);
  CHECK(sent[7].bytes.size() == 49);
  CHECK(sent[7].group == link::DatagramLink::Group{239, 255, 0, 99});
  CHECK(sent[7].at == at);
}

TEST_CASE("Colorlight: rows then show, and the card's answer is its sign of life") {
  Bench bench(Bench::Kind::colorlight);
  bench.board->want(picture(64, 16, 10));
  bench.wire->up();
  bench.executor.run_for(500ms);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 1 + 1 + 16 + 1);
  CHECK(sent[0].bytes[12] == 0x07);
  CHECK(sent[1].bytes[12] == 0x0A);
  CHECK(sent[2].bytes[12] == 0x55);
  CHECK(sent[18].bytes[12] == 0x01);
  CHECK(bench.report().health == Health::absent);
  Bytes answer(1070);
  answer[12] = 0x08;
  answer[13] = 0x05;
  bench.wire->receive(answer);
  CHECK(bench.report().health == Health::ok);
  CHECK(bench.report().acknowledged_at == bench.executor.now());
  CHECK(bench.report().confirmed == Confirmed::sent);
  bench.executor.run_for(30s);
  CHECK(bench.report().health == Health::gone);
  CHECK(bench.report().reason == "no receiver card answers");
}

}  // namespace pixel_board_tests
