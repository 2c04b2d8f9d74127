// lobbyd and lobby-sim on ptys: a hall whose signs, keypads and pads are other makers'.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <string>

#include "tests/support/lobby.hpp"

namespace {

using namespace lobby::tests;

/// The shipped site, its lines in the folder of the one that is given.
void other_makers(std::string& text) {
  const auto link = text.find("serial:") + 7;
  const auto folder = text.substr(link, text.find("printer-p1") - link);
  text = read_file(LOBBY_SOURCE_DIR "/config/sites/other-makers.toml");
  replace_all(text, "/run/lobby/", folder);
  replace_all(text, "schema = 1\n", "schema = 1\nconfig_dir = \"" LOBBY_SOURCE_DIR "/config\"\n");
}

struct HallOfMakers {
  HallOfMakers() {
    for (const auto* id : {"strips", "sign-1", "sign-2", "keys", "keys-1", "pad-1"}) {
      REQUIRE_MESSAGE(lobby.eventually([&] { return lobby.device_state(id) == "ok"; }), id);
    }
    REQUIRE(lobby.client("clerk").post("/windows/w1/open", R"({"clerk":"c1"})").status == 200);
    for (int i = 0; i < 2; ++i) {
      REQUIRE(
          lobby.client("kiosk").post("/tickets", R"({"service":"social-security","kiosk":"k1"})").status ==
          201);
    }
  }
  void press(const std::string& device, const std::string& key) {
    const auto reply = lobby.sim("POST", "/" + device + "/key", R"({"key":")" + key + R"("})");
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
  }
  std::string about(const std::string& device, const char* what) {
    return boost::json::serialize(lobby.sim("GET", "/" + device).json().at(what));
  }
  bool becomes(const std::string& device, const char* what, const std::string& wanted) {
    return lobby.eventually([&] { return about(device, what) == wanted; });
  }
  /// Longer than a device takes to repeat itself: what is pressed now is pressed anew.
  static void let_go() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(400);
    WholeLobby::eventually([&] { return std::chrono::steady_clock::now() > until; });
  }
  bool records(const std::string& text) {
    return lobby.eventually([&] { return lobby.journal().find(text) != std::string::npos; });
  }
  WholeLobby lobby{other_makers};
};

}  // namespace

TEST_CASE("a day's work on other makers' devices") {
  HallOfMakers hall;
  CHECK(hall.becomes("sign-1", "text", "\"1号窗口\""));
  CHECK(hall.becomes("sign-2", "text", "\"暂停服务\""));
  CHECK(hall.becomes("keys-1", "display", "\"002   \""));

  hall.press("keys-1", "call");
  CHECK(hall.becomes("sign-1", "text", "\"请A001到1号窗口\""));
  CHECK(hall.becomes("keys-1", "display", "\"   001\""));
  CHECK(hall.becomes("keys-1", "acknowledged", "1"));
  CHECK(hall.records("TicketCalled"));
  CHECK(hall.lobby.sim("GET", "/sign-1/screen.png").body.starts_with("\x89PNG"));

  hall.let_go();
  hall.press("keys-1", "call");  // finishes the first
  CHECK(hall.becomes("sign-1", "text", "\"请A002到1号窗口\""));
  CHECK(hall.becomes("pad-1", "asking", "true"));
  hall.press("pad-1", "good");
  CHECK(hall.records("\"score\":\"good\""));
  CHECK(hall.becomes("pad-1", "asking", "false"));

  hall.press("keys-1", "no_show");
  CHECK(hall.records("TicketNoShow"));
  CHECK(hall.becomes("sign-1", "text", "\"1号窗口\""));
  hall.press("keys-1", "cancel");  // means nothing here
  CHECK(hall.becomes("keys-1", "beeps", "1"));
  hall.press("keys-1", "call");  // nobody waits any more
  CHECK(hall.becomes("keys-1", "beeps", "2"));
  CHECK(hall.lobby.journal().find("CallShown") == std::string::npos);

  for (const auto* sign : {"sign-1", "sign-2"}) {
    CHECK(hall.about(sign, "too_soon") == "0");
    CHECK(hall.about(sign, "damaged") == "0");
  }
  CHECK(hall.about("keys-1", "given_up") == "0");
}

TEST_CASE("a Modbus display shows the digits of the number, and its calls are reported shown") {
  HallOfMakers hall;
  REQUIRE(hall.lobby.eventually([&] { return hall.lobby.device_state("digits-2") == "ok"; }));
  REQUIRE(hall.lobby.client("clerk").post("/windows/w2/open", R"({"clerk":"c2"})").status == 200);
  hall.press("keys-2", "call");
  CHECK(hall.becomes("digits-2", "text", "\"   001\""));
  CHECK(hall.becomes("sign-2", "text", "\"请A001到2号窗口\""));
  CHECK(hall.records("CallShown"));
  CHECK(hall.lobby.journal().find("\"digits-2\"") != std::string::npos);
  REQUIRE(hall.lobby.sim("POST", "/digits-2/fault", R"({"kind":"power_cycle"})").status == 200);
  CHECK(hall.becomes("digits-2", "text", "\"   001\""));  // looked after, and told again
}

TEST_CASE("a sign that lost its power, and a line that was pulled out, show the present again") {
  HallOfMakers hall;
  hall.press("keys-1", "call");
  CHECK(hall.becomes("sign-1", "text", "\"请A001到1号窗口\""));
  REQUIRE(hall.lobby.sim("POST", "/strips/fault", R"({"kind":"gone"})").status == 200);
  CHECK(hall.lobby.eventually([&] { return hall.lobby.device_state("strips") == "gone"; }));
  CHECK(hall.lobby.device_state("sign-1") == "gone");
  REQUIRE(hall.lobby.sim("POST", "/sign-1/fault", R"({"kind":"power_cycle"})").status == 200);
  CHECK(hall.about("sign-1", "text") == "\"\"");
  hall.let_go();
  hall.press("keys-1", "call");  // the dead line delays no other
  CHECK(hall.becomes("keys-1", "display", "\"   002\""));
  REQUIRE(hall.lobby.sim("DELETE", "/strips/fault").status == 200);
  CHECK(hall.becomes("sign-1", "text", "\"请A002到1号窗口\""));
}

TEST_CASE("at the end other makers' signs say so, and what is wrong with a key does not matter to the next") {
  HallOfMakers hall;
  REQUIRE(hall.lobby.sim("POST", "/keys-1/fault", R"({"kind":"corrupt"})").status == 200);
  hall.press("keys-1", "call");
  CHECK(hall.becomes("keys-1", "given_up", "1"));
  REQUIRE(hall.lobby.sim("DELETE", "/keys-1/fault").status == 200);
  CHECK(hall.lobby.journal().find("TicketCalled") == std::string::npos);
  hall.press("keys-1", "call");
  CHECK(hall.becomes("sign-1", "text", "\"请A001到1号窗口\""));
  hall.lobby.stop_daemon(SIGTERM);
  CHECK(hall.becomes("sign-1", "text", "\"暂停服务\""));
  CHECK(hall.becomes("keys-1", "display", "\"      \""));
}

TEST_CASE("a strip sign and a Modbus display are boards, on the lines of signs and keypads") {
  HallOfMakers hall;
  for (const auto* board : {"strip-door", "text-2"}) {
    REQUIRE_MESSAGE(hall.lobby.eventually([&] { return hall.lobby.device_state(board) == "ok"; }), board);
  }
  const auto confirmed = [&](const std::string& id) {
    const auto boards = hall.lobby.client("screen").get("/boards").json();
    for (const auto& board : boards.as_array()) {
      if (board.at("id").as_string() == id) {
        return std::string(board.at("confirmed").as_string());
      }
    }
    return std::string("not there");
  };
  CHECK(hall.lobby.eventually([&] { return confirmed("strip-door") == "sent"; }));
  CHECK(hall.lobby.eventually([&] { return confirmed("text-2") == "shown"; }));
  CHECK(hall.lobby.sim("GET", "/strip-door/screen.png").body.starts_with("\x89PNG"));
  CHECK(hall.lobby.sim("GET", "/text-2/screen.png?scale=4").body.starts_with("\x89PNG"));

  hall.press("keys-1", "call");  // the door has all calls, the display those of its window
  CHECK(hall.becomes("strip-door", "text", "\"请A001到1号窗口\""));
  REQUIRE(hall.lobby.client("clerk").post("/windows/w2/open", R"({"clerk":"c2"})").status == 200);
  hall.press("keys-2", "call");
  CHECK(hall.becomes("text-2", "text", "\"请A002到2号窗口\""));
  CHECK(hall.becomes("strip-door", "text", "\"请A002到2号窗口\""));

  REQUIRE(hall.lobby.sim("POST", "/text-2/fault", R"({"kind":"power_cycle"})").status == 200);
  CHECK(hall.becomes("text-2", "text", "\"请A002到2号窗口\""));
  REQUIRE(hall.lobby.sim("POST", "/strips/fault", R"({"kind":"gone"})").status == 200);
  CHECK(hall.lobby.eventually([&] { return hall.lobby.device_state("strip-door") == "gone"; }));
  REQUIRE(hall.lobby.sim("POST", "/strip-door/fault", R"({"kind":"power_cycle"})").status == 200);
  REQUIRE(hall.lobby.sim("DELETE", "/strips/fault").status == 200);
  CHECK(hall.becomes("strip-door", "text", "\"请A002到2号窗口\""));
  CHECK(hall.about("strip-door", "too_soon") == "0");
  CHECK(hall.about("strip-door", "damaged") == "0");

  hall.lobby.stop_daemon(SIGTERM);
  CHECK(hall.about("strip-door", "pages") == R"(["    欢迎光临","    欢迎光临"])");
  CHECK(hall.about("text-2", "text") == "\"    欢迎光临\"");
}
