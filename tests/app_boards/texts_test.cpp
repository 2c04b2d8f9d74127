// Texts that two people approved, and the emergency page, as walls get them.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <chrono>
#include <functional>
#include <sstream>

#include "display/page/program.hpp"
#include "tests/app_lobby/real_lobby.hpp"

namespace {

using lobby::display::BoardProgram;
using lobby::display::EmergencyView;
using lobby::display::NoticeView;
using lobby::tests::RealLobby;

const std::string api = "/api/v1";
const std::string drafts = api + "/boards/drafts";

/// Two walls of different zones, one of none, all with the usual pages.
std::string site_with_walls() {
  auto text = lobby::tests::site_of_every_kind();
  const std::string zones = "zone = [";
  text.insert(text.find(zones) + zones.size(), R"({id = "B", name = "南厅"}, )");
  for (const auto* board :
       {"id = \"wall-a\"\nzone = \"A\"", "id = \"wall-b\"\nzone = \"B\"", "id = \"door\""}) {
    text += std::string("[[board]]\nprotocol = \"screen\"\n") + board + "\n";
  }
  return text;
}

struct Walls {
  RealLobby lobby{site_with_walls()};

  BoardProgram program(const std::string& wall) const {
    const auto answer = lobby.get(api + "/boards/" + wall + "/program", "screen");
    REQUIRE(answer.status == 200);
    auto read = lobby::display::read_program(answer.body);
    REQUIRE(read.has_value());
    return *std::move(read);
  }
  /// What its page of texts says, from the first to the last.
  std::vector<std::string> texts(const std::string& wall) const {
    const auto now = program(wall);
    const auto page = now.views.pages.find("texts");
    REQUIRE(page != now.views.pages.end());
    const auto& notices = std::get<NoticeView>(page->second);
    CHECK(notices.title == "通知");
    std::vector<std::string> said;
    for (const auto& entry : notices.entries) {
      CHECK(entry.label.empty());
      said.push_back(entry.text);
    }
    return said;
  }
  /// What covers the wall; empty: nothing.
  std::string over_all(const std::string& wall) const {
    const auto views = program(wall).views;
    return views.over_all ? std::get<EmergencyView>(*views.over_all).text : "";
  }
  void draft(const std::string& wall, const std::string& text, const std::string& until) const {
    const auto made = lobby.post(api + "/boards/" + wall + "/text", "supervisor",
                                 R"({"text":")" + text + R"(","until":")" + until + "\"}");
    REQUIRE_MESSAGE(made.status == 201, made.body);
  }
  void approve(int id) const {
    const auto done = lobby.post(drafts + "/" + std::to_string(id) + "/approve", "admin");
    REQUIRE_MESSAGE(done.status == 200, done.body);
  }
  std::vector<boost::json::value> published() const {
    std::istringstream lines(lobby.get(api + "/journal?limit=10000").body);
    std::vector<boost::json::value> events;
    for (std::string line; std::getline(lines, line);) {
      if (line.find("\"BoardPublished\"") != std::string::npos) {
        events.push_back(boost::json::parse(line));
      }
    }
    return events;
  }
  bool is_published(const std::string& board, const std::string& source) const {
    for (const auto& event : published()) {
      const auto holds = [&event](const char* list, const std::string& name) {
        const auto& all = event.at(list).as_array();
        return std::find(all.begin(), all.end(), boost::json::value(name)) != all.end();
      };
      if (holds("boards", board) && holds("sources", source)) {
        return true;
      }
    }
    return false;
  }
};

/// Asks again until it is so; what is never so ends the test. The house looks each second.
bool comes(const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < end) {
    if (is_so()) {
      return true;
    }
  }
  return false;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a text is on its board when another person has approved it, until its time is over") {
  Walls walls;
  const std::string first = "今日下午停电", second = "三号窗口暂停";
  walls.draft("wall-a", first, "2026-03-16T12:00:00+08:00");
  walls.draft("wall-a", second, "2026-03-16T17:00:00+08:00");
  walls.approve(2);
  REQUIRE(comes([&] { return walls.texts("wall-a") == Texts{second}; }));
  walls.approve(1);
  REQUIRE(comes([&] { return walls.texts("wall-a") == Texts{first, second}; }));
  CHECK(walls.texts("wall-b").empty());
  CHECK(walls.texts("door").empty());
  CHECK(comes([&] { return walls.is_published("wall-a", "texts"); }));
  CHECK_FALSE(walls.is_published("wall-b", "texts"));
  walls.lobby.crash();
  REQUIRE(comes([&] {
    return walls.lobby.get(api + "/boards/wall-a/program", "screen").body.find(first) != std::string::npos;
  }));
  walls.lobby.pass(3 * 3600);
  REQUIRE(comes([&] { return walls.texts("wall-a") == Texts{second}; }));
  CHECK(walls.lobby.call("DELETE", drafts + "/2", "supervisor").status == 204);
  REQUIRE(comes([&] { return walls.texts("wall-a").empty(); }));
}

TEST_CASE("an emergency covers the boards of its zones and those of none, and goes by word only") {
  Walls walls;
  const std::string emergency = api + "/emergency";
  CHECK(walls.lobby.post(emergency, "supervisor", R"({"text":"请有序撤离","zones":["B"]})").status == 200);
  REQUIRE(comes([&] { return walls.over_all("wall-b") == "请有序撤离"; }));
  CHECK(walls.over_all("door") == "请有序撤离");
  CHECK(walls.over_all("wall-a").empty());
  CHECK_FALSE(walls.program("wall-b").at);  // at once, not with its group
  // A test of the board does not hide it.
  CHECK(walls.lobby.post(api + "/devices/wall-b/self-test", "supervisor").status == 200);
  CHECK(walls.over_all("wall-b") == "请有序撤离");
  CHECK(walls.lobby.post(emergency, "supervisor", R"({"text":"全厅撤离"})").status == 200);
  REQUIRE(comes([&] { return walls.over_all("wall-a") == "全厅撤离"; }));
  walls.lobby.pass(3 * 24 * 3600);
  walls.lobby.crash();
  REQUIRE(comes([&] { return walls.over_all("wall-a") == "全厅撤离"; }));
  CHECK(walls.over_all("wall-b") == "全厅撤离");
  CHECK(comes([&] { return walls.is_published("wall-b", "emergency"); }));
  CHECK(walls.lobby.call("DELETE", emergency, "supervisor").status == 204);
  REQUIRE(comes([&] { return walls.over_all("wall-a").empty(); }));
  CHECK(walls.over_all("door").empty());
}

TEST_CASE("calls and waiting people are no publication") {
  Walls walls;
  // Hotlines, windows and the like are new when the house begins.
  walls.draft("wall-a", "通知", "2026-03-16T12:00:00+08:00");
  walls.approve(1);
  REQUIRE(comes([&] { return walls.is_published("wall-a", "texts"); }));
  const auto before = walls.published().size();
  walls.lobby.act("w1", "open", R"({"clerk":"1024"})");
  const auto id = walls.lobby.issue("social");
  walls.lobby.act("w1", "call-next");
  REQUIRE(comes([&] {
    const auto pages = walls.program("wall-a").views.pages;
    return std::get<lobby::display::CallsView>(pages.at("calls")).calls.size() == 1;
  }));
  walls.lobby.act("w1", "finish");
  CHECK(id > 0);
  // Told after the calls, so what they gave rise to is on record by then.
  walls.draft("wall-b", "通知", "2026-03-16T12:00:00+08:00");
  walls.approve(2);
  REQUIRE(comes([&] { return walls.is_published("wall-b", "texts"); }));
  CHECK(walls.published().size() == before + 1);
}
