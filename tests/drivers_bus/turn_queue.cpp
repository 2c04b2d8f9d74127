#include "drivers/bus/turn_queue.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <random>
#include <vector>

namespace turn_queue_tests {

using namespace lobby;
using bus::Turn;
using bus::TurnQueue;

namespace {

bool push(TurnQueue& queue, std::uint16_t mark, Turn turn) {
  TurnQueue::Waiting waiting{{{1}, bus::Exchange::Kind::read_input, mark, 1, {}, turn}, {}};
  return queue.push(waiting);
}

}  // namespace

TEST_CASE("a later urgent turn passes the others, and nobody passes his equals") {
  TurnQueue queue;
  std::mt19937 random(20261123);
  std::vector<std::vector<std::uint16_t>> expected(3), given(3);
  for (std::uint16_t i = 0; i < 200; ++i) {
    const auto turn = static_cast<Turn>(random() % 3);
    REQUIRE(push(queue, i, turn));
    expected[static_cast<std::size_t>(turn)].push_back(i);
  }
  for (int i = 0; i < TurnQueue::patience; ++i) {
    const auto next = queue.pop();
    REQUIRE(next);
    CHECK(next->exchange.turn == Turn::urgent);
    given[0].push_back(next->exchange.start);
  }
  while (const auto next = queue.pop()) {
    given[static_cast<std::size_t>(next->exchange.turn)].push_back(next->exchange.start);
  }
  CHECK(given == expected);
}

TEST_CASE("on a quiet line an urgent turn is the next") {
  TurnQueue queue;
  std::uint16_t mark = 0;
  for (; mark < 16; ++mark) {
    REQUIRE(push(queue, mark, Turn::poll));
  }
  for (int round = 0; round < 50; ++round) {
    REQUIRE(push(queue, mark++, Turn::urgent));
    CHECK(queue.pop()->exchange.turn == Turn::urgent);
    CHECK(queue.pop()->exchange.turn == Turn::poll);
    REQUIRE(push(queue, mark++, Turn::poll));
  }
}

TEST_CASE("whoever hurries all the time does not silence those who wait: every turn keeps its share") {
  TurnQueue queue;
  std::vector<int> spoken(3);
  std::uint16_t mark = 0;
  const auto hurry = [&](std::initializer_list<Turn> turns) {
    for (const auto turn : turns) {
      REQUIRE(push(queue, mark++, turn));
    }
    for (int i = 0; i < 600; ++i) {
      const auto turn = queue.pop()->exchange.turn;
      ++spoken[static_cast<std::size_t>(turn)];
      REQUIRE(push(queue, mark++, turn));  // asks again at once
    }
  };
  SUBCASE("normal turns do not starve polls") {
    hurry({Turn::normal, Turn::normal, Turn::normal, Turn::poll, Turn::poll});
    CHECK(spoken[2] >= 600 / (TurnQueue::patience + 1));
    CHECK(spoken[1] > spoken[2]);
  }
  SUBCASE("urgent turns starve neither") {
    hurry({Turn::urgent, Turn::urgent, Turn::normal, Turn::poll});
    CHECK(spoken[2] >= 600 / (TurnQueue::patience + 3));
    CHECK(spoken[1] >= 600 / (TurnQueue::patience + 3));
    CHECK(spoken[0] > spoken[1] + spoken[2]);
  }
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

}  // namespace turn_queue_tests
