// The kept connection of a screen, against a server that says nothing but the bytes that it is given.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "display/screen/server_link.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;

namespace {

/// Answers each request of each connection with the next of its answers, and hangs up after the last.
class ByteServer {
 public:
  explicit ByteServer(std::vector<std::vector<std::string>> connections)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), connections_(std::move(connections)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 4) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { run(); });
  }
  ~ByteServer() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) {
      thread_.join();
    }
    ::close(listener_);
  }
  ByteServer(const ByteServer&) = delete;
  ByteServer& operator=(const ByteServer&) = delete;

  const std::string& url() const { return url_; }
  /// What came; waits until everything was answered.
  const std::vector<std::string>& asked() {
    thread_.join();
    return asked_;
  }

 private:
  void run() {
    for (const auto& answers : connections_) {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) {
        return;
      }
      for (const auto& answer : answers) {
        std::string head;
        char byte = 0;
        while (!head.ends_with("\r\n\r\n") && ::recv(fd, &byte, 1, 0) == 1) {
          head += byte;
        }
        asked_.push_back(head);
        static_cast<void>(::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL));
      }
      ::close(fd);
    }
  }

  int listener_;
  std::vector<std::vector<std::string>> connections_;
  std::string url_;
  std::vector<std::string> asked_;
  std::thread thread_;
};

const std::string ok = "HTTP/1.1 200 OK\r\nETag: \"7\"\r\nContent-Length: 2\r\n\r\n{}";
/// As RFC 9110, 15.4.5 has it: no body, and nothing that says how long it is.
const std::string same = "HTTP/1.1 304 Not Modified\r\nETag: \"7\"\r\n\r\n";

}  // namespace

TEST_CASE("an answer that nothing has changed is over at its empty line, and the link goes on") {
  ByteServer server({{ok}, {same, ok}, {ok}, {ok}});
  ServerLink link(server.url(), 1000);
  const auto first = link.get("/program");
  CHECK(first.status == 200);
  CHECK(first.etag == "\"7\"");
  const auto second = link.get("/program", first.etag);
  CHECK(second.status == ServerLink::not_modified);
  CHECK(second.etag == "\"7\"");
  CHECK(second.body.empty());
  // Who waits for a body waits until reading times out.
  CHECK(second.answered - second.asked < 3s);
  CHECK(link.get("/program", first.etag).status == 200);
}

TEST_CASE("a question that met the end of its kept connection is asked once more") {
  ByteServer server({{ok, ""}, {ok}});
  ServerLink link(server.url(), 1000);
  CHECK(link.get("/one").status == 200);
  CHECK(link.get("/two").status == 200);
  const auto& asked = server.asked();
  REQUIRE(asked.size() == 3);
  CHECK(asked[0].starts_with("GET /one HTTP/1.1\r\n"));
  CHECK(asked[1].starts_with("GET /two HTTP/1.1\r\n"));
  CHECK(asked[2].starts_with("GET /two HTTP/1.1\r\n"));
}

TEST_CASE("a body beyond its bounds, and a server that hangs up at once, are no answer") {
  const std::string long_one = "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x');
  ByteServer server({{long_one}, {""}, {""}});
  ServerLink link(server.url(), 1000);
  CHECK(link.get("/long").status == 0);
  CHECK(link.get("/silent").status == 0);
}
