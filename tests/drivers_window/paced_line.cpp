#include "drivers/window/paced_line.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace paced_line_tests {

using namespace lobby;
using namespace std::chrono_literals;
using fakes::Bytes;

namespace {

/// A line at 9600 baud: 69 bytes take 71.875 ms.
struct Bench final : window::PacedLine::Listener {
  Bench() {
    wire->otherwise = [this](const Bytes& bytes) { heard.emplace_back(executor.now() - began, bytes); };
  }
  void line_up() override { ++ups; }
  void line_down(std::string_view reason) override { downs.emplace_back(reason); }
  void line_bytes(std::span<const std::uint8_t>) override {}

  window::PacedLine::Slot add() {
    sent.push_back(0);
    return line.add_slot(300ms, [this, slot = sent.size() - 1] { ++sent[slot]; });
  }
  void want(window::PacedLine::Slot slot, std::uint8_t fill) {
    line.want(slot, [fill] { return Bytes(69, fill); });
  }
  void want_page(window::PacedLine::Slot slot, std::uint8_t fill) {
    line.want(
        slot, [fill] { return Bytes(69, fill); }, window::PacedLine::Rank::page);
  }
  void start() {
    line.start();
    began = executor.now();
    wire->up();
    executor.drain();
  }
  std::vector<std::uint8_t> fills() const {
    std::vector<std::uint8_t> out;
    for (const auto& [when, bytes] : heard) {
      out.push_back(bytes.at(0));
    }
    return out;
  }

  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::Wire> wire = std::make_shared<fakes::Wire>(executor);
  link::MonoTime began{};
  std::vector<std::pair<link::Duration, Bytes>> heard;
  std::vector<int> sent;
  int ups = 0;
  std::vector<std::string> downs;
  window::PacedLine line{executor, wire->make_link(), {9600, 60s}, *this};
};

}  // namespace

TEST_CASE("every frame has its time on the wire and its silence behind it") {
  Bench bench;
  const auto first = bench.add(), second = bench.add(), third = bench.add();
  bench.start();
  bench.want(first, 1);
  bench.want(second, 2);
  bench.want(third, 3);
  bench.executor.run_for(2s);
  REQUIRE(bench.fills() == Bytes{1, 2, 3});
  CHECK(bench.heard[0].first == 0ms);
  CHECK(bench.heard[1].first == 371'875us);
  CHECK(bench.heard[2].first == 743'750us);
  CHECK(bench.sent == std::vector{1, 1, 1});
}

TEST_CASE("of what waits for one sign only the newest is sent, at the place of the oldest") {
  Bench bench;
  const auto first = bench.add(), second = bench.add(), third = bench.add();
  bench.start();
  bench.want(first, 1);
  bench.want(second, 2);
  bench.want(third, 3);
  for (std::uint8_t fill = 20; fill < 30; ++fill) {
    bench.want(second, fill);
  }
  bench.executor.run_for(2s);
  CHECK(bench.fills() == Bytes{1, 29, 3});
}

TEST_CASE("a sign that is told something else while its frame leaves counts as told only then") {
  Bench bench;
  const auto slot = bench.add();
  bench.start();
  bench.want(slot, 1);
  bench.want(slot, 2);  // the first is on the wire
  bench.executor.drain();
  CHECK(bench.sent[slot] == 0);
  bench.executor.run_for(2s);
  CHECK(bench.fills() == Bytes{1, 2});
  CHECK(bench.sent[slot] == 1);
}

TEST_CASE("a sign that lost its power is told again within a minute, and a call does not wait for that") {
  Bench bench;
  const auto first = bench.add(), second = bench.add(), third = bench.add();
  bench.start();
  bench.want(first, 1);
  bench.want(second, 2);
  bench.want(third, 3);
  bench.executor.run_for(59s);
  REQUIRE(bench.fills() == Bytes{1, 2, 3});
  bench.executor.run_for(3s);
  CHECK(bench.fills() == Bytes{1, 2, 3, 1, 2, 3});
  bench.executor.run_for(58s + 100ms);  // the first is being told again
  bench.want(third, 9);
  bench.executor.run_for(2s);
  CHECK(bench.fills() == Bytes{1, 2, 3, 1, 2, 3, 1, 9, 2});
}

TEST_CASE("after a loss of the line every sign is told the present, and what was to happen once is gone") {
  Bench bench;
  const auto sign = bench.add(), beep = bench.add();
  bench.start();
  bench.want(sign, 1);
  bench.line.once(beep, {0xBE});
  bench.executor.drain();
  bench.wire->down("unplugged");
  CHECK(bench.downs == std::vector<std::string>{"unplugged"});
  bench.want(sign, 2);
  bench.line.once(beep, {0xBE});
  bench.executor.run_for(10s);
  REQUIRE(bench.fills() == Bytes{1});
  bench.wire->up();
  bench.executor.run_for(10s);
  CHECK(bench.fills() == Bytes{1, 2});
  CHECK(bench.sent[beep] == 0);
}

TEST_CASE("a line that comes back at once keeps the silence behind the frame that left before") {
  Bench bench;
  const auto sign = bench.add();
  bench.start();
  bench.want(sign, 1);
  bench.executor.run_for(80ms);
  bench.wire->down("unplugged");
  bench.want(sign, 2);
  bench.wire->up();
  bench.executor.run_for(1s);
  REQUIRE(bench.fills() == Bytes{1, 2});
  CHECK(bench.heard[1].first == 371'875us);
}

TEST_CASE("an answer leaves as soon as the wire is free, and the silence behind the last frame stays whole") {
  Bench bench;
  const auto first = bench.add(), second = bench.add();
  bench.start();
  bench.want(first, 1);
  bench.want(second, 2);
  bench.line.answer({0xAA, 0x55});
  bench.executor.run_for(1s);
  REQUIRE(bench.heard.size() == 3);
  CHECK(bench.heard[1].second == Bytes{0xAA, 0x55});
  CHECK(bench.heard[1].first == 71'875us);
  CHECK(bench.fills().back() == 2);
  CHECK(bench.heard[2].first >= 371'875us);
}

TEST_CASE("a line that takes nothing is tried again, and its sign is not called told") {
  Bench bench;
  const auto sign = bench.add();
  bench.start();
  bench.wire->send_status = link::Status::busy;
  bench.want(sign, 1);
  bench.executor.run_for(5s);
  CHECK(bench.heard.empty());
  CHECK(bench.sent[sign] == 0);
  bench.wire->send_status = link::Status::ok;
  bench.executor.run_for(2s);
  CHECK(bench.fills() == Bytes{1});
  CHECK(bench.sent[sign] == 1);
}

TEST_CASE("what somebody waits for goes before pages, which keep a fifth of the line and their order") {
  Bench bench;
  std::vector<window::PacedLine::Slot> slots;
  for (int i = 0; i < 14; ++i) {
    slots.push_back(bench.add());
  }
  bench.start();
  bench.want(slots[0], 100);  // on the wire
  for (std::uint8_t n = 1; n <= 3; ++n) {
    bench.want_page(slots[n], n);
  }
  for (std::uint8_t n = 4; n <= 13; ++n) {
    bench.want(slots[n], n);
  }
  bench.executor.run_for(6s);
  CHECK(bench.fills() == Bytes{100, 4, 5, 6, 7, 1, 8, 9, 10, 11, 2, 12, 13, 3});
}

TEST_CASE("a page that becomes a call keeps its place among calls, and a call that ends does not lose its") {
  Bench bench;
  const auto first = bench.add(), second = bench.add(), third = bench.add();
  bench.start();
  bench.want(first, 1);
  bench.want_page(second, 2);
  bench.want_page(third, 3);
  bench.want(third, 33);
  bench.executor.run_for(400ms);
  CHECK(bench.fills() == Bytes{1, 33});
  bench.want(first, 4);
  bench.want_page(first, 5);  // while it waits
  bench.executor.run_for(2s);
  CHECK(bench.fills() == Bytes{1, 33, 5, 2});
}

}  // namespace paced_line_tests
