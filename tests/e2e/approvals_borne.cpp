#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/e2e/approvals_site.hpp"

// Habits of superior systems that nobody in the hall need notice.

namespace {

using namespace lobby::tests;
using std::chrono::seconds;

struct Habit {
  std::string id;
  std::string mapping;
  std::string fault;
};
const Habit habits[] = {
    {"clock-ahead", "native", R"({"kind":"clock","offset_s":7200})"},
    {"clock-behind", "epoint", R"({"kind":"clock","offset_s":-7200})"},
    {"cursor-gone", "native", R"({"kind":"cursor_gone"})"},
    {"cursor-gone-inside", "native", R"({"kind":"cursor_gone","inside":true})"},
    {"shifting", "epoint", R"({"kind":"shifting","rows":3})"},
};
constexpr std::size_t many = 150;  // three pages

std::vector<FeedOfSite> feeds() {
  std::vector<FeedOfSite> all;
  for (const Habit& habit : habits) {
    FeedOfSite feed;
    feed.id = habit.id;
    feed.mapping = habit.mapping;
    feed.take = R"("cases")";
    all.push_back(feed);
  }
  return all;
}

std::set<std::string> numbers(const boost::json::object& page) {
  std::set<std::string> all;
  for (const auto& one : page.at("cases").as_array()) {
    all.insert(one.at("case_no").as_string().c_str());
  }
  return all;
}

}  // namespace

TEST_CASE("a wrong clock, a forgotten cursor and rows that move while they are read lose nothing") {
  ApprovalLobby lobby(feeds());
  const auto shown = [&] { return numbers(lobby.get("/approvals?all=true&limit=1000", "supervisor")); };
  lobby.put("shifting", "scale", fmt::format(R"({{"cases":{}}})", many));
  REQUIRE(lobby.within(seconds(60), [&] {
    return std::all_of(std::begin(habits), std::end(habits),
                       [&](const Habit& habit) { return lobby.state(habit.id) == "ok"; }) &&
           shown().size() >= many + 4 * 40;
  }));
  const auto before = shown();
  for (const Habit& habit : habits) {
    lobby.put(habit.id, "fault", habit.fault);
  }
  for (int round = 1; round <= 3; ++round) {
    const auto number = [&](const Habit& habit) { return fmt::format("510682SIM-{}-{}", habit.id, round); };
    for (const Habit& habit : habits) {
      lobby.put(habit.id, "case",
                fmt::format(R"({{"case_no":"{}","matter_name":"食品经营许可","applicant_type":"person",)"
                            R"("applicant_name":"皇甫试甲乙","status":"accepted",)"
                            R"("accepted_at":"2026-03-16T08:40:00+08:00"}})",
                            number(habit)));
    }
    for (const Habit& habit : habits) {
      CAPTURE(habit.id);
      CHECK(lobby.within(seconds(20), [&] { return shown().contains(number(habit)); }));
    }
    const auto now = shown();
    CHECK(std::includes(now.begin(), now.end(), before.begin(), before.end()));
  }
  const auto log = lobby.log();
  for (const Habit& habit : habits) {
    CHECK_MESSAGE(log.find(fmt::format("<4>feed {} is ", habit.id)) == std::string::npos, log);
    MESSAGE(habit.id << ": " << boost::json::serialize(lobby.device(habit.id).at("detail")));
  }
  CHECK(lobby.sim("clock-ahead").at("last_signature") == "good");
}
