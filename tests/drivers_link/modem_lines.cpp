#include "drivers/link/modem_lines.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "drivers/link/descriptor.hpp"
#include "tests/fakes/loop.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using State = link::ModemLines::State;

namespace {

/// A port whose driver answers as the test says, or never. The thread that asks it may end after the test.
struct Port : std::enable_shared_from_this<Port> {
  link::LineCalls calls() {
    return {[self = shared_from_this()](int) { return self->read(); },
            [self = shared_from_this()](int) {
              self->is_raised = self->can_raise.load();
              errno = EIO;
              return self->can_raise.load();
            }};
  }
  std::optional<State> read() {
    ++readings;
    std::unique_lock lock(mutex);
    may_answer.wait(lock, [this] { return !is_stuck; });
    return has_lines ? std::optional(State{cts, dsr}) : std::nullopt;
  }
  void set_stuck(bool stuck) {
    const std::lock_guard lock(mutex);
    is_stuck = stuck;
    may_answer.notify_all();
  }

  link::Descriptor node{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  std::atomic<bool> cts = false, dsr = false, has_lines = true, can_raise = true, is_raised = false;
  std::atomic<int> readings = 0;
  std::mutex mutex;
  std::condition_variable may_answer;
  bool is_stuck = false;
};

}  // namespace

TEST_CASE("a port's lines are told once each, from the first reading on, while somebody watches") {
  const auto shared = std::make_shared<Port>();
  auto& port = *shared;
  fakes::Loop loop;
  auto opened = link::open_port_lines(loop.io, port.node.get(), port.calls());
  REQUIRE(opened.lines);
  CHECK(port.is_raised);
  std::vector<State> told;
  const auto keep = [&](State state) { told.push_back(state); };
  opened.lines->watch(keep);
  CHECK(told.empty());
  REQUIRE(loop.until([&] { return told.size() == 1; }));
  CHECK(told.back() == State{false, false});
  port.cts = true;
  REQUIRE(loop.until([&] { return told.size() == 2; }));
  CHECK(told.back() == State{true, false});
  const auto before = port.readings.load();
  REQUIRE(loop.until([&] { return port.readings > before + 5; }));
  CHECK(told.size() == 2);
  port.dsr = true;
  port.cts = false;
  REQUIRE(loop.until([&] { return told.back() == State{false, true}; }));

  // Nobody watches: nothing is told, and soon nothing is read.
  opened.lines->rest();
  const auto told_before = told.size();
  port.cts = true;
  CHECK_FALSE(loop.until([&] { return told.size() != told_before; }, 50ms));
  const auto at_rest = port.readings.load();
  CHECK_FALSE(loop.until([&] { return port.readings != at_rest; }, 50ms));
  // Who watches again is told what is, though it is what was told last.
  port.cts = false;
  opened.lines->watch(keep);
  REQUIRE(loop.until([&] { return told.size() == told_before + 1; }));
  CHECK(told.back() == State{false, true});
}

TEST_CASE("an old reading that comes late says nothing to who watches now") {
  const auto shared = std::make_shared<Port>();
  auto& port = *shared;
  fakes::Loop loop;
  auto opened = link::open_port_lines(loop.io, port.node.get(), port.calls());
  REQUIRE(opened.lines);
  port.cts = true;
  int first = 0;
  std::vector<State> told;
  opened.lines->watch([&](State) { ++first; });
  // The reading is on its way to a loop that does not run.
  const auto before = port.readings.load();
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (port.readings < before + 3 && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  port.cts = false;
  opened.lines->watch([&](State state) { told.push_back(state); });
  REQUIRE(loop.until([&] { return !told.empty(); }));
  CHECK(first == 0);
  CHECK(told.front() == State{false, false});
}

TEST_CASE("an adapter that never answers again keeps nobody from ending") {
  const auto shared = std::make_shared<Port>();
  auto& port = *shared;
  fakes::Loop loop;
  auto opened = link::open_port_lines(loop.io, port.node.get(), port.calls());
  REQUIRE(opened.lines);
  int told = 0;
  opened.lines->watch([&](State) { ++told; });
  REQUIRE(loop.until([&] { return told == 1; }));
  port.set_stuck(true);
  const auto before = port.readings.load();
  loop.until([&] { return port.readings > before; });
  opened.lines.reset();
  loop.until([] { return false; }, 5ms);
  CHECK(told == 1);
  // Let go at last, its thread ends without a word.
  const auto readings = port.readings.load();
  port.set_stuck(false);
  CHECK_FALSE(loop.until([&] { return port.readings != readings || told != 1; }, 50ms));
}

TEST_CASE("a port without lines, or that cannot raise its own, says so") {
  const auto shared = std::make_shared<Port>();
  auto& port = *shared;
  fakes::Loop loop;
  port.can_raise = false;
  CHECK(link::open_port_lines(loop.io, port.node.get(), port.calls()).fault ==
        "cannot raise RTS and DTR: Input/output error");
  port.has_lines = false;
  const auto opened = link::open_port_lines(loop.io, port.node.get(), port.calls());
  CHECK_FALSE(opened.lines);
  CHECK(opened.fault == "the port has no CTS and DSR lines");
}
