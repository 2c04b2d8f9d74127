// What pixels are streamed to: DDP, E1.31, Colorlight.
#include <doctest/doctest.h>

#include "tests/sim/colorlight_card.hpp"
#include "tests/sim/ddp_card.hpp"
#include "tests/sim/e131_card.hpp"
#include "tests/sim_boards/frames.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

/// 40 × 16: 1920 bytes, two DDP packets, four universes.
BoardShape stream_shape() {
  BoardShape out;
  out.width = 40;
  out.height = 16;
  out.colour = BoardColour::full;
  out.logo.clear();
  return out;
}
constexpr std::size_t whole = 40 * 16 * 3;

void put_high16(Bytes& to, std::size_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFF));
  to.push_back(static_cast<std::uint8_t>(value & 0xFF));
}

Bytes ddp(std::uint8_t flags, std::uint8_t sequence, std::size_t offset, const Bytes& data) {
  Bytes out{flags, sequence, 0x0B, 1, 0, 0};
  put_high16(out, offset);
  put_high16(out, data.size());
  append(out, data);
  return out;
}

std::vector<Bytes> ddp_frame(std::uint8_t value, std::uint8_t sequence) {
  return {ddp(0x40, sequence, 0, Bytes(1440, value)),
          ddp(0x41, static_cast<std::uint8_t>(sequence % 15 + 1), 1440, Bytes(whole - 1440, value))};
}

struct Universe {
  std::uint8_t sequence = 0, options = 0;
  std::size_t sync = 0;
  std::uint8_t source = 0x11, priority = 100;
};

Bytes e131(std::size_t universe, const Bytes& slots, const Universe& how = {}) {
  Bytes out = hex("0010 0000 4153432d45312e3137000000");
  const std::size_t size = 126 + slots.size();
  put_high16(out, 0x7000 | (size - 16));
  append(out, hex("00000004"));
  append(out, Bytes(16, how.source));
  put_high16(out, 0x7000 | (size - 38));
  append(out, hex("00000002"));
  Bytes name{'l', 'o', 'b', 'b', 'y'};
  name.resize(64);
  append(out, name);
  out.push_back(how.priority);
  put_high16(out, how.sync);
  append(out, {how.sequence, how.options});
  put_high16(out, universe);
  put_high16(out, 0x7000 | (size - 115));
  append(out, hex("02 a1 0000 0001"));
  put_high16(out, slots.size() + 1);
  out.push_back(0);
  append(out, slots);
  return out;
}

Bytes e131_sync(std::size_t universe) {
  Bytes out = hex("0010 0000 4153432d45312e3137000000");
  put_high16(out, 0x7000 | (49 - 16));
  append(out, hex("00000008"));
  append(out, Bytes(16, 0x11));
  put_high16(out, 0x7000 | (49 - 38));
  append(out, hex("00000001 00"));
  put_high16(out, universe);
  append(out, hex("0000"));
  return out;
}

std::vector<Bytes> e131_frame(std::uint8_t value, Universe how) {
  std::vector<Bytes> out;
  for (std::size_t n = 0; n < 4; ++n) {
    out.push_back(e131(n + 1, Bytes(n < 3 ? 510 : whole - 3 * 510, value), how));
  }
  return out;
}

Bytes ethernet(std::uint8_t type, std::size_t size) {
  Bytes out = hex("11 22 33 44 55 66 22 22 33 44 55 66");
  out.push_back(type);
  out.resize(size);
  return out;
}

Bytes row(std::size_t y, std::uint8_t value) {
  Bytes out = ethernet(0x55, 13);
  put_high16(out, y);
  put_high16(out, 0);
  put_high16(out, 40);
  append(out, {0x08, 0x88});
  append(out, Bytes(120, value));
  return out;
}

Bytes show() {
  Bytes out = ethernet(0x01, 112);
  out[13] = 0x07;
  out[13 + 22] = out[13 + 25] = out[13 + 26] = out[13 + 27] = 0x80;
  out[13 + 23] = 0x05;
  return out;
}

std::vector<Bytes> colorlight_frame(std::uint8_t value) {
  std::vector<Bytes> out;
  for (std::size_t y = 0; y < 16; ++y) {
    out.push_back(row(y, value));
  }
  out.push_back(show());
  return out;
}

void feed(BoardCard& card, const std::vector<Bytes>& pieces, std::int64_t ms) {
  for (const Bytes& piece : pieces) {
    card.feed(piece, at_ms(ms));
  }
}

std::uint8_t value_at(BoardCard& card, int x, int y, std::int64_t ms) {
  return card.pixels(at_ms(ms)).at(x, y).red;
}

}  // namespace

TEST_CASE("DDP comes onto the glass with its push, and a frame that lost a piece is told from a whole one") {
  DdpCard card(stream_shape());
  const auto first = ddp_frame(10, 1);
  card.feed(first[0], at_ms(0));
  CHECK(is_dark(card.pixels(at_ms(1))));
  card.feed(first[1], at_ms(2));
  CHECK(value_at(card, 0, 0, 3) == 10);
  CHECK(value_at(card, 39, 15, 3) == 10);
  feed(card, ddp_frame(20, 3), 10);
  CHECK(card.counts().flips == 2);
  CHECK(card.counts().mixed == 0);
  card.feed(ddp_frame(30, 5)[1], at_ms(20));  // its first packet is lost
  CHECK(value_at(card, 0, 0, 21) == 20);
  CHECK(value_at(card, 39, 15, 21) == 30);
  CHECK(card.counts().mixed == 1);
  feed(card, ddp_frame(40, 7), 30);
  // The same picture again, with a piece lost: nobody can see that.
  card.feed(ddp_frame(40, 9)[1], at_ms(40));
  CHECK(card.counts().mixed == 1);
  boost::json::object state;
  card.describe(state, at_ms(40));
  CHECK(state.at("gaps") == 2);
}

TEST_CASE("DDP turns away what is none, and goes dark 2.5 s after its last packet") {
  DdpCard card(stream_shape());
  feed(card, ddp_frame(10, 1), 0);
  Bytes packet = ddp(0x41, 3, 0, Bytes(30, 99));
  const auto bent = [&](std::size_t place, std::uint8_t value) {
    Bytes out = packet;
    out[place] = value;
    return out;
  };
  card.feed(bent(0, 0x81), at_ms(1));
  card.feed(bent(2, 0x0C), at_ms(1));
  card.feed(bent(3, 250), at_ms(1));
  card.feed(bent(9, 29), at_ms(1));
  card.feed(bent(6, 0x10), at_ms(1));
  card.feed(ddp(0x41, 2, 0, Bytes(30, 99)), at_ms(1));
  card.feed(ddp(0x41, 3, 0, Bytes(1443, 99)), at_ms(1));
  CHECK(value_at(card, 0, 0, 2) == 10);
  for (const char* why : {"version", "type", "id", "offset", "repeated"}) {
    CAPTURE(why);
    CHECK(refused(card, why) == 1);
  }
  CHECK(refused(card, "length") == 2);
  CHECK(value_at(card, 0, 0, 2499) == 10);
  CHECK(is_dark(card.pixels(at_ms(2500))));
  // With white, and asked for its state.
  packet = ddp(0x41, 1, 4, {1, 2, 3, 10});
  packet[2] = 0x1B;
  card.feed(packet, at_ms(3000));
  CHECK(card.pixels(at_ms(3001)).at(1, 0) == lobby::display::Colour{11, 12, 13});
  const auto answers = card.feed(hex("42 00 00 fb 00000000 0000"), at_ms(3100));
  REQUIRE(answers.size() == 1);
  CHECK((answers[0][0] & 0x04) != 0);
}

TEST_CASE("E1.31 shows what came together together, drops old packets, and a lost source after 2.5 s") {
  E131Card card(stream_shape());
  feed(card, e131_frame(10, {.sequence = 1}), 0);
  CHECK(value_at(card, 0, 0, 10) == 10);
  CHECK(value_at(card, 39, 15, 10) == 10);
  CHECK(card.counts().flips == 1);
  CHECK(card.counts().mixed == 0);
  feed(card, e131_frame(20, {.sequence = 1}), 20);
  feed(card, e131_frame(20, {.sequence = 250}), 20);
  CHECK(refused(card, "sequence") == 8);
  CHECK(value_at(card, 0, 0, 30) == 10);
  // Half of the universes come too late for the flip: both frames are on the glass until they are in.
  const auto late = e131_frame(20, {.sequence = 2});
  card.feed(late[0], at_ms(100));
  card.feed(late[1], at_ms(100));
  CHECK(value_at(card, 0, 0, 110) == 20);
  CHECK(value_at(card, 39, 15, 110) == 10);
  CHECK(card.counts().mixed == 1);
  card.feed(late[2], at_ms(120));
  card.feed(late[3], at_ms(120));
  CHECK(value_at(card, 39, 15, 130) == 20);
  CHECK(card.counts().mixed == 1);
  CHECK(value_at(card, 0, 0, 2599) == 20);
  CHECK(value_at(card, 0, 0, 2600) == 0);
  CHECK(value_at(card, 39, 15, 2600) == 20);
  CHECK(is_dark(card.pixels(at_ms(2620))));
}

TEST_CASE("E1.31 with a synchronisation address waits for it; one universe lost is a mixed picture") {
  E131Card card(stream_shape());
  feed(card, e131_frame(10, {.sequence = 1, .sync = 77}), 0);
  CHECK(is_dark(card.pixels(at_ms(50))));
  card.feed(e131_sync(78), at_ms(60));
  CHECK(refused(card, "sync") == 1);
  card.feed(e131_sync(77), at_ms(61));
  CHECK(value_at(card, 39, 15, 61) == 10);
  CHECK(card.counts().mixed == 0);
  auto next = e131_frame(20, {.sequence = 2, .sync = 77});
  next.erase(next.begin() + 1);
  feed(card, next, 100);
  card.feed(e131_sync(77), at_ms(101));
  CHECK(card.counts().flips == 2);
  CHECK(card.counts().mixed == 1);
}

TEST_CASE(
    "E1.31: of two sources the higher priority counts, previews do not, and terminated is dark at once") {
  E131Card card(stream_shape());
  feed(card, e131_frame(10, {.sequence = 1}), 0);
  feed(card, e131_frame(20, {.sequence = 1, .source = 0x22}), 10);
  CHECK(value_at(card, 0, 0, 20) == 10);
  CHECK(refused(card, "other_source") == 4);
  feed(card, e131_frame(30, {.sequence = 9, .source = 0x33, .priority = 150}), 30);
  CHECK(value_at(card, 0, 0, 40) == 30);
  feed(card, e131_frame(40, {.sequence = 10, .options = 0x80, .source = 0x33, .priority = 150}), 50);
  CHECK(value_at(card, 0, 0, 60) == 30);
  feed(card, e131_frame(0, {.sequence = 11, .options = 0x40, .source = 0x33, .priority = 150}), 70);
  CHECK(is_dark(card.pixels(at_ms(70))));
  // The other two of the three that say so.
  feed(card, e131_frame(0, {.sequence = 12, .options = 0x40, .source = 0x33, .priority = 150}), 80);
  CHECK(refused(card, "terminated") == 4);
}

TEST_CASE("Colorlight shows its rows at the show frame, says who it is, and keeps the last picture") {
  ColorlightCard card(stream_shape());
  auto frame = colorlight_frame(10);
  for (std::size_t y = 0; y < 16; ++y) {
    card.feed(frame[y], at_ms(0));
  }
  CHECK(is_dark(card.pixels(at_ms(1))));
  card.feed(frame[16], at_ms(2));
  CHECK(value_at(card, 39, 15, 3) == 10);
  frame = colorlight_frame(20);
  frame.erase(frame.begin() + 7);
  feed(card, frame, 10);
  CHECK(card.counts().flips == 2);
  CHECK(card.counts().mixed == 1);
  CHECK(value_at(card, 0, 0, 3'600'000) == 20);
  const auto answers = card.feed(ethernet(0x07, 284), at_ms(1000));
  CHECK(answers.empty());
  const auto later = card.advance(at_ms(1005));
  REQUIRE(later.size() == 1);
  REQUIRE(later[0].size() == 1070);
  CHECK(Bytes(later[0].begin(), later[0].begin() + 6) == Bytes(6, 0xFF));
  CHECK(later[0][12] == 0x08);
  CHECK(later[0][13] == 0x05);
  CHECK(Bytes(later[0].begin() + 51, later[0].begin() + 55) == hex("00 00 00 22"));
  CHECK(Bytes(later[0].begin() + 59, later[0].begin() + 63) == hex("00 00 03 ed"));
  Bytes wide = row(0, 1);
  wide[18] = 41;
  wide.resize(wide.size() + 3);
  card.feed(wide, at_ms(2000));
  CHECK(refused(card, "place") == 1);
}

TEST_CASE("Colorlight: the panel's order of colours, and firmware that wants to be told twice") {
  ColorlightCard::Settings settings;
  settings.is_bgr = true;
  settings.firmware = 13;
  ColorlightCard card(stream_shape(), settings);
  Bytes one = row(0, 0);
  one[21] = 200;
  card.feed(one, at_ms(0));
  card.feed(show(), at_ms(1));
  CHECK(is_dark(card.pixels(at_ms(2))));
  card.feed(show(), at_ms(3));
  CHECK(card.pixels(at_ms(4)).at(0, 0) == lobby::display::Colour{0, 0, 200});
}

TEST_CASE(
    "streams have no checksum: a wrong bit of their heads is counted, what the layout can tell is refused") {
  const auto of = [](auto card, const std::vector<Bytes>& before) {
    for (const Bytes& piece : before) {
      card->feed(piece, at_ms(0));
    }
    return std::unique_ptr<BoardCard>(std::move(card));
  };
  // Version, flags, id and length are caught; what is not are an offset within the board, and the one bit
  // between RGB and RGBW.
  const auto make_ddp = [&] { return of(std::make_unique<DdpCard>(stream_shape()), ddp_frame(10, 1)); };
  const Flips in_ddp = flip_each_bit(make_ddp, {ddp(0x41, 3, 0, Bytes(900, 20))}, 0, 10);
  in_ddp.tell("DDP, head");
  for (const std::size_t place : in_ddp.wrong_at) {
    CHECK((place == 2 || place == 6 || place == 7));
  }
  const auto make_e131 = [&] {
    return of(std::make_unique<E131Card>(stream_shape()), e131_frame(10, {.sequence = 1}));
  };
  const Flips in_e131 = flip_each_bit(make_e131, {e131(1, Bytes(510, 20), {.sequence = 2})}, 0, 126);
  in_e131.tell("E1.31, head");
  // The universe, and the bit that says it is the source's last packet.
  for (const std::size_t place : in_e131.wrong_at) {
    CHECK((place == 114 || place == 112));
  }
  const auto make_colorlight = [&] {
    return of(std::make_unique<ColorlightCard>(stream_shape()), colorlight_frame(10));
  };
  const Flips in_colorlight = flip_each_bit(make_colorlight, {row(0, 20), show()}, 0, 21);
  in_colorlight.tell("Colorlight, head of a row");
  // The row: Ethernet's own check sequence has to see to that.
  for (const std::size_t place : in_colorlight.wrong_at) {
    CHECK(place == 14);
  }
}
