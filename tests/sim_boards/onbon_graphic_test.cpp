// The graphic cards of two generations, by the published frames and by frames laid out here by hand.
#include <doctest/doctest.h>

#include "tests/sim/onbon_graphic.hpp"
#include "tests/sim_boards/onbon_frames.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

const char* const ping_six =
    "a5a5a5a5a5a5a5a5 fe ff 00 80 07 00 fe ff 00 00 78 0e 90 01 96 3e 00 00 00 00 00 00 05 00 1e 78 00 ab"
    "01 a2 00 00 00 5a";
const char* const on_six =
    "a5a5a5a5a5a5a5a5 fe ff 00 80 07 00 74 01 00 00 c6 29 90 01 96 0a 00 00 00 00 00 00 06 00 68 c4 00 bb"
    "01 a2 05 01 00 01 5a";
const char* const ping_five =
    "a5a5a5a5a5a5a5a5 fe ff 00 80 05 00 fe ff 01 00 e6 0f 00 90 96 10 00 00 00 00 00 00 05 00 1e 78 18"
    "01 a2 00 00 00 5a";
const char* const delete_six =
    "a5a5a5a5a5a5a5a5 fe ff 00 80 f0 00 74 01 00 00 00 00 07 00 00 00 01 a7 01 02 00 01 00 63 6d 5a";

std::unique_ptr<OnbonGraphic> graphic_card(OnbonGeneration generation) {
  BoardShape shape;
  shape.width = 64;
  shape.height = 16;
  shape.processing = 0ms;
  return std::make_unique<OnbonGraphic>(shape, OnbonGraphic::Identity::of(generation), font());
}

void put_low16(Bytes& to, std::size_t value) {
  to.push_back(static_cast<std::uint8_t>(value & 0xFF));
  to.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFF));
}
void put_low32(Bytes& to, std::size_t value) {
  put_low16(to, value);
  put_low16(to, value >> 16);
}

Bytes command_frame(bool six, const Bytes& body) {
  Bytes frame = hex(six ? "fe ff 00 80 07 00 fe ff 00 00 34 12 90 01 96 77 00 00 00 00 00 00"
                        : "fe ff 00 80 05 00 fe ff 01 00 34 12 00 90 96 77 00 00 00 00 00 00");
  put_low16(frame, body.size());
  put_low16(frame, onbon_sum(body));
  if (six) {
    frame.push_back(0);
  }
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : frame) {
    sum = static_cast<std::uint8_t>(sum ^ byte);
  }
  frame.push_back(sum);
  append(frame, body);
  return on_onbon_wire(frame);
}

Bytes area_frame(bool six, const Bytes& data) {
  Bytes frame = hex(six ? "fe ff 00 80 f0 00 74 01 00 00 00 00" : "fe ff 00 80 f0 00 54 01 00 00 00 00");
  put_low32(frame, 5 + data.size());
  append(frame, hex("01 a7 00"));
  put_low16(frame, data.size());
  append(frame, data);
  const std::size_t sum = onbon_sum(frame);
  put_low16(frame, sum);
  return on_onbon_wire(frame);
}

struct Page {
  Bytes bits;
  std::uint16_t stay = 0xA5;
};

struct Area {
  std::uint8_t id = 0, run = 0, timeout = 0;
  std::uint16_t x = 8, y = 4, width = 40, height = 2;
};

Bytes head(const Area& area) {
  Bytes out{area.id, area.run, area.timeout, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0x10};
  put_low16(out, area.x);
  put_low16(out, area.y);
  put_low16(out, area.width);
  put_low16(out, area.height);
  out.push_back(0);
  return out;
}

Bytes six(const Area& area, const std::vector<Page>& pages) {
  Bytes info = head(area);
  append(info, Bytes(9, 0));
  put_low16(info, pages.size());
  std::size_t offset = 0;
  for (const Page& page : pages) {
    append(info, hex("1a000000 00 02 01 5a"));
    put_low16(info, page.stay);
    info.push_back(1);
    put_low16(info, area.width);
    append(info, Bytes(9, 0));
    put_low32(info, offset);
    put_low32(info, page.bits.size());
    offset += page.bits.size();
  }
  Bytes data = hex("01 00");
  put_low32(data, info.size());
  append(data, info);
  for (const Page& page : pages) {
    append(data, page.bits);
  }
  return area_frame(true, data);
}

Bytes five(const Area& area, const std::vector<Page>& pages) {
  Bytes info = head(area);
  put_low16(info, pages.size());
  for (const Page& page : pages) {
    put_low32(info, 13 + page.bits.size());
    append(info, hex("00 02 00 5a"));
    put_low16(info, page.stay);
    info.push_back(1);
    put_low16(info, area.width);
    append(info, Bytes(4, 0));
    append(info, page.bits);
  }
  Bytes data;
  put_low32(data, info.size());
  append(data, info);
  return area_frame(false, data);
}

// 40 × 2 from column 8 on: words of columns 0-31 and 32-63, red rows, then green rows.
const Bytes bits_six = hex("ffff7fff fffffeff ffffffff ffffffff ffff7fff ffffffff ffffffff fffffeff");
const char* const art_six =
    "Y......................................R\n"
    ".......................................G\n";
// 64 × 2: red and green bytes in turn.
const Bytes bits_five =
    hex("7f7f ffff ffff ffff ffff ffff ffff feff ffbf ffff ffff ffff ffff ffff ffff ffff");
const char* const art_five =
    "Y..............................................................R\n"
    ".G..............................................................\n";

/// What is in an answer's body behind its header.
Bytes body_of(const std::vector<Bytes>& answers, bool is_six) {
  REQUIRE(answers.size() == 1);
  Bytes frame;
  for (std::size_t i = 8; i + 1 < answers[0].size(); ++i) {
    const std::uint8_t byte = answers[0][i];
    const bool escapes = byte == 0xA6 || byte == 0x5B;
    frame.push_back(escapes ? static_cast<std::uint8_t>(byte + 1 - answers[0][i + 1]) : byte);
    i += escapes ? 1 : 0;
  }
  const std::size_t header = is_six ? 28 : 27;
  REQUIRE(frame.size() > header);
  std::uint8_t sum = 0;
  for (std::size_t i = 0; i < header; ++i) {
    sum = static_cast<std::uint8_t>(sum ^ frame[i]);
  }
  CHECK(sum == 0);
  Bytes body(frame.begin() + static_cast<std::ptrdiff_t>(header), frame.end());
  CHECK(onbon_sum(body) == static_cast<std::size_t>(frame[24] | frame[25] << 8));
  return body;
}

const Bytes graphic_ack = hex("00 a0 00 0000 0000 0000");

Bytes graphic_nack(std::uint8_t code) {
  return {0x00, 0xA0, 0x01, 0, 0, code, 0, 0, 0};
}

}  // namespace

TEST_CASE("graphic cards take the published frames and say their type and size") {
  const auto sixth = graphic_card(OnbonGeneration::six);
  Bytes about = body_of(sixth->feed(hex(ping_six), at_ms(0)), true);
  REQUIRE(about.size() > 28);
  CHECK(Bytes(about.begin(), about.begin() + 3) == hex("00 a2 80"));
  CHECK(Bytes(about.begin() + 9, about.begin() + 11) == hex("74 01"));
  CHECK(about[19] == 1);  // set up
  CHECK(Bytes(about.begin() + 23, about.begin() + 28) == hex("4000 1000 03"));
  CHECK(body_of(sixth->feed(hex(on_six), at_ms(1)), true) == graphic_ack);
  sixth->feed(six({}, {{bits_six}}), at_ms(2));
  CHECK(body_of(sixth->feed(hex(delete_six), at_ms(3)), true) == graphic_ack);
  CHECK(is_dark(sixth->pixels(at_ms(4))));
  CHECK(sixth->counts().refused.empty());

  const auto fifth = graphic_card(OnbonGeneration::five);
  about = body_of(fifth->feed(hex(ping_five), at_ms(0)), false);
  CHECK(Bytes(about.begin() + 9, about.begin() + 11) == hex("54 01"));
  CHECK(fifth->feed(hex(ping_six), at_ms(1)).empty());
  CHECK(refused(*fifth, "generation") == 1);
}

TEST_CASE(
    "a bitmap stands where it belongs: aligned to the screen in one generation, interleaved in the other") {
  const auto sixth = graphic_card(OnbonGeneration::six);
  CHECK(body_of(sixth->feed(six({}, {{bits_six}}), at_ms(0)), true) == graphic_ack);
  CHECK(art(sixth->pixels(at_ms(1)), 8, 4, 40, 2) == art_six);
  const auto fifth = graphic_card(OnbonGeneration::five);
  const Area area{.x = 0, .y = 0, .width = 64};
  CHECK(body_of(fifth->feed(five(area, {{bits_five}}), at_ms(0)), false) == graphic_ack);
  CHECK(art(fifth->pixels(at_ms(1)), 0, 0, 64, 2) == art_five);
}

TEST_CASE("pages follow each other by their stay time, several areas stand side by side") {
  const auto sixth = graphic_card(OnbonGeneration::six);
  sixth->feed(six({.id = 1}, {{bits_six, 100}, {Bytes(32, 0xFF), 50}}), at_ms(0));
  CHECK_FALSE(is_dark(sixth->pixels(at_ms(999))));
  CHECK(is_dark(sixth->pixels(at_ms(1000))));
  CHECK_FALSE(is_dark(sixth->pixels(at_ms(1500))));
  sixth->feed(six({.id = 2, .x = 8, .y = 8}, {{bits_six}}), at_ms(2000));
  CHECK(art(sixth->pixels(at_ms(2400)), 8, 8, 40, 2) == art_six);
  CHECK(sixth->counts().flips == 2);
  CHECK(sixth->counts().mixed == 0);
}

TEST_CASE("the card's own watchdog blanks an area, or shows the logo page in it") {
  for (const auto generation : {OnbonGeneration::five, OnbonGeneration::six}) {
    const auto make = [&](std::uint8_t run) {
      auto one = graphic_card(generation);
      const Area area{.run = run, .timeout = 3, .x = 0, .y = 0, .width = 64};
      one->feed(generation == OnbonGeneration::six ? six(area, {{bits_six}}) : five(area, {{bits_five}}),
                at_ms(0));
      CHECK(one->counts().frames == 1);
      return one;
    };
    const auto blanks = make(2);
    CHECK_FALSE(is_dark(blanks->pixels(at_ms(2999))));
    CHECK(is_dark(blanks->pixels(at_ms(3000))));
    const auto logo = make(3);
    const auto fresh = logo->pixels(at_ms(2999)).bytes();
    CHECK(logo->pixels(at_ms(3000)).bytes() != fresh);
    CHECK_FALSE(is_dark(logo->pixels(at_ms(3000))));
    const auto keeps = make(0);
    CHECK(keeps->pixels(at_ms(3'000'000)).bytes() == fresh);
  }
}

TEST_CASE("lamp, clock and status do as they are told") {
  const auto sixth = graphic_card(OnbonGeneration::six);
  const auto ask = [&](const char* body, std::int64_t ms) {
    return body_of(sixth->feed(command_frame(true, hex(body)), at_ms(ms)), true);
  };
  sixth->feed(six({}, {{bits_six}}), at_ms(0));
  CHECK(ask("01 a2 05 0100 00", 1) == graphic_ack);
  CHECK(is_dark(sixth->pixels(at_ms(2))));
  CHECK(ask("01 a2 05 0100 01", 3) == graphic_ack);
  CHECK_FALSE(is_dark(sixth->pixels(at_ms(4))));
  Bytes levels = hex("01 a2 07 3100 01");
  append(levels, Bytes(48, 7));
  CHECK(body_of(sixth->feed(command_frame(true, levels), at_ms(5)), true) == graphic_ack);
  // Monday, 08:55; lit from 09:00 to 17:30.
  CHECK(ask("01 a2 02 0800 26 20 03 16 08 55 00 01", 10) == graphic_ack);
  CHECK(ask("01 a2 06 0500 01 09 00 17 30", 11) == graphic_ack);
  CHECK(is_dark(sixth->pixels(at_ms(12))));
  CHECK_FALSE(is_dark(sixth->pixels(at_ms(5 * 60'000 + 100))));
  const Bytes status = ask("01 a2 0f 0000", 20);
  CHECK(Bytes(status.begin(), status.begin() + 3) == hex("00 a2 8f"));
  CHECK(Bytes(status.begin() + 9, status.begin() + 13) == hex("01 01 01 07"));
  CHECK(Bytes(status.begin() + 21, status.begin() + 29) == hex("26 20 03 16 08 55 00 01"));
  CHECK(ask("01 a2 08 0000", 21) == graphic_ack);
  CHECK_FALSE(is_dark(sixth->pixels(at_ms(22))));
  CHECK(ask("01 a2 01 0000", 30) == Bytes(graphic_ack));
  CHECK(is_dark(sixth->pixels(at_ms(31))));
}

TEST_CASE("what a graphic card turns away, it turns away with its own code") {
  const auto sixth = graphic_card(OnbonGeneration::six);
  const auto ask = [&](const Bytes& frame) { return body_of(sixth->feed(frame, at_ms(0)), true); };
  CHECK(ask(hex(delete_six)) == graphic_nack(0x1B));
  CHECK(ask(six({.x = 40}, {{bits_six}})) == graphic_nack(0x12));
  CHECK(ask(six({}, {{Bytes(31, 0xFF)}})) == graphic_nack(0x19));
  CHECK(ask(six({.run = 6}, {{bits_six}})) == graphic_nack(0x19));
  CHECK(ask(command_frame(true, hex("01 a2 33 0000"))) == graphic_nack(0x02));
  CHECK(ask(command_frame(true, hex("01 a4 00 0000"))) == graphic_nack(0x01));
  CHECK(ask(command_frame(true, hex("01 a2 02 0800 26 20 02 30 08 55 00 01"))) == graphic_nack(0x0E));
  Bytes foreign = hex(on_six);
  foreign[14] = 0x75;
  foreign[35] = 0xBA;
  CHECK(ask(foreign) == graphic_nack(0x11));
  sixth->refuse_with(0x03);
  CHECK(ask(six({}, {{bits_six}})) == graphic_nack(0x03));
  sixth->refuse_with(std::nullopt);
  sixth->lie(true);
  const auto before = sixth->pixels(at_ms(1)).bytes();
  CHECK(ask(six({}, {{bits_six}})) == graphic_ack);
  CHECK(sixth->pixels(at_ms(2)).bytes() == before);
}

TEST_CASE("no single wrong bit of a graphic card's frames shows anything but what was sent") {
  const Bytes area_six = six({}, {{bits_six}});
  const Area across{.x = 0, .y = 0, .width = 64};
  const Bytes area_five = five(across, {{bits_five}});
  const auto shows = [](OnbonGeneration generation) {
    auto one = graphic_card(generation);
    const Area area{.x = 0, .y = 0, .width = 64};
    const Bytes bits(32, 0x3C);
    one->feed(generation == OnbonGeneration::six ? six(area, {{bits}}) : five(area, {{bits}}), at_ms(0));
    return one;
  };
  const auto off = [&](OnbonGeneration generation) {
    auto one = shows(generation);
    one->feed(command_frame(generation == OnbonGeneration::six, hex("01 a2 05 0100 00")), at_ms(10));
    return one;
  };
  const auto run = [](const char* name, const auto& make, OnbonGeneration generation, const Bytes& frame) {
    const Flips flips = flip_each_bit([&] { return make(generation); }, {frame}, 0, frame.size());
    flips.tell(name);
    CHECK(flips.bits == frame.size() * 8);
    CHECK(flips.wrong == 0);
  };
  run("Onbon 6E, dynamic area", shows, OnbonGeneration::six, area_six);
  run("Onbon 5E, dynamic area", shows, OnbonGeneration::five, area_five);
  run("Onbon 6G, the published on", off, OnbonGeneration::six, hex(on_six));
  run("Onbon 5G, on", off, OnbonGeneration::five, command_frame(false, hex("01 a2 05 0100 01")));
}
