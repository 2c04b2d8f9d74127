#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/e2e/approvals_site.hpp"

// A case on its way from the superior system to those who look, with real programs.

namespace {

using namespace lobby::tests;
using std::chrono::seconds;

constexpr const char* case_no = "510682SIM00000001";
/// Somebody who is nowhere else.
constexpr const char* name = "皇甫试甲乙";
constexpr const char* certificate = "510682199001010017";
constexpr const char* telephone = "19900000123";

std::string case_body(const std::string& status) {
  return fmt::format(
      R"({{"case_no":"{}","query_code":"428571","matter_name":"食品经营许可","applicant_type":"person",)"
      R"("applicant_name":"{}","applicant_id_no":"{}","applicant_phone":"{}","status":"{}",)"
      R"("accepted_at":"2026-03-16T08:40:00+08:00"}})",
      case_no, name, certificate, telephone, status);
}

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

void check_masked(const std::string& text) {
  for (const char* secret : {name, certificate, telephone, "428571"}) {
    CHECK_MESSAGE(text.find(secret) == std::string::npos, secret);
  }
}

}  // namespace

TEST_CASE("what advances in the superior system is seen and told, masked") {
  for (const std::string mapping : {"native", "epoint", "asmx-soap"}) {
    CAPTURE(mapping);
    FeedOfSite feed;
    feed.mapping = mapping;
    ApprovalLobby lobby({feed});
    REQUIRE(lobby.within(seconds(30), [&] { return lobby.state("approvals") == "ok"; }));
    lobby.put("approvals", "case", case_body("accepted"));
    REQUIRE(lobby.within(seconds(20), [&] { return !lobby.find_case(case_no).empty(); }));
    CHECK(lobby.find_case(case_no).at("status") == "accepted");

    const EventReader events(lobby.hall(), "?types=ApprovalsAdvanced");
    const auto then = std::chrono::steady_clock::now();
    lobby.put("approvals", "case", case_body("finished"));
    REQUIRE(lobby.within(seconds(20), [&] { return lobby.find_case(case_no).at("status") == "finished"; }));
    MESSAGE(mapping << ": seen after " << seconds_since(then) << " s");
    CHECK(lobby.within(seconds(30),
                       [&] { return events.text().find("event: ApprovalsAdvanced") != std::string::npos; }));
    MESSAGE(mapping << ": told after " << seconds_since(then) << " s");
    const auto shown = lobby.find_case(case_no);
    CHECK(shown.at("applicant_display") == "皇甫**");
    CHECK(shown.at("matter_name") == "食品经营许可");
    check_masked(boost::json::serialize(lobby.get("/approvals?all=true&limit=1000", "supervisor")));
    check_masked(events.text());
    check_masked(lobby.hall().journal());
    check_masked(lobby.log());
    if (mapping == "native") {
      CHECK(lobby.sim("approvals").at("last_signature") == "good");
      // Both programs were started at 08:55 of a day in March.
      const auto detail = lobby.device("approvals").at("detail");
      CHECK_MESSAGE(detail.as_string().find("its clock is") == std::string::npos, detail);
    }
  }
}

TEST_CASE("a bid that advances in the superior system is seen and told") {
  FeedOfSite feed;
  feed.mapping = "trs";  // the hall's own contract lets a list of bids be a minute old
  feed.has_secret = false;
  feed.take = R"("bids")";
  ApprovalLobby lobby({feed});
  const auto put = [&](const char* status) {
    lobby.put(
        "approvals", "bid",
        fmt::format(R"({{"project_no":"SIM-E2E-1","section_no":"1","project_name":"某项目","status":"{}",)"
                    R"("open_at":"2026-03-16T15:30:00+08:00","tenderer":"某单位"}})",
                    status));
  };
  const auto status = [&]() -> std::string {
    const auto page = lobby.get("/bids?date=2026-03-16");
    for (const auto& one : page.at("openings").as_array()) {
      if (one.at("project_no") == "SIM-E2E-1") {
        return one.at("status").as_string().c_str();
      }
    }
    return "";
  };
  put("announced");
  REQUIRE(lobby.within(seconds(30), [&] { return status() == "announced"; }));

  const EventReader events(lobby.hall(), "?types=BidsAdvanced");
  const auto then = std::chrono::steady_clock::now();
  put("postponed");
  REQUIRE(lobby.within(seconds(20), [&] { return status() == "postponed"; }));
  MESSAGE("seen after " << seconds_since(then) << " s");
  CHECK(lobby.within(seconds(is_sanitized ? 30 : 5),
                     [&] { return events.text().find("event: BidsAdvanced") != std::string::npos; }));
  const auto text = events.text();
  CHECK_MESSAGE(text.find("\"changed\":1") != std::string::npos, text);
  CHECK_MESSAGE(text.find("\"feed\":\"approvals\"") != std::string::npos, text);
}

TEST_CASE(
    "a source that is gone makes what is shown old, then too old, and is caught up with when it is back") {
  FeedOfSite feed;
  feed.take = R"("cases")";
  feed.max_age_s = 10;
  feed.expire_after_s = 13;
  ApprovalLobby lobby({feed});
  const auto page = [&] { return lobby.get("/approvals?limit=1000"); };
  const auto is = [&](const char* freshness) { return page().at("freshness") == freshness; };
  REQUIRE(
      lobby.within(seconds(30), [&] { return is("fresh") && page().at("cases").as_array().size() > 20; }));
  const auto before = page();

  lobby.put("approvals", "fault", R"({"kind":"gone"})");
  // A pull that was on its way may still have come through.
  REQUIRE(lobby.within(seconds(20), [&] { return lobby.state("approvals") == "degraded"; }));
  const auto fresh = page();
  CHECK(fresh.at("freshness") == "fresh");
  CHECK_FALSE(fresh.at("stale").as_bool());
  const auto then = std::chrono::steady_clock::now();
  REQUIRE(lobby.within(seconds(20), [&] { return is("labelled"); }));
  const double labelled = seconds_since(then);
  const auto old = page();
  CHECK(old.at("stale").as_bool());
  CHECK(old.at("as_of") == fresh.at("as_of"));
  // The same cases; nobody knows any more how they stand.
  REQUIRE(old.at("cases").as_array().size() == fresh.at("cases").as_array().size());
  for (std::size_t i = 0; i < old.at("cases").as_array().size(); ++i) {
    auto was = fresh.at("cases").at(i);
    auto& light = was.at("light");
    light = light.is_null() ? light : boost::json::value("grey");
    CHECK(old.at("cases").at(i) == was);
  }
  CHECK(
      lobby.device("approvals").at("reason").as_string().starts_with("stale, no answer for more than 10 s"));
  REQUIRE(lobby.within(seconds(20), [&] { return is("expired"); }));
  const double expired = seconds_since(then);
  const auto too_old = page();
  CHECK(too_old.at("as_of") == fresh.at("as_of"));
  for (const auto& one : too_old.at("cases").as_array()) {
    CHECK(one.at("light") != "green");
    CHECK(one.at("light") != "yellow");
    CHECK(one.at("light") != "red");
  }

  lobby.clear_fault("approvals");
  const auto back = std::chrono::steady_clock::now();
  REQUIRE(lobby.within(seconds(40), [&] { return is("fresh"); }));
  MESSAGE("labelled " << labelled << " s and expired " << expired << " s after the first failure, fresh "
                      << seconds_since(back) << " s after it was back");
  CHECK(page().at("as_of") != fresh.at("as_of"));
  CHECK(page().at("cases").as_array().size() >= before.at("cases").as_array().size());
  CHECK(lobby.within(seconds(5), [&] { return lobby.state("approvals") == "ok"; }));
}

TEST_CASE("openings, notices, matters and badges arrive, and nothing before its time") {
  ApprovalLobby lobby({FeedOfSite{}});
  const auto bids = [&] { return lobby.get("/bids?date=2026-03-16"); };
  const auto catalogue = [&] { return lobby.get("/catalogue"); };
  REQUIRE(lobby.within(seconds(40), [&] {
    return bids().at("openings").as_array().size() > 3 && !bids().at("notices").as_array().empty() &&
           !catalogue().at("upstream_matters").as_array().empty() &&
           !catalogue().at("staff").as_array().empty();
  }));
  // It is 08:55: the first opening is at 09:30.
  bool someone_bids = false;
  const auto today = bids();
  for (const auto& one : today.at("openings").as_array()) {
    someone_bids = someone_bids || one.as_object().contains("bidder_count");
    CHECK_MESSAGE((one.at("status") == "announced" || one.at("status") == "bidding_closed"),
                  boost::json::serialize(one));
    CHECK_MESSAGE(one.at("bidder_count").is_null(), boost::json::serialize(one));
  }
  CHECK(someone_bids);
  std::string told;
  for (const char* path : {"/bids?date=2026-03-15", "/bids?date=2026-03-16", "/bids?date=2026-03-17",
                           "/catalogue", "/approvals?limit=1000"}) {
    told += boost::json::serialize(lobby.get(path));
  }
  told += boost::json::serialize(lobby.get("/approvals?all=true&limit=1000", "supervisor"));
  told += boost::json::serialize(lobby.get("/review", "supervisor"));
  told += lobby.hall().journal();
  CHECK(told.find("中标候选人公示") != std::string::npos);          // published
  CHECK(told.find("四川示例甲建设有限公司") != std::string::npos);  // its candidates
  CHECK(told.find("未发布") == std::string::npos);                  // of tomorrow, with its names
  CHECK(told.find("什邡市示例旧项目") == std::string::npos);        // over
  CHECK(told.find("评委某") == std::string::npos);                  // experts
  CHECK(told.find("领文件") == std::string::npos);                  // who fetched the documents
  CHECK(told.find("expert") == std::string::npos);
  CHECK(told.find("1990000") == std::string::npos);  // the block of made-up telephone numbers
}
