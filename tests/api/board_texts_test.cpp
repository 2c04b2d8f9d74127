// Texts on boards that two people answer for, and the emergency page, over HTTP.
#include <doctest/doctest.h>

#include "tests/api/house.hpp"

namespace {

using namespace lobby;
using fakes::House;
using fakes::Reply;

const std::string drafts = "/api/v1/boards/drafts";
const char* const on_the_wall = "/api/v1/boards/wall/text";
const char* const a_text = R"({"text":"今日下午停电","until":"2026-03-16T17:00:00+08:00"})";

/// The hall is at nine of the 16th.
struct BoardHouse : House {
  BoardHouse() {
    backend.change_site().boards = {{"wall"}};
    backend.change_site().zones.push_back({{"B"}, "南厅"});
    add_account("chief", api::Role::supervisor);
  }
  Reply approve(int id, const std::string& who) {
    return post(drafts + "/" + std::to_string(id) + "/approve", who);
  }
  Reply withdraw(int id, const std::string& who) {
    return call("DELETE", drafts + "/" + std::to_string(id), who);
  }
};

}  // namespace

TEST_CASE("one supervisor writes, another one approves") {
  BoardHouse house;
  const auto made = house.post(on_the_wall, "supervisor", a_text);
  CHECK(made.status == 201);
  CHECK(made.body == R"({"draft":1})");
  auto listed = house.get(drafts, "chief").json().as_array();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].at("id").as_int64() == 1);
  CHECK(listed[0].at("board").as_string() == "wall");
  CHECK(listed[0].at("text").as_string() == "今日下午停电");
  CHECK(listed[0].at("by").as_string() == "supervisor");
  CHECK_FALSE(listed[0].as_object().contains("approved_by"));
  const auto own = house.approve(1, "supervisor");
  CHECK(own.status == 403);
  CHECK(own.code() == "same_person");
  const auto approved = house.approve(1, "chief");
  CHECK(approved.status == 200);
  CHECK(approved.json().at("approved_by").as_string() == "chief");
  CHECK(house.get(drafts, "supervisor").json().at(0).at("approved_by").as_string() == "chief");
  CHECK(house.approve(1, "admin").code() == "wrong_state");
  CHECK(house.backend.count("TextDrafted") == 1);
  CHECK(house.backend.count("TextApproved") == 1);
}

TEST_CASE("an admin's own draft is nobody's approval either") {
  BoardHouse house;
  house.post(on_the_wall, "admin", a_text);
  CHECK(house.approve(1, "admin").code() == "same_person");
  CHECK(house.backend.count("TextApproved") == 0);
  CHECK(house.approve(1, "supervisor").status == 200);
}

TEST_CASE("the same request again makes no second draft and no second approval") {
  BoardHouse house;
  const auto key = [](const char* name) { return std::string("Idempotency-Key: ") + name + "\r\n"; };
  const auto first = house.call("POST", on_the_wall, "supervisor", a_text, key("a"));
  CHECK(house.call("POST", on_the_wall, "supervisor", a_text, key("a")).body == first.body);
  CHECK(house.backend.count("TextDrafted") == 1);
  for (int i = 0; i < 2; ++i) {
    CHECK(house.call("POST", drafts + "/1/approve", "chief", "", key("b")).status == 200);
  }
  CHECK(house.backend.count("TextApproved") == 1);
}

TEST_CASE("what no board takes") {
  BoardHouse house;
  const auto refused = [&](const std::string& body) { return house.post(on_the_wall, "chief", body).code(); };
  const std::string until = R"(,"until":"2026-03-16T17:00:00+08:00"})";
  CHECK(refused(R"({"text":"请联系 138 0838 1234")" + until) == "bad_request");
  CHECK(refused(R"({"text":"证号510682199001011234")" + until) == "bad_request");
  CHECK(refused(R"({"text":"咨询电话 0838-8212345")" + until) == "");
  CHECK(refused(R"({"text":"")" + until) == "bad_request");
  CHECK(refused(R"({"text":"a\nb")" + until) == "bad_request");
  CHECK(refused(R"({"text":"a"})") == "bad_request");
  CHECK(refused(R"({"text":"a","until":"tomorrow"})") == "bad_request");
  CHECK(refused(R"({"text":"a","until":"2026-03-16T08:59:59+08:00"})") == "bad_request");
  CHECK(refused(R"({"text":"a","until":"2026-04-16T09:00:01+08:00"})") == "bad_request");
  CHECK(refused(R"({"text":"a","colour":"red")" + until) == "bad_request");
  const auto nowhere = house.post("/api/v1/boards/none/text", "chief", a_text);
  CHECK(nowhere.status == 404);
  CHECK(nowhere.code() == "unknown_board");
  for (const char* id : {"99", "0", "x", "-1"}) {
    CHECK(house.post(drafts + "/" + id + "/approve", "chief").code() == "not_found");
    CHECK(house.call("DELETE", drafts + "/" + id, "chief").code() == "not_found");
  }
}

TEST_CASE("a text goes when its time is over, and can be taken down before") {
  BoardHouse house;
  house.post(on_the_wall, "supervisor", a_text);
  house.post(on_the_wall, "supervisor", a_text);
  house.post(on_the_wall, "supervisor", a_text);
  CHECK(house.approve(1, "chief").status == 200);
  CHECK(house.withdraw(1, "chief").status == 204);
  CHECK(house.withdraw(1, "chief").status == 404);
  CHECK(house.withdraw(2, "supervisor").status == 204);
  CHECK(house.get(drafts, "chief").json().as_array().size() == 1);
  house.backend.pass(std::int64_t{8} * 3600);
  CHECK(house.get(drafts, "chief").json().as_array().empty());
  CHECK(house.approve(3, "chief").code() == "not_found");
  CHECK(house.backend.count("TextWithdrawn") == 2);
}

TEST_CASE("the emergency page is shown, replaced and cleared") {
  BoardHouse house;
  const char* const page = "/api/v1/emergency";
  CHECK(house.get(page, "screen").status == 404);
  const auto shown = house.post(page, "supervisor", R"({"text":"请有序撤离","zones":["B"]})");
  CHECK(shown.status == 200);
  CHECK(shown.json().at("by").as_string() == "supervisor");
  CHECK(shown.json().at("zones").as_array().size() == 1);
  CHECK(house.post(page, "chief", R"({"text":"火警解除前请勿进入"})").status == 200);
  const auto now = house.get(page, "screen").json();
  CHECK(now.at("text").as_string() == "火警解除前请勿进入");
  CHECK(now.at("zones").as_array().empty());
  CHECK(house.post(page, "chief", R"({"text":"a","zones":["moon"]})").code() == "bad_request");
  CHECK(house.post(page, "chief", R"({"zones":["B"]})").code() == "bad_request");
  CHECK(house.post(page, "chief", R"({"text":"请致电13808381234"})").code() == "bad_request");
  CHECK(house.call("DELETE", page, "chief").status == 204);
  CHECK(house.call("DELETE", page, "chief").code() == "not_found");
  CHECK(house.backend.count("EmergencyShown") == 2);
  CHECK(house.backend.count("EmergencyCleared") == 1);
}

TEST_CASE("what nobody has approved is streamed to supervisors only") {
  BoardHouse house;
  house.post(on_the_wall, "supervisor", R"({"text":"说\"停电\"","until":"2026-03-18T17:00:00+08:00"})");
  house.post(on_the_wall, "supervisor", R"({"text":"下午开门","until":"2026-03-18T17:00:00+08:00"})");
  house.approve(2, "chief");
  house.backend.set_now(*hall::parse_instant("2026-03-17T08:00:00+08:00"));
  house.backend.happen(hall::TurnDay{});
  house.post("/api/v1/emergency", "chief", R"({"text":"请有序撤离"})");
  const auto heard_by = [&](const char* who) {
    fakes::Client client(house);
    client.send(house.request("GET", "/api/v1/events?after=0", who));
    return client.read_until("请有序撤离");
  };
  for (const char* who : {"kiosk", "clerk", "evaluator", "screen"}) {
    const std::string heard = heard_by(who);
    CHECK(heard.find("event: TextDrafted") != std::string::npos);
    CHECK(heard.find("停电") == std::string::npos);
    CHECK(heard.find(R"("type":"TextApproved","by":"chief","draft":2,"board":"wall","text":"下午开门")") !=
          std::string::npos);
    CHECK(heard.find("请有序撤离") != std::string::npos);
  }
  CHECK(heard_by("supervisor").find(R"("text":"说\"停电\"")") != std::string::npos);
}
