#include <doctest/doctest.h>

#include <set>
#include <string>

#include "tests/sim_tests/approval_office.hpp"

using namespace lobby::sim;

namespace {

std::string text_of(const boost::json::value& value) {
  return std::string(value.get_string());
}

const boost::json::value* find(const boost::json::value& items, const char* key, const char* wanted) {
  for (const boost::json::value& one : items.get_array()) {
    if (one.get_object().contains(key) && one.at(key) == wanted) {
      return &one;
    }
  }
  return nullptr;
}

/// What a signed request carries.
httplib::Headers signed_headers(const std::string& text, const std::string& ts, const std::string& nonce,
                                const std::string& key, const std::string& algorithm = "SHA256") {
  return {
      {"Authorization", "HALL-HMAC-" + algorithm + " appId=hall-1,ts=" + ts + ",nonce=" + nonce +
                            ",signed=method;path;query;body;ts;nonce,sig=" + hmac_hex(algorithm, key, text)}};
}

constexpr const char* nothing_sm3 = "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b";
constexpr const char* nothing_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

}  // namespace

TEST_CASE("native: a cursor leads through all cases and on to what changed and what went") {
  const Office office("native");
  std::set<std::string> ids;
  std::string since;
  for (bool more = true; more;) {
    const boost::json::value data = office.json("/api/cases?limit=20&since=" + since).at("data");
    for (const boost::json::value& one : data.at("items").get_array()) {
      ids.insert(text_of(one.at("id")));
    }
    since = text_of(data.at("nextCursor"));
    more = data.at("hasMore").get_bool();
    CHECK(text_of(data.at("serverTime")).starts_with("2026-03-16T09:0"));
  }
  CHECK(ids.size() == 48);
  office.put("case", R"({"case_no":"SF-1","applicant_name":"诸葛二","status":"suspended",
      "promised_limit":"5 workday","stops":"2026-03-16/2026-03-17;2026-03-18T09:00:00+08:00/",
      "stop_limit":"10 workday"})");
  office.put("case", R"({"case_no":"SF-2","deleted":true,"id":"gone-1"})");
  const boost::json::value items = office.json("/api/cases?since=" + since).at("data").at("items");
  const boost::json::value* const one = find(items, "caseNo", "SF-1");
  REQUIRE(one != nullptr);
  CHECK(one->at("applicantName") == "诸葛二");
  CHECK(one->at("promisedLimit") == boost::json::value{{"n", 5}, {"unit", "workday"}});
  CHECK(one->at("suspended").at("since") == "2026-03-18T09:00:00+08:00");
  CHECK(one->at("suspended").at("limitDays") == 10);
  CHECK(one->at("suspensions").at(0).at("to") == "2026-03-17");
  CHECK(one->at("suspensions").at(1).at("to").is_null());
  CHECK(one->at("acceptedAt").is_null());
  const boost::json::value* const gone = find(items, "id", "gone-1");
  REQUIRE(gone != nullptr);
  CHECK(gone->at("deleted") == true);
  CHECK(office.names().find("诸葛二\n") != std::string::npos);
}

TEST_CASE("native: what did not change is 304 under its tag, what did has another") {
  const Office office("native");
  const auto whole = office.get("/api/matters");
  REQUIRE(whole);
  const std::string tag = whole->get_header_value("ETag");
  CHECK_FALSE(tag.empty());
  CHECK(office.get("/api/matters", {{"If-None-Match", tag}})->status == 304);
  CHECK(office.get("/api/matters", {{"If-None-Match", "\"x\""}})->status == 200);
  office.put("matter", R"({"code":"SIM-0101","fee":"10元"})");
  const auto changed = office.get("/api/matters", {{"If-None-Match", tag}});
  CHECK(changed->status == 200);
  CHECK(changed->body.find("10元") != std::string::npos);
}

TEST_CASE("native: a cursor of another book is too old, and so is any when the fault says it") {
  const Office office("native");
  const std::string since = text_of(office.json("/api/cases").at("data").at("nextCursor"));
  CHECK(office.get("/api/cases?since=" + since)->status == 200);
  office.put("scale", R"({"cases":30})");
  const auto old = office.get("/api/cases?since=" + since);
  CHECK(old->status == 410);
  CHECK(boost::json::parse(old->body).at("code") == 40910);
  CHECK(office.json("/api/cases").at("data").at("items").get_array().size() == 30);
  CHECK(office.get("/api/cases?since=nonsense")->status == 410);
  const std::string now = text_of(office.json("/api/cases").at("data").at("nextCursor"));
  office.fault(R"({"kind":"cursor_gone","inside":true})");
  CHECK(office.json("/api/cases?since=" + now).at("code") == 40910);
  CHECK(office.json("/api/cases").at("code") == 0);
}

TEST_CASE("native: openings of the day, their states by the time, and what nobody may see") {
  const Office office("native");
  const boost::json::value bids = office.json("/api/bids?date=2026-03-16&days=1").at("data").at("items");
  CHECK(bids.get_array().size() == 4);
  CHECK(office.json("/api/bids?date=2026-03-15&days=3").at("data").at("items").get_array().size() == 6);
  const boost::json::value* const first = find(bids, "projectNo", "SIM-GC-001");
  REQUIRE(first != nullptr);
  CHECK(first->at("openAt") == "2026-03-16T09:30:00+08:00");
  CHECK(first->at("status") == "announced");
  CHECK(first->at("bidderCount") == 5);
  const std::string expert = text_of(first->at("experts").at(0).at("name"));
  const std::string holder = text_of(first->at("documentHolders").at(0).at("name"));
  CHECK_FALSE(first->at("candidates").get_array().empty());
  const std::string names = office.names();
  CHECK(names.find(expert + "\n") != std::string::npos);
  CHECK(names.find(holder + "\n") != std::string::npos);
  office.put("bid", R"({"project_no":"T-1","section_no":"2","project_name":"某项目","status":"postponed",
      "open_at":"2026-03-16T10:30:00+08:00","tenderer":"某单位"})");
  office.put("bid", R"({"project_no":"SIM-GC-001","section_no":"1","status":"terminated"})");
  const boost::json::value after = office.json("/api/bids?date=2026-03-16").at("data").at("items");
  REQUIRE(find(after, "projectNo", "T-1") != nullptr);
  CHECK(find(after, "projectNo", "T-1")->at("status") == "postponed");
  CHECK(find(after, "projectNo", "SIM-GC-001")->at("status") == "terminated");
  CHECK(office.system->put("bid", {{"section_no", "1"}}) != "");
}

TEST_CASE("native: a bid goes its way by the time given") {
  ApprovalRecords records(*parse_rfc3339("2026-03-16T09:00:00+08:00"), 1);
  const auto states = [&](const char* at) {
    records.advance(*parse_rfc3339(at));
    std::string out;
    for (const ApprovalRecords::Record& one : records.list(ApprovalRecords::Kind::bid)) {
      out += text_of(one.row.at("status")) + " ";
    }
    return out;
  };
  CHECK(states("2026-03-16T09:25:00+08:00") ==
        "bidding_closed announced announced announced announced candidates_published ");
  CHECK(states("2026-03-16T10:05:00+08:00") ==
        "evaluating opening announced announced announced candidates_published ");
  CHECK(states("2026-03-16T15:05:00+08:00") ==
        "candidates_published candidates_published evaluating failed announced candidates_published ");
}

TEST_CASE("native: notices of every kind, some not yet and some no longer to be shown") {
  const Office office("native");
  const boost::json::value items = office.json("/api/bid-notices?since=").at("data").at("items");
  std::set<std::string> types;
  for (const boost::json::value& one : items.get_array()) {
    types.insert(text_of(one.at("noticeType")));
  }
  CHECK(types == std::set<std::string>{"tender", "change", "candidates", "result", "failed", "terminated",
                                       "contract", "other"});
  const boost::json::value* const early = find(items, "projectNo", "SIM-GC-003");
  REQUIRE(early != nullptr);
  CHECK(text_of(early->at("publishFrom")) > "2026-03-16T24");
  CHECK(early->at("candidates").get_array().size() == 3);
  office.put("notice", R"({"project_no":"T-2","notice_type":"result","title":"某公告",
      "candidates":[{"rank":1,"name":"某某公司","price":"1.00"}]})");
  const boost::json::value after = office.json("/api/bid-notices?since=").at("data").at("items");
  REQUIRE(find(after, "projectNo", "T-2") != nullptr);
  CHECK(find(after, "projectNo", "T-2")->at("candidates").at(0).at("name") == "某某公司");
}

TEST_CASE("native: staff, alerts, appointments and the calendar; one case for who knows its code") {
  const Office office("native");
  const boost::json::value staff = office.json("/api/staff").at("data").at("items");
  CHECK(staff.get_array().size() == 12);
  CHECK(office.names().find(text_of(staff.at(0).at("mobile")) + "\n") != std::string::npos);
  CHECK(office.json("/api/alerts?since=").at("data").at("items").get_array().size() == 6);
  const boost::json::value today =
      office.json("/api/appointments?date=2026-03-16&since=").at("data").at("items");
  CHECK(today.get_array().size() == 12);
  CHECK(today.at(0).at("slotStart") == "2026-03-16T09:00:00+08:00");
  CHECK(office.json("/api/calendar/2026").at("data").at("days").at(0).at("date") == "2026-01-01");
  CHECK(office.get("/api/calendar/2027")->status == 404);
  CHECK(office.json("/api/2026.json").at("days").at(3).at("isOffDay") == false);
  office.put("day", R"({"date":"2027-01-01","name":"元旦","off":true})");
  CHECK(office.json("/api/calendar/2027").at("data").at("days").at(0).at("isOffDay") == true);
  office.put("case", R"({"case_no":"SF-1","query_code":"0042"})");
  CHECK(office.json("/api/cases/SF-1?code=0042").at("data").at("caseNo") == "SF-1");
  CHECK(office.get("/api/cases/SF-1?code=1")->status == 404);
  CHECK(office.get("/api/elsewhere")->status == 404);
}

TEST_CASE("native: the sums of a signature are those of everybody else") {
  // Worked out with openssl dgst -hmac over the lines of the contract.
  CHECK(hmac_hex("SHA256", "KEY",
                 std::string("GET\n/api/cases\nlimit=5&since=\n") + nothing_sha256 + "\n1773622800000\nn1") ==
        "13cf7a61bd5a70bcebdbeff72db7f9c95c8b477c2479bbae6791e4cd83ffeb95");
  CHECK(hmac_hex("SM3", "KEY",
                 std::string("GET\n/api/cases\nlimit=5&since=\n") + nothing_sm3 + "\n1773622800000\nn1") ==
        "2d1d5169e442cd11b478c40f083d0dff4da930aab32ad92dafaebb9530e7a971");
}

TEST_CASE("native: a signature is looked at wholly, once, and only in its time") {
  const Office office("native", "hall-1:KEY");
  const auto status = [&](const httplib::Headers& headers) {
    return office.get("/api/cases?since=&limit=5", headers)->status;
  };
  const auto text = [](const std::string& ts, const std::string& nonce, const std::string& query) {
    return "GET\n/api/cases\n" + query + "\n" + nothing_sha256 + "\n" + ts + "\n" + nonce;
  };
  const std::string query = "limit=5&since=";
  const std::string now = "1773622800000";  // 2026-03-16T09:00:00+08:00
  CHECK(status({}) == 401);
  CHECK(status({{"Authorization", "Bearer KEY"}}) == 401);
  CHECK(status(signed_headers(text(now, "n1", query), now, "n1", "KEY")) == 200);
  CHECK(office.system->describe().at("last_signature") == "good");
  CHECK(status(signed_headers(text(now, "n1", query), now, "n1", "KEY")) == 401);
  CHECK(office.system->describe().at("last_signature") == "replayed");
  CHECK(status(signed_headers(text(now, "n2", "limit=6&since="), now, "n2", "KEY")) == 401);
  CHECK(status(signed_headers(text(now, "n2", query), now, "n2", "OTHER")) == 401);
  CHECK(office.system->describe().at("last_signature") == "wrong");
  const std::string early = "1773622480000";  // 5 min 20 s ago
  CHECK(status(signed_headers(text(early, "n3", query), early, "n3", "KEY")) == 401);
  CHECK(office.system->describe().at("last_signature") == "late");
  const std::string sm3 = "GET\n/api/cases\n" + query + "\n" + nothing_sm3 + "\n" + now + "\nn4";
  CHECK(status(signed_headers(sm3, now, "n4", "KEY", "SM3")) == 200);
  const auto refused = office.get("/api/matters");
  CHECK(refused->status == 401);
  CHECK(refused->get_header_value("Date").starts_with("Mon, 16 Mar 2026 01:0"));
  // A clock that is an hour fast refuses what was good a moment ago, and says what time it has.
  office.fault(R"({"kind":"clock","offset_s":3600})");
  CHECK(status(signed_headers(text(now, "n5", query), now, "n5", "KEY")) == 401);
  CHECK(office.get("/api/matters")->get_header_value("Date").starts_with("Mon, 16 Mar 2026 02:0"));
  const std::string later = "1773626400000";
  CHECK(status(signed_headers(text(later, "n6", query), later, "n6", "KEY")) == 200);
}

TEST_CASE("native: appointments changed since, for the day that was asked for") {
  const Office office("native");
  const auto ask = [&](const std::string& since) {
    return office.json("/api/appointments?date=2026-03-16&since=" + since).at("data");
  };
  const std::string since = text_of(ask("").at("nextCursor"));
  CHECK(ask(since).at("items").get_array().empty());
  office.put("appointment", R"({"code":"SIM10000","state":"taken"})");
  office.put("appointment", R"({"code":"T-1","date":"2026-03-17","state":"booked"})");
  const boost::json::value news = ask(since).at("items");
  REQUIRE(news.get_array().size() == 1);
  CHECK(news.at(0).at("state") == "taken");
  CHECK(news.at(0).at("code") == "SIM10000");
}

TEST_CASE("native: what a hall posts is taken once each, in order; some of it is refused as ordered") {
  const Office office("native", "hall-1:KEY");
  int nonce = 0;
  const auto post = [&](const std::string& body) {
    const std::string number = "p" + std::to_string(++nonce);
    const std::string text =
        "POST\n/api/queue-events\n\n" + hash_hex("SHA256", body) + "\n1773622800000\n" + number;
    const auto result = office.http->Post(
        "/api/queue-events", signed_headers(text, "1773622800000", number, "KEY"), body, "application/json");
    REQUIRE(result);
    return result->status;
  };
  CHECK(office.http->Post("/api/queue-events", "{}", "application/json")->status == 401);
  CHECK(post(R"({"items":[{"id":"n-1","type":"TicketIssued"},{"id":"n-2"}]})") == 200);
  CHECK(post(R"({"items":[{"id":"n-2"},{"id":"n-3"}]})") == 200);
  CHECK(office.system->file("inbox", 0)->body ==
        "{\"id\":\"n-1\",\"type\":\"TicketIssued\"}\n{\"id\":\"n-2\"}\n{\"id\":\"n-3\"}\n");
  office.put("inbox", R"({"limit":1})");
  CHECK(post(R"({"items":[{"id":"n-4"},{"id":"n-5"}]})") == 413);
  office.put("inbox", R"({"poison":["n-5"]})");
  CHECK(post(R"({"items":[{"id":"n-4"},{"id":"n-5"}]})") == 422);
  CHECK(post("no json") == 422);
  office.put("inbox", R"({"conflict":true})");
  CHECK(post(R"({"items":[{"id":"n-3"}]})") == 409);
  office.put("inbox", R"({"reject":["n-6"]})");
  CHECK(post(R"({"items":[{"id":"n-6"},{"id":"n-7"}]})") == 200);
  const boost::json::value about = office.system->describe().at("inbox").at("/queue-events");
  CHECK(about.at("posts") == 7);
  CHECK(about.at("refused") == 4);
  CHECK(about.at("items") == 6);
  CHECK(about.at("different") == 4);
}
