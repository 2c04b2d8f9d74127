#include "drivers/bus/modbus_line.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <optional>

#include "drivers/bus/reserved_descriptor.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/fakes/pty.hpp"

namespace modbus_line_tests {

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using bus::Reply;
using link::Status;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// CRC-16/MODBUS, bit by bit as the specification has it; low byte first on the wire.
Bytes framed(Bytes frame) {
  std::uint16_t crc = 0xffff;
  for (const auto byte : frame) {
    crc = static_cast<std::uint16_t>(crc ^ byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<std::uint16_t>((crc & 1) != 0 ? (crc >> 1) ^ 0xa001 : crc >> 1);
    }
  }
  frame.push_back(static_cast<std::uint8_t>(crc & 0xff));
  frame.push_back(static_cast<std::uint8_t>(crc >> 8));
  return frame;
}

/// One line on a pty; the test's own thread is the slave, byte by byte.
struct Bench {
  explicit Bench(bus::LineTiming timing = {.turnaround = 30ms, .margin = 60ms, .late = 80ms}) {
    pty.emplace(path);
    line.emplace(executor, link::SerialSettings{path, 115200, link::Parity::none}, timing,
                 [this](bool up, std::string_view reason) { health.emplace_back(up, reason); });
  }
  std::optional<Reply>& ask(Exchange exchange) {
    answers.push_back(std::make_unique<std::optional<Reply>>());
    line->exchange(std::move(exchange), [slot = answers.back().get()](Reply reply) {
      REQUIRE_FALSE(slot->has_value());
      *slot = std::move(reply);
    });
    return *answers.back();
  }
  std::optional<Reply>& ask_status(std::uint8_t address = 3) {
    return ask({{address}, Exchange::Kind::read_input, 0x10, 3, {}, bus::Turn::poll});
  }
  Reply await(std::optional<Reply>& slot) {
    REQUIRE(loop.until([&] { return slot.has_value(); }));
    return *slot;
  }
  void expect_status_request() { REQUIRE(pty->read(8) == status_request); }
  bool is_up() {
    return loop.until([this] { return !health.empty() && health.back().first; });
  }

  bool is_down() {
    return loop.until([this] { return !health.empty() && !health.back().first; });
  }

  const Bytes status_request = framed({3, 4, 0, 0x10, 0, 3});
  fakes::TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "rs485";
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  std::vector<std::pair<bool, std::string>> health;
  std::vector<std::unique_ptr<std::optional<Reply>>> answers;
  std::optional<fakes::Pty> pty;
  std::optional<bus::ModbusLine> line;
};

Bytes status_reply(std::uint8_t last) {
  return framed({3, 4, 6, 0x12, 0x34, 0, 7, 0, last});
}

}  // namespace

TEST_CASE("the three exchanges are put on the wire and read as Modbus says") {
  Bench bench;
  auto& read = bench.ask_status();
  bench.expect_status_request();
  bench.pty->write(status_reply(9));
  CHECK(bench.await(read).status == Status::ok);
  CHECK(read->values == std::vector<std::uint16_t>{0x1234, 7, 9});

  auto& held = bench.ask({{3}, Exchange::Kind::read_holding, 0x100, 1, {}, bus::Turn::normal});
  CHECK(bench.pty->read(8) == framed({3, 3, 1, 0, 0, 1}));
  bench.pty->write(framed({3, 3, 2, 0xab, 0xcd}));
  CHECK(bench.await(held).values == std::vector<std::uint16_t>{0xabcd});

  auto& write = bench.ask({{3}, Exchange::Kind::write, 0x110, 0, {0x0102, 0xfffe}, bus::Turn::urgent});
  CHECK(bench.pty->read(13) == framed({3, 16, 1, 0x10, 0, 2, 4, 1, 2, 0xff, 0xfe}));
  bench.pty->write(framed({3, 16, 1, 0x10, 0, 2}));
  CHECK(bench.await(write).status == Status::ok);
  CHECK(bench.health == std::vector<std::pair<bool, std::string>>{{true, "direction by the adapter"}});
}

TEST_CASE("an answer that comes too late is never taken for the next one's") {
  // So long that the next request is seen in time only because the late answer has come whole.
  Bench bench({.turnaround = 10ms, .margin = 40ms, .late = 30s});
  auto& late = bench.ask_status();
  auto& next = bench.ask_status();
  bench.expect_status_request();
  CHECK(bench.pty->read(1, 150ms).empty());  // its time is over, and nothing else may be asked yet
  bench.pty->write(status_reply(1));
  bench.expect_status_request();
  bench.pty->write(status_reply(2));
  CHECK(bench.await(late).status == Status::timeout);
  CHECK(bench.await(next).status == Status::ok);
  CHECK(next->values.back() == 2);
}

TEST_CASE("half a late answer, or another unit's, does not end the silence that is kept for it") {
  Bench bench({.turnaround = 10ms, .margin = 40ms, .late = 300ms});
  auto& late = bench.ask_status();
  auto& next = bench.ask_status();
  bench.expect_status_request();
  CHECK(bench.pty->read(1, 100ms).empty());
  SUBCASE("half") {
    bench.pty->write({3, 4, 6, 0x12});
  }
  SUBCASE("another unit's") {
    bench.pty->write(framed({4, 4, 6, 0x12, 0x34, 0, 7, 0, 1}));
  }
  CHECK(bench.pty->read(1, 100ms).empty());
  bench.expect_status_request();
  bench.pty->write(status_reply(2));
  CHECK(bench.await(late).status == Status::timeout);
  CHECK(bench.await(next).values.back() == 2);
}

TEST_CASE("damaged answers are named and the next exchange is clean") {
  Bench bench;
  Bytes bad_checksum = status_reply(4);
  bad_checksum.back() ^= 0x40;
  Bytes noise(200);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    noise[i] = static_cast<std::uint8_t>(i * 167 + 13);
  }
  const struct {
    const char* what;
    Bytes bytes;
    Status status;
  } cases[] = {
      {"bad checksum", bad_checksum, Status::corrupt},
      {"another unit answers", framed({4, 4, 6, 0, 0, 0, 0, 0, 1}), Status::corrupt},
      {"200 bytes of noise", noise, Status::corrupt},
      {"half an answer", {3, 4, 6, 0x12}, Status::timeout},
      {"another function", framed({3, 3, 6, 0, 0, 0, 0, 0, 1}), Status::corrupt},
      {"fewer registers than asked", framed({3, 4, 4, 0, 0, 0, 0}), Status::corrupt},
      {"illegal data address", framed({3, 0x84, 2}), Status::refused},
  };
  for (const auto& one : cases) {
    CAPTURE(one.what);
    auto& bad = bench.ask_status();
    bench.expect_status_request();
    bench.pty->write(one.bytes);
    CHECK(link::to_text(bench.await(bad).status) == link::to_text(one.status));
    CHECK(bad->values.empty());
    auto& good = bench.ask_status();
    bench.expect_status_request();
    bench.pty->write(status_reply(5));
    CHECK(bench.await(good).status == Status::ok);
    CHECK(good->values.back() == 5);
  }
}

TEST_CASE("a slow dripping answer does not stretch the deadline") {
  Bench bench;
  auto& dripped = bench.ask_status();
  bench.expect_status_request();
  const auto asked = std::chrono::steady_clock::now();
  Bytes reply = status_reply(1);
  std::size_t sent = 0;
  // One byte per 35 ms would make 385 ms; a byte timeout that starts anew each time would accept that.
  while (!dripped) {
    if (sent < reply.size() && std::chrono::steady_clock::now() >= asked + 35ms * sent) {
      bench.pty->write({reply[sent++]});
    }
    bench.loop.until([&] { return dripped.has_value(); }, 1ms);
  }
  CHECK(dripped->status == Status::timeout);
  CHECK(sent < reply.size());
}

TEST_CASE("an urgent exchange goes before those that already wait") {
  Bench bench;
  auto& first = bench.ask_status();
  bench.expect_status_request();
  auto& poll = bench.ask({{5}, Exchange::Kind::read_input, 0x10, 3, {}, bus::Turn::poll});
  auto& normal = bench.ask({{6}, Exchange::Kind::write, 0x100, 0, {1}, bus::Turn::normal});
  auto& urgent = bench.ask({{7}, Exchange::Kind::write, 0x110, 0, {1}, bus::Turn::urgent});
  bench.pty->write(status_reply(1));
  CHECK(bench.pty->read(11).front() == 7);
  bench.pty->write(framed({7, 16, 1, 0x10, 0, 1}));
  CHECK(bench.pty->read(11).front() == 6);
  bench.pty->write(framed({6, 16, 1, 0, 0, 1}));
  CHECK(bench.pty->read(8).front() == 5);
  bench.pty->write(framed({5, 4, 6, 0, 0, 0, 0, 0, 0}));
  for (auto* slot : {&first, &urgent, &normal, &poll}) {
    CHECK(bench.await(*slot).status == Status::ok);
  }
}

TEST_CASE("257 that wait are one too many") {
  Bench bench;
  auto& first = bench.ask_status();
  bench.expect_status_request();
  for (int i = 0; i < 256; ++i) {
    bench.ask_status();
  }
  auto& over = bench.ask_status();
  CHECK_FALSE(over.has_value());
  CHECK(bench.await(over).status == Status::busy);
  CHECK_FALSE(first.has_value());
  bench.pty->unplug();
  for (const auto& slot : bench.answers) {
    REQUIRE(bench.loop.until([&] { return slot->has_value(); }));
  }
}

TEST_CASE("an adapter that is unplugged answers gone and returns under the same path") {
  Bench bench;
  REQUIRE(bench.is_up());
  bench.pty->unplug();
  auto& lost = bench.ask_status();
  auto& waiting = bench.ask_status();
  CHECK(bench.await(lost).status == Status::gone);
  CHECK(bench.await(waiting).status == Status::gone);
  REQUIRE(bench.loop.until([&] { return bench.health.size() >= 3; }));
  CHECK_FALSE(bench.health[1].first);
  CHECK(bench.health[2] == std::pair{false, std::string("cannot open: No such file or directory")});
  CHECK(bench.await(bench.ask_status()).status == Status::gone);
  bench.pty.emplace(bench.path);
  REQUIRE(bench.is_up());
  auto& again = bench.ask_status();
  bench.expect_status_request();
  bench.pty->write(status_reply(8));
  CHECK(bench.await(again).values.back() == 8);
  CHECK(bench.health.size() == 4);
}

TEST_CASE("a loss is noticed while nobody speaks") {
  Bench bench;
  REQUIRE(bench.is_up());
  bench.pty->unplug();
  CHECK(bench.is_down());
}

TEST_CASE("a line with a port of somebody else's is down by name") {
  Bench bench;
  REQUIRE(bench.is_up());
  std::vector<std::pair<bool, std::string>> told;
  bus::ModbusLine second(bench.executor, {bench.path, 115200}, {},
                         [&](bool up, std::string_view reason) { told.emplace_back(up, reason); });
  REQUIRE(bench.loop.until([&] { return !told.empty(); }));
  CHECK(told.front() == std::pair{false, std::string("in use by another program")});
}

TEST_CASE("impossible exchanges are refused without touching the wire") {
  Bench bench;
  CHECK(bench.await(bench.ask({{0}, Exchange::Kind::write, 0, 0, {1}, bus::Turn::normal})).status ==
        Status::refused);
  CHECK(bench.await(bench.ask({{1}, Exchange::Kind::read_input, 0, 126, {}, bus::Turn::normal})).status ==
        Status::refused);
  CHECK(bench.pty->read(1, 10ms).empty());
}

TEST_CASE("ending a line is prompt, and its callbacks end with it") {
  Bench bench({.turnaround = 30ms, .margin = 60ms, .late = 80ms});
  auto& never = bench.ask_status();
  bench.expect_status_request();
  auto& neither = bench.ask_status();
  const auto begun = std::chrono::steady_clock::now();
  bench.line.reset();
  CHECK(std::chrono::steady_clock::now() - begun < 1s);
  bench.loop.until([] { return false; }, 20ms);
  CHECK_FALSE(never.has_value());
  CHECK_FALSE(neither.has_value());
}

TEST_CASE("a line works and reopens in a process that has more than 1,024 descriptors open") {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  const rlimit before = limit;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
  REQUIRE(limit.rlim_cur > 1200);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  {
    Bench bench;
    REQUIRE(bench.is_up());
    std::vector<link::Descriptor> many;
    while (many.size() < 1100) {
      many.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      REQUIRE(many.back());
    }
    bench.pty->unplug();
    CHECK(bench.await(bench.ask_status()).status == Status::gone);
    REQUIRE(bench.is_down());
    many.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    bench.pty.emplace(bench.path);
    REQUIRE(bench.pty->master() >= 0);
    REQUIRE(bench.is_up());
    auto& slot = bench.ask_status();
    bench.expect_status_request();
    bench.pty->write(status_reply(6));
    CHECK(bench.await(slot).values.back() == 6);

    while (many.back().get() < 1024) {
      many.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
    CHECK_FALSE(bus::ReservedDescriptor().is_valid());
  }
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace modbus_line_tests
