// Evaluations over HTTP: what a room's monitor is told, and what is told to nobody.
#include <doctest/doctest.h>

#include "tests/api/house.hpp"

namespace {

using namespace lobby;
using fakes::House;
using fakes::Reply;

const std::string evaluations = "/api/v1/evaluations";
const char* const evaluation_plan =
    R"({"room":"r1","kind":"evaluation","project_no":"P-2026-1","project_name":"道路改造","retention_class":"15y"})";

struct RoomHouse : House {
  RoomHouse() {
    backend.change_site().rooms = {
        {.id = {"r1"}, .name = "第一评标室", .kind = hall::RoomUse::evaluation, .cameras = {{"c1"}, {"c2"}}}};
    backend.told_cameras = {{.camera = {"c1"}, .proof_age_ms = {}, .clock_offset_ms = {}, .reason = {}}};
  }
  Reply act(const std::string& what, const std::string& body = "", const std::string& who = "evaluator") {
    return post(evaluations + "/1/" + what, who, body);
  }
  std::string state() {
    return std::string(get(evaluations + "/1", "screen").json().at("state").as_string());
  }
};

}  // namespace

TEST_CASE("an evaluation over HTTP, from the plan to the end") {
  RoomHouse house;
  const auto rooms = house.get("/api/v1/rooms", "screen").json().as_array();
  REQUIRE(rooms.size() == 1);
  CHECK(rooms[0].at("cameras").as_array().size() == 2);
  const auto made = house.post(evaluations, "evaluator", evaluation_plan);
  CHECK(made.status == 201);
  CHECK(made.json().at("id").as_int64() == 1);
  CHECK(made.json().at("state").as_string() == "planned");
  CHECK(made.json().at("planned_by").as_string() == "evaluator");
  CHECK(house.act("start").status == 202);
  CHECK(house.state() == "opening");
  house.backend.happen(hall::ReportVerified{{1}, {"c1"}, house.backend.now()});
  house.backend.happen(hall::ReportVerified{{1}, {"c2"}, house.backend.now()});
  CHECK(house.state() == "witnessed");
  CHECK(house.act("stop").status == 200);
  CHECK(house.state() == "closing");
  CHECK(house.act("stop").code() == "wrong_state");
}

TEST_CASE("REC has its age, and what is not REC its reason") {
  RoomHouse house;
  house.post(evaluations, "evaluator", evaluation_plan);
  house.backend.told_cameras = {{.camera = {"c1"},
                                 .state = hall::CameraShown::rec,
                                 .proof_age_ms = 1'900,
                                 .clock_offset_ms = 12,
                                 .reason = {}},
                                {.camera = {"c2"},
                                 .state = hall::CameraShown::unknown,
                                 .proof_age_ms = {},
                                 .clock_offset_ms = {},
                                 .reason = "no whole answer in time"}};
  const auto one = house.get(evaluations + "/1", "evaluator").json();
  const auto& cameras = one.at("cameras").as_array();
  CHECK(cameras.at(0).at("state").as_string() == "rec");
  CHECK(cameras.at(0).at("proof_age_s").as_int64() == 2);  // older rather than younger
  CHECK(cameras.at(0).at("clock_offset_ms").as_int64() == 12);
  const auto proof = hall::parse_instant(std::string(cameras.at(0).at("last_proof").as_string()));
  REQUIRE(proof);
  CHECK(proof->utc_ms == house.backend.now().utc_ms - 1'900);
  CHECK(cameras.at(1).at("state").as_string() == "unknown");
  CHECK(cameras.at(1).at("last_proof").is_null());
  CHECK(cameras.at(1).at("reason").as_string() == "no whole answer in time");
}

TEST_CASE("an alarm stands until it is acknowledged by name, unwitnessed needs a reason") {
  RoomHouse house;
  house.post(evaluations, "evaluator", evaluation_plan);
  house.act("start");
  house.backend.happen(hall::ReportMissing{{1}, {"c1"}, house.backend.now(), "timeout", "late"});
  CHECK_FALSE(house.get(evaluations + "/1", "screen").json().at("ready").as_bool());
  CHECK(house.act("open-unwitnessed").status == 400);
  CHECK(house.act("open-unwitnessed", R"({"reason":""})").status == 400);
  const auto opened = house.act("open-unwitnessed", R"({"reason":"the camera is dead"})");
  CHECK(opened.status == 200);
  CHECK(opened.json().at("unwitnessed_by").as_string() == "evaluator");
  CHECK(opened.json().at("ready").as_bool());
  CHECK(house.act("acknowledge").status == 400);
  CHECK(house.act("acknowledge", R"({"alarm":9})").code() == "not_found");
  const auto seen = house.act("acknowledge", R"({"alarm":1})");
  CHECK(seen.json().at("alarms").at(0).at("acknowledged_by").as_string() == "evaluator");
}

TEST_CASE("what is no evaluation, and what no plan may hold") {
  RoomHouse house;
  for (const char* id : {"1", "0", "x", "-1", "99999999999999999999"}) {
    CHECK(house.get(evaluations + "/" + id, "screen").code() == "unknown_evaluation");
    CHECK(house.post(evaluations + "/" + id + "/start", "evaluator").code() == "unknown_evaluation");
  }
  for (
      const char* body :
      {"{}",
       R"({"room":"r9","kind":"evaluation","project_no":"P","project_name":"n","retention_class":"15y"})",
       R"({"room":"r1","kind":"party","project_no":"P","project_name":"n","retention_class":"15y"})",
       R"({"room":"r1","kind":"evaluation","project_no":"P","project_name":"n","retention_class":"15y","experts":["x"]})",
       R"({"room":"r1","kind":"evaluation","project_no":"P","project_name":"专家 13800138000","retention_class":"15y"})"}) {
    CHECK_MESSAGE(house.post(evaluations, "evaluator", body).status == 400, body);
  }
  CHECK(house.backend.count("EvaluationPlanned") == 0);
}

TEST_CASE("the evidence goes to who may have it, in his name") {
  RoomHouse house;
  house.backend.told_evidence = std::string("{\"log_id\":\"a\"}\n");
  const auto got = house.get(evaluations + "/7/evidence", "evaluator");
  CHECK(got.status == 200);
  CHECK(got.headers.at("content-type").starts_with("application/x-ndjson"));
  CHECK(got.body == "{\"log_id\":\"a\"}\n");
  REQUIRE(house.backend.asked_evidence.size() == 1);
  CHECK(house.backend.asked_evidence[0] == std::pair<std::uint64_t, std::string>(7, "evaluator"));
  CHECK(house.get(evaluations + "/7/evidence", "screen").status == 403);
  house.backend.told_evidence = hall::Refusal{hall::Refused::storage_failed, "disk full"};
  CHECK(house.get(evaluations + "/7/evidence", "evaluator").status == 503);
}

TEST_CASE("which project is evaluated is told to no window and no kiosk") {
  RoomHouse house;
  house.post(evaluations, "evaluator", evaluation_plan);
  for (const char* who : {"kiosk", "clerk", "screen", "evaluator"}) {
    fakes::Client client(house);
    client.send(house.request("GET", "/api/v1/events?after=0&types=EvaluationPlanned", who));
    const auto& got = client.read_until("\"room\":\"r1\"");
    const bool sees = std::string_view(who) == "screen" || std::string_view(who) == "evaluator";
    CHECK_MESSAGE((got.find("道路改造") != std::string::npos) == sees, who);
    CHECK_MESSAGE((got.find("P-2026-1") != std::string::npos) == sees, who);
  }
}
