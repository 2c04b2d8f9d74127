// What a broken or wicked upstream may say: every pull ends, in time, and with little kept.
#include <doctest/doctest.h>
#include <poll.h>

#include <atomic>

#include "tests/feed_pull/servers.hpp"

namespace lobby::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t far_too_much = 200U * 1024 * 1024;
/// What lies in the sockets between two processes when one of them stops.
constexpr std::size_t on_the_way = 24U * 1024 * 1024;

struct Told {
  std::string reason;
  std::size_t said = 0;
};

/// `begin`, then `block` again and again.
Told flood(const std::string& begin, const std::string& block) {
  std::atomic<std::size_t> said = 0;
  Told told;
  {
    const RawServer server([&](int socket, const std::string&) {
      if (say(socket, begin)) {
        said = pour(socket, block, far_too_much);
      }
    });
    auto outcome = get(settings_for(server.url()), seconds(20));
    REQUIRE(std::holds_alternative<Failure>(outcome));
    told.reason = std::get<Failure>(outcome).reason;
  }
  told.said = said;
  CHECK(told.said < on_the_way);
  return told;
}

const std::string head = "HTTP/1.1 200 OK\r\n";
const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
const std::string block(64 * 1024, 'x');

TEST_CASE("a status line, a header, headers or interim answers without end") {
  constexpr const char* too_long = "the head of the answer is longer than any is";
  CHECK(flood("HTTP/1.1 200 ", block).reason == too_long);
  CHECK(flood(head + "X-Long: ", block).reason == too_long);
  CHECK(flood(head, "X-More: 1\r\n").reason == too_long);
  CHECK(flood("", "HTTP/1.1 100 Continue\r\n\r\n").reason == too_long);
  CHECK(flood(head + "Content-Length: ", std::string(1024, '9')).reason == too_long);
}

TEST_CASE("a body without end, in chunks, or as long as the connection") {
  constexpr const char* too_long = "the answer is longer than 8 MiB";
  CHECK(flood(chunked, "10000\r\n" + std::string(0x10000, ' ') + "\r\n").reason == too_long);
  CHECK(flood(head + "Connection: close\r\n\r\n", block).reason == too_long);
  CHECK(flood(head + "Content-Length: 209715200\r\n\r\n", block).reason == too_long);
  CHECK(flood(head + "Content-Length: 99999999999999999999999\r\n\r\n", block).reason == too_long);
}

TEST_CASE("the line of a chunk's size, and what follows the last chunk, are bounded with the body") {
  constexpr const char* too_long = "the answer is longer than 8 MiB";
  CHECK(flood(chunked + "1;", block).reason == too_long);
  CHECK(flood(chunked + "1\r\n \r\n0\r\nX: ", block).reason == too_long);
}

TEST_CASE("a long status line that ends is refused too") {
  const RawServer server([&](int socket, const std::string&) {
    say(socket, "HTTP/1.1 200 " + std::string(30'000, 'x') + "\r\nContent-Length: 2\r\n\r\n{}");
    hear_end(socket);
  });
  CHECK(std::holds_alternative<Failure>(get(settings_for(server.url()), seconds(10))));
}

TEST_CASE("an answer that is cut off, and one that is none") {
  for (const auto& [bytes, part] : std::vector<std::pair<std::string, std::string>>{
           {head + "Content-Length: 100\r\n\r\n{", "broke off"},
           {chunked + "5\r\n{", "broke off"},
           {chunked + "zz\r\n{}\r\n", "broke off"},
           {"", "cannot be reached"},
           {"SSH-2.0-OpenSSH_9.2\r\n", "cannot be reached"},
           {"HTTP/1.1 2", "cannot be reached"},
           {head + "Content-Length: 2\r\n", "cannot be reached"}}) {
    CAPTURE(bytes);
    const RawServer server([&answer = bytes](int socket, const std::string&) { say(socket, answer); });
    auto outcome = get(settings_for(server.url()), seconds(10));
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).reason.find(part) != std::string::npos);
  }
}

TEST_CASE("who says nothing, or a byte now and then, is left at the deadline") {
  const auto ends = [](const std::string& begin, const std::string& drop) {
    std::atomic<bool> over = false;
    const RawServer server([&](int socket, const std::string&) {
      say(socket, begin);
      // A byte at a time until the client has gone.
      pollfd far_end{socket, POLLRDHUP, 0};
      while (!over && (drop.empty() || say(socket, drop)) && ::poll(&far_end, 1, 20) == 0) {
      }
    });
    Settings settings = settings_for(server.url());
    settings.total_s = 1;
    const auto start = std::chrono::steady_clock::now();
    auto outcome = get(settings, milliseconds(250));
    over = true;
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).reason == "no whole answer within 1 s");
    CHECK(std::chrono::steady_clock::now() - start < seconds(4));
  };
  ends("", "");
  ends("", "H");
  ends(head + "X: ", "x");
  ends(chunked, "1\r\n \r\n");
  ends(head + "Content-Length: 1000000\r\n\r\n", " ");
}

TEST_CASE("headers that would end another line, or that nobody can show, are not kept") {
  const RawServer server([](int socket, const std::string&) {
    say(socket, "HTTP/1.1 304 Not Modified\r\nETag: \"\x01\x02\"\r\nRetry-After: " + std::string(600, '9') +
                    "\r\nDate: \xd5\xc5\r\n\r\n");
    hear_end(socket);
  });
  auto outcome = get(settings_for(server.url()), seconds(10));
  REQUIRE(std::holds_alternative<Reply>(outcome));
  const auto& reply = std::get<Reply>(outcome);
  CHECK(reply.status == 304);
  CHECK(reply.etag.empty());
  CHECK(reply.retry_after.empty());
  CHECK(reply.date.empty());
}

}  // namespace
}  // namespace lobby::feed
