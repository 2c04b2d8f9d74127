// Each endpoint × each role, by a table written from the contract and not from the router.
#include <doctest/doctest.h>

#include <set>

#include "daemon/api/router.hpp"
#include "tests/api/house.hpp"

using lobby::fakes::House;

namespace {

struct Row {
  const char* method;
  const char* path;
  /// The contract's column, and who comes in beside it: a GET lets in supervisor and admin, all else admin.
  std::set<std::string> roles;
};

const std::set<std::string> all{"kiosk", "clerk", "supervisor", "evaluator", "screen", "admin"};

const Row guarded[] = {
    {"GET", "/api/v1/hall", all},
    {"POST", "/api/v1/tickets", {"kiosk", "clerk", "admin"}},
    {"GET", "/api/v1/tickets", {"clerk", "supervisor", "admin"}},
    {"GET", "/api/v1/tickets/{id}", {"clerk", "kiosk", "supervisor", "admin"}},
    {"POST", "/api/v1/tickets/{id}/notice", {"clerk", "admin"}},
    {"POST", "/api/v1/tickets/{id}/reprint", {"clerk", "admin"}},
    {"POST", "/api/v1/tickets/{id}/cancel", {"clerk", "admin"}},
    {"POST", "/api/v1/tickets/{id}/settle-print", {"clerk", "admin"}},
    {"POST", "/api/v1/tickets/{id}/reinstate", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/open", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/close", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/call-next", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/call", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/recall", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/no-show", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/start", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/finish", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/pause", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/resume", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/help", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/help-done", {"clerk", "supervisor", "admin"}},
    {"POST", "/api/v1/windows/{id}/resume-held", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/collect", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/hold", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/transfer", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/take-over", {"clerk", "admin"}},
    {"POST", "/api/v1/windows/{id}/rate", {"kiosk", "clerk", "admin"}},
    {"GET", "/api/v1/appointments", {"clerk", "kiosk", "supervisor", "admin"}},
    {"POST", "/api/v1/appointments", {"clerk", "admin"}},
    {"DELETE", "/api/v1/appointments/{id}", {"clerk", "admin"}},
    {"POST", "/api/v1/blocks", {"supervisor", "admin"}},
    {"POST", "/api/v1/tenants/{service}", {"clerk", "admin"}},
    {"GET", "/api/v1/catalogue", {"screen", "kiosk", "supervisor", "admin"}},
    {"GET", "/api/v1/devices", {"supervisor", "admin"}},
    {"POST", "/api/v1/devices/u1/self-test", {"supervisor", "admin"}},
    {"POST", "/api/v1/devices/u1/address", {"admin"}},
    {"POST", "/api/v1/buses/line-1/scan", {"admin"}},
    {"GET", "/api/v1/approvals", {"screen", "kiosk", "supervisor", "admin"}},
    {"GET", "/api/v1/approvals/{case_no}", {"screen", "kiosk", "supervisor", "admin"}},
    {"GET", "/api/v1/review", {"supervisor", "admin"}},
    {"GET", "/api/v1/bids", {"screen", "supervisor", "admin"}},
    {"GET", "/api/v1/boards", {"screen", "supervisor", "admin"}},
    {"GET", "/api/v1/boards/{id}/program", {"screen", "supervisor", "admin"}},
    {"POST", "/api/v1/boards/{id}/shown", {"screen", "admin"}},
    {"GET", "/api/v1/boards/drafts", {"supervisor", "admin"}},
    {"DELETE", "/api/v1/boards/drafts/{id}", {"supervisor", "admin"}},
    {"POST", "/api/v1/boards/drafts/{id}/approve", {"supervisor", "admin"}},
    {"POST", "/api/v1/boards/{id}/confirm", {"supervisor", "admin"}},
    {"POST", "/api/v1/boards/{id}/text", {"supervisor", "admin"}},
    {"GET", "/api/v1/emergency", all},
    {"POST", "/api/v1/emergency", {"supervisor", "admin"}},
    {"DELETE", "/api/v1/emergency", {"supervisor", "admin"}},
    {"GET", "/api/v1/rooms", {"evaluator", "screen", "supervisor", "admin"}},
    {"GET", "/api/v1/evaluations", {"evaluator", "screen", "supervisor", "admin"}},
    {"POST", "/api/v1/evaluations", {"evaluator", "admin"}},
    {"GET", "/api/v1/evaluations/{id}", {"evaluator", "screen", "supervisor", "admin"}},
    {"GET", "/api/v1/evaluations/{id}/evidence", {"evaluator", "supervisor", "admin"}},
    {"POST", "/api/v1/evaluations/{id}/start", {"evaluator", "admin"}},
    {"POST", "/api/v1/evaluations/{id}/stop", {"evaluator", "admin"}},
    {"POST", "/api/v1/evaluations/{id}/open-unwitnessed", {"evaluator", "admin"}},
    {"POST", "/api/v1/evaluations/{id}/acknowledge", {"evaluator", "admin"}},
    {"GET", "/api/v1/statistics", {"supervisor", "admin"}},
    {"GET", "/api/v1/events", all},
    {"GET", "/api/v1/journal", {"supervisor", "admin"}},
    {"GET", "/api/v1/users", {"supervisor", "admin"}},
    {"POST", "/api/v1/users", {"admin"}},
    {"DELETE", "/api/v1/users/{name}", {"admin"}},
    {"DELETE", "/api/v1/session", all},
};

/// Served to whoever asks.
const std::pair<const char*, const char*> open_to_all[] = {{"GET", "/"},
                                                           {"GET", "/metrics"},
                                                           {"GET", "/healthz"},
                                                           {"GET", "/readyz"},
                                                           {"GET", "/api/v1/openapi.yaml"},
                                                           {"POST", "/api/v1/session"}};

std::string filled(std::string path) {
  for (const auto& [name, value] :
       {std::pair{"{id}", path.find("/windows/") == std::string::npos ? "1" : "w1"},
        {"{case_no}", "川-1?code=1"},
        {"{name}", "nobody"},
        {"{service}", "bank"}}) {
    if (const auto at = path.find(name); at != std::string::npos) {
      path.replace(at, std::string(name).size(), value);
    }
  }
  return path;
}

/// The status line is enough: an event stream has no end.
int status_of(House& house, const std::string& method, const std::string& path, const std::string& who) {
  lobby::fakes::Client client(house);
  client.send(house.request(method, path, who));
  const auto& got = client.read_until("\r\n");
  REQUIRE(got.size() > 12);
  return std::stoi(got.substr(9, 3));
}

}  // namespace

TEST_CASE("each endpoint lets in the roles of the contract and no other") {
  House house;
  for (const auto& row : guarded) {
    const std::string path = filled(row.path);
    for (const auto& role : all) {
      const int status = status_of(house, row.method, path, role);
      INFO(row.method << " " << path << " as " << role << ": " << status);
      CHECK((status != 403) == row.roles.contains(role));
      CHECK(status != 401);
      CHECK(status != 405);
    }
    CHECK_MESSAGE(status_of(house, row.method, path, "") == 401, row.method << " " << path);
  }
}

TEST_CASE("what needs no account") {
  House house;
  for (const auto& [method, path] : open_to_all) {
    const int status = status_of(house, method, path, "");
    CHECK_MESSAGE((status == 200 || status == 400), path << ": " << status);
  }
}

TEST_CASE("the table above is all that there is") {
  CHECK(lobby::api::routes().size() == std::size(guarded) + std::size(open_to_all));
}

TEST_CASE("a token that nobody has, and what is no token") {
  House house;
  for (const char* header : {"Bearer 0000", "Bearer ", "Basic YTpi", "Bearer", "0000"}) {
    const auto reply =
        house.call("GET", "/api/v1/hall", "", "", std::string("Authorization: ") + header + "\r\n");
    CHECK(reply.status == 401);
    CHECK(reply.code() == "unauthorized");
    CHECK(reply.headers.count("www-authenticate") == 1);
  }
  CHECK(house.call("GET", "/api/v1/hall", "", "", "Authorization: bearer " + house.token("screen") + "\r\n")
            .status == 200);
}

TEST_CASE("a clerk acts at the windows of the account") {
  House house;
  const std::string clerk = R"({"clerk":"zhang"})";
  CHECK(house.post("/api/v1/windows/w1/open", "clerk-1", clerk).status == 200);
  const auto refused = house.post("/api/v1/windows/w2/open", "clerk-1", clerk);
  CHECK(refused.status == 403);
  CHECK(refused.code() == "forbidden");
  CHECK(house.post("/api/v1/windows/w2/open", "clerk", clerk).status == 200);
  CHECK(house.post("/api/v1/windows/w9/open", "clerk-1", clerk).code() == "unknown_window");
  CHECK(house.backend.count("WindowOpened") == 2);
}

TEST_CASE("a clerk of one window sends a ticket to any, and does nothing else there") {
  House house;
  house.post("/api/v1/windows/w2/open", "clerk", R"({"clerk":"li"})");
  house.post("/api/v1/windows/w1/open", "clerk-1", R"({"clerk":"zhang"})");
  house.post("/api/v1/tickets", "clerk-1", R"({"service":"social"})");
  CHECK(house.post("/api/v1/windows/w1/call-next", "clerk-1").status == 200);
  CHECK(house.post("/api/v1/windows/w1/transfer", "clerk-1", R"({"window":"w2"})").status == 200);
  for (const char* act :
       {"call-next", "hold", "transfer", "resume-held", "collect", "start", "finish", "rate", "take-over",
        "recall", "no-show", "pause", "resume", "close", "help", "help-done"}) {
    CHECK_MESSAGE(house.post(std::string("/api/v1/windows/w2/") + act, "clerk-1").code() == "forbidden", act);
  }
}

namespace {

/// Takes the answer.
struct Taker final : lobby::api::Exchange {
  void respond(lobby::api::Response given) override { response = std::move(given); }
  void stream(lobby::api::EventCursor) override {}
  lobby::api::Response response;
};

}  // namespace

TEST_CASE("health and metrics are for this machine, unless the options say otherwise") {
  House house;
  lobby::api::Options options;
  lobby::api::Stretcher stretcher(house.io);
  lobby::api::Sessions sessions(*house.accounts, stretcher, options);
  lobby::api::Streams streams(house.backend, options);
  lobby::api::Acts acts(house.backend, options);
  lobby::api::Counters counters;
  lobby::api::Desk desk{house.backend, *house.accounts, sessions, stretcher, streams,
                        acts,          counters,        options};
  for (const char* path : {"/metrics", "/healthz", "/readyz"}) {
    for (const bool here : {true, false}) {
      for (const bool to_all : {true, false}) {
        options.plain_to_all = to_all;
        lobby::api::Call call;
        call.request.method = lobby::api::Method::get;
        call.request.target = path;
        call.request.from_loopback = here;
        const auto taker = std::make_shared<Taker>();
        call.exchange = taker;
        const auto refused = lobby::api::admit(desk, call);
        CHECK((refused ? refused->status : 200) == (here || to_all ? 200 : 403));
        if (!refused) {
          lobby::api::serve(desk, std::move(call));
          CHECK(taker->response.status == 200);
        }
      }
    }
  }
}

TEST_CASE("paths and methods that are not served") {
  House house;
  for (const char* path : {"/api/v1/nothing", "/api/v1", "/api/v1/", "/api/v1/hall/", "/api/v1/tickets/1/",
                           "/api/v2/hall", "/api/v1/tickets//cancel", "//", "/api/v1/windows/w1"}) {
    const auto reply = house.get(path);
    CHECK_MESSAGE(reply.status == 404, path);
    CHECK(reply.code() == "not_found");
  }
  const auto wrong = house.call("DELETE", "/api/v1/tickets");
  CHECK(wrong.status == 405);
  CHECK(wrong.code() == "method_not_allowed");
  CHECK(wrong.headers.at("allow") == "POST, GET, HEAD");
  for (const char* method : {"PUT", "PATCH", "OPTIONS", "BREW"}) {
    CHECK(house.call(method, "/api/v1/hall").headers["allow"] == "GET, HEAD");
  }
}
