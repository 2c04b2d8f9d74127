#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "display/canvas/double_buffer.hpp"
#include "display/canvas/scroll.hpp"
#include "display/page/board_page.hpp"
#include "display/page/playlist.hpp"
#include "tests/display_page/board_samples.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;

namespace {

std::vector<BoardView> every_view() {
  return {
      samples::cases(9, true), samples::totals(true), samples::windows(), samples::notice(),
      samples::openings(),     samples::room(),       samples::results(), samples::collect(),
      samples::hotlines(),     samples::door(),       samples::calls(),   TextView{"", "今日16:30停止取号"},
      EmergencyView{"请撤离"}, DefaultView{},         BlankView{},        SelfTestView{"17"}};
}

std::string text_of(const TextPage& page) {
  std::string all;
  for (const auto& line : page.lines) {
    for (const auto& span : line) {
      all += span.text;
    }
    all += '\n';
  }
  return all;
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

TEST_CASE("no page draws outside its zone, and the same instant gives the same dots") {
  Glyphs glyphs;
  const BoardStyle style;
  constexpr Colour around{1, 2, 3};
  std::minstd_rand random(7);
  for (const auto& view : every_view()) {
    for (int turn = 0; turn < 12; ++turn) {
      const Rect zone{static_cast<int>(random() % 20), static_cast<int>(random() % 20),
                      static_cast<int>(random() % 300), static_cast<int>(random() % 90)};
      const PageTime time{Instant(random() % 90'000'000), 0s};
      Picture first(330, 120, around);
      Picture second = first;
      draw_page(first, zone, view, style, time, glyphs);
      Glyphs others;
      draw_page(second, zone, view, style, time, turn == 0 ? others : glyphs);
      CHECK(first == second);
      for (const Rect outside :
           {Rect{0, 0, 330, zone.y}, Rect{0, 0, zone.x, 120}, Rect{zone.right(), 0, 330 - zone.right(), 120},
            Rect{0, zone.bottom(), 330, 120 - zone.bottom()}}) {
        Picture blank(330, 120, around);
        Picture copy = first;
        bool is_kept = true;
        for (int y = outside.y; y < outside.bottom(); ++y) {
          for (int x = outside.x; x < outside.right(); ++x) {
            is_kept = is_kept && copy.at(x, y) == around;
          }
        }
        CHECK(is_kept);
      }
    }
  }
}

TEST_CASE("scrolling keeps its speed whatever a frame takes") {
  std::minstd_rand random(3);
  for (const int speed : {1, 7, 40, 60, 333}) {
    Instant now{};
    while (now < 3600s) {
      const auto dots = scrolled(speed, now);
      const double exact = static_cast<double>(now.count()) * speed / 1e6;
      CHECK(static_cast<double>(dots) <= exact + 1e-6);
      CHECK(static_cast<double>(dots) > exact - 1.000001);
      CHECK(scrolled(speed, time_to_scroll(speed, dots + 1)) == dots + 1);
      CHECK(scrolled(speed, time_to_scroll(speed, dots + 1) - 1us) == dots);
      now += Instant(random() % 30'000'000);
    }
  }
}

TEST_CASE("a page that scrolls says when its next dot comes, and looks the same until then") {
  Glyphs glyphs;
  const BoardStyle style;
  const Rect zone{0, 0, 128, 16};
  Instant now = 5s;
  for (int step = 0; step < 50; ++step) {
    Picture here(128, 16);
    Picture before(128, 16);
    Picture then(128, 16);
    const auto result = draw_page(here, zone, samples::cases(2), style, {now, 0s}, glyphs);
    REQUIRE(result.next_change);
    CHECK(*result.next_change > now);
    CHECK(*result.next_change - now <= 25ms);
    draw_page(before, zone, samples::cases(2), style, {*result.next_change - 1us, 0s}, glyphs);
    draw_page(then, zone, samples::cases(2), style, {*result.next_change, 0s}, glyphs);
    CHECK(before == here);
    CHECK_FALSE(then == here);
    now = *result.next_change;
  }
}

TEST_CASE("each call holds the only line for its whole flash, however many follow") {
  const BoardStyle style;
  CallsView view;
  for (int i = 0; i < 5; ++i) {
    view.calls.push_back({"A10" + std::to_string(i), "3号窗口", "", Instant(i * 100'000)});
  }
  for (int i = 0; i < 5; ++i) {
    for (const auto into : {0ms, 900ms, 2'500ms}) {  // lit halves of its blinking
      const Instant now = i * 3s + into;
      const auto text = text_of(lines(view, 16, 1, style, {now, 0s}));
      CHECK(text == "请A10" + std::to_string(i) + "到3号窗口\n");
    }
    CHECK(text_of(lines(view, 16, 1, style, {i * 3s + 500ms, 0s})) == "\n");
  }
  CHECK(text_of(lines(view, 16, 1, style, {20min, 0s})) == "请A104到3号窗口\n");
  CHECK(lines(view, 16, 1, style, {31min, 0s}).lines.empty());
}

TEST_CASE("names are shown as they are given, and a lamp never without its word") {
  const auto text = text_of(lines(samples::cases(), 100, 12, {}, {}));
  CHECK(text.find("张**") != text.npos);
  CHECK(text.find("欧阳**") != text.npos);
  CHECK(text.find("●超期") != text.npos);
  CHECK(text.find("○停计") != text.npos);
}

TEST_CASE("no line of text is wider than its card, and the label of old data has its place") {
  for (const auto& view : every_view()) {
    for (const int columns : {8, 12, 24, 64}) {
      for (const int rows : {1, 2, 4, 8}) {
        const auto page = lines(view, columns, rows, {}, {1s, 0s});
        CHECK(page.lines.size() <= static_cast<std::size_t>(rows));
      }
    }
  }
  CHECK(text_of(lines(samples::cases(3, true), 24, 4, {}, {})).starts_with("办件公示"));
  CHECK(text_of(lines(samples::cases(3, true), 64, 4, {}, {})).find("截至 09:30") != std::string::npos);
  CHECK(text_of(lines(samples::cases(3, false), 64, 4, {}, {})).find("截至") == std::string::npos);
}

TEST_CASE("a character that no font has is a box and counted") {
  Glyphs nothing({"/nowhere.hex", {}});
  Picture picture(64, 16);
  const auto result = draw_page(picture, {0, 0, 64, 16}, TextView{"", "蓥华蓥"}, {}, {}, nothing);
  CHECK(result.missing.count == 3);
  CHECK(result.missing.characters == U"蓥华");
  CHECK(lit_dots(picture) > 60);
}

TEST_CASE("kept glyphs stay within their bytes and look the same after they were forgotten") {
  Glyphs glyphs({}, 20'000);
  const auto before = glyphs.glyph(U'号', {24, false}).runs.size();
  for (char32_t c = 0x4E00; c < 0x4E00 + 500; ++c) {
    glyphs.glyph(c, {24, c % 2 == 0});
    CHECK(glyphs.bytes() <= 20'000);
  }
  CHECK(glyphs.glyph(U'号', {24, false}).runs.size() == before);
}

TEST_CASE("a playlist takes turns, passes over what is empty, and a new call goes first") {
  Glyphs glyphs;
  Playlist list{256, 64, {{{0, 0, 256, 64}, {{"calls"}, {"none"}, {"totals", 5s}, {"door", 4s}}}}, {}, {}};
  BoardViews views;
  views.pages = {{"none", CasesView{}}, {"totals", samples::totals()}, {"door", samples::door()}};
  Picture picture(256, 64);
  auto result = frame(picture, list, views, {}, 100s, glyphs);
  CHECK(result.turns.zones[0].item == 2);
  CHECK(result.next_change == 105s);
  result = frame(picture, list, views, result.turns, 105s, glyphs);
  CHECK(result.turns.zones[0].item == 3);
  views.pages["calls"] = samples::calls(106s);
  result = frame(picture, list, views, result.turns, 106s, glyphs);
  CHECK(result.turns.zones[0].item == 0);
  CHECK(frame(picture, list, views, result.turns, 110s, glyphs).turns.zones[0].item == 0);
  views.over_all = EmergencyView{"请撤离"};
  Picture emergency(256, 64);
  draw_page(emergency, {0, 0, 256, 64}, *views.over_all, {}, {110s, 110s}, glyphs);
  frame(picture, list, views, result.turns, 110s, glyphs);
  CHECK(picture == emergency);
  frame(picture, list, {}, {}, 0s, glyphs);
  CHECK(lit_dots(picture) > 500);  // 欢迎光临
}

TEST_CASE("a call breaks a page off, which goes on where it was") {
  Playlist list{128, 32, {{{0, 0, 128, 32}, {{"calls"}, {"first", 10s}, {"second", 10s}}}}, {}, {}};
  BoardViews views;
  views.pages = {{"first", TextView{"", "一"}}, {"second", TextView{"", "二"}}};
  Turns turns;
  const auto item = [&](Instant now) {
    turns = text_frame(list, views, turns, now, 16, 2).turns;
    return turns.zones[0].item;
  };
  CHECK(item(100s) == 1);
  CHECK(item(110s) == 2);
  CHECK(item(117s) == 2);
  views.pages["calls"] = CallsView{"", {{"A023", "3号窗口", "", 117s}}};
  CHECK(item(117s) == 0);
  CHECK(item(122s) == 0);
  // Seven seconds of the second page were seen: it has three to go.
  CHECK(item(123s) == 2);
  CHECK(item(125s) == 2);
  CHECK(item(126s) == 0);
  // A call in every ten seconds, and yet the round comes round.
  std::set<std::size_t> seen;
  for (Instant now = 200s; now < 260s; now += 1s) {
    views.pages["calls"] = CallsView{"", {{"A024", "3号窗口", "", 200s + (now - 200s) / 10s * 10s}}};
    seen.insert(item(now));
  }
  CHECK(seen == std::set<std::size_t>{0, 1, 2});
}

TEST_CASE("totals stand in the middle of the glass, and do not move when they grow old") {
  TotalsView view{{{"当前等候", "7", "人"}, {"今日受理", "2", "件"}, {"今日办结", "1", "件"}},
                  {"09:30", false}};
  Glyphs glyphs;
  constexpr int band = 16;
  const auto drawn = [&](bool stale) {
    view.age.stale = stale;
    Picture picture(256, 4 * band);
    draw_page(picture, {0, 0, 256, 4 * band}, view, {}, {}, glyphs);
    std::vector<Picture> bands;
    for (int n = 0; n < 4; ++n) {
      Picture& one = bands.emplace_back(256, band);
      for (int y = 0; y < band; ++y) {
        for (int x = 0; x < 256; ++x) {
          one.set(x, y, picture.at(x, n * band + y));
        }
      }
    }
    return bands;
  };
  const auto fresh = drawn(false);
  CHECK(lit_dots(fresh[0]) == 0);
  CHECK(lit_dots(fresh[1]) > 100);
  CHECK(lit_dots(fresh[2]) > 50);
  CHECK(lit_dots(fresh[3]) == 0);
  const auto old = drawn(true);
  CHECK(old[1] == fresh[1]);
  CHECK(old[2] == fresh[2]);
  CHECK(lit_dots(old[3]) > 50);
}

TEST_CASE("a card that has fonts takes the same turns, line by line") {
  Playlist playlist;
  playlist.width = 128, playlist.height = 32;
  playlist.zones = {{{0, 0, 128, 32}, {{"calls", {}}, {"totals", 5s}, {"nothing", {}}, {"text", 5s}}}};
  BoardViews views;
  views.pages["totals"] = TotalsView{{{"受理", "86", "件"}}, {}};
  views.pages["text"] = TextView{"", "今日休息"};
  views.pages["calls"] = CallsView{"", {{"A023", "3号窗口", "", 20s}}};
  Turns turns;
  const auto said = [&](Instant now) {
    auto frame = text_frame(playlist, views, turns, now, 16, 2);
    turns = frame.turns;
    return std::pair{text_of({frame.lines, {}, {}}), frame.next_change.value_or(Instant(-1))};
  };
  CHECK(said(10s).first.find("受理") != std::string::npos);
  CHECK(said(10s).second == 15s);
  CHECK(said(15s).first.find("今日休息") != std::string::npos);
  CHECK(said(15s).second == 20s);
  CHECK(said(20s).first.find("A023") != std::string::npos);
  views.over_all = EmergencyView{"请撤离"};
  CHECK(said(21s).first.find("请撤离") != std::string::npos);
  views = {};
  CHECK(said(30s).first.find("欢迎光临") != std::string::npos);
}

TEST_CASE("a swap tells the rectangle that changed") {
  DoubleBuffer buffer(64, 16);
  buffer.back().fill(3, 4, 5, 6, {255, 0, 0});
  CHECK(buffer.swap() == Rect{3, 4, 5, 6});
  CHECK(buffer.front().at(3, 4) == Colour{255, 0, 0});
  buffer.back() = buffer.front();
  CHECK(buffer.swap().empty());
}
