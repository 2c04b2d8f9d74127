#include <doctest/doctest.h>

#include <string>

#include "drivers/board/huidu.hpp"
#include "tests/drivers_board/card_bench.hpp"

namespace other_cards_tests {

using namespace lobby;
using namespace lobby::tests;
using namespace std::chrono_literals;
using board::Confirmed;
using board::Health;

namespace {

std::string text_of(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

bool says(const Bytes& bytes, std::string_view words) {
  return text_of(bytes).find(words) != std::string::npos;
}

Bytes xml_answer(const std::string& method, const std::string& inner = "",
                 const std::string& result = "kSuccess") {
  const auto xml =
      "<sdk guid=\"f00d\"><out method=\"" + method + "\" result=\"" + result + "\">" + inner + "</out></sdk>";
  Bytes out;
  board::put_le(out, 12 + xml.size(), 2);
  board::put_le(out, 0x2004, 2);
  board::put_le(out, xml.size(), 4);
  board::put_le(out, 0, 4);
  board::put_text(out, xml);
  return out;
}

struct HuiduBench : CardBench {
  explicit HuiduBench(board::BoardOptions options = {}) {
    card = [this](const Bytes& bytes) { return answer(bytes); };
    board = board::make_huidu_board(executor, wire->make_link(), {}, std::move(options), *this);
    board->start();
  }
  Bytes answer(const Bytes& bytes) const {
    if (bytes[2] == 0x01) {
      return hex("08 00 02 20 07 00 00 01");
    }
    for (const auto* method :
         {"GetIFVersion", "AddProgram", "SetLuminancePloy", "SetTimeInfo", "OpenScreen", "CloseScreen"}) {
      if (says(bytes, method)) {
        return method == refuses ? xml_answer(method, "", "kNoSuchThing") : xml_answer(method);
      }
    }
    return says(bytes, "GetDeviceInfo") ? xml_answer("GetDeviceInfo", "<screen width=\"192\" height=\"32\"/>")
                                        : Bytes{};
  }
  std::string refuses;
};

Bytes gbt_frame(const std::string& text) {
  Bytes out;
  board::put_text(out, "\x02" + text);
  board::put_be(out, board::crc16_xmodem(std::span(out).subspan(1)), 2);
  out.push_back(3);
  return out;
}

struct GbtBench : CardBench {
  GbtBench() {
    card = [this](const Bytes& bytes) {
      const auto type = text_of(bytes).substr(5, 2);
      return gbt_frame(type == refuses ? "00000" : type == "01" ? "00000200" : "00001");
    };
    board = board::make_gbt_board(executor, wire->make_link(), {}, {}, *this);
    board->start();
  }
  std::vector<std::string> types() {
    std::vector<std::string> out;
    for (const auto& each : take()) {
      out.push_back(text_of(each.bytes).substr(5, 2));
    }
    return out;
  }
  std::string refuses;
};

}  // namespace

TEST_CASE("Huidu: version, then who it is, and the guid goes into everything after") {
  HuiduBench bench;
  bench.board->want(lines("请A001"));
  bench.up();
  bench.run(1s);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 5);
  CHECK(sent[0].bytes == hex("08 00 01 20 07 00 00 01"));
  CHECK(says(sent[1].bytes, "##GUID"));
  CHECK(says(sent[2].bytes, "GetDeviceInfo"));
  CHECK(says(sent[3].bytes, "请A001"));
  CHECK(says(sent[3].bytes, "width=\"192\""));
  CHECK(says(sent[4].bytes, "SetLuminancePloy"));
  for (std::size_t i = 2; i < sent.size(); ++i) {
    CHECK(says(sent[i].bytes, "guid=\"f00d\""));
  }
  CHECK(bench.report().health == Health::ok);
  CHECK(bench.report().confirmed == Confirmed::shown);
  CHECK(bench.report().size == board::Size{192, 32});
}

TEST_CASE("Huidu: a heartbeat is answered at once, also between a question and its answer") {
  HuiduBench bench;
  bench.up();
  bench.run(1s);
  bench.take();
  bench.thinks = 500ms;
  bench.board->want(lines("A002"));
  bench.run(100ms);
  bench.take();
  bench.wire->receive(hex("04 00 5f 00"));
  CHECK(bench.wire->sent_now == std::vector<Bytes>{hex("04 00 5f 00")});
  bench.wire->receive(hex("04 00 60 00"));  // the card's answer to our reply is none to answer
  CHECK(bench.wire->sent_now.size() == 1);
  bench.run(1s);
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("Huidu: refusals and error packets are told by name") {
  HuiduBench bench;
  bench.refuses = "AddProgram";
  bench.board->want(lines("A001"));
  bench.up();
  bench.run(300ms);
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.report().reason == "kNoSuchThing");
  bench.refuses.clear();
  bench.run(1s);
  CHECK(bench.report().health == Health::ok);
  bench.card = [](const Bytes&) { return hex("06 00 00 20 05 00"); };
  bench.board->want(lines("A002"));
  bench.run(100ms);
  CHECK(bench.report().reason == "error 5");
  CHECK(bench.report().confirmed == Confirmed::no);
}

TEST_CASE("Huidu: a stream that went wrong is begun anew") {
  HuiduBench bench;
  bench.board->want(lines("A001"));
  bench.up();
  bench.run(1s);
  bench.wire->receive(hex("01 00 ff ff"));
  bench.board->want(lines("A002"));
  bench.run(3s);
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("Huidu: power, clock and brightness") {
  board::BoardOptions options;
  options.local_time = [] { return board::LocalTime{2026, 3, 16, 9, 5, 31, 1}; };
  options.brightness = board::Brightness::always(60);
  HuiduBench bench(options);
  bench.board->set_power(false);
  bench.up();
  bench.run(1s);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 6);
  CHECK(says(sent[3].bytes, "CloseScreen"));
  CHECK(says(sent[4].bytes, "value=\"60\""));
  CHECK(says(sent[5].bytes, "2026-03-16 09:05:31"));
}

TEST_CASE("GB/T: a list is brought and shown, and only then called shown") {
  GbtBench bench;
  bench.board->want(lines("A001"));
  bench.up();
  bench.run(30ms);
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.run(1s);
  const auto sent = bench.take();
  REQUIRE(sent.size() == 4);
  CHECK(sent[0].bytes == hex("02 30 30 30 30 30 31 e9 c9 03"));
  CHECK(says(sent[1].bytes, "play66.lst"));
  CHECK(says(sent[1].bytes, "c255000000000A001"));
  CHECK(text_of(sent[2].bytes).substr(5, 4) == "4766");
  CHECK(text_of(sent[3].bytes).substr(5, 8) == "23313131");
  CHECK(bench.report().confirmed == Confirmed::shown);
  CHECK(bench.report().health == Health::ok);
}

TEST_CASE("GB/T: a list that is refused is not shown, and brought again as a whole") {
  GbtBench bench;
  bench.refuses = "47";
  bench.board->want(lines("A001"));
  bench.up();
  bench.run(200ms);
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.report().reason == "refused");
  bench.take();
  bench.refuses.clear();
  bench.run(1s);
  const auto types = bench.types();
  REQUIRE(types.size() >= 2);
  CHECK(types[0] == "39");
  CHECK(types[1] == "47");
  CHECK(bench.report().confirmed == Confirmed::shown);
}

TEST_CASE("GB/T: what a card that is off was told is not shown before it took the order to be lit") {
  GbtBench bench;
  bench.board->set_power(false);
  bench.board->want({});
  bench.up();
  bench.run(1s);
  CHECK(bench.report().confirmed == Confirmed::shown);  // dark, as it is to be
  bench.refuses = "11";
  bench.board->want(lines("A001"));
  bench.board->set_power(true);
  bench.run(2s);
  CHECK(bench.report().confirmed == Confirmed::no);
  CHECK(bench.report().health == Health::degraded);
  CHECK(bench.report().reason == "power: refused");
  bench.board->want(lines("A002"));
  bench.run(2s);
  CHECK(bench.report().confirmed == Confirmed::no);
  bench.refuses.clear();
  bench.run(60s);
  CHECK(bench.report().confirmed == Confirmed::shown);
  CHECK(bench.report().health == Health::ok);
}

TEST_CASE("GB/T: what is told before a light that goes on is there first") {
  GbtBench bench;
  bench.board->set_power(false);
  bench.up();
  bench.run(1s);
  bench.take();
  bench.board->want(lines("A001"));
  bench.board->set_power(true);
  bench.run(1s);
  CHECK(bench.types() == std::vector<std::string>{"39", "47", "11"});
}

}  // namespace other_cards_tests
