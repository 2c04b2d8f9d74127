// Accounts: the file, who changes it, logins.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon/api/secrets.hpp"
#include "tests/api/house.hpp"

using lobby::api::Account;
using lobby::api::Accounts;
using lobby::api::Role;
using lobby::fakes::House;
using lobby::fakes::TemporaryFolder;

namespace {

std::string file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string add(Accounts& accounts, const std::string& name, Role role = Role::clerk) {
  return std::get<std::string>(accounts.add({name, role, {}, "", ""}));
}

std::string cookie(const lobby::fakes::Reply& reply) {
  const auto header = reply.headers.at("set-cookie");
  return "Cookie: theme=dark; " + header.substr(0, header.find(';')) + "\r\n";
}

std::string csrf(const lobby::fakes::Reply& reply) {
  return "X-Lobby-CSRF: " + std::string(reply.json().at("csrf").as_string()) + "\r\n";
}

}  // namespace

TEST_CASE("the file is its owner's only and holds no secret") {
  TemporaryFolder folder;
  Accounts accounts(folder.path());
  const std::string token = add(accounts, "zhang");
  CHECK(token.size() == 64);
  const auto second = accounts.add(
      {"li", Role::clerk, {"w1"}, lobby::api::stretch("correct horse"), lobby::api::stretch("2468")});
  const std::string path = folder.path() + "/accounts.json";
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const std::string text = file(path);
  CHECK(text.find(token) == std::string::npos);
  CHECK(text.find(std::get<std::string>(second)) == std::string::npos);
  CHECK(text.find("correct horse") == std::string::npos);
  CHECK(text.find("2468") == std::string::npos);
  CHECK(text.find("zhang") != std::string::npos);
  // Another reader of the file knows whose token it is.
  Accounts later(folder.path());
  REQUIRE(later.by_token(token) != nullptr);
  CHECK(later.by_token(token)->name == "zhang");
  CHECK(later.by_token(token + "0") == nullptr);
  CHECK(later.by_token("") == nullptr);
  CHECK(later.find("li")->windows == std::vector<std::string>{"w1"});
}

TEST_CASE("names") {
  TemporaryFolder folder;
  Accounts accounts(folder.path());
  for (const std::string name : {"", "a b", "../x", "张三", "a\nb"}) {
    CHECK(std::get<lobby::api::AccountFault>(accounts.add({name, Role::clerk, {}, "", ""})).kind ==
          lobby::api::AccountFault::Kind::bad_name);
  }
  add(accounts, "a.b_c-1");
  CHECK(std::get<lobby::api::AccountFault>(accounts.add({"a.b_c-1", Role::admin, {}, "", ""})).kind ==
        lobby::api::AccountFault::Kind::taken);
  CHECK(accounts.remove("nobody")->kind == lobby::api::AccountFault::Kind::unknown);
}

TEST_CASE("each sees what others change") {
  TemporaryFolder folder;
  auto now = Accounts::MonoTime{};
  std::vector<std::string> told;
  Accounts mine(folder.path(), [&] { return now; });
  Accounts theirs(folder.path());
  mine.on_change(
      [&](const std::string& name, const std::string& change) { told.push_back(name + " " + change); });
  const auto token = add(theirs, "zhang");
  CHECK(mine.find("zhang") == nullptr);
  SUBCASE("within a second") {
    mine.refresh();
    CHECK(told.empty());
    now += std::chrono::seconds(1);
    mine.refresh();
    CHECK(told == std::vector<std::string>{"zhang added"});
    CHECK(mine.find("zhang") != nullptr);
  }
  SUBCASE("at once when a token is unknown") {
    CHECK(mine.by_token(token)->name == "zhang");
  }
  SUBCASE("also what it adds itself, and what goes") {
    add(mine, "li");
    CHECK(told == std::vector<std::string>{"li added", "zhang added"});
    CHECK(!theirs.remove("zhang"));
    now += std::chrono::seconds(1);
    CHECK(mine.by_token(token) == nullptr);
    CHECK(told.back() == "zhang removed");
  }
  SUBCASE("an account made anew is another one") {
    CHECK(mine.by_token(token) != nullptr);
    theirs.remove("zhang");
    const auto fresh = add(theirs, "zhang", Role::admin);
    CHECK(mine.by_token(fresh)->role == Role::admin);
    CHECK(mine.by_token(token) == nullptr);
    CHECK(told.back() == "zhang changed");
  }
}

TEST_CASE("a broken file is refused at the start and changes nothing later") {
  TemporaryFolder folder;
  const std::string path = folder.path() + "/accounts.json";
  {
    Accounts accounts(folder.path());
    const auto token = add(accounts, "zhang");
    std::ofstream(path) << "{";
    CHECK(accounts.by_token("x") == nullptr);
    CHECK(accounts.by_token(token) != nullptr);
    const auto refused = accounts.add({"li", Role::clerk, {}, "", ""});
    CHECK(std::get<lobby::api::AccountFault>(refused).kind == lobby::api::AccountFault::Kind::storage);
    CHECK(file(path) == "{");
  }
  CHECK_THROWS_AS(Accounts(folder.path()), std::runtime_error);
  for (const char* text :
       {"", "[]", "{\"version\":2,\"accounts\":[]}", R"({"version":1,"accounts":[{"name":"a"}]})",
        R"({"version":1,"accounts":[{"name":"a","role":"king","windows":[],"token_sha256":"00"}]})"}) {
    std::ofstream(path) << text;
    CHECK_THROWS_AS(Accounts(folder.path()), std::runtime_error);
  }
}

TEST_CASE("many processes add accounts at once and none is lost") {
  TemporaryFolder folder;
  constexpr int writers = 6, each = 15;
  std::vector<pid_t> children;
  for (int writer = 0; writer < writers; ++writer) {
    const pid_t child = ::fork();
    if (child == 0) {
      Accounts accounts(folder.path());
      bool all = true;
      for (int i = 0; i < each; ++i) {
        // A writer that finds the file taken for too long says so; then it is tried again.
        for (int tries = 0; tries < 50; ++tries) {
          const auto added =
              accounts.add({"w" + std::to_string(writer) + "-" + std::to_string(i), Role::kiosk, {}, "", ""});
          if (std::holds_alternative<std::string>(added)) {
            break;
          }
          all = all && tries < 49;
        }
      }
      ::_exit(all ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  CHECK(Accounts(folder.path()).all().size() == writers * each);
  CHECK(!std::filesystem::exists(folder.path() + "/accounts.json.next"));
}

TEST_CASE("secrets") {
  CHECK(lobby::api::random_secret() != lobby::api::random_secret());
  const auto line = lobby::api::stretch("秘密");
  CHECK(line.starts_with("scrypt$14$8$1$"));
  CHECK(line != lobby::api::stretch("秘密"));
  CHECK(lobby::api::is_behind("秘密", line));
  CHECK(!lobby::api::is_behind("秘", line));
  CHECK(!lobby::api::is_behind("", line));
  for (const char* broken : {"", "scrypt$14$8$1$", "scrypt$14$8$1$zz$00"}) {
    CHECK(!lobby::api::is_behind("", broken));
  }
  CHECK(lobby::api::to_hex(lobby::api::sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(lobby::api::same("ab", "ab"));
  CHECK(!lobby::api::same("ab", "abc"));
}

TEST_CASE("accounts over HTTP") {
  House house;
  const auto added =
      house.post("/api/v1/users", "admin", R"({"name":"li","role":"clerk","windows":["w2"],"pin":"2468"})");
  REQUIRE(added.status == 201);
  const std::string token(added.json().at("token").as_string());
  CHECK(house.account_changes == std::vector<std::pair<std::string, std::string>>{{"li", "added"}});
  const auto list = house.get("/api/v1/users").json().as_array();
  const auto li =
      std::find_if(list.begin(), list.end(), [](const auto& user) { return user.at("name") == "li"; });
  REQUIRE(li != list.end());
  CHECK(li->at("pin").as_bool());
  CHECK(!li->at("password").as_bool());
  CHECK(house.get("/api/v1/users").body.find(token) == std::string::npos);
  const std::string bearer = "Authorization: Bearer " + token + "\r\n";
  CHECK(house.call("GET", "/api/v1/hall", "", "", bearer).status == 200);
  CHECK(house.call("DELETE", "/api/v1/users/li").status == 204);
  CHECK(house.call("GET", "/api/v1/hall", "", "", bearer).status == 401);
  CHECK(house.call("DELETE", "/api/v1/users/li").code() == "not_found");
  for (const char* body :
       {"{}", R"({"name":"x"})", R"({"name":"a b","role":"clerk"})", R"({"name":"x","role":"king"})",
        R"({"name":"x","role":"clerk","windows":"w1"})", R"({"name":"x","role":"clerk","windows":["w9"]})",
        R"({"name":"x","role":"clerk","password":"short"})", R"({"name":"x","role":"clerk","pin":"1"})",
        R"({"name":"x","role":"clerk","token":"1"})"}) {
    CHECK_MESSAGE(house.post("/api/v1/users", "admin", body).code() == "bad_request", body);
  }
}

TEST_CASE("a login by password") {
  House house;
  house.add_account("wang", Role::clerk, {"w1"}, "correct horse");
  const std::string right = R"({"name":"wang","password":"correct horse"})";
  const auto login = house.post("/api/v1/session", "", right);
  REQUIRE(login.status == 201);
  const auto set = login.headers.at("set-cookie");
  CHECK(set.find("HttpOnly") != std::string::npos);
  CHECK(set.find("SameSite=Strict") != std::string::npos);
  CHECK(login.json().at("role").as_string() == "clerk");
  const auto call = [&](const char* method, const char* path, const std::string& body,
                        const std::string& headers) { return house.call(method, path, "", body, headers); };
  const std::string clerk = R"({"clerk":"wang"})";
  CHECK(call("GET", "/api/v1/hall", "", cookie(login)).status == 200);
  CHECK(call("POST", "/api/v1/windows/w1/open", clerk, cookie(login)).code() == "forbidden");
  CHECK(call("POST", "/api/v1/windows/w1/open", clerk, cookie(login) + "X-Lobby-CSRF: 1\r\n").code() ==
        "forbidden");
  CHECK(call("POST", "/api/v1/windows/w1/open", clerk, cookie(login) + csrf(login)).status == 200);
  CHECK(call("POST", "/api/v1/windows/w2/open", clerk, cookie(login) + csrf(login)).status == 403);
  SUBCASE("ends by itself") {
    house.advance(std::chrono::hours(12));
    CHECK(call("GET", "/api/v1/hall", "", cookie(login)).status == 401);
  }
  SUBCASE("ends when asked to") {
    CHECK(call("DELETE", "/api/v1/session", "", cookie(login) + csrf(login)).status == 204);
    CHECK(call("GET", "/api/v1/hall", "", cookie(login)).status == 401);
  }
  SUBCASE("ends with the account") {
    house.call("DELETE", "/api/v1/users/wang");
    CHECK(call("GET", "/api/v1/hall", "", cookie(login)).status == 401);
  }
  SUBCASE("a cookie that was made up") {
    CHECK(call("GET", "/api/v1/hall", "", "Cookie: lobby_session=" + std::string(64, '0') + "\r\n").status ==
          401);
    CHECK(call("GET", "/api/v1/hall", "", "Cookie: lobby_session\r\n").status == 401);
  }
}

TEST_CASE("a login by PIN is for one act") {
  House house;
  house.add_account("wang", Role::clerk, {}, "", "2468");
  const auto log_in = [&] { return house.post("/api/v1/session", "", R"({"name":"wang","pin":"2468"})"); };
  const auto act = [&](const lobby::fakes::Reply& login) {
    return house.call("POST", "/api/v1/tickets", "", R"({"service":"social"})", cookie(login) + csrf(login))
        .status;
  };
  const auto login = log_in();
  REQUIRE(login.status == 201);
  CHECK(house.call("GET", "/api/v1/hall", "", "", cookie(login)).status == 200);
  CHECK(act(login) == 201);
  CHECK(act(login) == 401);
  const auto late = log_in();
  house.advance(std::chrono::seconds(60));
  CHECK(act(late) == 401);
  CHECK(house.post("/api/v1/session", "", R"({"name":"wang","password":"2468"})").status == 401);
  CHECK(house.backend.count("TicketIssued") == 1);
}

TEST_CASE("a login for one act ends with the act that was done") {
  House house;
  house.add_account("wang", Role::clerk, {}, "", "2468");
  const auto login = house.post("/api/v1/session", "", R"({"name":"wang","pin":"2468"})");
  REQUIRE(login.status == 201);
  const auto request = [&](const std::string& path, const std::string& body,
                           const std::string& headers = "") {
    return house.request("POST", path, "", body, cookie(login) + csrf(login) + headers);
  };
  const auto act = [&](const std::string& path, const std::string& body, const std::string& headers = "") {
    lobby::fakes::Client client(house);
    client.send(request(path, body, headers));
    return client.read().status;
  };
  const std::string tickets = "/api/v1/tickets", social = R"({"service":"social"})";
  SUBCASE("not with one that was refused") {
    CHECK(act(tickets, "{}") == 400);
    CHECK(act(tickets, R"({"service":"noon"})") == 409);
    CHECK(act("/api/v1/windows/w9/close", "") == 404);
    CHECK(act("/api/v1/users", R"({"name":"li","role":"clerk"})") == 403);
    house.backend.set_writable(false);
    CHECK(act(tickets, social) == 503);
    house.backend.set_writable(true);
    CHECK(act(tickets, social) == 201);
  }
  SUBCASE("not with a repeat of one that was done before") {
    const std::string key = "Idempotency-Key: a\r\n";
    CHECK(house.post(tickets, "wang", social, key).status == 201);
    CHECK(act(tickets, social, key) == 201);
    CHECK(act(tickets, R"({"service":"tiny"})", key) == 409);
    CHECK(house.backend.count("TicketIssued") == 1);
    CHECK(act(tickets, social) == 201);
  }
  SUBCASE("nor is it for two at once") {
    house.backend.commit_at_once(false);
    lobby::fakes::Client first(house);
    first.send(request(tickets, social));
    REQUIRE(house.turn_until([&] { return house.backend.waiting() == 1; }));
    CHECK(act(tickets, social) == 409);
    house.backend.fail_commit();
    CHECK(first.read().status == 503);
    house.backend.commit_at_once(true);
    CHECK(act(tickets, social) == 201);
    CHECK(house.backend.count("TicketIssued") == 1);
  }
  SUBCASE("and logging out is none") {
    CHECK(house.call("DELETE", "/api/v1/session", "", "", cookie(login) + csrf(login)).status == 204);
  }
  CHECK(act(tickets, social) == 401);
}

TEST_CASE("guessing is slow") {
  House house;
  house.add_account("wang", Role::clerk, {}, "correct horse");
  const std::string wrong = R"({"name":"wang","password":"wrong horse"})",
                    right = R"({"name":"wang","password":"correct horse"})";
  for (int i = 0; i < 4; ++i) {
    CHECK(house.post("/api/v1/session", "", wrong).code() == "unauthorized");
  }
  CHECK(house.post("/api/v1/session", "", right).status == 201);  // a right one does not count
  CHECK(house.post("/api/v1/session", "", wrong).code() == "unauthorized");
  house.advance(std::chrono::seconds(20));
  const auto limited = house.post("/api/v1/session", "", right);
  CHECK(limited.status == 429);
  CHECK(limited.code() == "rate_limited");
  CHECK(limited.headers.at("retry-after") == "40");
  CHECK(house.post("/api/v1/session", "", R"({"name":"nobody","password":"wrong horse"})").code() ==
        "unauthorized");
  house.advance(std::chrono::seconds(40));
  CHECK(house.post("/api/v1/session", "", right).status == 201);
  for (const char* body :
       {"{}", R"({"name":"wang"})", R"({"name":"wang","password":"a","pin":"b"})", R"({"password":"a"})"}) {
    CHECK_MESSAGE(house.post("/api/v1/session", "", body).code() == "bad_request", body);
  }
}

TEST_CASE("who guesses shuts out nobody who sits elsewhere") {
  House house;
  house.add_account("wang", Role::clerk, {}, "correct horse");
  const auto log_in = [&](const char* from, const char* password) {
    lobby::fakes::Client client(house, from);
    client.send(house.request("POST", "/api/v1/session", "",
                              std::string(R"({"name":"wang","password":")") + password + "\"}"));
    return client.read().status;
  };
  for (int i = 0; i < 5; ++i) {
    CHECK(log_in("127.0.0.2", "wrong horse") == 401);
  }
  CHECK(log_in("127.0.0.2", "correct horse") == 429);
  CHECK(log_in("127.0.0.1", "correct horse") == 201);
}

#ifndef __SANITIZE_ADDRESS__
#ifndef __SANITIZE_THREAD__
TEST_CASE("the memory that logins take for a moment goes back") {
  const auto resident_mb = [] {
    std::size_t all = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
  };
  House house;
  house.add_account("wang", Role::clerk, {}, "correct horse");
  house.get("/api/v1/hall");
  const double before = resident_mb();
  for (int i = 0; i < 5; ++i) {
    CHECK(house.post("/api/v1/session", "", R"({"name":"wang","password":"correct horse"})").status == 201);
  }
  CHECK(resident_mb() - before < 4);
}
#endif
#endif

TEST_CASE("others are served while passwords are looked at") {
  House house;
  std::vector<std::unique_ptr<lobby::fakes::Client>> guessing;
  for (int i = 0; i < 6; ++i) {
    guessing.push_back(std::make_unique<lobby::fakes::Client>(house));
    guessing.back()->send(house.request("POST", "/api/v1/session", "",
                                        "{\"name\":\"n" + std::to_string(i) + "\",\"password\":\"x\"}"));
  }
  house.settle();
  CHECK(house.get("/api/v1/hall").status == 200);
  int answered = 0;
  for (auto& client : guessing) {
    client->pull();
    answered += client->got().empty() ? 0 : 1;
  }
  CHECK(answered < 6);  // the hall did not wait for them all
  for (auto& client : guessing) {
    CHECK(client->read().status == 401);
  }
}
