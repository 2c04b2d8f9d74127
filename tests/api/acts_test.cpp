// What clerks and kiosks ask of the hall, as it stands on the wire.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/api/house.hpp"

using lobby::fakes::House;
using lobby::fakes::Reply;
namespace json = boost::json;
namespace hall = lobby::hall;

namespace {

std::uint64_t issue(House& house, const char* service = "social") {
  const auto reply = house.post("/api/v1/tickets", "kiosk", std::string(R"({"service":")") + service + "\"}");
  REQUIRE(reply.status == 201);
  return reply.json().at("id").to_number<std::uint64_t>();
}

std::string window(const char* id, const char* act) {
  return std::string("/api/v1/windows/") + id + "/" + act;
}

/// Opens a window and calls a ticket that is issued for it.
std::uint64_t call_one(House& house, const char* id = "w1") {
  const auto ticket = issue(house);
  REQUIRE(house.post(window(id, "open"), "clerk", R"({"clerk":"zhang"})").status == 200);
  REQUIRE(house.post(window(id, "call-next"), "clerk").status == 200);
  return ticket;
}

void expect(const Reply& reply, int status, std::string_view code) {
  CHECK(reply.status == status);
  CHECK(reply.code() == code);
  if (reply.status >= 400) {
    const auto problem = reply.json().as_object();
    CHECK(problem.at("status").to_number<int>() == status);
    CHECK(!problem.at("detail").as_string().empty());
    CHECK(!problem.at("title").as_string().empty());
    CHECK(problem.size() == 5);
  }
}

}  // namespace

TEST_CASE("a ticket is issued with all that the contract says of it") {
  House house;
  const auto reply =
      house.post("/api/v1/tickets", "kiosk", R"({"service":"social","lane":"elderly","language":"zh"})");
  REQUIRE(reply.status == 201);
  CHECK(reply.headers.at("content-type") == "application/json");
  const auto ticket = reply.json().as_object();
  CHECK(ticket.at("id").to_number<int>() == 1);
  CHECK(ticket.at("number").as_string() == "A001");
  CHECK(ticket.at("service").as_string() == "social");
  CHECK(ticket.at("lane").as_string() == "elderly");
  CHECK(ticket.at("state").as_string() == "waiting");
  CHECK(ticket.at("issued_at").as_string() == "2026-03-16T09:00:00.000+08:00");
  CHECK(ticket.at("ahead").to_number<int>() == 0);
  CHECK(ticket.at("estimate_s").is_null());
  CHECK(ticket.at("token").as_string() == "token-of-1");
  CHECK(!ticket.contains("window"));
  CHECK(ticket.at("print").at("state").as_string() == "none");
  CHECK(ticket.at("print").at("copies").to_number<int>() == 0);
  REQUIRE(ticket.at("history").as_array().size() == 1);
  CHECK(ticket.at("history").at(0).at("type").as_string() == "TicketIssued");
  CHECK(ticket.at("history").at(0).at("by").as_string() == "kiosk");

  const auto second = house.post("/api/v1/tickets", "clerk", R"({"service":"social"})").json();
  CHECK(second.at("number").as_string() == "A002");
  CHECK(second.at("ahead").to_number<int>() == 1);
  // What was answered is what is read.
  CHECK(house.get("/api/v1/tickets/2", "kiosk").json() == second);
}

TEST_CASE("a ticket's way through a window") {
  House house;
  const auto id = call_one(house);
  auto at_window = house.get("/api/v1/hall", "screen").json().at("windows").at(0);
  CHECK(at_window.at("state").as_string() == "called");
  CHECK(at_window.at("ticket").at("id").to_number<std::uint64_t>() == id);
  house.backend.pass(5);
  CHECK(house.post(window("w1", "recall"), "clerk").json().at("state").as_string() == "called");
  const auto serving = house.post(window("w1", "start"), "clerk").json().as_object();
  CHECK(serving.at("state").as_string() == "serving");
  CHECK(serving.at("ticket").at("number").as_string() == "A001");
  CHECK(serving.at("ticket").at("lane").as_string() == "ordinary");
  CHECK(serving.at("clerk").as_string() == "zhang");
  CHECK(serving.at("back_at").is_null());
  const auto idle =
      house.post(window("w1", "finish"), "clerk", R"({"outcome":"referred","case_no":"(SC)-1"})").json();
  CHECK(idle.at("state").as_string() == "idle");
  CHECK(idle.at("ticket").is_null());
  const auto paused =
      house
          .post(window("w1", "pause"), "clerk",
                R"({"reason":"午休","message":"午间休息","back_at":"2026-03-16T13:00:00+08:00"})")
          .json();
  CHECK(paused.at("state").as_string() == "paused");
  CHECK(paused.at("message").as_string() == "午间休息");
  CHECK(paused.at("back_at").as_string() == "2026-03-16T13:00:00.000+08:00");
  CHECK(house.post(window("w1", "resume"), "clerk").json().at("state").as_string() == "idle");
  CHECK(house.post(window("w1", "close"), "clerk").json().at("state").as_string() == "closed");

  const auto ticket = house.get("/api/v1/tickets/1", "clerk").json().as_object();
  CHECK(ticket.at("state").as_string() == "finished");
  CHECK(ticket.at("window").as_string() == "w1");
  CHECK(ticket.at("history").as_array().size() == 5);
  const auto called = house.get("/api/v1/hall").json().at("lately_called").at(0);
  CHECK(called.at("ticket").to_number<std::uint64_t>() == id);
  CHECK(called.at("window").as_string() == "w1");
}

TEST_CASE("a ticket called by name, one that did not come, one taken back") {
  House house;
  issue(house);
  const auto second = issue(house), third = issue(house);
  house.post(window("w2", "open"), "clerk", R"({"clerk":"li"})");
  const auto called =
      house.post(window("w2", "call"), "clerk", "{\"ticket\":" + std::to_string(second) + "}");
  CHECK(called.json().at("ticket").at("number").as_string() == "A002");
  CHECK(house.post(window("w2", "no-show"), "clerk", R"({"reason":"三次未应答"})").status == 200);
  CHECK(house.get("/api/v1/tickets/2", "clerk").json().at("state").as_string() == "no_show");
  const auto cancelled = house.post("/api/v1/tickets/" + std::to_string(third) + "/cancel", "clerk");
  CHECK(cancelled.status == 200);
  CHECK(cancelled.json().at("state").as_string() == "cancelled");
}

TEST_CASE("every refusal of the hall has its status and its code") {
  House house;
  const std::string service = R"({"service":"social"})";
  expect(house.post("/api/v1/tickets", "kiosk", R"({"service":"nothing"})"), 404, "unknown_service");
  expect(house.post("/api/v1/tickets", "kiosk", R"({"service":"noon"})"), 409, "service_closed");
  expect(house.post("/api/v1/tickets", "kiosk", R"({"service":"social","kiosk":"k1"})"), 503,
         "printer_unavailable");
  issue(house, "tiny");
  expect(house.post("/api/v1/tickets", "kiosk", R"({"service":"tiny"})"), 409, "number_range_exhausted");
  expect(house.post("/api/v1/tickets/77/cancel", "clerk"), 404, "unknown_ticket");
  expect(house.post("/api/v1/tickets/abc/cancel", "clerk"), 404, "unknown_ticket");
  expect(house.get("/api/v1/tickets/77", "clerk"), 404, "unknown_ticket");
  expect(house.get("/api/v1/tickets/A001", "clerk"), 404, "unknown_ticket");
  expect(house.post("/api/v1/tickets/1/reprint", "clerk", R"({"printer":"nobody"})"), 404, "unknown_device");
  expect(house.post("/api/v1/tickets/1/settle-print", "clerk", R"({"printed":true})"), 409, "wrong_state");
  expect(house.post(window("w9", "close"), "clerk"), 404, "unknown_window");
  expect(house.post(window("w1", "call-next"), "clerk"), 409, "window_closed");
  house.post(window("w2", "open"), "clerk", R"({"clerk":"li"})");
  expect(house.post(window("w2", "call-next"), "clerk"), 409, "nothing_waiting");
  expect(house.post(window("w2", "start"), "clerk"), 409, "no_ticket_at_window");
  expect(house.post(window("w2", "resume"), "clerk"), 409, "wrong_state");
  const auto tiny = house.get("/api/v1/tickets?service=tiny", "clerk").json().at(0).at("id");
  expect(house.post(window("w2", "call"), "clerk", "{\"ticket\":" + json::serialize(tiny) + "}"), 409,
         "not_served_here");
  issue(house);
  house.post(window("w2", "call-next"), "clerk");
  expect(house.post(window("w2", "close"), "clerk"), 409, "window_busy");
  house.backend.set_writable(false);
  expect(house.post("/api/v1/tickets", "kiosk", service), 503, "storage_failed");
  expect(house.get("/readyz", ""), 503, "storage_failed");
}

TEST_CASE("what was not asked for rightly is named") {
  House house;
  issue(house);
  const auto says = [&](const Reply& reply, std::string_view part) {
    expect(reply, 400, "bad_request");
    INFO(reply.body);
    CHECK(reply.body.find(part) != std::string::npos);
  };
  const auto tickets = [&](const char* body) { return house.post("/api/v1/tickets", "clerk", body); };
  says(tickets(""), "`service` is missing");
  says(tickets("{}"), "`service` is missing");
  says(tickets("[]"), "JSON object");
  says(tickets("{\"service\":"), "not JSON");
  says(tickets(R"({"service":1})"), "`service` must be a string");
  says(tickets(R"({"service":""})"), "`service` is empty");
  says(tickets(R"({"service":"tiny","service":"social"})"), "twice");
  says(tickets(R"({"service":"social","lane":"ordinary","l\u0061ne":"elderly"})"), "twice");
  says(tickets(R"({"service":"social","x":{"y":":"},"x":[{"y":1}]})"), "twice");
  says(tickets(R"({"service":"social\\","service":"social"})"), "twice");
  says(tickets(R"({"service":"social","lanes":"green"})"), "unknown field `lanes`");
  says(tickets(R"({"service":"social","lane":"fast"})"), "`lane` must be one of ordinary, appointment");
  says(tickets(R"({"service":"social","lane":"green"})"), "green_type");
  says(tickets(R"({"service":"social","lane":"green","green_type":3})"), "granted_by");
  says(tickets(R"({"service":"social","lane":"green","green_type":6,"granted_by":"li"})"), "`green_type`");
  says(tickets(R"({"service":"social","lane":"green","green_type":1.5,"granted_by":"li"})"), "`green_type`");
  says(tickets(R"({"service":"social","green_type":1})"), "`green_type` goes with lane `green` only");
  says(tickets(R"({"service":"social","applicant_id":1})"), "`applicant_id` must be a string");
  says(tickets(R"({"service":"social","applicant_id":" "})"), "`applicant_id` must be 1 to 64 characters");
  says(tickets("{\"service\":\"social\",\"applicant_id\":\"1\\n2\"}"), "`applicant_id`");
  says(tickets(R"({"service":"social","kiosk":"k9"})"), "k9");
  says(tickets("{\"service\":\"so\\u0007cial\"}"), "control characters");
  says(tickets("{\"service\":\"\xff\"}"), "not JSON");
  const std::string deep(17, '[');
  says(house.post("/api/v1/tickets", "clerk", "{\"service\":" + deep + std::string(17, ']') + "}"), "deeper");
  says(house.post("/api/v1/tickets?x=1", "clerk", R"({"service":"social"})"), "`x`");
  says(house.post("/api/v1/tickets/1/settle-print", "clerk", R"({"printed":"yes"})"), "`printed`");
  says(house.post("/api/v1/tickets/1/cancel", "clerk", R"({"why":1})"), "`why`");
  says(house.post(window("w1", "open"), "clerk"), "`clerk` is missing");
  says(house.post(window("w1", "call"), "clerk", R"({"ticket":"1"})"), "`ticket`");
  says(house.post(window("w1", "call"), "clerk", R"({"ticket":-1})"), "`ticket`");
  says(house.post(window("w1", "call"), "clerk", R"({"ticket":0})"), "`ticket`");
  says(house.post(window("w1", "call"), "clerk", R"({"ticket":99999999999999999999})"), "`ticket`");
  says(house.post(window("w1", "resume-held"), "clerk"), "`ticket` is missing");
  says(house.post(window("w1", "hold"), "clerk", R"({"kind":"gone"})"), "must be one of away, with_papers");
  says(house.post(window("w1", "start"), "clerk", R"({"service":""})"), "`service` is empty");
  says(house.post(window("w1", "take-over"), "clerk"), "`clerk` is missing");
  says(house.post(window("w1", "transfer"), "clerk"), "one of both");
  says(house.post(window("w1", "transfer"), "clerk", R"({"service":"tiny","window":"w2"})"), "one of both");
  says(house.post(window("w1", "transfer"), "clerk", R"({"window":"w2","place":"first"})"), "`place`");
  says(house.post(window("w1", "rate"), "clerk", R"({"score":"good"})"), "`by` is missing");
  says(house.post(window("w1", "rate"), "clerk", R"({"by":"qr"})"), "`score` is missing");
  says(house.post(window("w1", "rate"), "clerk", R"({"score":"5","by":"qr"})"), "`score`");
  for (const char* tail : {"", "123", "123456789", "12-4", "12 4", "一二三四"}) {
    says(house.post(window("w1", "collect"), "clerk", std::string(R"({"case_tail":")") + tail + "\"}"),
         "`case_tail`");
  }
  says(house.post(window("w1", "finish"), "clerk", R"({"outcome":"good"})"), "`outcome`");
  says(house.post(window("w1", "pause"), "clerk", R"({"reason":"x","back_at":"13:00"})"), "`back_at`");
  says(house.get("/api/v1/tickets?state=gone", "clerk"), "`state`");
  says(house.get("/api/v1/tickets?limit=0", "clerk"), "`limit`");
  says(house.get("/api/v1/tickets?limit=1001", "clerk"), "`limit`");
  says(house.get("/api/v1/tickets?after=x", "clerk"), "`after`");
  says(house.get("/api/v1/tickets?limit=5&limit=6", "clerk"), "twice");
  says(house.get("/api/v1/tickets?colour=red", "clerk"), "`colour`");
  says(house.get("/api/v1/hall?x", "clerk"), "`x`");
  says(house.get("/api/v1/tickets/%zz", "clerk"), "UTF-8");
  says(house.get("/api/v1/tickets/%ff", "clerk"), "UTF-8");
  CHECK(house.backend.count("TicketIssued") == 1);
}

TEST_CASE("the green lane is granted by a person") {
  House house;
  const std::string green = R"({"service":"social","lane":"green","green_type":2,"granted_by":"li"})";
  expect(house.post("/api/v1/tickets", "kiosk", green), 403, "forbidden");
  CHECK(house.post("/api/v1/tickets", "clerk", green).json().at("lane").as_string() == "green");
}

TEST_CASE("tickets are found by what they are") {
  House house;
  for (int i = 0; i < 5; ++i) {
    issue(house);
  }
  issue(house, "tiny");
  house.post(window("w2", "open"), "clerk", R"({"clerk":"li"})");
  house.post(window("w2", "call-next"), "clerk");
  const auto count = [&](const char* query) {
    return house.get(std::string("/api/v1/tickets") + query, "clerk").json().as_array().size();
  };
  CHECK(count("") == 6);
  CHECK(count("?limit=4") == 4);
  CHECK(count("?service=tiny") == 1);
  CHECK(count("?number=A003") == 1);
  CHECK(count("?number=a003") == 0);
  CHECK(count("?state=called") == 1);
  CHECK(count("?state=waiting&service=social") == 4);
  CHECK(count("?window=w2") == 1);
  CHECK(count("?print=none") == 6);
  CHECK(count("?print=unknown") == 0);
  expect(house.get("/api/v1/tickets?service=x", "clerk"), 404, "unknown_service");
  expect(house.get("/api/v1/tickets?window=x", "clerk"), 404, "unknown_window");
}

TEST_CASE("a long list of tickets is made in pieces") {
  House house;
  for (int i = 0; i < 20'000; ++i) {
    house.backend.happen(hall::IssueTicket{{"social"}, {}, {}, {}});
  }
  lobby::fakes::Client clerk(house), screen(house);
  clerk.send(house.request("GET", "/api/v1/tickets?after=18500&limit=1000", "clerk"));
  REQUIRE(house.turn_until([&] { return house.backend.histories > 0; }));
  screen.send(house.request("GET", "/api/v1/hall", "screen"));
  std::size_t most = house.backend.histories;
  const auto step = [&] {
    const auto before = house.backend.histories;
    house.io.restart();
    house.io.poll_one();
    most = std::max(most, house.backend.histories - before);
  };
  while (screen.got().empty()) {
    step();
    screen.pull();
  }
  CHECK(screen.read().status == 200);
  CHECK(house.backend.histories < 1000);  // nobody waits for the end of a list
  // What is called meanwhile is told as it is then, and what came later is not there.
  house.backend.happen(hall::OpenWindow{{"w2"}, {"li"}});
  house.backend.happen(hall::CallTicket{{"w2"}, {19'500}});
  house.backend.happen(hall::IssueTicket{{"social"}, {}, {}, {}});
  while (house.backend.histories < 1000) {
    step();
  }
  CHECK(most <= 20);
  const auto list = clerk.read().json().as_array();
  REQUIRE(list.size() == 1000);
  CHECK(list[0].at("id").to_number<int>() == 18'501);
  CHECK(list[998].at("state").as_string() == "waiting");
  CHECK(list[999].at("state").as_string() == "called");
  CHECK(house.get("/api/v1/tickets?after=20001", "clerk").body == "[]");
  CHECK(house.get("/api/v1/tickets?after=20000", "clerk").json().as_array().size() == 1);
}

TEST_CASE("nothing leaves before it is durable") {
  House house;
  house.backend.commit_at_once(false);
  lobby::fakes::Client kiosk(house), screen(house), later(house);
  kiosk.send(house.request("POST", "/api/v1/tickets", "kiosk", R"({"service":"social"})"));
  REQUIRE(house.turn_until([&] { return house.backend.waiting() == 1; }));
  screen.send(house.request("GET", "/api/v1/hall", "screen"));
  later.send(house.request("GET", "/api/v1/tickets/1", "kiosk"));
  house.settle();
  kiosk.pull();
  screen.pull();
  later.pull();
  CHECK(kiosk.got().empty());
  CHECK(screen.got().empty());
  CHECK(later.got().empty());
  SUBCASE("and comes when it is") {
    house.backend.commit();
    CHECK(kiosk.read().status == 201);
    CHECK(screen.read().json().at("services").at(0).at("waiting").to_number<int>() == 1);
    CHECK(later.read().status == 200);
  }
  SUBCASE("and never comes when it was lost") {
    house.backend.fail_commit();
    CHECK(kiosk.read().code() == "storage_failed");
    CHECK(screen.read().json().at("services").at(0).at("waiting").to_number<int>() == 0);
    CHECK(later.read().code() == "unknown_ticket");
  }
}

TEST_CASE("the hall as a whole") {
  House house;
  const auto hall = house.get("/api/v1/hall", "screen").json().as_object();
  CHECK(hall.at("name").as_string() == "什邡市政务服务中心");
  CHECK(hall.at("business_date").as_string() == "2026-03-16");
  CHECK(hall.at("open").as_bool());
  CHECK(hall.at("services").as_array().size() == 11);
  const auto& noon = hall.at("services").at(2).as_object();
  CHECK(!noon.at("open").as_bool());
  CHECK(noon.at("opens_at").as_string() == "2026-03-16T13:00:00.000+08:00");
  CHECK(noon.at("limit").to_number<int>() == 99);
  CHECK(!hall.at("services").at(0).as_object().contains("opens_at"));
  const auto& window = hall.at("windows").at(0).as_object();
  CHECK(window.at("clerk").is_null());
  CHECK(window.at("ticket").is_null());
  CHECK(window.at("services").as_array().size() == 2);
}

TEST_CASE("a lobby that is being stopped refuses whatever changes something, and serves what does not") {
  House house;
  house.backend.commit_at_once(false);
  lobby::fakes::Client waiting(house);
  waiting.send(house.request("POST", "/api/v1/tickets", "kiosk", R"({"service":"social"})"));
  REQUIRE(house.turn_until([&] { return house.backend.waiting() == 1; }));
  house.server->refuse_commands();
  const auto taken = house.backend.submitted.size();
  for (const auto* command : {"/api/v1/windows/w1/open", "/api/v1/windows/w1/call-next", "/api/v1/tickets",
                              "/api/v1/users", "/api/v1/session"}) {
    const auto reply = house.post(command, "admin", "{}");
    CHECK(reply.status == 503);
    CHECK(reply.code() == "service_closed");
    CHECK(reply.headers.at("content-type") == "application/problem+json");
    CHECK(reply.headers.at("retry-after") == "5");
  }
  expect(house.get("/readyz", ""), 503, "service_closed");
  CHECK(house.post("/api/v1/boards/wall/shown", "screen", R"({"version":7})").status == 204);
  CHECK(house.backend.shown_versions == std::vector<std::uint64_t>{7});  // whom the end waits for
  CHECK(house.backend.submitted.size() == taken);
  house.backend.commit();
  CHECK(waiting.read().status == 201);  // what was taken is answered
  CHECK(house.get("/api/v1/hall").status == 200);
  CHECK(house.get("/api/v1/approvals").status == 200);
  CHECK(house.get("/healthz", "").status == 200);
}
