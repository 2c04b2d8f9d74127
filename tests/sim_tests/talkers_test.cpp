// Other makers' devices as the simulator stands for them.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "display/canvas/utf8.hpp"
#include "tests/sim/ff68_device.hpp"
#include "tests/sim/strip_sign.hpp"
#include "tests/sim/text_display.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

/// 请A 1 at screen 3, steady: written down by hand, 00 up to byte 67, then the sum of bytes 1 to 67.
Bytes strip_frame() {
  Bytes frame{252, 3, 10, 0, 4, 12, 12, 224, 0x20, 0xC7, 0xEB, 0x21, 'A', 0x21, ' ', 0x21, '1'};
  frame.resize(68);
  frame.push_back(0xD0);
  return frame;
}

std::string text_of(const StripModel& sign, TimePoint now = TimePoint(14s)) {
  const auto* page = sign.page_at(now);
  return page == nullptr ? "" : lobby::display::to_utf8(page->text);
}

}  // namespace

TEST_CASE("a strip sign shows what a good frame to it says, in dots") {
  StripModel sign(3);
  const lobby::display::DotFont font;
  sign.hear(strip_frame(), TimePoint(10s));
  CHECK(text_of(sign) == "请A 1");
  CHECK_FALSE(sign.page_at(TimePoint(11s))->blinks);
  const auto dots = sign.lit(font, TimePoint(11s));
  CHECK(dots.width() == 128);
  const auto wide = font.glyph(U'请');
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      CHECK(dots.at(x, y) == wide.at(x, y));
    }
  }
}

TEST_CASE("a strip sign takes no frame that is another's, damaged, cut short or within 300 ms of the last") {
  StripModel sign(3);
  auto frame = strip_frame();
  frame[0] = 251;
  sign.hear(frame, TimePoint(10s));
  CHECK(text_of(sign).empty());
  sign.hear(strip_frame(), TimePoint(10s + 200ms));  // the other's frame still keeps it busy
  CHECK(text_of(sign).empty());
  CHECK(sign.counts().too_soon == 1);
  frame = strip_frame();
  frame[20] ^= 1;
  sign.hear(frame, TimePoint(11s));
  CHECK(sign.counts().damaged == 1);
  frame = strip_frame();
  frame.pop_back();
  sign.hear(frame, TimePoint(12s));
  sign.hear(strip_frame(), TimePoint(13s));
  CHECK(sign.counts().damaged == 2);
  CHECK(text_of(sign) == "请A 1");
  CHECK(sign.counts().frames == 1);
}

TEST_CASE("a keypad says a press three times, 100 ms apart, until it is echoed") {
  Ff68Model keypad(5);
  keypad.press(0x10, {0x0C});
  const Bytes call{0xFF, 0x68, 3, 3, 0x68, 5, 0x10, 0x0C, 0x21, 0x16};
  auto now = TimePoint(1s);
  CHECK(keypad.speak(now) == call);
  CHECK(keypad.speak(now + 99ms).empty());
  CHECK(keypad.speak(now + 100ms) == call);
  CHECK(keypad.speak(now + 200ms) == call);
  CHECK(keypad.speak(now + 300ms).empty());
  CHECK(keypad.counts().given_up == 1);
  keypad.press(0x10, {0x0C});
  CHECK(keypad.speak(now + 1s) == call);
  keypad.hear(call);
  CHECK(keypad.speak(now + 2s).empty());
  CHECK(keypad.counts().acknowledged == 1);
}

TEST_CASE("a keypad shows its six digits; a pad asks until its score is answered") {
  Ff68Model device(5);
  device.hear(Bytes{0x00, 0xFF, 0xFF, 0x68, 8, 8, 0x68, 5, 2, 0, 1, 7, 0x0A, 0x0A, 0x0A, 0x2D, 0x16});
  CHECK(device.display() == "017   ");
  device.hear(Bytes{0xFF, 0x68, 3, 3, 0x68, 5, 1, 0x0B, 0x11, 0x16});
  CHECK(device.is_asking());
  device.press(0x11, {2});
  CHECK(device.speak(TimePoint(1s)).size() == 10);
  device.hear(Bytes{0xFF, 0x68, 3, 3, 0x68, 5, 1, 2, 8, 0x16});
  CHECK_FALSE(device.is_asking());
  CHECK(device.counts().acknowledged == 1);
  device.hear(Bytes{0xFF, 0x68, 2, 2, 0x68, 6, 3, 9, 0x16});  // a beep at another's
  CHECK(device.counts().beeps == 0);
}

TEST_CASE("a strip sign keeps its pages, shows the one that it was told last, and turns them by itself") {
  StripModel sign(3);
  sign.hear(strip_frame(), TimePoint(10s));
  auto second = strip_frame();
  second[2] = 11;
  second[12] = 'B';
  second[68] = static_cast<std::uint8_t>(second[68] + 2);  // one more by each
  sign.hear(second, TimePoint(11s));
  CHECK(sign.counts().frames == 2);
  CHECK(text_of(sign, TimePoint(12s)) == "请B 1");
  CHECK(text_of(sign, TimePoint(20s)) == "请A 1");  // the longest stay is taken for eight seconds
  CHECK(text_of(sign, TimePoint(28s)) == "请B 1");
  auto third = strip_frame();
  third[2] = 18;
  third[68] = static_cast<std::uint8_t>(third[68] + 8);
  sign.hear(third, TimePoint(30s));  // it has no such page
  CHECK(sign.counts().damaged == 1);
  sign.reset();
  CHECK(text_of(sign, TimePoint(31s)).empty());
}

TEST_CASE("a display of text takes what has room in its registers, and refuses all else") {
  const auto font = std::make_shared<const lobby::display::DotFont>();
  TextDisplay display({"t", "board", "embedded-art", "b", 10, "", 2}, font);
  const auto ask = [&](Bytes frame) -> Bytes {
    append_crc(frame);
    const auto spoken = display.hear({frame, true, parse_request(frame)}, TimePoint(1s));
    return spoken ? spoken->bytes : Bytes{};
  };
  const auto text = [&] { return std::string(display.describe().at("text").as_string()); };
  Bytes expected{10, 0x10, 0x03, 0xE8, 0, 2};
  append_crc(expected);
  CHECK(ask({10, 0x10, 0x03, 0xE8, 0, 2, 4, 0xC7, 0xEB, 'A', '1'}) == expected);
  CHECK(text() == "请A1\n");
  CHECK_FALSE(ask({11, 0x06, 0x03, 0xEF, 0xBF, 0xDA}).empty());  // the last register of the second row
  CHECK(text() == "请A1\n              口");
  CHECK(ask({12, 0x06, 0x03, 0xE8, 'x', 'x'}).empty());
  const auto code = [&](const Bytes& frame) { return ask(frame).at(2); };
  CHECK(code({10, 0x10, 0x03, 0xEF, 0, 2, 4, 'x', 'x', 'x', 'x'}) == 2);
  CHECK(code({10, 0x03, 0x03, 0xE8, 0, 1}) == 1);
  CHECK(code({10, 0x06, 0x00, 37, 0, 1}) == 2);
  CHECK_FALSE(ask({10, 0x06, 0x00, 36, 0, 8}).empty());
  CHECK(display.describe().at("brightness").to_number<int>() == 8);
  display.inject(Fault::power_cycle, {});
  CHECK(text() == "\n");
}
