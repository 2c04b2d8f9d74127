#include <doctest/doctest.h>

#include "tests/firmware_core/bench.hpp"

using namespace lobby::firmware;

TEST_CASE("the unit says who it is, to FC 04, FC 03 and beside a write") {
  Bench bench;
  CHECK(bench.read(0, 5) == Words{0x4C57, 1, 1, 0x0100, 0x00DF});
  CHECK(bench.read(0, 5, 3) == Words{0x4C57, 1, 1, 0x0100, 0x00DF});
  CHECK(bench.read(0x10, 3) == Words{7, 0, 0});
  Bench panel(Unit::Model::button_panel, 9);
  CHECK(panel.read(0, 5) == Words{0x4C57, 1, 2, 0x0100, 0x00F3});
}

TEST_CASE("FC 23 acknowledges, shows and says what is shown, in one exchange") {
  Bench bench;
  bench.pass(100);
  for (int i = 0; i < 3; ++i) {
    bench.tap(3);  // call
  }
  Bytes frame{17, 23};
  append(frame, 0x10);
  append(frame, 4);
  append(frame, 0x10F);
  append(frame, 11);
  frame.push_back(22);
  for (const unsigned word : {3U, 42U, 0U, unsigned{'7'}, 0U, 0U, 0U, 0U, 0U, 0U, 0U}) {
    append(frame, word);
  }
  const auto reply = bench.ask(with_crc(frame));
  CHECK(reply == with_crc({17, 23, 8, 0, 7, 0, 3, 0, 42, 0x03, 0x10}));
  CHECK(bench.read(0x100, 1, 3) == Words{3});
  CHECK(bench.read(0x112, 2, 3) == Words{'7', 0});
}

TEST_CASE("presses that never were cannot be acknowledged") {
  Bench bench;
  bench.pass(100);
  bench.tap(3);  // call
  bench.write(0x100, {40});
  CHECK(bench.read(0x100, 1, 3) == Words{0});
  bench.write(0x100, {1});
  CHECK(bench.read(0x100, 1, 3) == Words{1});
}

TEST_CASE("FC 23 that cannot be read is not written either") {
  Bench bench;
  Bytes frame{17, 23};
  append(frame, 0x3E);  // over the end of what can be read
  append(frame, 4);
  append(frame, 0x100);
  append(frame, 1);
  frame.push_back(2);
  append(frame, 5);
  CHECK(bench.ask(with_crc(frame)) == with_crc({17, 0x97, 2}));
  CHECK(bench.read(0x100, 1, 3) == Words{0});
}

TEST_CASE("FC 06 and FC 16 echo, what cannot be is refused by name and changes nothing") {
  Bench bench;
  CHECK(bench.request(6, {0x100, 5}) == with_crc({17, 6, 1, 0, 0, 5}));
  CHECK(bench.write(0x110, bench.text(9, 0, {'A'})) == with_crc({17, 16, 1, 0x10, 0, 10}));
  CHECK(bench.write(0x110, {10, 0, 'B'}) == with_crc({17, 0x90, 2}));             // a part of a face
  CHECK(bench.write(0x110, bench.text(0, 0, {'B'})) == with_crc({17, 0x90, 3}));  // number 0
  CHECK(bench.request(6, {0x104, 101}) == with_crc({17, 0x86, 3}));               // more than all light
  CHECK(bench.request(6, {0x106, 1}) == with_crc({17, 0x86, 2}));                 // a gap
  CHECK(bench.request(4, {0, 0}) == with_crc({17, 0x84, 3}));
  CHECK(bench.request(4, {0, 126}) == with_crc({17, 0x84, 3}));
  CHECK(bench.request(4, {0xFFFF, 2}) == with_crc({17, 0x84, 2}));
  CHECK(bench.read(0x110, 3, 3) == Words{9, 0, 'A'});
}

TEST_CASE("an unknown function is refused, a foreign address and a neighbour's answer are not for us") {
  Bench bench;
  CHECK(bench.ask(with_crc({17, 0x2B, 0x0E, 1, 0})) == with_crc({17, 0xAB, 1}));
  CHECK(bench.request(4, {0, 4}, 18).empty());
  CHECK(bench.ask(with_crc({17, 16, 1, 0x10, 0, 10}))
            .empty());  // an answer with our address: our double speaks
  CHECK(bench.read(0x26, 1) == Words{2});
}

TEST_CASE("a broadcast is done and not answered") {
  Bench bench;
  CHECK(bench.write(0x110, bench.text(3, 0, {'-'}), 0).empty());
  CHECK(bench.read(0x12, 1) == Words{3});
  CHECK(bench.write(0x1C0, {40, 96, 0, 0x5AFE}, 0).empty());  // an address for everybody would be none
  CHECK(bench.read(0x30, 2) == Words{17, 192});
}

TEST_CASE("lamps of a panel are coils, its buttons discrete inputs; a window unit has no lamps") {
  Bench panel(Unit::Model::button_panel);
  CHECK(panel.request(5, {2, 0xFF00}) == with_crc({17, 5, 0, 2, 0xFF, 0}));
  CHECK(panel.ask(with_crc({17, 15, 0, 4, 0, 4, 1, 0x05})) == with_crc({17, 15, 0, 4, 0, 4}));
  CHECK(panel.request(1, {0, 8}) == with_crc({17, 1, 1, 0x54}));
  CHECK(panel.unit->lamps() == 0x54);
  CHECK(panel.request(5, {2, 0x1234}) == with_crc({17, 0x85, 3}));
  CHECK(panel.request(5, {8, 0xFF00}) == with_crc({17, 0x85, 2}));
  panel.keys = 0x0081;
  panel.pass(50);
  CHECK(panel.request(2, {0, 16}) == with_crc({17, 2, 2, 0x81, 0}));
  Bench window;
  CHECK(window.request(5, {2, 0xFF00}) == with_crc({17, 0x85, 2}));
  CHECK(window.request(6, {0x101, 1}) == with_crc({17, 0x86, 2}));
}

TEST_CASE("an answer keeps the silence behind its request, and is not given into a new one") {
  Bench bench;
  const auto request = with_crc({17, 4, 0, 0, 0, 4});
  bench.hear(request);
  const auto end = bench.now;
  CHECK(bench.unit->take_reply(end + 1900).empty());
  CHECK_FALSE(bench.unit->take_reply(end + 2005).empty());
  bench.hear(request);
  bench.hear({17});  // the master did not wait
  bench.pass(20);
  CHECK(bench.unit->take_reply(bench.now).empty());
}
