// The monitor of a recorded room: the real program on a screen that nobody sees, asking a server on the
// loopback.
#include <doctest/doctest.h>
#include <httplib.h>

#include <csignal>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>

#include "display/page/room_monitor.hpp"
#include "tests/screen_wall/walls.hpp"
#include "tests/support/process.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;
using lobby::tests::Process;
using lobby::tests::TemporaryFolder;

namespace {

constexpr const char* house = R"([{"id":"room-1","name":"第一评标室","cameras":["cam-1"]}])";
constexpr const char* planned =
    R"([{"id":"EV-1","room":"room-1","kind":"evaluation","project_name":"某项目","state":"planned",)"
    R"("planned_at":"2026-03-17T14:30:00+08:00","cameras":[{"id":"cam-1","state":"off"}]}])";

/// Answers the two questions of a monitor, and keeps with which token they were asked.
class RoomServer {
 public:
  RoomServer() {
    server_.Get("/api/v1/rooms", [this](const auto& request, auto& response) {
      note(request);
      response.set_content(house, "application/json");
    });
    server_.Get("/api/v1/evaluations", [this](const auto& request, auto& response) {
      note(request);
      response.set_content(planned, "application/json");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) {
      std::this_thread::yield();
    }
  }
  ~RoomServer() { end(); }
  RoomServer(const RoomServer&) = delete;
  RoomServer& operator=(const RoomServer&) = delete;

  void end() {
    server_.stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<std::string> tokens() const {
    const std::lock_guard lock(mutex_);
    return tokens_;
  }

 private:
  void note(const httplib::Request& request) {
    const std::lock_guard lock(mutex_);
    tokens_.push_back(request.get_header_value("Authorization"));
  }

  httplib::Server server_;
  mutable std::mutex mutex_;
  std::vector<std::string> tokens_;
  int port_ = 0;
  std::thread thread_;
};

std::vector<std::string> monitor(const std::string& url, const std::vector<std::string>& more) {
  std::vector<std::string> all = {"/usr/bin/env",
                                  "SDL_VIDEODRIVER=dummy",
                                  std::string(LOBBY_BIN_DIR) + "/lobby-screen",
                                  "evaluation",
                                  "--server",
                                  url};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Shot until it looks so; a slow machine gets more time.
bool comes_to_look(const std::string& url, std::vector<std::string> more, const Picture& expected) {
  const TemporaryFolder folder;
  const std::string shot = folder.path() + "/shot.png";
  for (const char* after : {"1", "4", "20"}) {
    auto all = more;
    all.insert(all.end(), {"--id", "room-1", "--shot", shot, "--after", after});
    Process screen(monitor(url, all));
    CHECK(screen.wait() == 0);
    if (walls::read_png(shot) == expected) {
      return true;
    }
  }
  return false;
}

Picture drawn(const RoomMonitor& room, Instant since, int width, int height) {
  Glyphs glyphs;
  Picture picture(width, height);
  draw_room_monitor(picture, glyphs, room, 1000s, 1000s + since);
  return picture;
}

}  // namespace

TEST_CASE("the monitor fills the screen, or the part of it that it may have") {
  const TemporaryFolder folder;
  const std::string token_file = folder.path() + "/token";
  std::ofstream(token_file) << "abc123\n";
  const RoomServer server;
  const auto room = read_room_monitor(house, planned, "room-1");
  REQUIRE(room);
  CHECK(comes_to_look(server.url(), {"--size", "640x360", "--token-file", token_file},
                      drawn(*room, 0s, 640, 360)));
  // The screen that nobody sees.
  CHECK(comes_to_look(server.url(), {"--token-file", token_file}, drawn(*room, 0s, 1024, 768)));
  for (const auto& token : server.tokens()) {
    CHECK(token == "Bearer abc123");
  }
}

TEST_CASE("without a server the monitor says that nothing is known") {
  RoomServer server;
  server.end();
  RoomMonitor nothing;
  nothing.room = "room-1";
  CHECK(comes_to_look(server.url(), {"--size", "640x360"}, drawn(nothing, 3600s, 640, 360)));
}

TEST_CASE("what the program cannot do with is said in one sentence") {
  const TemporaryFolder folder;
  const std::string said = folder.path() + "/said";
  const RoomServer server;
  Process unknown(monitor(server.url(), {"--id", "room-9", "--shot", "/dev/null", "--after", "3"}), said);
  CHECK(unknown.wait() == 0);
  CHECK(walls::text_of_file(said) == "lobby-screen: the server knows no room room-9\n");
  const std::string refused = folder.path() + "/refused";
  Process nameless(monitor(server.url(), {}), refused);
  CHECK(nameless.wait() == 2);
  CHECK(walls::text_of_file(refused) == "--id takes the id of a room of the site\n");
}
