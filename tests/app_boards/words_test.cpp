// What is to be looked at on boards when the catalogue has moved, and walls that have a night: the real
// house.
#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>

#include "display/page/program.hpp"
#include "tests/app_lobby/real_lobby.hpp"

namespace {

using lobby::tests::RealLobby;
using Json = boost::json::value;

const std::string boards_path = "/api/v1/boards";

std::string with_board(const std::string& board, std::string site = lobby::tests::site_of_every_kind()) {
  return site + "[[board]]\nprotocol = \"screen\"\nid = \"wall-a\"\nzone = \"A\"\n" + board;
}

/// The house looks each second.
bool gets_so(const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < end) {
    if (is_so()) {
      return true;
    }
  }
  return false;
}

Json wall_of(const RealLobby& lobby) {
  return lobby.get(boards_path, "screen").json().at(0);
}

bool is_reminded(const RealLobby& lobby) {
  return !wall_of(lobby).at("reminder").is_null();
}

bool has_power(const RealLobby& lobby) {
  const auto program =
      lobby::display::read_program(lobby.get(boards_path + "/wall-a/program", "screen").body);
  REQUIRE(program.has_value());
  return program->power;
}

/// Stands in for lobby-feed: what the test says comes out of it.
class Source {
 public:
  Source() {
    REQUIRE(::mkdtemp(folder_.data()) != nullptr);
    REQUIRE(::mkfifo((folder_ + "/lines").c_str(), 0600) == 0);
    // After a beginning and an end it waits to be answered, as lobby-feed does.
    std::ofstream(program())
        << "#!/bin/bash\nread settings\nwhile read -r line; do\n  printf '%s\\n' \"$line\"\n"
           "  case $line in *'\"kind\":\"record\"'*) ;; *) read answer <&3 ;; esac\n"
           "done 3<&0 < " +
               folder_ + "/lines\n";
    std::ofstream(token()) << "s3cret-token\n";
    ::chmod(program().c_str(), 0700);
    ::chmod(token().c_str(), 0400);
  }
  ~Source() { std::filesystem::remove_all(folder_); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  std::string program() const { return folder_ + "/feed"; }
  std::string token() const { return folder_ + "/token"; }

  /// All matters that there are: one, of this name.
  void tell(const std::string& name) {
    if (!lines_.is_open()) {
      lines_.open(folder_ + "/lines");  // when it is read
    }
    lines_ << R"({"kind":"begin","what":"matters","full":true,"rows":1,"removed":0})" << '\n'
           << R"({"kind":"record","id":"m","row":{"code":"M-1","name":")" << name << "\"}}\n"
           << R"({"kind":"end","what":"matters","cursor":"c","age_ms":0,"rows":1,"skipped":0,)"
           << R"("unknown_status":0,"bad_values":0,"clock_off_s":0})" << std::endl;
  }

 private:
  std::string folder_ = (std::filesystem::temp_directory_path() / "lobby-source-XXXXXX").string();
  std::ofstream lines_;
};

}  // namespace

TEST_CASE("what the superior system says of a matter is on the boards at once; texts are to be looked at") {
  Source source;
  RealLobby lobby(with_board("pages = [\"windows\", \"texts\"]\n") +
                      "[[feed]]\nid = \"province\"\nmapping = \"native\"\n"
                      "url = \"http://127.0.0.1:9/api/v1/hall\"\ntoken_file = \"" +
                      source.token() +
                      "\"\n[[catalogue.groups]]\nid = \"g\"\nname = \"许可\"\n"
                      "[[catalogue.departments]]\nid = \"d\"\ngroup = \"g\"\nname = \"人社局\"\n"
                      "[[catalogue.matters]]\ncode = \"M-1\"\ndepartment = \"d\"\nname = \"参保登记\"\n"
                      "service = \"social\"\n",
                  source.program());
  const auto shows = [&](const std::string& text) {
    return lobby.get(boards_path + "/wall-a/program", "screen").body.find(text) != std::string::npos;
  };
  REQUIRE(gets_so([&] { return shows("参保登记"); }));
  source.tell("职工参保登记");
  REQUIRE(gets_so([&] { return shows("职工参保登记"); }));
  REQUIRE(lobby
              .post(boards_path + "/wall-a/text", "supervisor",
                    R"({"text":"参保请带身份证","until":"2026-04-10T12:00:00+08:00"})")
              .status == 201);
  REQUIRE(lobby.post(boards_path + "/drafts/1/approve", "admin").status == 200);
  REQUIRE(gets_so([&] { return shows("参保请带身份证"); }));
  CHECK_FALSE(is_reminded(lobby));  // the first answer is no change
  lobby.pass(60);
  source.tell("灵活就业参保登记");
  REQUIRE(gets_so([&] { return shows("灵活就业参保登记"); }));
  REQUIRE(gets_so([&] { return is_reminded(lobby); }));
  CHECK(lobby.call("DELETE", boards_path + "/drafts/1", "supervisor").status == 204);
  REQUIRE(gets_so([&] { return !is_reminded(lobby); }));
}

TEST_CASE("a text that is older than the catalogue is to be looked at within ten working days, until it is") {
  RealLobby lobby(with_board(""));
  REQUIRE(lobby
              .post(boards_path + "/wall-a/text", "supervisor",
                    R"({"text":"社保在一号窗口","until":"2026-04-10T12:00:00+08:00"})")
              .status == 201);
  REQUIRE(lobby.post(boards_path + "/drafts/1/approve", "admin").status == 200);
  lobby.pass(60);
  lobby.crash();  // nothing moved
  CHECK_FALSE(is_reminded(lobby));

  auto site = lobby::tests::site_of_every_kind();
  const std::string name = "社会保险";
  site.replace(site.find(name), name.size(), "社会保障");
  lobby.crash(with_board("", site));
  REQUIRE(gets_so([&] { return is_reminded(lobby); }));
  const auto reminder = wall_of(lobby).at("reminder");
  CHECK(reminder.at("texts").as_array() == boost::json::array{1});
  CHECK(reminder.at("since").as_string() == "2026-03-16T09:01:00.000+08:00");
  CHECK(reminder.at("due").as_string() == "2026-03-30");
  CHECK_FALSE(reminder.at("notices").as_bool());
  lobby.pass(24 * 3600);
  lobby.crash();
  REQUIRE(gets_so([&] { return is_reminded(lobby); }));
  CHECK(wall_of(lobby).at("reminder") == reminder);

  CHECK(lobby.post(boards_path + "/wall-a/confirm", "supervisor").status == 204);
  REQUIRE(gets_so([&] { return !is_reminded(lobby); }));
  const auto journal = lobby.get("/api/v1/journal?limit=10000").body;
  CHECK(journal.find(R"("type":"BoardChecked","by":"supervisor","board":"wall-a")") != std::string::npos);
  lobby.crash();
  CHECK_FALSE(is_reminded(lobby));
}

TEST_CASE("a board that has no page for texts has none to be looked at") {
  RealLobby lobby(with_board("pages = [\"calls\"]\n"));
  REQUIRE(lobby
              .post(boards_path + "/wall-a/text", "supervisor",
                    R"({"text":"社保在一号窗口","until":"2026-04-10T12:00:00+08:00"})")
              .status == 201);
  REQUIRE(lobby.post(boards_path + "/drafts/1/approve", "admin").status == 200);
  lobby.pass(60);
  auto site = lobby::tests::site_of_every_kind();
  const std::string name = "社会保险";
  site.replace(site.find(name), name.size(), "社会保障");
  lobby.crash(with_board("pages = [\"calls\"]\n", site));
  REQUIRE(gets_so([&] {
    return lobby.get("/api/v1/journal?limit=10000").body.find("CatalogueChanged\",\"mark") !=
           std::string::npos;
  }));
  CHECK_FALSE(is_reminded(lobby));
}

TEST_CASE("a wall goes dark at the end of its hours, but not before the last of those who wait") {
  RealLobby lobby(with_board("on_spans = [\"08:00-10:00\"]\n"));
  CHECK(has_power(lobby));
  lobby.act("w1", "open", R"({"clerk":"1024"})");
  lobby.issue("social");
  lobby.issue("joint");  // nobody serves that any more today
  REQUIRE(gets_so([&] { return wall_of(lobby).at("off_until").is_null(); }));
  // It knows of them when it shows the call.
  lobby.act("w1", "call-next");
  REQUIRE(gets_so([&] {
    return lobby.get(boards_path + "/wall-a/program", "screen").body.find("A001") != std::string::npos;
  }));
  lobby.pass(2 * 3600);
  REQUIRE(lobby
              .post(boards_path + "/wall-a/text", "supervisor",
                    R"({"text":"今日延时办理","until":"2026-03-16T18:00:00+08:00"})")
              .status == 201);
  REQUIRE(lobby.post(boards_path + "/drafts/1/approve", "admin").status == 200);
  // What is told after the end of its hours is on it.
  REQUIRE(gets_so([&] {
    return lobby.get(boards_path + "/wall-a/program", "screen").body.find("今日延时办理") !=
           std::string::npos;
  }));
  CHECK(has_power(lobby));
  lobby.act("w1", "finish");
  REQUIRE(gets_so([&] { return !has_power(lobby); }));
  CHECK(wall_of(lobby).at("off_until").as_string() == "2026-03-17T08:00:00.000+08:00");
  CHECK(lobby.post("/api/v1/emergency", "supervisor", R"({"text":"请撤离"})").status == 200);
  REQUIRE(gets_so([&] { return has_power(lobby); }));
}
