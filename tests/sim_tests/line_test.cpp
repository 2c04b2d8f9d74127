#include <doctest/doctest.h>

#include <vector>

#include "tests/sim/line_model.hpp"
#include "tests/sim/noise.hpp"
#include "tests/sim/unit_model.hpp"
#include "tests/sim_tests/frames.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

/// One of the first of the map: what hosts of old rely on.
UnitModel first_unit(std::uint8_t address, std::uint16_t boot_id) {
  return {UnitShape::first_of_map, UnitModel::Settings{address, 192, 0, 0}, boot_id};
}

/// What the stations have heard of the host by now.
std::optional<Bytes> frame_at(LineModel& line, TimePoint now) {
  while (line.take_said(now)) {
  }
  return line.take_frame(now);
}

// FC 16 of a whole face: number 7, blinking, "A017" and 号 (GB2312 BAC5).
const Bytes face_write =
    with_crc({0x01, 0x10, 0x01, 0x10, 0x00, 0x0A, 0x14, 0x00, 0x07, 0x00, 0x01, 0x00, 0x41, 0x00,
              0x30, 0x00, 0x31, 0x00, 0x37, 0xBA, 0xC5, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00});

}  // namespace

TEST_CASE("the checksum is the one of the specification's example") {
  CHECK(with_crc({0x01, 0x03, 0x00, 0x00, 0x00, 0x0A}) ==
        frame({0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xC5, 0xCD}));
  CHECK(parse_request(frame({0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xC5, 0xCD})).has_value());
  CHECK_FALSE(parse_request(frame({0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xCD, 0xC5})).has_value());
  CHECK_FALSE(parse_request(frame({0x01, 0x03, 0xC5})).has_value());
  CHECK_FALSE(parse_request(Bytes(300, 0)).has_value());
}

TEST_CASE("a unit says who it is and what it saw") {
  UnitModel unit = first_unit(1, 0x1234);
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x00, 0x00, 0x00, 0x04})) ==
        with_crc({0x01, 0x04, 0x08, 0x4C, 0x57, 0x00, 0x01, 0x00, 0x01, 0x01, 0x00}));
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x00, 0x10, 0x00, 0x03})) ==
        with_crc({0x01, 0x04, 0x06, 0x12, 0x34, 0x00, 0x00, 0x00, 0x00}));
  unit.press(0x10);
  unit.press(0x09);
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x00, 0x11, 0x00, 0x01})) ==
        with_crc({0x01, 0x04, 0x02, 0x00, 0x02}));
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x00, 0x14, 0x00, 0x03})) ==
        with_crc({0x01, 0x04, 0x06, 0x01, 0x10, 0x02, 0x09, 0x00, 0x00}));
}

TEST_CASE("the ninth press overwrites the first, with its own count") {
  UnitModel unit = first_unit(1, 1);
  for (int i = 0; i < 9; ++i) {
    unit.press(static_cast<std::uint8_t>(i));
  }
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x00, 0x14, 0x00, 0x02})) ==
        with_crc({0x01, 0x04, 0x04, 0x09, 0x08, 0x02, 0x01}));
}

TEST_CASE("a whole face is shown and read back; a partial one changes nothing") {
  UnitModel unit = first_unit(1, 1);
  CHECK(ask(unit, face_write) == with_crc({0x01, 0x10, 0x01, 0x10, 0x00, 0x0A}));
  CHECK(unit.text() == "A017号");
  CHECK(unit.blinks());
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x00, 0x12, 0x00, 0x01})) ==
        with_crc({0x01, 0x04, 0x02, 0x00, 0x07}));
  CHECK(ask(unit, with_crc({0x01, 0x03, 0x01, 0x12, 0x00, 0x02})) ==
        with_crc({0x01, 0x03, 0x04, 0x00, 0x41, 0x00, 0x30}));
  CHECK(ask(unit, with_crc({0x01, 0x10, 0x01, 0x12, 0x00, 0x01, 0x02, 0x00, 0x42})) ==
        with_crc({0x01, 0x90, 0x02}));
  CHECK(unit.text() == "A017号");
  CHECK(unit.face() == 7);
}

TEST_CASE("keys are acknowledged, and a reset starts everything over under another boot id") {
  UnitModel unit = first_unit(1, 77);
  ask(unit, face_write);
  unit.press(0x10);
  CHECK(ask(unit, with_crc({0x01, 0x10, 0x01, 0x00, 0x00, 0x01, 0x02, 0x00, 0x01})) ==
        with_crc({0x01, 0x10, 0x01, 0x00, 0x00, 0x01}));
  CHECK(unit.key_ack() == 1);
  unit.reset();
  CHECK(unit.boot_id() != 77);
  CHECK(unit.key_count() == 0);
  CHECK(unit.key_ack() == 0);
  CHECK(unit.text().empty());
  CHECK(unit.face() == 0);
}

TEST_CASE("what the map lacks is refused by the right exception") {
  UnitModel unit = first_unit(5, 1);
  CHECK(ask(unit, with_crc({0x05, 0x04, 0x00, 0x1C, 0x00, 0x01})) == with_crc({0x05, 0x84, 0x02}));
  CHECK(ask(unit, with_crc({0x05, 0x03, 0x00, 0x00, 0x00, 0x01})) == with_crc({0x05, 0x83, 0x02}));
  CHECK(ask(unit, with_crc({0x05, 0x04, 0xFF, 0xFF, 0x00, 0x7D})) == with_crc({0x05, 0x84, 0x02}));
  CHECK(ask(unit, with_crc({0x05, 0x04, 0x00, 0x00, 0x00, 0x00})) == with_crc({0x05, 0x84, 0x03}));
  CHECK(ask(unit, with_crc({0x05, 0x2B, 0x0E, 0x01, 0x00, 0x00})) == with_crc({0x05, 0xAB, 0x01}));
  // Byte count and register count contradict each other.
  CHECK(ask(unit, with_crc({0x05, 0x10, 0x01, 0x10, 0x00, 0x0A, 0x02, 0x00, 0x07})) ==
        with_crc({0x05, 0x90, 0x03}));
}

TEST_CASE("a character takes 10 bits, with parity 11; the silence is 3.5 of them or 1.75 ms") {
  CHECK(LinePace{9600, false}.characters(96) == 100ms);
  CHECK(LinePace{9600, true}.characters(96) == 110ms);
  CHECK(LinePace{19200, false}.silence() == LinePace{19200, false}.character() * 7 / 2);
  CHECK(LinePace{19200, false}.silence() > 1822us);
  CHECK(LinePace{19200, false}.silence() < 1823us);
  CHECK(LinePace{115200, true}.silence() == 1750us);
}

TEST_CASE("a request takes its time, the answer begins after the silence and comes in portions") {
  LineModel line(LinePace{9600, false});
  const TimePoint start{1h};
  const Bytes request = with_crc({0x01, 0x04, 0x00, 0x00, 0x00, 0x04});
  line.host_wrote(request, start);
  // 8 characters of 1.0416 ms, then 3.5 of silence: 11.98 ms.
  CHECK_FALSE(frame_at(line, start + 11900us).has_value());
  REQUIRE(frame_at(line, start + 11980us).has_value());
  line.speak(1, Bytes(13, 0x55), line.answer_time());
  CHECK(line.take_sent(start + 20200us).empty());
  CHECK(line.take_sent(start + 20400us).size() == 8);
  CHECK(line.take_sent(start + 25400us).empty());
  CHECK(line.take_sent(start + 25600us).size() == 5);
  REQUIRE(line.take_said(start + 25600us).has_value());
  CHECK_FALSE(line.next().has_value());
}

TEST_CASE("bytes that dribble in are one frame as long as the line is not silent") {
  LineModel line(LinePace{9600, false});
  const TimePoint start{1h};
  const Bytes request = with_crc({0x01, 0x04, 0x00, 0x00, 0x00, 0x04});
  line.host_wrote({request.data(), 4}, start);
  line.host_wrote({request.data() + 4, 4}, start + 6ms);
  const auto whole = frame_at(line, start + 20ms);
  REQUIRE(whole.has_value());
  CHECK(*whole == request);
}

TEST_CASE("a host that speaks into an answer spoils both") {
  LineModel line(LinePace{9600, false});
  const TimePoint start{1h};
  const Bytes answer = with_crc({0x01, 0x10, 0x01, 0x10, 0x00, 0x0A});
  line.host_wrote(face_write, start);
  REQUIRE(frame_at(line, start + 100ms).has_value());
  line.speak(1, answer, line.answer_time() + 165ms);
  line.host_wrote(face_write, start + 180ms);
  CHECK(line.counts().collisions == 1);
  const Bytes heard = line.take_sent(start + 2s);
  CHECK(heard.size() == answer.size());
  CHECK(heard != answer);
  const auto spoilt = frame_at(line, start + 3s);
  REQUIRE(spoilt.has_value());
  CHECK(spoilt->size() == face_write.size());
  CHECK_FALSE(is_whole(*spoilt));
}

TEST_CASE("an answer that comes long after its time passes whole, whatever was asked meanwhile") {
  LineModel line(LinePace{19200, false});
  const TimePoint start{1h};
  const Bytes request = with_crc({0x01, 0x04, 0x00, 0x00, 0x00, 0x04});
  const Bytes late = with_crc({0x01, 0x10, 0x01, 0x10, 0x00, 0x0A});
  line.host_wrote(request, start);
  REQUIRE(frame_at(line, start + 50ms).has_value());
  line.speak(1, late, line.answer_time() + 250ms);
  line.host_wrote(request, start + 200ms);
  REQUIRE(frame_at(line, start + 220ms).has_value());
  CHECK(line.counts().collisions == 0);
  CHECK(line.take_sent(start + 300ms) == late);
}

TEST_CASE("two who answer at once are heard as one who makes no sense, unless they say the same") {
  LineModel line(LinePace{19200, false});
  const TimePoint start{1h};
  line.host_wrote(with_crc({0x01, 0x04, 0x00, 0x10, 0x00, 0x01}), start);
  REQUIRE(frame_at(line, start + 50ms).has_value());
  const Bytes one = with_crc({0x01, 0x04, 0x02, 0x12, 0x34});
  SUBCASE("different boot ids") {
    const Bytes other = with_crc({0x01, 0x04, 0x02, 0x77, 0x01});
    line.speak(1, one, line.answer_time());
    line.speak(2, other, line.answer_time());
    const Bytes heard = line.take_sent(start + 1s);
    CHECK(heard.size() == one.size());
    CHECK(Bytes(heard.begin(), heard.begin() + 3) == Bytes(one.begin(), one.begin() + 3));
    CHECK_FALSE(is_whole(heard));
    CHECK(line.counts().collisions == 1);
  }
  SUBCASE("the same word") {
    line.speak(1, one, line.answer_time());
    line.speak(2, one, line.answer_time());
    CHECK(line.take_sent(start + 1s) == one);
  }
  SUBCASE("one a little later than the other") {
    line.speak(1, one, line.answer_time());
    line.speak(2, one, line.answer_time() + 2ms);
    const Bytes heard = line.take_sent(start + 1s);
    CHECK(heard.size() > one.size());
    CHECK(heard.size() < 2 * one.size());
    CHECK_FALSE(is_whole(heard));
  }
}

TEST_CASE("whoever speaks of himself takes the time of the line, and everybody hears it once") {
  LineModel line(LinePace{9600, false});
  const TimePoint start{1h};
  // An emulated unit hands its answer over in two heaps; on the wire they are one.
  line.speak(3, Bytes(5, 0x11), start);
  line.speak(3, Bytes(6, 0x22), start + 1ms);
  CHECK(line.take_sent(start + 8300us).empty());
  CHECK(line.take_sent(start + 8400us).size() == 8);
  CHECK_FALSE(line.take_said(start + 11400us).has_value());
  CHECK(line.take_sent(start + 11500us).size() == 3);
  const auto said = line.take_said(start + 11500us);
  REQUIRE(said.has_value());
  CHECK(said->who == 3);
  CHECK(said->bytes.size() == 11);
  CHECK_FALSE(line.take_said(start + 1s).has_value());
}

TEST_CASE("a sign lights the dots of its cells and cuts what does not fit") {
  const lobby::display::DotFont font;
  const std::vector<std::uint16_t> cells{0x41, 0xBAC5, 0, 0, 0, 0, 0, 0};
  lobby::display::Bitmap expected(64, 16);
  font.draw(expected, 0, 0, "A号");
  CHECK(sign_dots(cells, font) == expected);
  const std::vector<std::uint16_t> five_wide(5, 0xBAC5);
  CHECK(sign_dots(five_wide, font).width() == 64);
}

TEST_CASE("a bad line loses, doubles and spoils about as many frames as it was told to") {
  Noise noise(7);
  noise.set(50);
  const Bytes whole = with_crc({0x01, 0x04, 0x00, 0x00, 0x00, 0x04});
  unsigned spoilt = 0;
  for (int i = 0; i < 10'000; ++i) {
    Bytes sent = whole;
    const Noise::Does does = noise.hit(sent);
    CHECK((does == Noise::Does::spoil) == (sent != whole));
    spoilt += is_whole(sent) ? 0 : 1;
  }
  const Noise::Counts& counts = noise.counts();
  for (const std::uint64_t each : {counts.lost, counts.doubled, counts.spoilt}) {
    CHECK(each > 110);
    CHECK(each < 230);
  }
  CHECK(spoilt == counts.spoilt);
  noise.set(0);
  for (int i = 0; i < 1000; ++i) {
    Bytes sent = whole;
    CHECK(noise.hit(sent) == Noise::Does::nothing);
  }
}
