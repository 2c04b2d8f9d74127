// What scrolls goes on from where it is read when rows come or go, to the dot.
#include <doctest/doctest.h>

#include <string>

#include "display/page/playlist.hpp"
#include "tests/display_page/board_samples.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;

namespace {

/// A board of one page, or of that and a text, drawn at any instant.
struct ScrollingBoard {
  explicit ScrollingBoard(int width, int height, bool with_text = false) : picture(width, height) {
    playlist.width = width;
    playlist.height = height;
    playlist.zones = {{{0, 0, width, height}, {{"cases", {}}}}};
    playlist.style.roll = true;
    if (with_text) {
      playlist.zones[0].items.push_back({"text", {}});
      views.pages["text"] = TextView{"", "今日16:30停止取号"};
    }
    views.pages["cases"] = samples::cases();
  }
  CasesView& cases() { return std::get<CasesView>(views.pages["cases"]); }
  const Picture& at(Instant now) {
    auto result = frame(picture, playlist, views, turns, now, glyphs);
    turns = std::move(result.turns);
    next = result.next_change;
    return picture;
  }
  template <class Change>
  void change(Instant now, Change what) {
    const auto before = views;
    what(cases());
    turns = carried_on(playlist, before, views, std::move(turns), now);
  }

  Playlist playlist;
  BoardViews views;
  Turns turns;
  Glyphs glyphs;
  Picture picture;
  std::optional<Instant> next;
};

CasesView::Row another() {
  return {"510682-2026-000777", "林木采伐许可", "孙**",      "2号", "11-24",
          "承诺4工作日",        "已受理",       Light::green};
}

void insert_in_front(CasesView& view) {
  view.rows.insert(view.rows.begin(), another());
}
void remove_first(CasesView& view) {
  view.rows.erase(view.rows.begin());
}

/// Rows that are read at `now` stay where they are, also one dot later and when half a dot was on its way.
template <class Change>
void check_stays(int width, int height, Instant now, Change what) {
  CAPTURE(now.count());
  ScrollingBoard same(width, height), changed(width, height);
  same.at(0s);
  changed.at(0s);
  same.at(now);
  const Picture before = changed.at(now);
  changed.change(now, what);
  CHECK(changed.at(now) == before);
  REQUIRE(same.next);
  REQUIRE(changed.next);
  CHECK(*changed.next == *same.next);
  const Instant later = *same.next;
  CHECK(changed.at(later) == same.at(later));
}

}  // namespace

TEST_CASE("a sentence that is read goes on when a row comes in front of it, or one that was read goes") {
  // 128 dots at 40 a second: after 3.2 s the first row reaches the left edge; it is some 500 dots long.
  for (const Instant now : {20s + 1ms, 24s + 517ms, 31s + 999ms}) {
    check_stays(128, 16, now, insert_in_front);
    check_stays(128, 16, now, remove_first);
  }
}

TEST_CASE("rows that roll go on, too") {
  for (const Instant now : {6s + 1ms, 7s + 517ms}) {
    check_stays(512, 64, now, insert_in_front);
  }
}

TEST_CASE("a row that is gone while it is read lets the next one stay where it was") {
  ScrollingBoard board(128, 16), whole(128, 16);
  board.at(0s);
  whole.at(0s);
  // Some instant at which the end of the first row and the beginning of the second are both seen.
  Instant now = 3s;
  for (; now < 40s; now += 25ms) {
    const Picture without = [&] {
      ScrollingBoard gone(128, 16);
      gone.at(0s);
      gone.at(now);
      gone.change(now, remove_first);
      return gone.at(now);
    }();
    const Picture with = whole.at(now);
    if (without == with) {
      continue;  // the first row is not seen yet, or no more
    }
    // From the right edge on all is the same, up to where the first row's end was.
    int same = 0;
    const auto column_is_same = [&](int x) {
      for (int y = 0; y < 16; ++y) {
        if (with.at(x, y) != without.at(x, y)) {
          return false;
        }
      }
      return true;
    };
    while (same < 128 && column_is_same(127 - same)) {
      ++same;
    }
    if (same > 40) {
      return;
    }
  }
  FAIL("the second row was never seen to stay");
}

TEST_CASE("the page turns when the last row has left, wherever rows came in") {
  ScrollingBoard board(128, 16, true);
  board.at(0s);
  board.at(20s);
  board.change(20s, insert_in_front);
  board.at(20s);
  int lit = 0;
  for (Instant now = 20s; board.turns.zones[0].item == 0; now = *board.next) {
    REQUIRE(now < 10min);
    const Picture& picture = board.at(now);
    if (board.turns.zones[0].item != 0) {
      break;
    }
    lit = 0;
    for (int y = 0; y < 16; ++y) {
      for (int x = 8; x < 128; ++x) {
        lit += picture.at(x, y) == Colour{} ? 0 : 1;
      }
    }
    REQUIRE(board.next);
  }
  CHECK(lit == 0);
}

TEST_CASE("what is new in front comes with the next round, what is new behind in this one") {
  ScrollingBoard board(128, 16), told(128, 16);
  board.at(0s);
  board.at(20s);
  board.change(20s, insert_in_front);
  // A board that knew the row from the beginning shows the same, some time later or earlier.
  insert_in_front(told.cases());
  told.at(0s);
  std::optional<Instant> found;
  const Picture then = board.at(20s);
  for (Instant now = 15s; now < 60s && !found; now += 1ms) {
    if (told.at(now) == then) {
      found = now;
    }
  }
  REQUIRE(found);
  const Picture later = board.at(21s);
  CHECK(told.at(*found + 1s) == later);
}
