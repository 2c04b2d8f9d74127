// The real program on a screen that nobody sees, asking a server on the loopback.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

#include "tests/screen_wall/wall_server.hpp"
#include "tests/screen_wall/walls.hpp"
#include "tests/support/process.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;
using lobby::tests::Process;
using lobby::tests::TemporaryFolder;
using walls::read_png;
using walls::text_of_file;
using walls::text_wall;
using walls::WallServer;

namespace {

std::vector<std::string> command(const std::string& url, const std::vector<std::string>& more) {
  std::vector<std::string> all = {"/usr/bin/env",
                                  "SDL_VIDEODRIVER=dummy",
                                  std::string(LOBBY_BIN_DIR) + "/lobby-screen",
                                  "board",
                                  "--server",
                                  url,
                                  "--id",
                                  "wall-1"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Each dot as a square, in the middle of a black window.
Picture in_window(const Picture& small, int scale, int width, int height) {
  Picture window(width, height);
  const int left = (width - small.width() * scale) / 2;
  const int top = (height - small.height() * scale) / 2;
  for (int y = 0; y < small.height(); ++y) {
    for (int x = 0; x < small.width(); ++x) {
      window.fill(left + x * scale, top + y * scale, scale, scale, small.at(x, y));
    }
  }
  return window;
}

/// Takes one question and never answers.
class MuteServer {
 public:
  MuteServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* const address = reinterpret_cast<sockaddr*>(&address_);
    REQUIRE(::bind(listener_, address, size) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    REQUIRE(::getsockname(listener_, address, &size) == 0);
  }
  ~MuteServer() {
    ::close(asker_);
    ::close(listener_);
  }
  MuteServer(const MuteServer&) = delete;
  MuteServer& operator=(const MuteServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }
  bool is_asked() {
    constexpr int limit_ms = 30'000;
    pollfd one{listener_, POLLIN, 0};
    if (::poll(&one, 1, limit_ms) != 1) {
      return false;
    }
    asker_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    one = {asker_, POLLIN, 0};
    return ::poll(&one, 1, limit_ms) == 1;
  }

 private:
  sockaddr_in address_{};
  int listener_;
  int asker_ = -1;
};

int count_of(const std::string& text, const std::string& what) {
  int count = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("what the window shows is what the pages draw, dot by dot") {
  const TemporaryFolder folder;
  const std::string shot = folder.path() + "/shot.png";
  const auto program = text_wall(17, "今日停电");
  const auto drawn = walls::drawn_directly(program, 0s);
  WallServer server(program);
  const auto seen_with = [&](std::vector<std::string> more, const Picture& expected) {
    std::optional<Picture> seen;
    // A slow machine gets more time.
    for (const char* after : {"1", "4", "20"}) {
      auto all = more;
      all.insert(all.end(), {"--shot", shot, "--after", after});
      Process screen(command(server.url(), all));
      CHECK(screen.wait() == 0);
      seen = read_png(shot);
      if (seen == expected) {
        break;
      }
    }
    return seen;
  };
  const auto window = in_window(drawn, 2, 600, 200);
  CHECK(seen_with({"--size", "600x200"}, window) == window);
  const auto whole = in_window(drawn, 4, 1024, 768);  // the screen that nobody sees
  CHECK(seen_with({}, whole) == whole);
}

TEST_CASE("a wall asks with what it knows, and tells each version once") {
  const TemporaryFolder folder;
  const std::string token_file = folder.path() + "/token";
  std::ofstream(token_file) << "abc123\n";
  WallServer server(text_wall(17, "旧"));
  Process screen(command(server.url(), {"--token-file", token_file}));
  const auto knows = [](const std::string& etag) {
    return [etag](const WallServer::Seen& seen) {
      return std::count(seen.known.begin(), seen.known.end(), etag) >= 3;
    };
  };
  REQUIRE(server.until(knows("\"17\"")));
  CHECK(server.seen().shown == std::vector<std::string>{R"({"version": 17})"});
  server.tell(text_wall(18, "新"));
  REQUIRE(server.until(knows("\"18\"")));
  CHECK(server.seen().shown == std::vector<std::string>{R"({"version": 17})", R"({"version": 18})"});
  for (const auto& token : server.seen().tokens) {
    CHECK(token == "Bearer abc123");
  }
  screen.signal(SIGTERM);
  CHECK(screen.wait() == 0);
}

TEST_CASE("a server that comes back, with smaller numbers, is told again what is shown") {
  auto server = std::make_unique<WallServer>(text_wall(17, "旧"));
  const int port = server->port();
  const TemporaryFolder folder;
  Process screen(command(server->url(), {}), folder.path() + "/errors");
  const auto is_told = [](const WallServer::Seen& seen) { return !seen.shown.empty(); };
  REQUIRE(server->until(is_told));
  server.reset();
  server = std::make_unique<WallServer>(text_wall(2, "新"), port);
  REQUIRE(server->port() == port);
  REQUIRE(server->until(is_told));
  CHECK(server->seen().shown.front() == R"({"version": 2})");
  screen.signal(SIGTERM);
  CHECK(screen.wait() == 0);
}

TEST_CASE("a refused wall says so once and stays black") {
  for (const auto& [status, sentence] : {std::pair{401, "refuses the token"}, std::pair{403, "role screen"},
                                         std::pair{404, "knows no board wall-1"}}) {
    CAPTURE(status);
    const TemporaryFolder folder;
    const std::string shot = folder.path() + "/shot.png";
    std::ofstream(folder.path() + "/token") << "old\n";
    WallServer server(text_wall(17, "旧"));
    server.refuse(status);
    Process screen(command(server.url(), {"--token-file", folder.path() + "/token", "--size", "64x32",
                                          "--shot", shot, "--after", "2"}),
                   folder.path() + "/errors");
    REQUIRE(server.until([](const auto& seen) { return !seen.known.empty(); }));
    CHECK(screen.wait() == 0);
    CHECK(count_of(text_of_file(folder.path() + "/errors"), sentence) == 1);
    CHECK(server.seen().known.size() == 1);  // refused: not again for ten seconds
    CHECK(server.seen().shown.empty());
    CHECK(read_png(shot) == Picture(64, 32));
  }
}

TEST_CASE("SIGTERM ends it at once, also while a server does not answer") {
  MuteServer server;
  Process screen(command(server.url(), {}));
  REQUIRE(server.is_asked());
  const auto begin = std::chrono::steady_clock::now();
  screen.signal(SIGTERM);
  CHECK(screen.wait() == 0);
  CHECK(std::chrono::steady_clock::now() - begin < 2s);  // an answer is waited for longer
}

TEST_CASE("a wrong command line is one sentence and status 2") {
  const TemporaryFolder folder;
  const std::string errors = folder.path() + "/errors";
  const auto run = [&](const std::vector<std::string>& arguments) {
    std::remove(errors.c_str());
    std::vector<std::string> all = {LOBBY_BIN_DIR "/lobby-screen"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return lobby::tests::run(all, errors).code;
  };
  CHECK(run({"kiosk", "--server", "http://127.0.0.1:1"}) == 2);
  CHECK(text_of_file(errors) == "the surface kiosk is not served by this version: use board or evaluation\n");
  CHECK(run({"opera", "--server", "http://127.0.0.1:1"}) == 2);
  CHECK(text_of_file(errors) == "there is no surface opera: use board or evaluation\n");
  CHECK(run({"board", "--server", "https://a", "--id", "w"}) == 2);
  CHECK(run({"board", "--server", "http://a"}) == 2);
  CHECK(run({"board", "--server", "http://a", "--id", "../w"}) == 2);
  CHECK(run({"board", "--server", "http://a", "--id", "w", "--size", "big"}) == 2);
  CHECK(run({"board", "--server", "http://a", "--id", "w", "--after", "3"}) == 2);
  CHECK(run({"board", "--server", "http://a", "--id", "w", "--token-file", folder.path() + "/none"}) == 2);
  CHECK(run({}) == 2);
}
