#include <doctest/doctest.h>

#include <string>

#include "tests/api/house.hpp"

namespace {

using namespace lobby;
using fakes::House;
using fakes::Reply;
using std::chrono::minutes;
using std::chrono::seconds;

hall::CaseRow some_case(const std::string& number = "SF2026-0001") {
  hall::CaseRow row;
  row.id = "upstream-1";
  row.case_no = number;
  row.query_code = "8251";
  row.matter_name = "食品经营许可";
  row.applicant_type = "person";
  row.applicant_display = "张**";
  row.applicant_key = "0f0f0f0f";
  row.status = row.shown_status = "reviewing";
  row.light = row.shown_light = "green";
  row.card = row.shown_card = "yellow";
  row.accepted_at = "2026-03-10T10:00:00+08:00";
  row.version = 7;
  return row;
}

boost::json::object only_case(const Reply& reply) {
  REQUIRE(reply.status == 200);
  const auto cases = reply.json().at("cases").as_array();
  REQUIRE(cases.size() == 1);
  return cases[0].as_object();
}

Reply inquire(House& house, const std::string& code, const std::string& number = "SF2026-0001",
              const char* who = "kiosk") {
  return house.get("/api/v1/approvals/" + number + "?code=" + code, who);
}

}  // namespace

TEST_CASE("a case is shown to who knows its code, and nothing else of it") {
  House house;
  house.backend.case_rows["SF2026-0001"] = some_case();
  const auto found = inquire(house, "8251");
  REQUIRE(found.status == 200);
  for (const char* secret : {"8251", "upstream-1", "0f0f0f0f", "yellow", "\"card\""}) {
    CHECK_MESSAGE(found.body.find(secret) == std::string::npos, secret);
  }
  CHECK(only_case(found).at("applicant_display").as_string() == "张**");
  CHECK(found.json().at("as_of").as_string() == "2026-03-16T09:00:00.000+08:00");
  const auto wrong = inquire(house, "8250"), unknown = inquire(house, "8251", "SF2026-0002");
  CHECK(wrong.status == 404);
  CHECK(wrong.body == unknown.body);
  house.backend.case_rows["SF2026-0001"].query_code = "";
  CHECK(inquire(house, "").code() == "bad_request");
  CHECK(house.get("/api/v1/approvals/SF2026-0001", "kiosk").code() == "bad_request");
  CHECK(inquire(house, "8251").status == 404);
}

TEST_CASE("the list asks for what was asked, and refuses what it does not know") {
  House house;
  house.backend.case_rows["SF2026-0001"] = some_case();
  const auto list = house.get("/api/v1/approvals?since=6&status=reviewing&light=green&limit=3", "screen");
  CHECK(only_case(list).at("status_text").as_string() == "审核中");
  CHECK(list.body.find("upstream-1") == std::string::npos);
  CHECK(list.body.find("8251") == std::string::npos);
  const auto& asked = house.backend.asked_cases.back();
  CHECK(asked.since == 6U);
  CHECK(asked.status == "reviewing");
  CHECK(asked.light == "green");
  CHECK(asked.limit == 3);
  CHECK_FALSE(asked.everything);
  for (const char* query :
       {"limit=100000", "status=bogus", "light=bogus", "status=", "light=GREEN", "all=1"}) {
    CHECK_MESSAGE(house.get(std::string("/api/v1/approvals?") + query, "screen").code() == "bad_request",
                  query);
  }
}

TEST_CASE("a refusal is not told beside a name, but to the applicant and to supervisors") {
  House house;
  auto row = some_case();
  row.status = "rejected";
  row.status_raw = "审批不通过";
  row.shown_status = "finished";
  house.backend.case_rows[row.case_no] = row;
  const auto list = house.get("/api/v1/approvals", "screen");
  CHECK(only_case(list).at("status").as_string() == "finished");
  CHECK(only_case(list).at("status_text").as_string() == "已办结");
  CHECK(list.body.find("不通过") == std::string::npos);
  CHECK(list.body.find("rejected") == std::string::npos);
  CHECK(only_case(inquire(house, "8251")).at("status").as_string() == "rejected");
  const auto all = house.get("/api/v1/approvals?all=true", "supervisor");
  CHECK(only_case(all).at("status").as_string() == "rejected");
  CHECK(only_case(all).at("card").as_string() == "yellow");
  CHECK(all.body.find("0f0f0f0f") == std::string::npos);
}

TEST_CASE("what is for nobody is counted, and listed for supervisors only") {
  House house;
  auto row = some_case("");
  row.shown_status = "";
  row.suppressed = true;
  house.backend.case_rows["x"] = row;
  house.backend.case_page.totals = {12, 3, 2, 1};
  const auto list = house.get("/api/v1/approvals", "screen").json();
  CHECK(list.at("cases").as_array().empty());
  CHECK(list.at("totals").at("cases").as_int64() == 12);
  CHECK(list.at("totals").at("accepted_today").as_int64() == 3);
  CHECK(list.at("totals").at("finished_today").as_int64() == 2);
  CHECK(list.at("totals").at("suppressed").as_int64() == 1);
  CHECK(only_case(house.get("/api/v1/approvals?all=true", "admin")).at("suppressed").as_bool());
  CHECK(house.get("/api/v1/approvals?all=true", "screen").code() == "forbidden");
  CHECK(house.get("/api/v1/approvals?all=true", "kiosk").code() == "forbidden");
}

TEST_CASE("how old it is: fresh, labelled, expired") {
  House house;
  for (const auto state : {hall::Freshness::fresh, hall::Freshness::labelled, hall::Freshness::expired}) {
    house.backend.case_page.age.state = state;
    const auto list = house.get("/api/v1/approvals", "screen").json();
    CHECK(list.at("freshness").as_string() == hall::word_of(state));
    CHECK(list.at("stale").as_bool() == (state != hall::Freshness::fresh));
    CHECK(list.at("valid_for_s").as_int64() == 600);
  }
}

TEST_CASE("five wrong codes for a case shut it for ten minutes, at this kiosk only") {
  House house;
  house.add_account("kiosk-2", api::Role::kiosk);
  house.backend.case_rows["SF2026-0001"] = some_case();
  house.backend.case_rows["SF2026-0002"] = some_case("SF2026-0002");
  for (int i = 0; i < 4; ++i) {
    CHECK(inquire(house, "0000").status == 404);
  }
  CHECK(inquire(house, "8251").status == 200);  // one that is right counts for nothing
  CHECK(inquire(house, "0000").status == 404);
  const auto shut = inquire(house, "8251");
  CHECK(shut.status == 429);
  CHECK(shut.code() == "rate_limited");
  CHECK(shut.headers.at("retry-after") == "600");
  CHECK(inquire(house, "8251", "SF2026-0002").status == 200);
  CHECK(inquire(house, "8251", "SF2026-0001", "kiosk-2").status == 200);
  house.advance(minutes(10) - seconds(1));
  CHECK(inquire(house, "8251").headers.at("retry-after") == "1");
  house.advance(seconds(1));
  CHECK(inquire(house, "8251").status == 200);
}

TEST_CASE("who fishes among many numbers is stopped too") {
  House house;
  house.backend.case_rows["SF2026-0001"] = some_case();
  for (int i = 0; i < 30; ++i) {
    CHECK(inquire(house, "8251", "SF2026-1" + std::to_string(i)).status == 404);
  }
  CHECK(inquire(house, "8251").status == 429);
  house.advance(minutes(10));
  CHECK(inquire(house, "8251").status == 200);
}

TEST_CASE("bids are those of today, or of the day that is asked for") {
  House house;
  house.backend.told_bids.age = {house.backend.now(), hall::Freshness::labelled, 600};
  const auto today = house.get("/api/v1/bids", "screen");
  CHECK(house.backend.asked_bids == hall::local_date(house.backend.now()));
  CHECK(today.json().at("freshness").as_string() == "labelled");
  CHECK(house.get("/api/v1/bids?date=2026-03-18", "screen").status == 200);
  CHECK(hall::to_text(house.backend.asked_bids) == "2026-03-18");
  CHECK(house.get("/api/v1/bids?date=2026-02-30", "screen").code() == "bad_request");
  CHECK(house.get("/api/v1/bids", "kiosk").status == 403);
}

TEST_CASE("what supervisors look at is for them alone") {
  House house;
  auto row = some_case();
  row.mismatch = true;
  row.own_due = "2026-03-17T17:30:00+08:00";
  house.backend.told_mismatches = {row};
  house.backend.told_returned = {{"aa00", "食品经营许可", 2, 2, "2026-03-10"}};
  house.backend.told_records[hall::What::alerts] = {{"w1", R"({"case_no":"1","card":"red"})"}, {"w2", "{}"}};
  const auto review = house.get("/api/v1/review", "supervisor").json();
  CHECK(review.at("mismatches").at(0).at("own_due").as_string() == "2026-03-17T17:30:00+08:00");
  CHECK(review.at("returned_twice").at(0).at("returns").as_int64() == 2);
  CHECK(review.at("alerts").at(0).at("card").as_string() == "red");
  CHECK(review.at("alerts").at(0).at("id").as_string() == "w1");
  CHECK(review.at("alerts").at(1).as_object().size() == 1);
  for (const char* who : {"kiosk", "screen", "clerk", "evaluator"}) {
    CHECK(house.get("/api/v1/review", who).status == 403);
  }
}
