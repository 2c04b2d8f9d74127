// The text card, by the frames that are published and by frames made here from the layout.
#include <doctest/doctest.h>

#include "tests/sim/onbon_k.hpp"
#include "tests/sim_boards/onbon_frames.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

const char* const ping_frame =
    "a5a5a5a5a5a5a5a5 01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a2 00 01 00 00 68 f8 5a";
const char* const clear_frame =
    "a5a5a5a5a5a5a5a5 01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a3 10 01 00 00 51 f8 5a";
const char* const text_frame =
    "a5a5a5a5a5a5a5a5 01 00 00 80 00 00 00 00 00 00 fe 02 32 00 a3 06 01 2d 00 00 01 29 00 00 00 00 00 00"
    "18 00 20 00 00 00 00 02 00 00 00 00 02 02 03 00 04 05 0e 00 00 00"
    "30 31 32 33 34 35 51 52 53 54 54 56 27 42 a8 7d 5a";

BoardShape text_card_shape() {
  BoardShape out;
  out.processing = 0ms;
  return out;
}

std::unique_ptr<OnbonK> text_card() {
  return std::make_unique<OnbonK>(text_card_shape(), OnbonK::Identity{}, font());
}

Bytes request(const Bytes& data, std::uint8_t screen = 1) {
  Bytes frame = hex("00 00 00 80 00 00 00 00 00 00 51 02");
  frame[0] = screen;
  frame.push_back(static_cast<std::uint8_t>(data.size() & 0xFF));
  frame.push_back(static_cast<std::uint8_t>(data.size() >> 8));
  append(frame, data);
  return with_onbon_sum(std::move(frame));
}

struct Text {
  std::uint8_t run = 0, timeout = 0, across = 0, single = 2, wrap = 2, stay = 4;
  std::uint8_t id = 0;
  std::uint8_t y = 0, height = 32;
};

/// One area over the whole width.
Bytes text(const Bytes& gbk, const Text& how = {}) {
  Bytes data = hex("a3 06 01 00 00 00 01");
  data.push_back(static_cast<std::uint8_t>(27 + gbk.size()));
  data.push_back(0);
  append(data,
         {0,           0, 0, how.y, 0,          0xC0,       0x80,     how.height, 0, how.id, 0,       how.run,
          how.timeout, 0, 0, 0,     how.across, how.single, how.wrap, 1,          0, 0,      how.stay});
  append(data, {static_cast<std::uint8_t>(gbk.size()), 0, 0, 0});
  append(data, gbk);
  return request(data);
}

const char* const text_ack = "a5a5a5a5a5a5a5a5 00 80 01 00 00 00 00 00 00 00 51 02 05 00 a0 00 00 00 00";

/// Up to the sum.
Bytes head(const std::vector<Bytes>& answers) {
  REQUIRE(answers.size() == 1);
  return {answers[0].begin(), answers[0].begin() + 27};
}

Bytes text_nack(std::uint8_t code) {
  Bytes out = hex(text_ack);
  out[23] = 1;
  out[24] = code;
  return out;
}

}  // namespace

TEST_CASE("a K card takes the published frames: ping, clear, and text across its width") {
  const auto k = text_card();
  CHECK(head(k->feed(hex(ping_frame), at_ms(0))) == hex(text_ack));
  CHECK(head(k->feed(hex(text_frame), at_ms(1))) == hex(text_ack));
  const auto shown = k->pixels(at_ms(2));
  // The 0 of Unifont, in the upper left corner.
  CHECK(art(shown, 0, 0, 8, 16) ==
        "........\n........\n........\n........\n...RR...\n..R..R..\n.R....R.\n.R...RR.\n"
        ".R..R.R.\n.R.R..R.\n.RR...R.\n.R....R.\n..R..R..\n...RR...\n........\n........\n");
  CHECK(is_dark(shown) == false);
  CHECK(k->counts().frames == 2);
  CHECK(k->counts().refused.empty());
  CHECK(head(k->feed(hex(clear_frame), at_ms(3))) == hex(text_ack));
  CHECK(is_dark(k->pixels(at_ms(4))));
}

TEST_CASE("a K card shows its default page until it gets something, and again after a power cut") {
  const auto k = text_card();
  const auto logo = k->pixels(at_ms(0)).bytes();
  CHECK_FALSE(is_dark(k->pixels(at_ms(0))));
  k->feed(text(hex("b1b1")), at_ms(10));
  CHECK(k->pixels(at_ms(20)).bytes() != logo);
  k->power_cycle(at_ms(1000));
  CHECK(is_dark(k->pixels(at_ms(1001))));
  CHECK(k->feed(hex(ping_frame), at_ms(1500)).empty());
  CHECK(k->pixels(at_ms(4001)).bytes() == logo);
  CHECK(k->feed(hex(ping_frame), at_ms(4002)).size() == 1);
}

TEST_CASE("GBK text stands in its colours, in its place, page by page") {
  const auto k = text_card();
  // Centred 北 in green: columns 88 to 103 of 192.
  k->feed(text(hex("5c 43 32 b1 b1"), {.across = 2}), at_ms(0));
  const auto shown = k->pixels(at_ms(1));
  CHECK(is_dark(k->pixels(at_ms(1))) == false);
  CHECK(art(shown, 80, 0, 8, 16).find('G') == std::string::npos);
  CHECK(art(shown, 88, 0, 16, 16).find('G') != std::string::npos);
  CHECK(art(shown, 88, 0, 16, 16).find('R') == std::string::npos);
  // Three lines on a board for two: two pages of 2 s.
  Bytes three(72, 'A');
  three[60] = 'B';
  k->feed(text(three), at_ms(100));
  const auto first = k->pixels(at_ms(101)).bytes();
  CHECK(k->pixels(at_ms(2099)).bytes() == first);
  CHECK(k->pixels(at_ms(2101)).bytes() != first);
  CHECK(k->pixels(at_ms(4101)).bytes() == first);
}

TEST_CASE("what the host lets go stale goes away by the run mode, after its timeout") {
  const auto k = text_card();
  const auto logo = k->pixels(at_ms(0)).bytes();
  k->feed(text(hex("b1b1"), {.run = 2, .timeout = 5}), at_ms(0));
  CHECK_FALSE(is_dark(k->pixels(at_ms(4999))));
  CHECK(is_dark(k->pixels(at_ms(5000))));
  k->feed(text(hex("b1b1"), {.run = 2, .timeout = 5}), at_ms(6000));
  CHECK_FALSE(is_dark(k->pixels(at_ms(6001))));
  k->feed(text(hex("b1b1"), {.run = 3, .timeout = 5}), at_ms(7000));
  CHECK(k->pixels(at_ms(11'999)).bytes() != logo);
  CHECK(k->pixels(at_ms(12'000)).bytes() == logo);
  k->feed(text(hex("b1b1"), {.run = 4}), at_ms(20'000));
  CHECK_FALSE(is_dark(k->pixels(at_ms(21'999))));
  CHECK(is_dark(k->pixels(at_ms(22'000))));
  k->feed(text(hex("b1b1"), {.run = 1}), at_ms(30'000));
  CHECK_FALSE(is_dark(k->pixels(at_ms(900'000))));
}

TEST_CASE("a K card turns away what it cannot do, with its own code") {
  const auto k = text_card();
  CHECK(head(k->feed(request(hex("b3 00 01 00 00")), at_ms(0))) == text_nack(0x01));
  CHECK(head(k->feed(request(hex("a2 77 01 00 00")), at_ms(0))) == text_nack(0x02));
  // The 30th of February; a digit above 9; a Tuesday that is a Monday.
  CHECK(head(k->feed(request(hex("a2 03 01 00 00 26 20 02 30 08 55 00 01")), at_ms(0))) == text_nack(0x0E));
  CHECK(head(k->feed(request(hex("a2 03 01 00 00 26 20 03 1A 08 55 00 01")), at_ms(0))) == text_nack(0x0E));
  CHECK(head(k->feed(request(hex("a2 03 01 00 00 26 20 03 16 08 55 00 02")), at_ms(0))) == text_nack(0x0E));
  CHECK(head(k->feed(request(hex("a2 03 01 00 00 26 20 03 16 08 55 00 01")), at_ms(0))) == hex(text_ack));
  boost::json::object state;
  k->describe(state, at_ms(61'000));
  CHECK(state.at("clock") == "2026-03-16 08:56:01");
  // Lower than the board; a file's block before its start.
  CHECK(head(k->feed(text(hex("b1b1"), {.y = 16}), at_ms(0))) == text_nack(0x12));
  CHECK(head(k->feed(request(hex("a1 06 01 00 00 50303030 01 0000 0100 00000000 41")), at_ms(0))) ==
        text_nack(0x06));
  k->refuse_with(3);
  CHECK(head(k->feed(hex(text_frame), at_ms(0))) == text_nack(0x03));
  k->refuse_with(std::nullopt);
  CHECK(refused(*k, "told_to") == 1);
  // Without an answer; to another screen; to all.
  CHECK(k->feed(request(hex("a2 00 02 00 00")), at_ms(0)).empty());
  CHECK(k->feed(request(hex("a2 00 01 00 00"), 2), at_ms(0)).empty());
  CHECK(refused(*k, "other_screen") == 1);
}

TEST_CASE("frames come in any pieces, end twice, and are found again behind a cut one") {
  const auto k = text_card();
  Bytes stream = hex(text_frame);
  std::vector<Bytes> answers;
  for (const std::uint8_t byte : stream) {
    for (Bytes& answer : k->feed(Bytes{byte}, at_ms(0))) {
      answers.push_back(std::move(answer));
    }
  }
  CHECK(answers.size() == 1);
  CHECK(k->feed(hex("5a"), at_ms(1)).empty());
  CHECK(k->counts().refused.empty());
  stream.resize(40);
  append(stream, hex(ping_frame));
  CHECK(k->feed(stream, at_ms(2)).size() == 1);
  CHECK(refused(*k, "cut") == 1);
}

TEST_CASE("no single wrong bit of a K frame shows anything but what was sent") {
  const auto make = [] {
    auto k = text_card();
    k->feed(text(hex("d2bb")), at_ms(0));
    return k;
  };
  Bytes frame = hex(text_frame);
  const Flips published = flip_each_bit(make, {frame}, 0, frame.size());
  published.tell("Onbon K, the published text");
  CHECK(published.wrong == 0);
  // With everything that is escaped in it, and the sum of 16 bits.
  frame = text(hex("b1b1 a55a a65b bea9 5ba5"));
  const Flips escaped = flip_each_bit(make, {frame}, 0, frame.size());
  escaped.tell("Onbon K, text full of escapes");
  CHECK(escaped.wrong == 0);
}
