#include "drivers/http/login.hpp"

#include <doctest/doctest.h>

using namespace lobby;
using namespace std::chrono_literals;
using http::Handshake;
using http::Login;
using Next = http::Handshake::Next;

namespace {

struct Trial {
  std::shared_ptr<Login> login = std::make_shared<Login>(http::Credentials{"ctl", "secret"});
  Handshake handshake{login, [] { return std::string("c0"); }};
  link::MonoTime now{};

  Next challenged(std::string_view field) { return handshake.challenged({field}, now); }
  std::string sends() { return handshake.authorization("GET", "/"); }
};

constexpr std::string_view first = "Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"";
constexpr std::string_view second = "Digest realm=\"r\", nonce=\"n2\", qop=\"auth\"";
constexpr std::string_view second_stale = "Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", stale=true";

std::string count_of(const std::string& authorization) {
  const auto at = authorization.find("nc=");
  return at == std::string::npos ? "" : authorization.substr(at + 3, 8);
}

}  // namespace

TEST_CASE("a nonce is kept, and its count rises with every use") {
  Trial trial;
  trial.handshake.begin();
  CHECK(trial.sends().empty());
  REQUIRE(trial.challenged(first) == Next::again);
  CHECK(count_of(trial.sends()) == "00000001");
  trial.handshake.answered();
  for (int i = 2; i <= 17; ++i) {
    trial.handshake.begin();
    const auto sent = trial.sends();
    CHECK(sent.find("nonce=\"n1\"") != std::string::npos);
    trial.handshake.answered();
    if (i == 17) {
      CHECK(count_of(sent) == "00000011");
    }
  }
}

TEST_CASE("a stale nonce is no wrong password") {
  Trial trial;
  trial.handshake.begin();
  trial.sends();
  trial.challenged(first);
  trial.sends();
  trial.handshake.answered();
  trial.handshake.begin();
  trial.sends();
  REQUIRE(trial.challenged(second_stale) == Next::again);
  const auto sent = trial.sends();
  CHECK(sent.find("nonce=\"n2\"") != std::string::npos);
  CHECK(count_of(sent) == "00000001");
  CHECK(trial.login->may_try(trial.now));
  // Whoever calls every nonce stale is not asked for ever, nor taken for a refusal.
  CHECK(trial.challenged(second_stale) == Next::unusable);
  CHECK(trial.login->may_try(trial.now));
  CHECK_FALSE(trial.handshake.reason().empty());
}

TEST_CASE("a nonce that served before may be forgotten without a word") {
  Trial trial;
  trial.handshake.begin();
  trial.sends();
  trial.challenged(first);
  trial.sends();
  trial.handshake.answered();
  trial.handshake.begin();
  trial.sends();
  CHECK(trial.challenged(second) == Next::again);
  CHECK(trial.login->may_try(trial.now));
  trial.sends();
  CHECK(trial.challenged(first) == Next::refused);
  CHECK_FALSE(trial.login->may_try(trial.now));
}

TEST_CASE("a wrong password is given once, then ever less") {
  Trial trial;
  auto pause = 60s;
  for (int i = 0; i < 8; ++i) {
    CAPTURE(i);
    trial.handshake.begin();
    CHECK(trial.sends().empty());
    REQUIRE(trial.challenged(first) == Next::again);
    CHECK_FALSE(trial.sends().empty());
    REQUIRE(trial.challenged(second) == Next::refused);
    CHECK_FALSE(trial.login->may_try(trial.now + pause - 1ms));
    CHECK(trial.login->may_try(trial.now + pause));
    trial.now += pause;
    pause = std::min(pause * 2, std::chrono::seconds(1800));
  }
  trial.login->forgive();
  CHECK(trial.login->may_try(trial.now));
}

TEST_CASE("a refusal without a challenge counts as one") {
  Trial trial;
  trial.handshake.begin();
  trial.sends();
  trial.challenged(first);
  trial.sends();
  CHECK(trial.handshake.challenged({}, trial.now) == Next::refused);
  CHECK_FALSE(trial.login->may_try(trial.now));
}

TEST_CASE("the first way that we know is taken, and no password goes in clear unasked") {
  Trial trial;
  trial.handshake.begin();
  trial.sends();
  CHECK(trial.handshake.challenged({"Basic realm=\"r\""}, trial.now) == Next::unusable);
  CHECK(trial.login->may_try(trial.now));
  CHECK(trial.sends().empty());
  REQUIRE(trial.handshake.challenged({"Basic realm=\"r\"", "Digest nonce=\"a\", algorithm=SHA-512-256",
                                      "Digest nonce=\"b\", algorithm=SHA-256", first},
                                     trial.now) == Next::again);
  CHECK(trial.sends().find("nonce=\"b\"") != std::string::npos);

  Trial open;
  open.login = std::make_shared<Login>(http::Credentials{"Aladdin", "open sesame", true});
  open.handshake = Handshake(open.login, [] { return std::string(); });
  open.handshake.begin();
  CHECK(open.sends().empty());
  REQUIRE(open.challenged("Basic realm=\"r\"") == Next::again);
  CHECK(open.sends() == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(open.challenged("Basic realm=\"r\"") == Next::refused);
}

TEST_CASE("unproven credentials are tried by one at a time") {
  Login login({"a", "b"});
  const int one = 0, other = 0;
  CHECK(login.claim(&one));
  CHECK(login.claim(&one));
  CHECK_FALSE(login.claim(&other));
  login.release(&other);
  CHECK_FALSE(login.claim(&other));
  login.release(&one);
  CHECK(login.claim(&other));
  login.accepted();
  CHECK(login.claim(&one));
}

TEST_CASE("without credentials a challenge is named") {
  Handshake handshake(nullptr, [] { return std::string(); });
  handshake.begin();
  CHECK(handshake.authorization("GET", "/").empty());
  CHECK(handshake.challenged({first}, {}) == Next::unusable);
  CHECK(handshake.reason() == "the device asks for credentials, and there are none");
}
