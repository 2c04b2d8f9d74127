#include <doctest/doctest.h>

#include "drivers/http/client.hpp"
#include "tests/drivers_http/bench.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using fakes::http_answer;
using fakes::HttpAsked;
using http::Fault;

namespace {

/// A device as RFC 7616 has it, that counts what it was given. Its sums are those of the published example
/// (RFC 2617, 3.5), so only one request can be right; the rest is judged by nonce and count.
struct Guard {
  std::string nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
  std::uint32_t last = 0;
  int asked_bare = 0, wrong = 0, replayed = 0;
  bool password_is_right = true;
  std::string extra;  ///< of the next challenge

  static std::string part(const std::string& field, const std::string& name) {
    const auto at = field.find(name + "=");
    if (at == std::string::npos) {
      return {};
    }
    auto value = field.substr(at + name.size() + 1);
    return value.starts_with('"') ? value.substr(1, value.find('"', 1) - 1)
                                  : value.substr(0, value.find(','));
  }

  fakes::HttpSaid challenge() const {
    return http_answer(
        401, "no",
        "WWW-Authenticate: Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"" + nonce +
            "\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"" + extra + "\r\n");
  }
  fakes::HttpSaid operator()(const HttpAsked& asked) {
    const auto given = asked.field("Authorization");
    if (given.empty()) {
      ++asked_bare;
      return challenge();
    }
    const auto count = static_cast<std::uint32_t>(std::stoul(part(given, "nc"), nullptr, 16));
    if (part(given, "nonce") != nonce || !password_is_right) {
      ++wrong;
      return challenge();
    }
    if (count <= last) {
      ++replayed;
      return challenge();
    }
    last = count;
    return http_answer(200, "in");
  }
};

}  // namespace

TEST_CASE("the example of RFC 2617 on the wire, and one challenge for many requests") {
  http::Bench bench;
  bench.login = std::make_shared<http::Login>(http::Credentials{"Mufasa", "Circle Of Life"});
  Guard guard;
  bench.peer->answer = std::ref(guard);
  bench.start();
  CHECK(bench.get("/dir/index.html").body == "in");
  CHECK(
      bench.peer->asked.at(1).field("Authorization").find("response=\"6629fae49393a05397450978507c4ef1\"") !=
      std::string::npos);
  for (int i = 0; i < 20; ++i) {
    CHECK(bench.get("/other").body == "in");
  }
  CHECK(guard.asked_bare == 1);
  CHECK(guard.replayed == 0);
  CHECK(guard.last == 21);
  CHECK(bench.peer->connections == 1);
  // The nonce goes on over another connection.
  bench.peer->hang_up();
  CHECK(bench.get("/other").body == "in");
  CHECK(guard.asked_bare == 1);
}

TEST_CASE("a device that forgets its nonces costs a question, not the login") {
  for (const std::string extra : {", stale=true", ", stale=TRUE", ""}) {
    CAPTURE(extra);
    http::Bench bench;
    Guard guard;
    bench.peer->answer = std::ref(guard);
    bench.start();
    CHECK(bench.get("/").body == "in");
    guard.nonce = "n2";
    guard.last = 0;
    guard.extra = extra;
    CHECK(bench.get("/").body == "in");
    CHECK(guard.wrong == 1);
    CHECK(bench.login->may_try(bench.loop.now()));
    CHECK(bench.get("/").body == "in");
    CHECK(guard.wrong == 1);
  }
}

TEST_CASE("a wrong password leaves once, for every client of the device") {
  http::Bench bench;
  Guard guard;
  guard.password_is_right = false;
  bench.peer->answer = std::ref(guard);
  bench.start();
  auto other_peer = std::make_shared<fakes::HttpPeer>(bench.loop);
  other_peer->answer = std::ref(guard);
  http::Client other(bench.loop, other_peer->make_connection(), bench.login, bench.options);

  const auto answer = bench.get("/");
  CHECK(answer.fault == Fault::unauthorized);
  CHECK(answer.status == 401);
  CHECK(guard.wrong == 1);
  // A probe every 2 s for ten minutes, from both.
  int held_back = 0;
  for (int i = 0; i < 300; ++i) {
    const auto count = [&](const http::Answer& a) {
      held_back += a.fault == Fault::held_back ? 1 : 0;
      CHECK((a.fault != Fault::held_back || !a.was_sent));
    };
    bench.client->ask({}, count);
    other.ask({}, count);
    bench.loop.run_for(2s);
  }
  // After 1, 3 and 7 minutes.
  CHECK(guard.wrong == 4);
  CHECK(held_back >= 590);
  guard.password_is_right = true;
  bench.login->forgive();
  CHECK(bench.get("/").body == "in");
  CHECK(bench.get("/").body == "in");
}

TEST_CASE("two clients do not try an unproven password at once") {
  http::Bench bench;
  Guard guard;
  guard.password_is_right = false;
  bench.peer->answer = std::ref(guard);
  bench.start();
  auto other_peer = std::make_shared<fakes::HttpPeer>(bench.loop);
  other_peer->answer = std::ref(guard);
  http::Client other(bench.loop, other_peer->make_connection(), bench.login, bench.options);
  std::vector<Fault> faults;
  const auto note = [&](const http::Answer& answer) { faults.push_back(answer.fault); };
  bench.client->ask({}, note);
  other.ask({}, note);
  bench.loop.run_for(1s);
  CHECK(faults == std::vector{Fault::busy, Fault::unauthorized});
  CHECK(guard.wrong == 1);
}

TEST_CASE("a body is sent again with the credentials, also where it may not be done twice") {
  http::Bench bench;
  Guard guard;
  bench.peer->answer = std::ref(guard);
  bench.start();
  http::Request request;
  request.method = "POST";
  request.body = "<job/>";
  request.repeatable = false;
  CHECK(bench.ask(request).body == "in");
  REQUIRE(bench.peer->asked.size() == 2);
  CHECK(bench.peer->asked[1].body == "<job/>");
}

TEST_CASE("no password goes to a device that asks for it in clear") {
  http::Bench bench;
  bench.peer->answer = [](const HttpAsked&) {
    return http_answer(401, "", "WWW-Authenticate: Basic realm=\"cam\"\r\n");
  };
  bench.start();
  CHECK(bench.get("/").fault == Fault::unauthorized);
  for (const auto& asked : bench.peer->asked) {
    CHECK(asked.field("Authorization").empty());
  }
  CHECK(bench.login->may_try(bench.loop.now()));
}

TEST_CASE("without credentials nothing is tried") {
  http::Bench bench;
  bench.login = nullptr;
  Guard guard;
  bench.peer->answer = std::ref(guard);
  bench.start();
  CHECK(bench.get("/").fault == Fault::unauthorized);
  CHECK(guard.asked_bare == 1);
  CHECK(guard.wrong == 0);
}
