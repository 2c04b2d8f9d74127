#include "drivers/bus/line_scheduler.hpp"

#include <doctest/doctest.h>

#include <random>

#include "tests/fakes/virtual_line.hpp"

namespace line_scheduler_tests {

// The scheduler by itself, in given time, and on a wire in virtual time.

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using bus::Turn;
using link::MonoTime;
using link::Status;

namespace {

Exchange read_of(std::uint8_t address, Turn turn = Turn::poll) {
  return {{address}, Exchange::Kind::read_input, 0x10, 4, {}, turn};
}
Exchange write_of(std::uint8_t address, std::vector<std::uint16_t> values, Turn turn = Turn::normal) {
  return {{address}, Exchange::Kind::write, 0x110, 0, std::move(values), turn};
}

/// A scheduler whose wire is the test: what is asked, in order, and what became of whom.
struct Desk {
  explicit Desk(bus::LineTiming its_timing = {}) : timing(its_timing), scheduler(timing) {}
  void add(Exchange exchange, int mark = 0) {
    auto settled = scheduler.add(
        std::move(exchange), [this, mark](bus::Reply reply) { answered.emplace_back(mark, reply.status); });
    if (settled) {
      settled->done({settled->status, {}});
    }
  }
  /// The next exchange on the wire, as soon as it may be, answered so.
  Exchange speak(Status status, link::Duration takes = 20ms, bool was_late = false, bool was_stray = false) {
    now = std::max(now, scheduler.ready_at());
    REQUIRE(now != MonoTime::max());
    auto order = scheduler.next(now);
    REQUIRE(order);
    late = order->late;
    const auto began = now;
    now += takes;
    scheduler.finished(order->waiting.exchange, {{status, {}}, was_late, was_stray}, began, now);
    order->waiting.done({status, {}});
    return order->waiting.exchange;
  }
  void kill(std::uint8_t address) {
    for (int i = 0; i < bus::UnitRecords::dead_after; ++i) {
      add(read_of(address));
      speak(Status::timeout);
    }
  }

  bus::LineTiming timing;
  bus::LineScheduler scheduler;
  MonoTime now{1s};
  link::Duration late{};
  std::vector<std::pair<int, Status>> answered;
};

}  // namespace

TEST_CASE("the newest value of what waits to be written wins, in the older one's place, told by `busy`") {
  Desk desk;
  desk.add(write_of(1, {10}), 1);
  desk.add(write_of(2, {20}), 2);
  desk.add(write_of(1, {11}), 3);
  CHECK(desk.answered == std::vector<std::pair<int, Status>>{{1, Status::busy}});
  CHECK(desk.speak(Status::ok).values == std::vector<std::uint16_t>{11});
  CHECK(desk.speak(Status::ok).values == std::vector<std::uint16_t>{20});
  CHECK(desk.scheduler.ready_at() == MonoTime::max());
  CHECK(desk.answered.size() == 3);
}

TEST_CASE("a newer value hurries as much as the older one, or more, and is no other register's or unit's") {
  Desk desk;
  desk.add(write_of(3, {1}, Turn::normal), 1);
  desk.add(write_of(1, {1}, Turn::poll), 2);
  desk.add(write_of(1, {2}, Turn::urgent), 3);  // overtakes
  desk.add(write_of(1, {3}, Turn::poll), 4);    // keeps what was gained
  desk.add({{1}, Exchange::Kind::write, 0x111, 0, {4}, Turn::poll}, 5);
  desk.add({{1}, Exchange::Kind::write_one, 0x110, 0, {5}, Turn::poll}, 6);
  desk.add({{2}, Exchange::Kind::broadcast, 0x110, 0, {6}, Turn::poll}, 7);
  desk.add({{9}, Exchange::Kind::broadcast, 0x110, 0, {7}, Turn::poll}, 8);  // its address says nothing
  CHECK(desk.answered ==
        std::vector<std::pair<int, Status>>{{2, Status::busy}, {3, Status::busy}, {7, Status::busy}});
  std::vector<std::uint16_t> spoken;
  spoken.reserve(5);
  for (int i = 0; i < 5; ++i) {
    spoken.push_back(desk.speak(Status::ok).values.front());
  }
  CHECK(spoken == std::vector<std::uint16_t>{3, 1, 4, 5, 7});
}

TEST_CASE("reads are never replaced, nor a write by one that would leave some of its registers unwritten") {
  Desk desk;
  desk.add(read_of(1), 1);
  desk.add(read_of(1), 2);
  desk.add(write_of(1, {1, 2, 3}), 3);
  desk.add(write_of(1, {4, 5}), 4);
  desk.add({{1}, Exchange::Kind::read_write, 0x10, 4, {1}, Turn::normal, 0x100}, 5);
  desk.add({{1}, Exchange::Kind::read_write, 0x14, 8, {2}, Turn::normal, 0x100}, 6);  // reads something else
  CHECK(desk.answered.empty());
  desk.add({{1}, Exchange::Kind::read_write, 0x10, 4, {3}, Turn::normal, 0x100}, 7);
  CHECK(desk.answered == std::vector<std::pair<int, Status>>{{5, Status::busy}});
}

TEST_CASE(
    "behind every exchange the line is silent for the gap, and who comes meanwhile and hurries goes first") {
  bus::LineTiming timing;
  timing.baud = 9600;
  Desk desk(timing);
  desk.add(read_of(1));
  desk.add(read_of(2));
  desk.speak(Status::ok);
  // 3.5 characters of 11 bits and 0.1 ms.
  CHECK(std::chrono::round<std::chrono::microseconds>(desk.scheduler.ready_at() - desk.now) == 4110us);
  CHECK_FALSE(desk.scheduler.next(desk.now + 4ms));
  desk.add(write_of(7, {1}, Turn::urgent));
  CHECK(desk.speak(Status::ok).address.value == 7);
}

TEST_CASE("a broadcast is over only when it has passed the wire and every unit could think") {
  bus::LineTiming timing;
  timing.baud = 9600;
  Desk desk(timing);
  desk.add({{}, Exchange::Kind::broadcast, 0x110, 0, {1}, Turn::normal});
  desk.add(read_of(1));
  const auto began = desk.now;
  desk.speak(Status::ok, 1ms);  // handed over to the kernel
  // 11 bytes of 10 bits, 50 ms for the units, the gap.
  CHECK(std::chrono::round<std::chrono::microseconds>(desk.scheduler.ready_at() - began) == 65569us);
}

TEST_CASE("a unit that is dead costs its deadline, and one that answers late is waited for again") {
  Desk desk;
  desk.kill(5);
  CHECK(desk.late == desk.timing.late);
  desk.add(read_of(5));
  desk.speak(Status::timeout);
  CHECK(desk.late == 0ms);
  SUBCASE("it answers in time") {
    desk.add(read_of(5));
    desk.speak(Status::ok);
  }
  SUBCASE("something comes that nobody asked for") {
    desk.add(read_of(1));
    desk.speak(Status::corrupt, 20ms, false, true);
  }
  desk.add(read_of(5));
  desk.speak(Status::timeout);
  CHECK(desk.late == desk.timing.late);
}

TEST_CASE("a unit whose answers come late is no dead one, however often") {
  Desk desk;
  for (int i = 0; i < 20; ++i) {
    desk.add(read_of(5));
    desk.speak(Status::timeout, 20ms, true);
    CHECK(desk.late == desk.timing.late);
  }
}

TEST_CASE("a dead unit is not asked again while its answer may still come, and its neighbours are") {
  Desk desk;
  desk.kill(5);
  desk.add(read_of(5));
  desk.speak(Status::timeout);
  const auto silent = desk.now;
  desk.add(read_of(5, Turn::urgent));
  desk.add(read_of(1));
  CHECK(desk.speak(Status::ok).address.value == 1);
  CHECK(desk.scheduler.ready_at() == silent + desk.timing.late);
  CHECK_FALSE(desk.scheduler.next(silent + desk.timing.late - 1ns));
  CHECK(desk.speak(Status::ok).address.value == 5);
}

TEST_CASE("an answer that came after all the waiting is waited for longer, until the unit is well again") {
  Desk desk;
  desk.add(read_of(5));
  desk.speak(Status::timeout);
  desk.add(read_of(1));
  desk.speak(Status::ok, 20ms, false, true);
  desk.add(read_of(5));
  desk.speak(Status::ok);
  CHECK(desk.late == 2 * desk.timing.late);
  desk.add(read_of(5));
  desk.speak(Status::timeout);
  CHECK(desk.late == desk.timing.late);
}

TEST_CASE("a unit of which only rubbish is heard raises no suspicion against the dead") {
  Desk desk;
  desk.add(read_of(9));
  desk.speak(Status::corrupt);
  desk.kill(5);
  desk.add(read_of(9));
  desk.speak(Status::corrupt, 20ms, false, true);
  desk.now += 1s;
  desk.add(read_of(5));
  desk.speak(Status::timeout);
  CHECK(desk.late == 0ms);
}

TEST_CASE("units that fail have a fifth of the line, however many and however urgent, while others wait") {
  Desk desk;
  link::Duration healthy{}, broken{};
  for (std::uint8_t address = 1; address <= 8; ++address) {
    desk.add(read_of(address, address > 4 ? Turn::urgent : Turn::poll));
  }
  const auto end = desk.now + 60s;
  while (desk.now < end) {
    desk.now = std::max(desk.now, desk.scheduler.ready_at());
    auto order = desk.scheduler.next(desk.now);
    REQUIRE(order);
    const auto& exchange = order->waiting.exchange;
    const bool is_broken = exchange.address.value > 4;
    const auto takes = is_broken ? 120ms : 20ms;
    (is_broken ? broken : healthy) += takes;
    const auto began = std::exchange(desk.now, desk.now + takes);
    desk.scheduler.finished(exchange, {{is_broken ? Status::timeout : Status::ok, {}}}, began, desk.now);
    desk.add(exchange);  // asks again at once
  }
  CHECK(broken < (healthy + broken) / 4);
  CHECK(broken > (healthy + broken) / 20);
}

TEST_CASE(
    "a broken unit makes its neighbours wait about a millisecond on average, and the first failures cost it "
    "little") {
  for (const auto cost : {20ms, 110ms, 260ms}) {
    CAPTURE(cost.count());
    Desk desk;
    desk.add(read_of(1));
    desk.add(read_of(5));
    std::vector<MonoTime> asked;
    while (asked.size() < 40) {
      desk.now = std::max(desk.now, desk.scheduler.ready_at());
      auto order = desk.scheduler.next(desk.now);
      REQUIRE(order);
      const auto exchange = order->waiting.exchange;
      const bool is_broken = exchange.address.value == 5;
      if (is_broken) {
        asked.push_back(desk.now);
      }
      const auto began = std::exchange(desk.now, desk.now + (is_broken ? cost : 20ms));
      desk.scheduler.finished(exchange, {{is_broken ? Status::corrupt : Status::ok, {}}}, began, desk.now);
      desk.add(exchange);
    }
    CHECK(asked[1] - asked[0] < cost + 50ms);
    CHECK(asked[4] - asked[0] < 20 * cost);
    const auto seconds = std::chrono::duration<double>(asked.back() - asked[20]).count() / 19;
    const auto taken = std::chrono::duration<double>(cost).count();
    CHECK(taken * taken / 2 / seconds < 0.00125);  // C squared over 2 I: half the wait of whoever meets it
    CHECK(seconds < 31);                           // and yet it is asked
  }
}

TEST_CASE("while the line is away everything is `gone`, and its return forgets who was dead") {
  Desk desk;
  desk.kill(5);
  desk.add(read_of(5), 50);
  desk.add(write_of(2, {1}), 51);
  auto stranded = desk.scheduler.went_down();
  CHECK(stranded.size() == 2);
  desk.add(read_of(1), 52);
  CHECK(desk.answered.back() == std::pair{52, Status::gone});
  CHECK(desk.scheduler.ready_at() == MonoTime::max());
  desk.scheduler.came_up(desk.now);
  desk.add(read_of(5));
  desk.speak(Status::timeout);
  CHECK(desk.late == desk.timing.late);
  CHECK(desk.scheduler.counts({5}).timeouts == 4);
  CHECK(desk.scheduler.counts({1}).asked == 0);
}

TEST_CASE("when the line is back one of those that failed before is tried, then their neighbours") {
  Desk desk;
  for (const std::uint8_t dead : std::vector<std::uint8_t>{5, 6, 7}) {
    desk.kill(dead);
  }
  desk.scheduler.went_down();
  desk.scheduler.came_up(desk.now);
  for (const std::uint8_t address : std::vector<std::uint8_t>{5, 6, 7, 1, 2}) {
    desk.add(read_of(address));
  }
  CHECK(desk.speak(Status::ok).address.value == 5);  // it is well again, and as welcome as any
  desk.add(read_of(5));
  CHECK(desk.speak(Status::timeout).address.value == 6);
  for (const std::uint8_t next : std::vector<std::uint8_t>{1, 2, 5, 7}) {
    CHECK(desk.speak(Status::ok).address.value == next);
  }
}

TEST_CASE("a call waits for the exchange in flight and no longer, though 32 signs are being refreshed") {
  bus::LineTiming timing;
  timing.baud = 9600;
  // Request of 33 bytes, its silence, answer of 8, and the gap: what a refresh of one sign takes.
  const link::Duration longest = timing.wire(33 + 8) + timing.silence() + timing.gap();
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    fakes::VirtualExecutor loop;
    MonoTime called, begun;
    int signs = 0;
    fakes::ScheduledLine line(loop, timing, [&](const Exchange& request) {
      begun = request.turn == Turn::urgent ? loop.now() : begun;
      signs += request.turn == Turn::normal ? 1 : 0;
      return fakes::VirtualWire::Answer{{Status::ok, {}}, timing.silence(), std::nullopt};
    });
    for (std::uint8_t address = 1; address <= 32; ++address) {
      line.exchange(write_of(address, std::vector<std::uint16_t>(12, 1)), [](const bus::Reply&) {});
      line.exchange(read_of(address), [](const bus::Reply&) {});
    }
    loop.run_for(std::chrono::microseconds(random() % 1'500'000));
    called = loop.now();
    line.exchange(write_of(40, std::vector<std::uint16_t>(12, 2), Turn::urgent), [](const bus::Reply&) {});
    loop.run_for(10s);
    REQUIRE(begun >= called);
    CHECK(begun - called <= longest);
    CHECK(signs == 32);
  }
}

}  // namespace line_scheduler_tests
