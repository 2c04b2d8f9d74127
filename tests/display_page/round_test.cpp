// A whole round of a board's pages, for signs that turn them by themselves.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "display/page/playlist.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;

namespace {

constexpr Instant round_now = 1'000'000s;

Playlist strip_of(const std::vector<std::string>& views) {
  Playlist playlist;
  playlist.width = 128;
  playlist.height = 16;
  playlist.zones.push_back({{0, 0, 128, 16}, {}});
  for (const auto& view : views) {
    playlist.zones.front().items.push_back({view, {}});
  }
  return playlist;
}

NoticeView notices_of(const std::vector<std::string>& texts) {
  NoticeView view;
  for (const auto& text : texts) {
    view.entries.push_back({"", text});
  }
  return view;
}

std::vector<std::string> words_of(const std::vector<std::vector<TextLine>>& pages) {
  std::vector<std::string> out;
  for (const auto& page : pages) {
    auto& words = out.emplace_back();
    for (const auto& line : page) {
      for (const auto& span : line) {
        words += span.text;
      }
      words += "|";
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a round has every page of every view that says something, in the order of the list") {
  const auto playlist = strip_of({"a", "nothing", "empty", "b"});
  BoardViews views;
  views.pages.emplace("a", notices_of({"一", "二"}));
  views.pages.emplace("empty", notices_of({}));
  views.pages.emplace("b", notices_of({"三"}));
  const auto round = text_round(playlist, views, round_now, {16, 1, 3});
  REQUIRE(round);
  CHECK(words_of(round->pages) == std::vector<std::string>{"一|", "二|", "三|"});
  CHECK(round->views == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(round->next_change);
  CHECK_FALSE(text_round(playlist, views, round_now, {16, 1, 2}));
  // It does not depend on when one looks.
  CHECK(words_of(text_round(playlist, views, round_now + 5s, {16, 1, 3})->pages) == words_of(round->pages));
}

TEST_CASE("a round shows what the pages show one after the other") {
  const auto playlist = strip_of({"a", "b"});
  BoardViews views;
  views.pages.emplace("a", notices_of({"办理时间为每个工作日的上午八点半到下午五点半", "二"}));
  views.pages.emplace("b", TotalsView{{{"当前等候", "12", "人"}, {"今日受理", "3", "件"}}, {"09:30", true}});
  const auto round = text_round(playlist, views, round_now, {16, 1, 16});
  REQUIRE(round);
  const auto all = words_of(round->pages);
  std::set<std::string> seen;
  Turns turns;
  for (Instant at{}; at < 300s; at += 500ms) {
    auto frame = text_frame(playlist, views, turns, round_now + at, 16, 1);
    turns = frame.turns;
    seen.insert(words_of({frame.lines}).front());
  }
  CHECK(seen == std::set<std::string>(all.begin(), all.end()));
  CHECK(seen.contains("截至 09:30|"));
}

TEST_CASE("a round of nothing is the text for that; what is over all is alone in it") {
  const auto playlist = strip_of({"a"});
  const auto rest = text_round(playlist, {}, round_now, {16, 1, 2});
  REQUIRE(rest);
  CHECK(words_of(rest->pages) == std::vector<std::string>{"    欢迎光临|"});
  CHECK(rest->views.empty());
  BoardViews views;
  views.pages.emplace("a", notices_of({"一"}));
  views.over_all = EmergencyView{"请撤离"};
  CHECK(words_of(text_round(playlist, views, round_now, {16, 1, 2})->pages) ==
        std::vector<std::string>{"     请撤离|"});
}

TEST_CASE(
    "a new call is no part of a round while it flashes, then one page of it until it has stood its time") {
  auto playlist = strip_of({"calls", "a"});
  playlist.style.call_keep = 60s;
  BoardViews views;
  CallsView calls;
  calls.calls.push_back({"A012", "1号窗口", {}, round_now});
  views.pages.emplace("calls", calls);
  views.pages.emplace("a", notices_of({"一"}));
  CHECK_FALSE(text_round(playlist, views, round_now + 2999ms, {16, 1, 4}));
  const auto round = text_round(playlist, views, round_now + 3s, {16, 1, 4});
  REQUIRE(round);
  CHECK(words_of(round->pages) == std::vector<std::string>{"请A012到1号窗口|", "一|"});
  REQUIRE(round->next_change);
  CHECK(*round->next_change == round_now + 60s);
  CHECK(words_of(text_round(playlist, views, round_now + 60s, {16, 1, 4})->pages) ==
        std::vector<std::string>{"一|"});
}

TEST_CASE("a label and its text that have no room side by side stand on lines of their own") {
  DoorView door;
  door.hours = "08:30-12:00";
  door.open = true;
  door.waiting = "12";
  BoardViews views;
  views.pages.emplace("door", door);
  const auto round = text_round(strip_of({"door"}), views, round_now, {16, 1, 8});
  REQUIRE(round);
  CHECK(words_of(round->pages) ==
        std::vector<std::string>{"开放时间|", "08:30-12:00|", "当前状态|", "正在办公|", "等候人数 12|"});
}
