#include "daemon/feed/push_wire.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/feed/upstream.hpp"

namespace lobby::feed {
namespace {

/// A secret on disk, and a target that answers as it is told to.
struct Posting {
  explicit Posting(std::string auth = "none", std::string header = "") {
    std::string path = (std::filesystem::temp_directory_path() / "lobby-push-XXXXXX").string();
    const int file = ::mkstemp(path.data());
    REQUIRE(file >= 0);
    REQUIRE(::write(file, "s3cret\n", 7) == 7);
    ::close(file);
    settings.mode = Settings::Mode::push;
    settings.url = "http://127.0.0.1:9/api/v1/hall/queue-events?v=2";
    settings.token_file = path;
    settings.app_id = "hall-1";
    settings.auth = std::move(auth);
    settings.auth_header = std::move(header);
  }
  ~Posting() { ::unlink(settings.token_file.c_str()); }
  Posting(const Posting&) = delete;
  Posting& operator=(const Posting&) = delete;

  std::variant<PostAnswer, Failure> post(const std::string& body = R"({"items":[]})") {
    if (!poster) {
      poster.emplace(settings, push_auth(settings).value(), target.connect(), target.around());
    }
    return poster->post(body);
  }
  std::string header(const std::string& name) {
    const auto& headers = target.asked.back().headers;
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
  Settings settings;
  FakeUpstream target;
  std::optional<WirePoster> poster;
};

Reply unauthorised(const std::string& date) {
  Reply reply = status(401);
  reply.date = date;
  return reply;
}

TEST_CASE("a body goes to the url as it stands, each on a connection of its own") {
  Posting hall;
  hall.target.say(ok(R"({"code":0})"));
  const auto answer = hall.post();
  REQUIRE(std::holds_alternative<PostAnswer>(answer));
  CHECK(std::get<PostAnswer>(answer).status == 200);
  CHECK(std::get<PostAnswer>(answer).body == R"({"code":0})");
  REQUIRE(hall.target.asked.size() == 1);
  const auto& request = hall.target.asked[0];
  CHECK(request.post);
  CHECK(request.target == "/api/v1/hall/queue-events?v=2");
  CHECK(request.body == R"({"items":[]})");
  CHECK(hall.header("Content-Type") == "application/json; charset=utf-8");
  CHECK(hall.header("Authorization").empty());
  hall.post();
  CHECK(hall.target.connections == 2);
}

TEST_CASE("a 400 is an answer to what was posted, with what it says") {
  Posting hall;
  Reply reply = status(400);
  reply.body = R"({"message":"no"})";
  reply.content_type = "application/json";
  hall.target.say(reply);
  const auto answer = hall.post();
  REQUIRE(std::holds_alternative<PostAnswer>(answer));
  CHECK(std::get<PostAnswer>(answer).status == 400);
  CHECK(std::get<PostAnswer>(answer).body == R"({"message":"no"})");
}

TEST_CASE("the secret goes where the site says, and nowhere else") {
  SUBCASE("the usual header") {
    Posting hall("header");
    hall.target.say(ok(""));
    hall.post();
    CHECK(hall.header("Authorization") == "Bearer s3cret");
  }
  SUBCASE("as a token, whole though it has a colon, and in no other header") {
    Posting hall("bearer", "Authorization");
    std::ofstream(hall.settings.token_file) << "hall-1:s3cret\n";
    hall.target.say(ok(""));
    hall.post();
    CHECK(hall.header("Authorization") == "Bearer hall-1:s3cret");
    CHECK(hall.target.asked.size() == 1);
  }
  SUBCASE("another header") {
    Posting hall("header", "X-Access-Token");
    hall.target.say(ok(""));
    hall.post();
    CHECK(hall.header("X-Access-Token") == "s3cret");
    CHECK(hall.header("Authorization").empty());
  }
  SUBCASE("a signature") {
    Posting hall("hmac-sha256");
    hall.target.say(ok(""));
    hall.post();
    CHECK(hall.header("Authorization").starts_with("HALL-HMAC-SHA256 appId=hall-1,ts=1795136400000,nonce="));
    CHECK(hall.header("Authorization").find("s3cret") == std::string::npos);
    const auto first = hall.header("Authorization");
    hall.post();
    CHECK(hall.header("Authorization") != first);  // a nonce is never used twice
  }
  SUBCASE("a sum in the address") {
    Posting hall("sorted-md5");
    hall.target.say(ok(""));
    hall.post();
    CHECK(hall.target.asked[0].target.starts_with("/api/v1/hall/queue-events?v=2&sign="));
  }
}

/// A target whose login gives token after token; good for an hour.
struct LoginTarget {
  explicit LoginTarget(Posting& posting) : hall(posting) {
    auth.kind = Auth::Kind::bearer;
    auth.login.path = "/oauth/token";
    auth.login.fields = {{"client_id", "{app_id}"}, {"client_secret", "{token}"}};
    auth.login.token = {"access_token"};
    auth.login.lifetime_s = 3600;
    hall.poster.emplace(hall.settings, push_auth(hall.settings, &auth).value(), hall.target.connect(),
                        hall.target.around());
    hall.target.say([this](const FilledRequest& request) {
      if (request.target == "/oauth/token") {
        ++logins;
        return refuses ? status(400) : ok(R"({"access_token":"t)" + std::to_string(logins) + "\"}");
      }
      return ended.contains(request.headers.at("Authorization")) ? status(401) : ok(R"({"code":0})");
    });
  }
  Posting& hall;
  Auth auth;
  int logins = 0;
  bool refuses = false;
  std::set<std::string> ended;
};

TEST_CASE("the token of a login is used until it ends, and asked for anew once when it is refused") {
  Posting hall("bearer");
  LoginTarget target(hall);
  CHECK(std::holds_alternative<PostAnswer>(hall.post()));
  CHECK(hall.target.asked.at(0).body == "client_id=hall-1&client_secret=s3cret");
  CHECK(hall.header("Authorization") == "Bearer t1");
  CHECK(std::holds_alternative<PostAnswer>(hall.post()));
  CHECK(target.logins == 1);
  hall.target.steady_ms += 3'600'000;
  hall.post();
  CHECK(hall.header("Authorization") == "Bearer t2");
  target.ended = {"Bearer t2"};
  CHECK(std::holds_alternative<PostAnswer>(hall.post()));
  CHECK(hall.header("Authorization") == "Bearer t3");
  target.ended = {"Bearer t3", "Bearer t4"};
  const auto refused = hall.post();
  REQUIRE(std::holds_alternative<Failure>(refused));
  CHECK(std::get<Failure>(refused).kind == Failure::Kind::unauthorised);
  CHECK(std::get<Failure>(refused).tried_again);
  CHECK(target.logins == 4);
}

TEST_CASE("a login that is refused is said to be") {
  Posting hall("bearer");
  LoginTarget target(hall);
  target.refuses = true;
  const auto refused = hall.post();
  REQUIRE(std::holds_alternative<Failure>(refused));
  CHECK(std::get<Failure>(refused).kind == Failure::Kind::unauthorised);
  CHECK(std::get<Failure>(refused).reason == "the target refuses the login: HTTP 400");
  CHECK(hall.target.asked.size() == 1);
}

TEST_CASE("a kind that a push cannot have is refused") {
  Settings settings;
  for (const auto* word : {"token", "Header", "md5"}) {
    settings.auth = word;
    CHECK_FALSE(push_auth(settings));
  }
  Auth of_mapping;
  settings.auth = "bearer";
  CHECK_FALSE(push_auth(settings, &of_mapping));  // no login in it
  of_mapping.kind = Auth::Kind::bearer;
  CHECK(push_auth(settings, &of_mapping));
  settings.auth = "header";
  CHECK_FALSE(push_auth(settings, &of_mapping));
  settings.auth.clear();
  REQUIRE(push_auth(settings));
  CHECK(push_auth(settings)->kind == Auth::Kind::none);
}

TEST_CASE("statuses that say something of the batch are answers, others are failures") {
  for (const int code : {200, 201, 204, 400, 409, 413, 422}) {
    CAPTURE(code);
    Posting hall;
    hall.target.say(status(code));
    const auto answer = hall.post();
    REQUIRE(std::holds_alternative<PostAnswer>(answer));
    CHECK(std::get<PostAnswer>(answer).status == code);
  }
  const std::vector<std::pair<int, Failure::Kind>> failures{
      {302, Failure::Kind::trouble},  {401, Failure::Kind::unauthorised}, {403, Failure::Kind::unauthorised},
      {404, Failure::Kind::missing},  {429, Failure::Kind::throttled},    {500, Failure::Kind::trouble},
      {503, Failure::Kind::throttled}};
  for (const auto& [code, kind] : failures) {
    CAPTURE(code);
    Posting hall;
    Reply reply = status(code);
    reply.retry_after = "90";
    hall.target.say(reply);
    const auto answer = hall.post();
    REQUIRE(std::holds_alternative<Failure>(answer));
    CHECK(std::get<Failure>(answer).kind == kind);
    CHECK(std::get<Failure>(answer).retry_after.has_value() == (kind == Failure::Kind::throttled));
  }
}

TEST_CASE("no way to the target is a failure") {
  Posting hall;
  hall.target.say(Failure{Failure::Kind::trouble, "the upstream cannot be reached", {}});
  const auto answer = hall.post();
  REQUIRE(std::holds_alternative<Failure>(answer));
  CHECK(std::get<Failure>(answer).reason == "the upstream cannot be reached");
}

TEST_CASE("a secret that others may read is not used") {
  Posting hall("header");
  REQUIRE(::chmod(hall.settings.token_file.c_str(), 0644) == 0);
  const auto answer = hall.post();
  REQUIRE(std::holds_alternative<Failure>(answer));
  CHECK(std::get<Failure>(answer).kind == Failure::Kind::unauthorised);
  CHECK(std::get<Failure>(answer).reason.find("chmod 600") != std::string::npos);
  CHECK(hall.target.asked.empty());
}

TEST_CASE("a target whose clock differs is tried once more by its own") {
  // Ten minutes ahead of 2026-11-20T09:00:00+08:00.
  const std::string date = "Fri, 20 Nov 2026 01:10:00 GMT";
  Posting hall("hmac-sha256");
  hall.target.say(unauthorised(date));
  hall.target.say(ok(R"({"code":0})"));
  CHECK(std::holds_alternative<PostAnswer>(hall.post()));
  REQUIRE(hall.target.asked.size() == 2);
  CHECK(hall.header("Authorization").find(",ts=1795137000000,") != std::string::npos);
  SUBCASE("and the difference is remembered") {
    hall.post();
    CHECK(hall.target.asked.size() == 3);
    CHECK(hall.header("Authorization").find(",ts=1795137000000,") != std::string::npos);
  }
  SUBCASE("a refusal by the same clock is one") {
    hall.target.say(unauthorised(date));
    CHECK(std::holds_alternative<Failure>(hall.post()));
    CHECK(hall.target.asked.size() == 3);
  }
}

TEST_CASE("a header that carries the secret knows no clock") {
  Posting hall("header");
  hall.target.say(unauthorised("Fri, 20 Nov 2026 01:10:00 GMT"));
  CHECK(std::holds_alternative<Failure>(hall.post()));
  CHECK(hall.target.asked.size() == 1);
}

}  // namespace
}  // namespace lobby::feed
