// A board at its plug: real sockets on the loopback, and what can be wrong with them.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "tests/sim/ddp_card.hpp"
#include "tests/sim/led_board.hpp"
#include "tests/sim/onbon_k.hpp"
#include "tests/sim_boards/frames.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

const Bytes ping = hex("a5a5a5a5a5a5a5a5 01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a2 00 01 00 00 68 f8 5a");
constexpr int answer_size = 8 + 21 + 1;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  address.sin_port = ::htons(port);
  return address;
}

std::uint16_t free_port(int type) {
  const int fd = ::socket(AF_INET, type, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(fd);
  return ::ntohs(address.sin_port);
}

struct Wire {
  int fd = -1;
  Wire(std::uint16_t port, int type) : fd(::socket(AF_INET, type, 0)) {
    const sockaddr_in address = loopback(port);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(fd);
      fd = -1;
    }
  }
  ~Wire() { ::close(fd); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  void write(const Bytes& bytes) const {
    CHECK(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
  }
  /// At least so many; fewer when the far end hangs up, or 5 s have passed.
  Bytes read(std::size_t least) const {
    Bytes out;
    std::array<std::uint8_t, 256> buffer{};
    pollfd wait{fd, POLLIN, 0};
    while (out.size() < least && ::poll(&wait, 1, 5000) > 0) {
      const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
      if (got <= 0) {
        break;
      }
      out.insert(out.end(), buffer.begin(), buffer.begin() + got);
    }
    return out;
  }
};

std::unique_ptr<LedBoard> board(BoardEnd::Link link, std::uint16_t port) {
  BoardEnd end;
  end.id = "board-a";
  end.protocol = link == BoardEnd::Link::tcp ? "onbon_k" : "ddp";
  end.link = link;
  end.at = {"127.0.0.1", port};
  BoardShape shape;
  shape.processing = 0ms;
  shape.boot = 1ms;
  std::unique_ptr<BoardCard> card = std::make_unique<DdpCard>(shape);
  if (link == BoardEnd::Link::tcp) {
    card = std::make_unique<OnbonK>(shape, OnbonK::Identity{}, font());
  }
  auto out = std::make_unique<LedBoard>(end, std::move(card), plug_of(end));
  REQUIRE(out->start() == "");
  return out;
}

/// Asks until it is so, 5 s at most.
bool becomes(const std::function<bool()>& so) {
  const TimePoint until = Clock::now() + 5s;
  while (!so()) {
    if (Clock::now() > until) {
      return false;
    }
    ::poll(nullptr, 0, 2);
  }
  return true;
}

std::string fault(LedBoard& at, Fault kind, const boost::json::object& details = {}) {
  std::string why = at.set_details(kind, details);
  if (why.empty()) {
    at.inject(kind, 60ms);
  }
  return why;
}

}  // namespace

TEST_CASE("a board on TCP answers, and turns away, keeps silent, is slow or lies as it is told to") {
  const std::uint16_t port = free_port(SOCK_STREAM);
  const auto one = board(BoardEnd::Link::tcp, port);
  const Wire wire(port, SOCK_STREAM);
  wire.write(ping);
  Bytes answer = wire.read(answer_size);
  REQUIRE(answer.size() == answer_size);
  CHECK(answer[22] == 0xA0);
  CHECK(answer[23] == 0x00);

  CHECK(fault(*one, Fault::nack, {{"code", 400}}) != "");
  CHECK(fault(*one, Fault::nack, {{"code", 4}}) == "");
  wire.write(ping);
  answer = wire.read(answer_size);
  REQUIRE(answer.size() == answer_size);
  CHECK(answer[23] == 0x01);
  CHECK(answer[24] == 0x04);
  one->clear(std::nullopt);

  fault(*one, Fault::slow);
  const TimePoint asked = Clock::now();
  wire.write(ping);
  CHECK(wire.read(answer_size).size() == answer_size);
  CHECK(Clock::now() - asked >= 60ms);
  one->clear(Fault::slow);

  fault(*one, Fault::silent);
  wire.write(ping);
  CHECK(becomes([&] { return one->describe().at("frames") == 3; }));
  one->clear(Fault::silent);
  wire.write(ping);
  CHECK(wire.read(answer_size).size() == answer_size);  // of the second alone

  fault(*one, Fault::corrupt);
  wire.write(ping);
  answer = wire.read(answer_size);
  REQUIRE(answer.size() == answer_size);
  CHECK(answer[22] == 0xB0);
  one->clear(std::nullopt);
  const auto state = one->describe();
  CHECK(state.at("kind") == "board");
  CHECK(state.at("refused").at("told_to") == 1);
  CHECK(one->file("screen.png", 0)->body.starts_with("\x89PNG"));
  CHECK(one->screen(1)->body != one->screen(4)->body);
  CHECK(one->file("bytes", 0)->body.size() == 6 * ping.size());
}

TEST_CASE("a board's connection breaks where it is told to, and its power takes the port along") {
  const std::uint16_t port = free_port(SOCK_STREAM);
  const auto one = board(BoardEnd::Link::tcp, port);
  {
    const Wire wire(port, SOCK_STREAM);
    wire.write(ping);
    CHECK(wire.read(answer_size).size() == answer_size);
    CHECK(fault(*one, Fault::cut, {{"bytes", 10}}) == "");
    wire.write(ping);
    CHECK(wire.read(1).empty());
    CHECK(one->describe().at("frames") == 1);
  }
  {
    const Wire wire(port, SOCK_STREAM);
    wire.write(ping);
    CHECK(wire.read(answer_size).size() == answer_size);
    fault(*one, Fault::power_cycle);
    CHECK(wire.read(1).empty());
  }
  CHECK(becomes([&] { return Wire(port, SOCK_STREAM).fd >= 0; }));
  fault(*one, Fault::gone);
  CHECK(becomes([&] { return Wire(port, SOCK_STREAM).fd < 0; }));
  CHECK(one->describe().at("state") == "gone");
  CHECK(one->describe().at("lit_dots") == 0);
  one->clear(std::nullopt);
  CHECK(becomes([&] { return Wire(port, SOCK_STREAM).fd >= 0; }));
}

TEST_CASE("a board on UDP takes each datagram for itself, and cannot have what needs a connection") {
  const std::uint16_t port = free_port(SOCK_DGRAM);
  const auto one = board(BoardEnd::Link::udp, port);
  const Wire wire(port, SOCK_DGRAM);
  Bytes packet = hex("41 01 0b 01 00000000 0006 ffffff 00ff00");
  wire.write(packet);
  CHECK(becomes([&] { return one->describe().at("flips") == 1; }));
  CHECK(one->describe().at("lit_dots") == 2);
  wire.write(hex("42 00 00 fb 00000000 0000"));
  CHECK(wire.read(1).size() > 10);  // its state
  CHECK_FALSE(one->can_have(Fault::nack));
  CHECK_FALSE(one->can_have(Fault::cut));
  CHECK_FALSE(one->can_have(Fault::paper_out));
}
