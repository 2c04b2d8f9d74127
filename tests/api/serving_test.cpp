// What happens at a window beyond call, start and finish: set aside, send on, call back, grade; and why not.
#include <doctest/doctest.h>

#include "tests/api/house.hpp"

using lobby::fakes::House;
using lobby::fakes::naming;
using lobby::fakes::Reply;
namespace json = boost::json;

namespace {

std::string path_at(const char* id, const char* act) {
  return std::string("/api/v1/windows/") + id + "/" + act;
}

std::uint64_t ticket_for(House& house, const std::string& service, const std::string& more = "") {
  const auto reply = house.post("/api/v1/tickets", "clerk", "{\"service\":\"" + service + "\"" + more + "}");
  REQUIRE_MESSAGE(reply.status == 201, reply.body);
  return reply.json().at("id").to_number<std::uint64_t>();
}

json::object ticket_now(House& house, std::uint64_t id) {
  return house.get("/api/v1/tickets/" + std::to_string(id), "clerk").json().as_object();
}

/// Does it, and gives the window as it is then.
json::object act(House& house, const char* id, const char* what, const std::string& body = "") {
  const auto reply = house.post(path_at(id, what), "clerk", body);
  REQUIRE_MESSAGE(reply.status == 200, what << ": " << reply.body);
  return reply.json().as_object();
}

void open_at(House& house, const char* id, const char* clerk = "zhang") {
  act(house, id, "open", std::string("{\"clerk\":\"") + clerk + "\"}");
}

void is_refused(const Reply& reply, int status, std::string_view code) {
  INFO(reply.body);
  CHECK(reply.status == status);
  CHECK(reply.code() == code);
}

}  // namespace

TEST_CASE("a ticket is set aside, and called back") {
  House house;
  open_at(house, "w2");
  const auto id = ticket_for(house, "social");
  act(house, "w2", "call-next");
  act(house, "w2", "start");
  CHECK(act(house, "w2", "hold").at("ticket").is_null());
  CHECK(ticket_now(house, id).at("state").as_string() == "held");
  CHECK(ticket_now(house, id).at("hold").as_string() == "away");
  CHECK(act(house, "w2", "resume-held", naming(id)).at("state").as_string() == "called");
  CHECK(!ticket_now(house, id).contains("hold"));
  act(house, "w2", "hold", R"({"kind":"waiting"})");
  CHECK(ticket_now(house, id).at("hold").as_string() == "waiting");
  // What waits for something made at one window is not called to another.
  open_at(house, "w1");
  is_refused(house.post(path_at("w1", "resume-held"), "clerk", naming(id)), 409, "not_served_here");
  is_refused(house.post(path_at("w1", "resume-held"), "clerk", naming(99)), 404, "unknown_ticket");
  const auto other = ticket_for(house, "social");
  is_refused(house.post(path_at("w1", "resume-held"), "clerk", naming(other)), 409, "wrong_state");
}

TEST_CASE("a ticket is sent to another window or service") {
  House house;
  open_at(house, "w1");
  open_at(house, "w4");
  const auto id = ticket_for(house, "social");
  act(house, "w1", "call-next");
  is_refused(house.post(path_at("w1", "transfer"), "clerk", R"({"window":"w9"})"), 404, "unknown_window");
  is_refused(house.post(path_at("w1", "transfer"), "clerk", R"({"window":"w2"})"), 409, "window_closed");
  is_refused(house.post(path_at("w1", "transfer"), "clerk", R"({"service":"nothing"})"), 404,
             "unknown_service");
  is_refused(house.post(path_at("w1", "transfer"), "clerk", R"({"service":"bank"})"), 409, "not_served_here");
  act(house, "w1", "transfer", R"({"window":"w4","place":"head"})");
  CHECK(ticket_now(house, id).at("state").as_string() == "waiting");
  is_refused(house.post(path_at("w1", "call"), "clerk", naming(id)), 409, "not_served_here");
  CHECK(act(house, "w4", "call-next").at("ticket").at("id").to_number<std::uint64_t>() == id);
  act(house, "w4", "transfer", R"({"service":"tiny"})");
  CHECK(ticket_now(house, id).at("service").as_string() == "tiny");
  CHECK(ticket_now(house, id).at("number").as_string() == "A001");
  is_refused(house.post(path_at("w4", "transfer"), "clerk", R"({"service":"social"})"), 409,
             "no_ticket_at_window");
}

TEST_CASE("a wait is told when there is an estimate, and null when there is none") {
  House house;
  open_at(house, "w2");
  const auto first = ticket_for(house, "social");
  const auto second = ticket_for(house, "social");
  const auto social = [&] { return house.get("/api/v1/hall", "screen").json().at("services").at(0); };
  CHECK(social().at("id").as_string() == "social");
  CHECK(social().at("estimate_s").is_null());
  CHECK(ticket_now(house, first).at("estimate_s").is_null());
  CHECK(!ticket_now(house, first).contains("expected_window"));

  house.backend.pass(1);
  lobby::hall::Estimates told;
  told.at = house.backend.now();
  told.waits = {{.ticket = {first}, .seconds = 90, .window = 1}};
  told.newcomers.resize(house.backend.site().services.size());
  told.newcomers[0][static_cast<std::size_t>(lobby::hall::Lane::ordinary)] = 480;
  told.newcomers[0][static_cast<std::size_t>(lobby::hall::Lane::elderly)] = 60;
  house.backend.told_estimates = told;
  CHECK(social().at("estimate_s") == 480);
  CHECK(ticket_now(house, first).at("estimate_s") == 90);
  CHECK(ticket_now(house, first).at("expected_window").as_string() == "w2");
  CHECK(house.get("/api/v1/hall", "screen").json().at("services").at(1).at("estimate_s").is_null());
  // Who came since is told what a newcomer of the lane waits.
  house.backend.pass(1);
  const auto third = ticket_for(house, "social", R"(,"lane":"elderly")");
  CHECK(ticket_now(house, third).at("estimate_s") == 60);
  CHECK(ticket_now(house, second).at("estimate_s").is_null());
  act(house, "w2", "call", naming(first));
  CHECK(ticket_now(house, first).at("estimate_s").is_null());
}

TEST_CASE("a package goes through its steps on one number") {
  House house;
  open_at(house, "w4");
  const auto id = ticket_for(house, "package");
  CHECK(ticket_now(house, id).at("service").as_string() == "social");
  CHECK(ticket_now(house, id).at("steps").as_array() == json::array{"visa"});
  act(house, "w4", "call-next");
  act(house, "w4", "start");
  act(house, "w4", "finish");
  CHECK(ticket_now(house, id).at("state").as_string() == "waiting");
  CHECK(ticket_now(house, id).at("service").as_string() == "visa");
  CHECK(ticket_now(house, id).at("steps").as_array().empty());
  act(house, "w4", "call-next");
  act(house, "w4", "finish");
  CHECK(ticket_now(house, id).at("state").as_string() == "finished");
}

TEST_CASE("somebody without a ticket is served") {
  House house;
  open_at(house, "w4");
  is_refused(house.post(path_at("w4", "start"), "clerk"), 409, "no_ticket_at_window");
  is_refused(house.post(path_at("w4", "start"), "clerk", R"({"service":"noon"})"), 409, "not_served_here");
  is_refused(house.post(path_at("w4", "start"), "clerk", R"({"service":"nothing"})"), 404, "unknown_service");
  const auto serving = act(house, "w4", "start", R"({"service":"visa"})");
  CHECK(serving.at("state").as_string() == "serving");
  CHECK(serving.at("ticket").is_null());
  CHECK(serving.at("walk_in").as_string() == "visa");
  CHECK(house.get("/api/v1/hall", "screen").json().at("windows").at(3).at("walk_in").as_string() == "visa");
  is_refused(house.post(path_at("w4", "close"), "clerk"), 409, "window_busy");
  CHECK(!act(house, "w4", "finish").contains("walk_in"));
  act(house, "w4", "rate", R"({"score":"poor","by":"keypad"})");
  CHECK(house.backend.count("ServiceRated") == 1);
}

TEST_CASE("a joint service is handled where its category is") {
  House house;
  open_at(house, "w2");
  open_at(house, "w4");
  const auto id = ticket_for(house, "joint");
  is_refused(house.post(path_at("w2", "call"), "clerk", naming(id)), 409, "joint_only");
  is_refused(house.post(path_at("w2", "start"), "clerk", R"({"service":"joint"})"), 409, "joint_only");
  CHECK(act(house, "w4", "call", naming(id)).at("ticket").at("number").as_string() == "J001");
}

TEST_CASE("a licence is handed out to whom its case belongs") {
  House house;
  open_at(house, "w2");
  open_at(house, "w4");
  is_refused(house.post(path_at("w2", "collect"), "clerk", R"({"case_tail":"0001"})"), 409,
             "not_served_here");
  const auto called = act(house, "w4", "collect", R"({"case_tail":"AB12cd34"})");
  CHECK(called.at("state").as_string() == "called");
  CHECK(called.at("ticket").at("number").as_string() == "L001");
  CHECK(called.at("ticket").at("service").as_string() == "collect");
  is_refused(house.post(path_at("w4", "collect"), "clerk", R"({"case_tail":"0001"})"), 409, "window_busy");
}

TEST_CASE("a call is repeated so many times, and not in a breath") {
  House house;
  open_at(house, "w2");
  ticket_for(house, "social");
  act(house, "w2", "call-next");
  is_refused(house.post(path_at("w2", "recall"), "clerk"), 409, "recall_too_soon");
  for (int i = 0; i < 5; ++i) {
    house.backend.pass(5);
    act(house, "w2", "recall");
  }
  house.backend.pass(5);
  is_refused(house.post(path_at("w2", "recall"), "clerk"), 409, "recall_limit");
}

TEST_CASE("a service is graded once, by whoever was served") {
  House house;
  open_at(house, "w2");
  const std::string good = R"({"score":"good","by":"screen"})";
  is_refused(house.post(path_at("w2", "rate"), "kiosk", good), 409, "no_ticket_at_window");
  ticket_for(house, "social");
  act(house, "w2", "call-next");
  act(house, "w2", "finish");
  CHECK(house.post(path_at("w2", "rate"), "kiosk", good).status == 200);
  is_refused(house.post(path_at("w2", "rate"), "clerk", good), 409, "already_rated");
  const auto& line = house.backend.journal().back();
  CHECK(line.type == "ServiceRated");
  const auto event = json::parse(line.json);
  CHECK(event.at("score").as_string() == "good");
  CHECK(event.at("via").as_string() == "screen");
  CHECK(event.at("by").as_string() == "kiosk");
  CHECK(event.at("clerk").as_string() == "zhang");
}

TEST_CASE("another clerk goes on at an open window") {
  House house;
  is_refused(house.post(path_at("w4", "take-over"), "clerk", R"({"clerk":"li"})"), 409, "window_closed");
  open_at(house, "w4");
  is_refused(house.post(path_at("w4", "take-over"), "clerk", R"({"clerk":"zhang"})"), 409, "wrong_state");
  is_refused(house.post(path_at("w4", "take-over"), "clerk", R"({"clerk":"wang"})"), 403, "forbidden");
  ticket_for(house, "social");
  act(house, "w4", "call-next");
  const auto taken = act(house, "w4", "take-over", R"({"clerk":"li"})");
  CHECK(taken.at("clerk").as_string() == "li");
  CHECK(taken.at("state").as_string() == "called");
}

TEST_CASE("who was missed comes back once") {
  House house;
  open_at(house, "w2");
  const auto id = ticket_for(house, "social");
  const std::string back = "/api/v1/tickets/" + std::to_string(id) + "/reinstate";
  is_refused(house.post(back, "clerk"), 409, "wrong_state");
  act(house, "w2", "call-next");
  act(house, "w2", "no-show");
  const auto reply = house.post(back, "clerk");
  CHECK(reply.status == 200);
  CHECK(reply.json().at("state").as_string() == "waiting");
  act(house, "w2", "call-next");
  act(house, "w2", "no-show");
  is_refused(house.post(back, "clerk"), 409, "wrong_state");
  is_refused(house.post("/api/v1/tickets/99/reinstate", "clerk"), 404, "unknown_ticket");
}

TEST_CASE("a service gives out so many tickets a day, a complaint as many as there are people") {
  House house;
  ticket_for(house, "few");
  is_refused(house.post("/api/v1/tickets", "kiosk", R"({"service":"few"})"), 409, "quota_reached");
  ticket_for(house, "complaint");
  ticket_for(house, "complaint");
  const auto services = house.get("/api/v1/hall").json().at("services").as_array();
  CHECK(services.at(6).at("id").as_string() == "few");
  CHECK(services.at(6).at("limit").to_number<int>() == 1);
  CHECK(services.at(4).at("kind").as_string() == "complaint");
}

TEST_CASE("a slip lets its ticket go first") {
  House house;
  open_at(house, "w2");
  ticket_for(house, "social");
  act(house, "w2", "call-next");
  act(house, "w2", "finish", R"({"outcome":"notified","notice_slip_no":"2026-7"})");
  ticket_for(house, "social");
  is_refused(house.post("/api/v1/tickets", "kiosk", R"({"service":"social","notice_slip_no":"2026-8"})"), 404,
             "not_found");
  house.backend.pass(60);
  const auto first = ticket_for(house, "social", R"(,"notice_slip_no":"2026-7")");
  CHECK(act(house, "w2", "call-next").at("ticket").at("id").to_number<std::uint64_t>() == first);
}
