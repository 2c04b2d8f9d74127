#include <doctest/doctest.h>

#include <optional>
#include <thread>
#include <vector>

#include "drivers/link/asio_executor.hpp"
#include "drivers/link/back_off.hpp"
#include "tests/fakes/loop.hpp"

using namespace lobby;
using namespace std::chrono_literals;

TEST_CASE("timers run by deadline, equal ones in the order of their starting") {
  fakes::Loop loop;
  link::AsioExecutor executor(loop.io);
  std::vector<int> ran;
  executor.after(30ms, [&] { ran.push_back(100); });
  for (int i = 0; i < 50; ++i) {
    executor.after(5ms, [&ran, i] { ran.push_back(i); });
  }
  executor.after(-1s, [&] { ran.push_back(-1); });
  CHECK(ran.empty());
  REQUIRE(loop.until([&] { return ran.size() == 52; }));
  CHECK(ran.front() == -1);
  CHECK(ran.back() == 100);
  CHECK(std::is_sorted(ran.begin(), ran.end()));
}

TEST_CASE("a cancelled timer never runs, not even when a neighbour cancels it in its own moment") {
  fakes::Loop loop;
  link::AsioExecutor executor(loop.io);
  bool wrong = false;
  bool last = false;
  const auto first = executor.after(1ms, [&] { wrong = true; });
  executor.cancel(first);
  link::Executor::TimerId victim = 0;
  executor.after(2ms, [&] { executor.cancel(victim); });
  victim = executor.after(2ms, [&] { wrong = true; });
  executor.cancel(4711);
  executor.after(10ms, [&] { last = true; });
  REQUIRE(loop.until([&] { return last; }));
  CHECK_FALSE(wrong);
}

TEST_CASE("work posted from another thread runs on the loop's") {
  fakes::Loop loop;
  link::AsioExecutor executor(loop.io);
  std::thread::id ran_on;
  std::thread other([&] { executor.post([&] { ran_on = std::this_thread::get_id(); }); });
  other.join();
  REQUIRE(loop.until([&] { return ran_on != std::thread::id(); }));
  CHECK(ran_on == std::this_thread::get_id());
}

TEST_CASE("an executor that ends takes its timers along") {
  fakes::Loop loop;
  bool wrong = false;
  {
    link::AsioExecutor executor(loop.io);
    executor.after(0ms, [&] { wrong = true; });
  }
  CHECK_FALSE(loop.until([&] { return wrong; }, 30ms));
}

TEST_CASE("back-off doubles from 0.2 s to 5 s and starts again") {
  link::BackOff back_off;
  std::vector<link::Duration> pauses;
  for (int i = 0; i < 7; ++i) {
    pauses.push_back(back_off.next());
  }
  CHECK(pauses == std::vector<link::Duration>{200ms, 400ms, 800ms, 1600ms, 3200ms, 5s, 5s});
  back_off.reset();
  CHECK(back_off.next() == 200ms);
}
