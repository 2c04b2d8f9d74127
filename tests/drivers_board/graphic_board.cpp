#include <doctest/doctest.h>

#include <optional>

#include "tests/drivers_board/card_bench.hpp"

namespace graphic_board_tests {

using namespace lobby;
using namespace lobby::tests;
using namespace std::chrono_literals;
using board::Confirmed;
using board::Health;

namespace {

Bytes g6_answer(const std::string& body_text) {
  const auto body = hex(body_text);
  auto packet = hex("00 80 fe ff 07 00 74 01 00 00 01 00 90 01 96 00 00 00 00 00 00 00");
  board::put_le(packet, body.size(), 2);
  board::put_le(packet, board::crc16_arc(body), 2);
  packet.push_back(0);
  std::uint8_t sum = 0;
  for (const auto byte : packet) {
    sum = static_cast<std::uint8_t>(sum ^ byte);
  }
  packet.push_back(sum);
  packet.insert(packet.end(), body.begin(), body.end());
  return board::onbon::wrap(packet);
}

const Bytes yes = g6_answer("00 a0 00 00 00 00 00 00 00");

/// Set up or not, width, height, colour, brightness, on.
Bytes identity(const std::string& is_set_up = "01", const std::string& size = "40 00 10 00",
               const std::string& colour = "03", const std::string& on = "01") {
  return g6_answer("00 a2 80 00 00 00 00 15 00 74 01 31*8 " + is_set_up + " fe ff 02 " + size + " " + colour +
                   " 0f " + on);
}

/// An Onbon graphic card of 64x16.
struct Bench : CardBench {
  explicit Bench(board::BoardOptions options = {}, board::OnbonGraphicSettings settings = {}) {
    card = [this](const Bytes& frame) { return name_of(frame) == "ping" ? who : yes; };
    settings.area.timeout = std::chrono::duration<std::uint16_t>(60);
    board = board::make_onbon_graphic_board(executor, wire->make_link(), settings, std::move(options), *this);
    board->start();
  }
  static std::string name_of(const Bytes& frame) {
    const auto packet = onbon_packet(frame);
    const bool is_area = packet.at(4) == 0xF0;
    const auto body = static_cast<std::size_t>(is_area ? 16 : 28);
    if (is_area && packet.at(body + 2) == 1) {
      return "delete " + std::to_string(packet.at(body + 6)) + " " + std::to_string(packet.at(body + 7));
    }
    if (is_area) {
      return "area " + std::to_string(packet.at(body + 11));
    }
    switch (packet.at(body + 2)) {
      case 0:
        return "ping";
      case 2:
        return "clock";
      case 5:
        return packet.at(body + 5) == 1 ? "on" : "off";
      case 6:
        return "timetable";
      default:
        return "brightness";
    }
  }
  std::vector<std::string> said() {
    std::vector<std::string> out;
    for (const auto& each : take()) {
      out.push_back(name_of(each.bytes));
    }
    return out;
  }
  void ready() {
    up();
    run(1s);
    REQUIRE(report().health == Health::ok);
    take();
  }
  Bytes who = identity();
};

using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("a card is asked its type and size before the first picture, which carries the type") {
  Bench bench;
  bench.board->want(picture(64, 16, 0));
  bench.up();
  bench.run(1s);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 3);
  CHECK(Bench::name_of(sent[0].bytes) == "ping");
  CHECK(Bytes(sent[0].bytes.begin() + 14, sent[0].bytes.begin() + 16) == hex("fe ff"));
  CHECK(Bench::name_of(sent[1].bytes) == "area 0");
  CHECK(Bytes(sent[1].bytes.begin() + 14, sent[1].bytes.begin() + 16) == hex("74 01"));
  CHECK(Bench::name_of(sent[2].bytes) == "brightness");
  CHECK(bench.report().size == board::Size{64, 16});
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("a card of another size than the site says is a fault by name, and still shows") {
  board::BoardOptions options;
  options.size = board::Size{192, 32};
  Bench bench(options);
  bench.board->want(picture(64, 16, 0));
  bench.up();
  bench.run(1s);
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.report().reason == "the card is 64x16, the site says 192x32");
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("a card that is not set up is not sent anything, until it is") {
  Bench bench;
  bench.who = identity("00");
  bench.board->want(picture(64, 16, 0));
  bench.up();
  bench.run(30s);
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.report().reason == "the screen must first be set up with its maker's program");
  const auto said = bench.said();
  CHECK(std::count(said.begin(), said.end(), "ping") == static_cast<long>(said.size()));
  bench.who = identity();
  bench.run(11s);
  CHECK(bench.report().health == Health::ok);
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("a screen that says something impossible, or is of full colour, is refused by name") {
  Bench bench;
  bench.who = identity("01", "ff ff ff ff");
  bench.board->want({});
  bench.board->want_at(picture(64, 16, 0), bench.executor.now() + 2s);
  bench.up();
  bench.run(5s);
  CHECK(bench.report().reason == "the card tells an impossible size");
  Bench other;
  other.who = identity("01", "40 00 10 00", "ff");
  other.board->want(picture(64, 16, 0));
  other.up();
  other.run(1s);
  CHECK(other.report().reason == "full colour is not supported");
}

TEST_CASE("without a picture the whole screen is dark, also one of a single colour") {
  Bench bench;
  bench.who = identity("01", "40 00 10 00", "01");
  bench.board->want({});
  bench.up();
  bench.run(1s);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 3);
  const auto packet = onbon_packet(sent[1].bytes);
  CHECK(Bytes(packet.end() - 2 - 64 / 8 * 16, packet.end() - 2) == hex("ff*128"));
  CHECK(packet.size() == 16 + 5 + 6 + 63 + 128 + 2);
}

TEST_CASE("urgent content overtakes what is left of a large picture, other content waits for its end") {
  Bench bench;
  bench.who = identity("01", "00 04 00 02");
  bench.ready();
  bench.board->want(picture(1024, 512, 200));
  bench.run(10ms);
  bench.board->want(picture(1024, 512, 0));
  bench.run(1s);
  CHECK(bench.said() == Said{"area 0", "area 1", "area 2", "area 0", "area 1", "area 2"});
  CHECK(bench.report().confirmed == Confirmed::shown);

  bench.board->want(picture(1024, 512, 200));
  bench.run(10ms);
  auto urgent = picture(64, 16, 255);
  urgent.urgent = true;
  bench.board->want(urgent);
  bench.run(10ms);
  CHECK(bench.report().confirmed == Confirmed::no);  // the answer to the first part says nothing of it
  bench.run(1s);
  // And the areas that only the large picture needed are gone.
  CHECK(bench.said() == Said{"area 0", "area 0", "delete 1 2"});
  CHECK(bench.report().confirmed == Confirmed::shown);
  bench.board->want(picture(64, 16, 0));
  bench.run(1s);
  CHECK(bench.said() == Said{"area 0"});
}

TEST_CASE("a late answer to a ping acknowledges no picture") {
  Bench bench;
  bench.ready();
  bench.card = nullptr;
  bench.board->want(picture(64, 16, 255));
  bench.run(500ms);
  bench.wire->receive(identity());
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.wire->receive(yes);
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("a screen that somebody else switched off is switched on again") {
  Bench bench;
  bench.board->set_power(true);
  bench.ready();
  bench.who = identity("01", "40 00 10 00", "03", "00");
  bench.run(10s);
  CHECK(bench.said() == Said{"ping", "on"});
  bench.who = identity();
  bench.run(10s);
  CHECK(bench.said() == Said{"ping"});
  bench.board->set_power(false);
  bench.run(100ms);
  CHECK(bench.said() == Said{"off"});
}

TEST_CASE("clock and timetable are set when the card has come, and the clock again") {
  board::BoardOptions options;
  options.local_time = [] { return board::LocalTime{}; };
  board::OnbonGraphicSettings settings;
  settings.on_spans = {{7, 30, 18, 0}};
  Bench bench(options, settings);
  bench.up();
  bench.run(1s);
  CHECK(bench.said() == Said{"ping", "brightness", "clock", "timetable"});
  bench.run(std::chrono::hours(6) + 10s);
  const auto said = bench.said();
  CHECK(std::count(said.begin(), said.end(), "clock") == 1);
  CHECK(std::count(said.begin(), said.end(), "timetable") == 0);
}

TEST_CASE("a picture that is none is refused, and the next one is shown") {
  Bench bench;
  bench.ready();
  auto broken = picture(64, 16, 0);
  broken.picture.rgb.pop_back();
  bench.board->want(broken);
  bench.run(100ms);
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.take().empty());
  bench.board->want(picture(64, 16, 0));
  bench.run(100ms);
  CHECK(bench.report().health == Health::ok);
  CHECK(bench.report().confirmed == Confirmed::shown);
}

}  // namespace graphic_board_tests
