#include "drivers/bus/turn_queue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace lobby;
using bus::Turn;
using bus::TurnQueue;

namespace {

bool push(TurnQueue& queue, std::uint16_t mark, Turn turn) {
  TurnQueue::Waiting waiting{{{1}, bus::Exchange::Kind::read_input, mark, 1, {}, turn}, {}};
  return queue.push(waiting);
}

}  // namespace

TEST_CASE("a later urgent turn passes all others, and nobody passes his equals") {
  TurnQueue queue;
  std::mt19937 random(20261123);
  std::vector<std::pair<Turn, std::uint16_t>> expected;
  for (std::uint16_t i = 0; i < 200; ++i) {
    const auto turn = static_cast<Turn>(random() % 3);
    REQUIRE(push(queue, i, turn));
    expected.emplace_back(turn, i);
  }
  std::sort(expected.begin(), expected.end());
  for (const auto& [turn, mark] : expected) {
    const auto next = queue.pop();
    REQUIRE(next);
    CHECK(next->exchange.turn == turn);
    CHECK(next->exchange.start == mark);
  }
  CHECK_FALSE(queue.pop());
}

TEST_CASE("256 may wait, whatever their turns; the next keeps its hands on its callback") {
  TurnQueue queue;
  for (std::uint16_t i = 0; i < 256; ++i) {
    REQUIRE(push(queue, i, static_cast<Turn>(i % 3)));
  }
  bool told = false;
  TurnQueue::Waiting waiting{{}, [&](bus::Reply) { told = true; }};
  CHECK_FALSE(queue.push(waiting));
  REQUIRE(waiting.done);
  waiting.done({});
  CHECK(told);
  CHECK(queue.take_all().size() == 256);
  CHECK(push(queue, 1, Turn::poll));
}
