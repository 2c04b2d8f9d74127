#include "drivers/bus/tcp_port.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <optional>

#include "drivers/bus/modbus_line.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"

namespace tcp_port_tests {

// A gateway on loopback; the test's own thread is the gateway, byte by byte. Frames as in "Messaging on
// TCP/IP".

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using bus::Reply;
using link::Status;
using Bytes = std::vector<std::uint8_t>;

namespace {

struct Gateway {
  Gateway() : listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener.get(), 4) == 0);
    REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
  void accept() {
    pollfd one{listener.get(), POLLIN, 0};
    REQUIRE(::poll(&one, 1, 8000) == 1);
    peer = link::Descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    REQUIRE(peer);
  }
  Bytes read(std::size_t count, std::chrono::milliseconds limit = 8s) {
    Bytes all;
    const auto end = std::chrono::steady_clock::now() + limit;
    while (all.size() < count) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      pollfd one{peer.get(), POLLIN, 0};
      std::array<std::uint8_t, 300> some{};
      if (left.count() <= 0 || ::poll(&one, 1, static_cast<int>(left.count())) <= 0) {
        break;
      }
      const auto got = ::recv(peer.get(), some.data(), count - all.size(), 0);
      if (got <= 0) {
        break;
      }
      all.insert(all.end(), some.begin(), some.begin() + got);
    }
    return all;
  }
  /// False: the far end has hung up.
  bool write(const Bytes& bytes) {
    return ::send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  link::Descriptor listener, peer;
  std::uint16_t port = 0;
};

struct Bench {
  explicit Bench(link::Duration turnaround = 150ms) {
    auto timing = bus::TcpPort::usual_timing();
    timing.turnaround = turnaround;
    line.emplace(executor, std::make_unique<bus::TcpPort>("127.0.0.1", gateway.port, timing),
                 [this](bool up, std::string_view text) { health.emplace_back(up, text); });
    gateway.accept();
  }
  std::optional<Reply>& ask(Exchange exchange) {
    answers.push_back(std::make_unique<std::optional<Reply>>());
    line->exchange(std::move(exchange), [slot = answers.back().get()](Reply reply) {
      REQUIRE_FALSE(slot->has_value());
      *slot = std::move(reply);
    });
    return *answers.back();
  }
  std::optional<Reply>& ask_register(std::uint16_t start) {
    return ask({{3}, Exchange::Kind::read_input, start, 1, {}, bus::Turn::poll});
  }
  /// Its transaction number; the rest of the frame must ask for this register.
  std::array<std::uint8_t, 2> expect(std::uint8_t start) {
    const auto frame = gateway.read(12);
    REQUIRE(frame.size() == 12);
    REQUIRE(Bytes(frame.begin() + 2, frame.end()) == Bytes{0, 0, 0, 6, 3, 4, 0, start, 0, 1});
    return {frame[0], frame[1]};
  }
  bool say(std::array<std::uint8_t, 2> transaction, std::uint8_t value, std::uint8_t unit = 3) {
    return gateway.write({transaction[0], transaction[1], 0, 0, 0, 5, unit, 4, 2, 0, value});
  }
  Reply await(std::optional<Reply>& slot) {
    REQUIRE(loop.until([&] { return slot.has_value(); }));
    return *slot;
  }
  bool is(bool up) {
    return loop.until([&] { return !health.empty() && health.back().first == up; });
  }

  Gateway gateway;
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  std::vector<std::pair<bool, std::string>> health;
  std::vector<std::unique_ptr<std::optional<Reply>>> answers;
  std::optional<bus::ModbusLine> line;
};

}  // namespace

TEST_CASE("exchanges go through a gateway as the messaging guide says") {
  Bench bench;
  auto& read = bench.ask_register(0x10);
  const auto first = bench.expect(0x10);
  bench.say(first, 9);
  CHECK(bench.await(read).values == std::vector<std::uint16_t>{9});

  auto& write = bench.ask({{7}, Exchange::Kind::write, 0x110, 0, {0x0102, 0xfffe}, bus::Turn::urgent});
  auto frame = bench.gateway.read(17);
  REQUIRE(frame.size() == 17);
  CHECK(Bytes(frame.begin() + 2, frame.end()) ==
        Bytes{0, 0, 0, 11, 7, 16, 1, 0x10, 0, 2, 4, 1, 2, 0xff, 0xfe});
  CHECK(frame[1] != first[1]);
  bench.gateway.write({frame[0], frame[1], 0, 0, 0, 6, 7, 16, 1, 0x10, 0, 2});
  CHECK(bench.await(write).status == Status::ok);

  auto& all = bench.ask({{}, Exchange::Kind::broadcast, 0x110, 0, {1}, bus::Turn::normal});
  CHECK(bench.await(all).status == Status::ok);
  frame = bench.gateway.read(15);
  REQUIRE(frame.size() == 15);
  CHECK(Bytes(frame.begin() + 2, frame.end()) == Bytes{0, 0, 0, 9, 0, 16, 1, 0x10, 0, 1, 2, 0, 1});
  CHECK(bench.health == std::vector<std::pair<bool, std::string>>{{true, ""}});
}

TEST_CASE("a gateway's late answer is nobody's, and holds nobody up") {
  Bench bench;
  auto& late = bench.ask_register(1);
  const auto old = bench.expect(1);
  CHECK(bench.await(late).status == Status::timeout);
  auto& next = bench.ask_register(2);
  const auto now = bench.expect(2);
  bench.say(old, 0x11);  // the answer to the last question, of the same unit and form
  bench.say(now, 0x22);
  CHECK(bench.await(next).values == std::vector<std::uint16_t>{0x22});
  auto& clean = bench.ask_register(3);
  bench.say(bench.expect(3), 0x33);
  CHECK(bench.await(clean).values == std::vector<std::uint16_t>{0x33});
}

TEST_CASE("answers with other transaction numbers are passed over and do not stretch the deadline") {
  Bench bench;
  auto& asked = bench.ask_register(1);
  auto transaction = bench.expect(1);
  transaction[1] ^= 0x55;
  bool is_taken = true;
  while (!asked && is_taken) {
    is_taken = bench.say(transaction, 1);
    bench.loop.until([&] { return asked.has_value(); }, 1ms);
  }
  CHECK(bench.await(asked).status == Status::timeout);
}

TEST_CASE("a gateway says that a unit does not answer, that it refuses, or something that is no answer") {
  Bench bench;
  const auto answered = [&](const Bytes& tail) {
    auto& slot = bench.ask_register(1);
    const auto transaction = bench.expect(1);
    Bytes frame{transaction[0], transaction[1], 0, 0, 0, static_cast<std::uint8_t>(tail.size())};
    frame.insert(frame.end(), tail.begin(), tail.end());
    bench.gateway.write(frame);
    return link::to_text(bench.await(slot).status);
  };
  CHECK(answered({3, 0x84, 0x0B}) == "timeout");
  CHECK(answered({3, 0x84, 0x0A}) == "timeout");
  CHECK(answered({3, 0x84, 0x02}) == "refused");
  CHECK(answered({4, 4, 2, 0, 1}) == "corrupt");
  CHECK(answered({3, 3, 2, 0, 1}) == "corrupt");
  CHECK(answered({3, 4, 4, 0, 1, 0, 1}) == "corrupt");
  CHECK(answered({3, 4, 2, 0, 1}) == "ok");
  const auto counts = bench.line->counts({3});
  CHECK(counts.asked == 7);
  CHECK(counts.timeouts == 2);
  CHECK(counts.corrupt == 3);
  CHECK(counts.answered == 2);
}

TEST_CASE("an answer in single bytes is one, and half of one is none, also for the next question") {
  Bench bench(400ms);
  auto& dripped = bench.ask_register(1);
  const auto first = bench.expect(1);
  for (const std::uint8_t byte : Bytes{first[0], first[1], 0, 0, 0, 5, 3, 4, 2, 0, 7}) {
    bench.gateway.write({byte});
  }
  CHECK(bench.await(dripped).values == std::vector<std::uint16_t>{7});
  auto& half = bench.ask_register(2);
  const auto second = bench.expect(2);
  bench.gateway.write({second[0], second[1], 0, 0, 0, 5, 3, 4});
  CHECK(bench.await(half).status == Status::timeout);
  auto& next = bench.ask_register(3);
  const auto third = bench.expect(3);
  bench.gateway.write({2, 0, 8});  // the rest
  bench.say(third, 9);
  CHECK(bench.await(next).values == std::vector<std::uint16_t>{9});
}

TEST_CASE("a gateway that hangs up is gone by name and is called again") {
  Bench bench;
  REQUIRE(bench.is(true));
  auto& lost = bench.ask_register(1);
  bench.expect(1);
  bench.gateway.peer.reset();
  CHECK(bench.await(lost).status == Status::gone);
  bench.gateway.accept();
  REQUIRE(bench.loop.until([&] { return bench.health.size() >= 3; }));
  CHECK(bench.health[2].first);
  CHECK(bench.health[1] == std::pair{false, std::string("the gateway hung up")});
  auto& again = bench.ask_register(2);
  bench.say(bench.expect(2), 5);
  CHECK(bench.await(again).values == std::vector<std::uint16_t>{5});
}

TEST_CASE("a hang-up is noticed while nobody speaks") {
  Bench bench;
  REQUIRE(bench.is(true));
  bench.gateway.peer.reset();
  CHECK(bench.is(false));
}

TEST_CASE("what does not speak Modbus TCP is gone by name") {
  Bench bench;
  auto& asked = bench.ask_register(1);
  bench.expect(1);
  const std::string words = "HTTP/1.1 400 Bad Request\r\n";
  bench.gateway.write(Bytes(words.begin(), words.end()));
  CHECK(bench.await(asked).status == Status::gone);
  REQUIRE(bench.is(false));
  CHECK(bench.health.back().second == "what answers there does not speak Modbus TCP");
}

TEST_CASE("nobody there, and no such name, are told by name within the limit") {
  fakes::Loop loop;
  link::AsioExecutor executor(loop.io);
  std::vector<std::string> reasons;
  std::optional<std::uint16_t> closed;
  {
    Gateway nobody;
    closed = nobody.port;
  }
  const auto line_to = [&](const std::string& host) {
    reasons.clear();
    bus::ModbusLine line(executor,
                         std::make_unique<bus::TcpPort>(host, *closed, bus::TcpPort::usual_timing()),
                         [&](bool, std::string_view reason) { reasons.emplace_back(reason); });
    REQUIRE(loop.until([&] { return !reasons.empty(); }));
    return reasons.front();
  };
  CHECK(line_to("127.0.0.1") == "Connection refused");
  CHECK(line_to("no-such-host.invalid").find("no-such-host.invalid") != std::string::npos);
}

TEST_CASE("ending a line is prompt while its gateway is silent") {
  Bench bench(600ms);
  auto& never = bench.ask_register(1);
  bench.expect(1);
  const auto begun = std::chrono::steady_clock::now();
  bench.line.reset();
  CHECK(std::chrono::steady_clock::now() - begun < 2s);
  bench.loop.until([] { return false; }, 20ms);
  CHECK_FALSE(never.has_value());
}

TEST_CASE("a gateway works in a process that has more than 1,024 descriptors open") {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  const rlimit before = limit;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
  REQUIRE(limit.rlim_cur > 1200);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  {
    std::vector<link::Descriptor> many;
    while (many.size() < 1100) {
      many.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      REQUIRE(many.back());
    }
    Bench bench;
    auto& slot = bench.ask_register(1);
    bench.say(bench.expect(1), 6);
    CHECK(bench.await(slot).values == std::vector<std::uint16_t>{6});
  }
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace tcp_port_tests
