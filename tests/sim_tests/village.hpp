#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <httplib.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include <netinet/in.h>

#include "tests/sim/lobby.hpp"

namespace lobby::sim {

/// A port that was free a moment ago.
inline int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(fd);
  return ntohs(address.sin_port);
}

/// A village with everything on this machine, in a folder of its own.
struct Village {
  std::filesystem::path folder;
  int feed_port = free_port();
  int printer_port = free_port();
  WallClock clock{*parse_rfc3339("2026-03-16T09:00:00+08:00")};
  std::unique_ptr<SimulatedLobby> lobby;
  std::unique_ptr<httplib::Client> http;

  Village() {
    std::string name = "/tmp/lobby-sim-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    lobby = std::make_unique<SimulatedLobby>(parse_site(toml(), "village.toml"), clock,
                                             SimulatedLobby::Options());
    REQUIRE(lobby->start("127.0.0.1", 0) == "");
    http = std::make_unique<httplib::Client>(lobby->control_url());
    http->set_tcp_nodelay(true);
    http->set_keep_alive(true);
  }
  ~Village() {
    http.reset();
    lobby.reset();
    std::filesystem::remove_all(folder);
  }
  std::string toml() const {
    const std::string at = folder.string();
    return "name = \"某站\"\n"
           "printer = [{id = \"p1\", profile = \"generic-58\", link = \"serial:" +
           at +
           "/run/p1\"},\n"
           "  {id = \"p2\", profile = \"generic-80\", link = \"tcp:127.0.0.1:" +
           std::to_string(printer_port) +
           "\"}]\n"
           "bus = [{id = \"line-1\", port = \"" +
           at +
           "/run/line-1\", baud = 115200}]\n"
           "unit = [{id = \"u1\", bus = \"line-1\", address = 1, window = \"w1\"},\n"
           "  {id = \"u2\", bus = \"line-1\", address = 2, window = \"w2\"}]\n"
           "panel = [{id = \"b1\", bus = \"line-1\", address = 8, kiosk = \"k1\"}]\n"
           "board = [{id = \"board-a\", protocol = \"onbon_k\"}]\n"
           "feed = [{id = \"approvals\", url = \"http://127.0.0.1:" +
           std::to_string(feed_port) + "/list\", token_file = \"" + at + "/token\"}]\n";
  }
  boost::json::value get(const std::string& path, int status = 200) {
    const auto result = http->Get(path.c_str());
    REQUIRE(result);
    CHECK(result->status == status);
    return boost::json::parse(result->body);
  }
  boost::json::value post(const std::string& path, const std::string& body, int status = 200) {
    const auto result = http->Post(path.c_str(), body, "application/json");
    REQUIRE(result);
    CHECK(result->status == status);
    return boost::json::parse(result->body);
  }
  void mend(const std::string& id) { CHECK(http->Delete(("/sim/" + id + "/fault").c_str())->status == 200); }
  int open(const std::string& name) const {
    return ::open((folder / "run" / name).c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK);
  }
};

/// What comes within `ms`, up to `most` bytes.
inline std::string read_some(int fd, std::size_t most, int ms) {
  std::string out;
  std::array<char, 256> buffer{};
  while (out.size() < most) {
    pollfd wait{fd, POLLIN, 0};
    if (::poll(&wait, 1, ms) <= 0) {
      break;
    }
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got <= 0) {
      break;
    }
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return out;
}

inline void write_all(int fd, const std::string& bytes) {
  REQUIRE(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

}  // namespace lobby::sim
