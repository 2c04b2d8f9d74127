#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>

#include "tests/drivers_board/text_bench.hpp"
#include "tests/fakes/datagram_wire.hpp"

namespace walk_tests {

using namespace lobby;
using namespace lobby::tests;
using namespace std::chrono_literals;

namespace {

/// A card in changing moods, and what stands on it.
struct Walk : TextBench {
  explicit Walk(unsigned seed) : random(seed) {
    card = [this](const Bytes& frame) { return react(frame); };
  }
  Bytes react(const Bytes& frame) {
    const auto name = name_of(frame);
    const bool is_text = name != "ping" && name != "clock" && !name.starts_with("brightness");
    switch (mood) {
      case 1:
        return {};
      case 2:
        return k_answer("a0 01 03 00 00");
      case 3:
        return hex("a5 00 ff 5a 12 34 a5 a6 a6");
      case 4:
        if (name != "ping") {
          return {};
        }
        break;
      default:
        break;
    }
    if (is_text) {
      shows = name;
    }
    return yes;
  }
  void plug() {
    if (!is_plugged) {
      is_plugged = true;
      up();
    }
  }
  void unplug() {
    is_plugged = false;
    wire->down("unplugged");
  }
  unsigned below(unsigned count) { return static_cast<unsigned>(random() % count); }
  void step() {
    const auto text = "A" + std::to_string(below(5));
    switch (below(9)) {
      case 0:
      case 1:
      case 2:
        board->want(lines(text, below(4) == 0));
        break;
      case 3:
        board->want_at(lines(text), executor.now() + std::chrono::milliseconds(below(3000)));
        break;
      case 4:
        unplug();
        break;
      case 5:
        plug();
        break;
      case 6:
        mood = below(6);
        break;
      case 7:
        thinks = std::chrono::milliseconds(below(10) == 0 ? 1500 : below(100));
        break;
      default:
        board->set_brightness(board::Brightness::always(static_cast<std::uint8_t>(below(101))));
        break;
    }
    run(std::chrono::milliseconds(below(1200)));
  }
  std::minstd_rand random;
  unsigned mood = 0;
  bool is_plugged = false;
  std::string shows;
};

/// A DDP controller: what it has of each third of a picture, and what it shows.
struct PixelWalk : board::Board::Listener {
  explicit PixelWalk(unsigned seed) : random(seed) {
    board::BoardOptions options;
    options.size = board::Size{64, 16};
    board = board::make_ddp_board(executor, wire->make_link(), {}, options, *this);
    board->start();
    wire->status = [this] { return is_full && below(3) == 0 ? link::Status::busy : link::Status::ok; };
  }
  void board_changed() override {}
  unsigned below(unsigned count) { return static_cast<unsigned>(random() % count); }
  const board::Report& report() const { return board->report(); }
  void read() {
    for (const auto& each : std::exchange(wire->sent, {})) {
      thirds[static_cast<std::size_t>(each.bytes[6] << 8 | each.bytes[7]) / 1440] = each.bytes.back();
      if (each.bytes[0] == 0x41) {
        shows = thirds[0];
        CHECK((thirds[1] == shows && thirds[2] == shows));  // never half of one and half of another
      }
    }
  }
  void step() {
    auto view = picture(64, 16, static_cast<std::uint8_t>(1 + below(200)));
    switch (below(8)) {
      case 0:
      case 1:
      case 2:
        view.urgent = below(4) == 0;
        board->want(view);
        break;
      case 3:
      case 4:
        board->want_at(view, executor.now() + std::chrono::milliseconds(below(200)));
        break;
      case 5:
        board->set_power(below(2) == 0);
        break;
      case 6:
        is_full = below(2) == 0;
        break;
      default:
        wire->down("Network is down");
        executor.run_for(std::chrono::milliseconds(below(50)));
        read();
        thirds = {};
        wire->up();
        break;
    }
    executor.run_for(std::chrono::milliseconds(below(60)));
    read();
  }
  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::DatagramWire> wire = std::make_shared<fakes::DatagramWire>(executor);
  std::minstd_rand random;
  bool is_full = false;
  std::array<int, 3> thirds{};
  int shows = -1;
  std::unique_ptr<board::Board> board;
};

}  // namespace

TEST_CASE("whatever happens to a card, it shows the present when it is well again, and says so") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Walk walk(seed);
    for (int i = 0; i < 60; ++i) {
      walk.step();
    }
    walk.run(3s);  // no instant is left
    walk.board->want(lines("last"));
    walk.mood = 0;
    walk.thinks = 20ms;
    walk.run(12s);
    walk.unplug();
    walk.run(1s);
    CHECK(walk.report().confirmed == board::Confirmed::no);
    walk.shows.clear();
    walk.plug();
    walk.run(2s);
    CHECK(walk.shows == "last");
    CHECK(walk.report().confirmed == board::Confirmed::shown);
    CHECK(walk.report().health == board::Health::ok);
    walk.take();
    walk.run(20s);
    CHECK(walk.take().size() <= 4);  // two polls, and a brightness or text at most
  }
}

TEST_CASE("a card that is well again without a replug shows the present within twelve seconds") {
  for (unsigned seed = 100; seed <= 160; ++seed) {
    CAPTURE(seed);
    Walk walk(seed);
    walk.plug();
    for (int i = 0; i < 40; ++i) {
      walk.step();
    }
    walk.plug();
    walk.run(3s);
    walk.board->want(lines("last"));
    walk.mood = 0;
    walk.thinks = 20ms;
    walk.run(12s);
    CHECK(walk.shows == "last");
    CHECK(walk.report().confirmed == board::Confirmed::shown);
  }
}

TEST_CASE("whatever happens to a controller, it never shows half a picture, and soon the present one") {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    PixelWalk walk(seed);
    walk.wire->up();
    for (int i = 0; i < 200; ++i) {
      walk.step();
    }
    walk.board->set_power(true);
    walk.board->want(picture(64, 16, 222));
    walk.executor.run_for(100ms);
    walk.read();
    CHECK(walk.shows == 222);
    walk.executor.run_for(1s);
    CHECK(walk.report().confirmed == board::Confirmed::sent);
    CHECK(walk.report().health == board::Health::ok);
  }
}

}  // namespace walk_tests
