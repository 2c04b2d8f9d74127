#include <doctest/doctest.h>

#include "display/screen/wall_show.hpp"
#include "tests/display_page/board_samples.hpp"
#include "tests/screen_wall/walls.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;
using walls::drawn_directly;
using walls::text_wall;

namespace {

/// A wall and a server whose clock is far from the wall's.
struct Hall {
  static constexpr Instant skew{1'774'310'400'000'000};
  Glyphs glyphs;
  WallShow wall{glyphs};
  Instant now = 100s;

  static Instant server(Instant local) { return local + skew; }
  /// An answer that was 4 ms under way, read at `now`.
  bool tell(BoardProgram program) {
    program.now = server(now - 2ms);
    return wall.tell(std::move(program), now - 4ms, now);
  }
  bool shows(const BoardProgram& program) {
    wall.draw(now);
    return wall.picture() == drawn_directly(program, server(now));
  }
};

bool is_black(const Picture& picture) {
  return picture == Picture(picture.width(), picture.height());
}

int lit_dots(const Picture& picture) {
  int lit = 0;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      lit += picture.at(x, y) == Colour{} ? 0 : 1;
    }
  }
  return lit;
}

}  // namespace

TEST_CASE("a wall that never heard the server is black") {
  Hall hall;
  const auto drawn = hall.wall.draw(hall.now);
  CHECK(hall.wall.picture().width() == 0);
  CHECK_FALSE(drawn.version);
  CHECK_FALSE(drawn.next_change);
}

TEST_CASE("what the server tells is shown as the pages draw it, and told which version it is") {
  Hall hall;
  CHECK(hall.tell(text_wall(17, "今日停电")));
  const auto drawn = hall.wall.draw(hall.now);
  CHECK(drawn.changed);
  CHECK(drawn.version == 17);
  CHECK(hall.wall.picture() == drawn_directly(text_wall(17, "今日停电"), hall.server(hall.now)));
  CHECK(lit_dots(hall.wall.picture()) > 200);
  CHECK_FALSE(hall.wall.draw(hall.now + 1ms).changed);
}

TEST_CASE("a version is held back until its instant by the server's clock") {
  Hall hall;
  const auto before = text_wall(1, "旧");
  auto after = text_wall(2, "新");
  after.at = hall.server(103s);
  hall.tell(before);
  hall.now = 101s;
  hall.tell(after);
  const auto held = hall.wall.draw(hall.now);
  CHECK(held.version == 1);
  CHECK(held.next_change == 103s);
  hall.now = 103s - 1us;
  CHECK(hall.shows(before));
  hall.now = 103s;
  CHECK(hall.wall.draw(hall.now).version == 2);
  CHECK(hall.shows(after));
}

TEST_CASE("the first version is held back too, in the dark") {
  Hall hall;
  auto first = text_wall(1, "新");
  first.at = hall.server(102s);
  hall.tell(first);
  CHECK(hall.wall.draw(hall.now).next_change == 102s);
  CHECK(lit_dots(hall.wall.picture()) == 0);
  CHECK(hall.wall.draw(102s).version == 1);
}

TEST_CASE("walls that flip together scroll in step, whoever noticed first") {
  auto ticker = text_wall(2, "办理不动产登记的群众请到二楼综合窗口取号，谢谢配合。今日下午三点起暂停受理。");
  ticker.playlist.height = 16;
  ticker.playlist.zones[0].area = {0, 0, 256, 16};
  Hall early;
  Hall late;
  ticker.at = early.server(105s);
  early.tell(text_wall(1, "旧"));
  late.tell(text_wall(1, "旧"));
  early.now = late.now = 104s;
  early.tell(ticker);
  early.now = 105s;
  early.wall.draw(early.now);
  late.now = 105'300ms;
  late.tell(ticker);
  late.wall.draw(late.now);
  for (const auto now : {106s, 107s, 110s}) {
    early.wall.draw(now);
    late.wall.draw(now);
    CHECK(early.wall.picture() == late.wall.picture());
  }
}

TEST_CASE("the newest told wins over one that still waits, also with a smaller number") {
  Hall hall;
  auto waiting = text_wall(9, "等");
  waiting.at = hall.server(200s);
  hall.tell(text_wall(8, "旧"));
  hall.tell(waiting);
  hall.tell(text_wall(1, "重启"));  // a server that has started anew counts anew
  hall.now = 201s;
  hall.tell(text_wall(1, "重启"));
  CHECK(hall.wall.draw(hall.now).version == 1);
  CHECK(hall.shows(text_wall(1, "重启")));
}

TEST_CASE("one number with another content is another program") {
  Hall hall;
  CHECK(hall.tell(text_wall(3, "甲")));
  const auto first = hall.wall.draw(hall.now).programs;
  CHECK_FALSE(hall.tell(text_wall(3, "甲")));
  CHECK(hall.wall.draw(hall.now).programs == first);
  CHECK(hall.tell(text_wall(3, "乙")));
  CHECK(hall.wall.draw(hall.now).programs != first);
  CHECK(hall.shows(text_wall(3, "乙")));
}

TEST_CASE("without proof the wall goes to rest with a mark, and comes back with the next one") {
  Hall hall;
  const auto program = text_wall(5, "今日停电");
  hall.tell(program);
  CHECK(hall.wall.draw(hall.now).next_change == hall.now + 10s);
  const Instant told = hall.now;
  hall.wall.prove(told + 6s);
  hall.now = told + 16s - 1us;
  CHECK(hall.shows(program));
  hall.now = told + 16s;
  const auto resting = hall.wall.draw(hall.now);
  CHECK(resting.changed);
  CHECK_FALSE(resting.version);
  Glyphs glyphs;
  Picture rest(256, 64);
  draw_page(rest, {0, 0, 256, 64}, DefaultView{}, program.playlist.style, {}, glyphs);
  const Rect mark = rest.difference(hall.wall.picture());
  CHECK(mark.x >= 246);
  CHECK(mark.y >= 54);
  CHECK_FALSE(mark.empty());
  CHECK(hall.wall.picture().at(252, 60) == colour_of(Ink::bad, program.playlist.style));
  hall.wall.prove(hall.now);
  CHECK(hall.wall.draw(hall.now).version == 5);
  CHECK(hall.shows(program));
}

TEST_CASE("what a server leaves at its end stays without proof and without a mark, until another one comes") {
  Hall hall;
  hall.tell(text_wall(5, "今日停电"));
  auto closing = text_wall(6, "");
  closing.views = {};
  closing.closing = true;
  hall.tell(closing);
  CHECK(hall.wall.draw(hall.now).version == 6);
  const Picture left = hall.wall.picture();
  CHECK(lit_dots(left) > 200);
  for (const auto later : {11s, 60s, 3600s}) {
    const auto drawn = hall.wall.draw(100s + later);
    CHECK_FALSE(drawn.changed);
    CHECK(hall.wall.picture() == left);
  }
  hall.now += 2h;
  hall.tell(text_wall(1, "开门"));
  CHECK(hall.shows(text_wall(1, "开门")));
}

TEST_CASE("an emergency stays when the server falls silent, with the mark of a lost one") {
  Hall hall;
  auto program = text_wall(5, "今日停电");
  program.views.over_all = EmergencyView{"请立即撤离"};
  hall.tell(program);
  for (const auto later : {11s, 60s, 3600s, 86400s}) {
    hall.now = 100s + later;
    const auto drawn = hall.wall.draw(hall.now);
    CHECK_FALSE(drawn.version);
    const Picture wanted = drawn_directly(program, hall.server(hall.now));
    const Rect mark = wanted.difference(hall.wall.picture());
    CHECK_FALSE(mark.empty());
    CHECK(mark.x >= 246);
    CHECK(mark.y >= 54);
  }
  hall.wall.prove(hall.now);
  CHECK(hall.shows(program));
  program.version = 6;
  program.views.over_all.reset();
  hall.tell(program);
  hall.now += 11s;
  hall.wall.draw(hall.now);
  CHECK_FALSE(hall.wall.picture() == drawn_directly(program, hall.server(hall.now)));  // as ever
}

TEST_CASE("brightness dims every dot, without power all is black") {
  Hall hall;
  auto program = text_wall(1, "今日停电");
  program.brightness = 50;
  hall.tell(program);
  hall.wall.draw(hall.now);
  const Picture full = drawn_directly(program, hall.server(hall.now));
  bool is_half = true;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 256; ++x) {
      const auto bright = full.at(x, y);
      const auto dim = hall.wall.picture().at(x, y);
      is_half = is_half && std::abs(dim.red - bright.red / 2) <= 1 &&
                std::abs(dim.green - bright.green / 2) <= 1 && std::abs(dim.blue - bright.blue / 2) <= 1;
    }
  }
  CHECK(is_half);
  CHECK(lit_dots(hall.wall.picture()) == lit_dots(full));
  program.version = 2;
  program.brightness = 0;
  hall.tell(program);
  hall.wall.draw(hall.now);
  CHECK(is_black(hall.wall.picture()));
  program.version = 3;
  program.brightness = 100;
  program.power = false;
  hall.tell(program);
  CHECK(hall.wall.draw(hall.now).version == 3);
  CHECK(is_black(hall.wall.picture()));
  CHECK_FALSE(hall.wall.draw(hall.now + 11s).version);  // at rest it stays black
  CHECK(is_black(hall.wall.picture()));
}

TEST_CASE("what is over all covers the wall, and the pages go on behind it") {
  Hall hall;
  auto program = text_wall(1, "今日停电");
  hall.tell(program);
  program.version = 2;
  program.views.over_all = EmergencyView{"请立即撤离"};
  hall.tell(program);
  hall.wall.draw(hall.now);
  CHECK(hall.shows(program));
  CHECK_FALSE(hall.wall.picture() == drawn_directly(text_wall(1, "今日停电"), hall.server(hall.now)));
  program.version = 3;
  program.views.over_all.reset();
  hall.tell(program);
  CHECK(hall.shows(program));
}

TEST_CASE("a page is not begun anew because a number on it changes") {
  Hall hall;
  BoardProgram program = text_wall(1, "");
  program.playlist.zones = {{{0, 0, 256, 64}, {{"totals", 5s}, {"door", 5s}}}};
  program.views.pages = {{"totals", samples::totals()}, {"door", samples::door()}};
  hall.tell(program);
  hall.wall.draw(hall.now);
  hall.now += 3s;
  program.version = 2;
  std::get<TotalsView>(program.views.pages["totals"]).totals[0].count = "87";
  hall.tell(program);
  CHECK(hall.wall.draw(hall.now).next_change == 105s);  // not 108
  program.version = 3;
  program.playlist.zones[0].items[0].view = "text";
  program.views.pages["text"] = TextView{"", "通知"};
  hall.tell(program);
  CHECK(hall.wall.draw(hall.now).next_change == 108s);
}

TEST_CASE("a wall of another size is drawn in its size") {
  Hall hall;
  hall.tell(text_wall(1, "旧"));
  auto program = text_wall(2, "新");
  program.playlist.width = 128;
  program.playlist.zones[0].area.width = 128;
  hall.tell(program);
  CHECK(hall.wall.draw(hall.now).changed);
  CHECK(hall.wall.picture().width() == 128);
  CHECK(hall.shows(program));
}

TEST_CASE("what scrolls comes dot by dot, each at its time") {
  Hall hall;
  auto program = text_wall(1, "办理不动产登记的群众请到二楼综合窗口取号，谢谢配合。今日下午三点起暂停受理。");
  program.playlist.height = 16;
  program.playlist.zones[0].area.height = 16;
  hall.tell(program);
  auto drawn = hall.wall.draw(hall.now);
  int changes = 0;
  const Instant end = hall.now + 6s;
  while (drawn.next_change && *drawn.next_change < end) {
    REQUIRE(*drawn.next_change > hall.now);
    hall.now = *drawn.next_change;
    drawn = hall.wall.draw(hall.now);
    changes += drawn.changed ? 1 : 0;
  }
  CHECK(changes > 100);
}
