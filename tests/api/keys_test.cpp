// Idempotency-Key: what carries one is done once.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "daemon/api/secrets.hpp"
#include "tests/api/house.hpp"

using lobby::fakes::Client;
using lobby::fakes::House;

namespace {

const std::string social = R"({"service":"social"})";
std::string key(const std::string& value) {
  return "Idempotency-Key: " + value + "\r\n";
}

}  // namespace

TEST_CASE("the same request again gets the same answer and no second ticket") {
  House house;
  const auto first = house.post("/api/v1/tickets", "kiosk", social, key("a"));
  house.post("/api/v1/tickets", "kiosk", social);
  const auto again = house.post("/api/v1/tickets", "kiosk", social, key("a"));
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(house.backend.count("TicketIssued") == 2);
}

TEST_CASE("the same key with another body is refused") {
  House house;
  house.post("/api/v1/tickets", "kiosk", social, key("a"));
  const auto reply = house.post("/api/v1/tickets", "kiosk", R"({"service":"tiny"})", key("a"));
  CHECK(reply.status == 409);
  CHECK(reply.code() == "key_reused");
  CHECK(house.backend.count("TicketIssued") == 1);
}

TEST_CASE("a key is one account's, at one path") {
  House house;
  house.post("/api/v1/tickets", "kiosk", social, key("a"));
  CHECK(house.post("/api/v1/tickets", "clerk", social, key("a")).json().at("number").as_string() == "A002");
  CHECK(house.post("/api/v1/tickets/2/cancel", "clerk", "", key("a")).json().at("state").as_string() ==
        "cancelled");
}

TEST_CASE("a path is the same however it is spelt") {
  House house;
  house.post("/api/v1/tickets", "kiosk", social);
  house.post("/api/v1/tickets", "kiosk", social);
  house.post("/api/v1/windows/w1/open", "clerk", R"({"clerk":"li"})");
  CHECK(house.post("/api/v1/windows/w1/call-next", "clerk", "", key("k")).status == 200);
  CHECK(house.post("/api/v1/windows/w1/no-show", "clerk").status == 200);
  // Another act, if it were another path: the second ticket would be called.
  CHECK(house.post("/api/v1/windows/%771/call%2Dnext", "clerk", "", key("k")).status == 200);
  CHECK(house.backend.count("TicketCalled") == 1);
}

TEST_CASE("a refusal is not kept") {
  House house;
  CHECK(house.post("/api/v1/windows/w1/open", "clerk", R"({"clerk":"li"})").status == 200);
  CHECK(house.post("/api/v1/windows/w1/call-next", "clerk", "", key("k")).code() == "nothing_waiting");
  house.post("/api/v1/tickets", "kiosk", social);
  CHECK(house.post("/api/v1/windows/w1/call-next", "clerk", "", key("k")).status == 200);
  // And an answer of 2xx is: the key is done with.
  CHECK(house.post("/api/v1/windows/w1/call-next", "clerk", "", key("k")).status == 200);
  CHECK(house.backend.count("TicketCalled") == 1);
}

TEST_CASE("while the first is under way the second waits for its outcome") {
  House house;
  house.backend.commit_at_once(false);
  const auto request = house.request("POST", "/api/v1/tickets", "kiosk", social, key("a"));
  Client first(house), second(house), other(house);
  first.send(request);
  REQUIRE(house.turn_until([&] { return house.backend.waiting() == 1; }));
  second.send(request);
  other.send(house.request("POST", "/api/v1/tickets", "kiosk", R"({"service":"tiny"})", key("a")));
  CHECK(other.read().code() == "key_reused");
  house.settle();
  second.pull();
  CHECK(second.got().empty());
  CHECK(house.backend.waiting() == 1);
  SUBCASE("the same answer") {
    house.backend.commit();
    const auto answer = first.read();
    CHECK(answer.status == 201);
    CHECK(second.read().body == answer.body);
    CHECK(house.backend.count("TicketIssued") == 1);
  }
  SUBCASE("the same failure, and then it may be tried again") {
    house.backend.fail_commit();
    CHECK(first.read().code() == "storage_failed");
    CHECK(second.read().code() == "storage_failed");
    house.backend.commit_at_once(true);
    first.send(request);
    CHECK(first.read().status == 201);
    CHECK(house.backend.count("TicketIssued") == 1);
  }
}

TEST_CASE("a key that is none") {
  House house;
  for (const std::string& bad : {std::string(), std::string(256, 'k'), std::string("k\xc3\xa9y")}) {
    const auto reply = house.post("/api/v1/tickets", "kiosk", social, key(bad));
    CHECK(reply.status == 400);
    CHECK(reply.body.find("Idempotency-Key") != std::string::npos);
  }
  CHECK(house.post("/api/v1/tickets", "kiosk", social, key(std::string(255, 'k'))).status == 201);
}

TEST_CASE("an account is not added twice, and its token is in the journal's keeping nowhere") {
  House house;
  const std::string body = R"({"name":"kiosk-2","role":"kiosk"})";
  const auto first = house.post("/api/v1/users", "admin", body, key("u"));
  REQUIRE(first.status == 201);
  const auto again = house.post("/api/v1/users", "admin", body, key("u"));
  CHECK(again.body == first.body);
  CHECK(house.post("/api/v1/users", "admin", R"({"name":"kiosk-3","role":"kiosk"})", key("u")).code() ==
        "key_reused");
  CHECK(house.backend.kept.empty());
  CHECK(house.post("/api/v1/users", "admin", body).code() == "wrong_state");
}

TEST_CASE("a token that was lost with the daemon is made anew for who asks again") {
  House house;
  const std::string body = R"({"name":"li","role":"clerk","windows":["w1"],"pin":"2468"})";
  const auto first = house.post("/api/v1/users", "admin", body, key("u"));
  REQUIRE(first.status == 201);
  const auto works = [&](const lobby::fakes::Reply& added) {
    const std::string token(added.json().at("token").as_string());
    return house.call("GET", "/api/v1/hall", "", "", "Authorization: Bearer " + token + "\r\n").status == 200;
  };
  // What lies in the file helps nobody to guess the PIN.
  std::ifstream in(house.folder.path() + "/accounts.json");
  const std::string file{std::istreambuf_iterator<char>(in), {}};
  CHECK(file.find(lobby::api::to_hex(lobby::api::sha256(body))) == std::string::npos);
  house.restart();
  CHECK(house.post("/api/v1/users", "admin", R"({"name":"li","role":"admin"})", key("u")).code() ==
        "key_reused");
  CHECK(works(first));
  const auto again = house.post("/api/v1/users", "admin", body, key("u"));
  REQUIRE(again.status == 201);
  CHECK(again.json().at("name").as_string() == "li");
  CHECK(again.json().at("windows").as_array().size() == 1);
  CHECK(works(again));
  CHECK(!works(first));
  CHECK(house.account_changes.back() == std::pair<std::string, std::string>{"li", "changed"});
  // The rest of the account is as it was, and the answer is kept as before.
  CHECK(house.post("/api/v1/session", "", R"({"name":"li","pin":"2468"})").status == 201);
  CHECK(house.post("/api/v1/users", "admin", body, key("u")).body == again.body);
  CHECK(house.post("/api/v1/users", "admin", body, key("v")).code() == "wrong_state");
  // A day later the key means nothing any more.
  house.restart();
  house.backend.set_now({house.backend.now().utc_ms + 24 * 3600 * 1000, 480});
  CHECK(house.post("/api/v1/users", "admin", body, key("u")).code() == "wrong_state");
}
