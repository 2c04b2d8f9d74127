#include "daemon/devices/window_units.hpp"

#include <doctest/doctest.h>

#include <tuple>

#include "tests/fakes/virtual_line.hpp"

namespace window_units_tests {

using namespace lobby;
using namespace std::chrono_literals;
using hall::DeviceId;
using hall::DeviceState;
using hall::WindowId;
using hall::WindowState;

namespace {

using Cells = std::vector<std::uint16_t>;
constexpr std::uint16_t hao = 0xBAC5, chuang = 0xB4B0, kou = 0xBFDA;  // 号窗口
const Cells not_serving{0xD4DD, 0xCDA3, 0xB7FE, 0xCEF1};              // 暂停服务

struct Bench {
  Bench() {
    line.units[1];
    line.units[2];
    devices::WindowUnits::Reports reports;
    reports.key = [this](const WindowId& window, hall::KeyPress press, wire::window_unit::Key key,
                         std::function<void()> take) {
      keys.emplace_back(window.value, press.device.value, static_cast<int>(key));
      last_press = std::move(press);
      take();
    };
    reports.call_shown = [this](const WindowId& window, std::uint64_t call, const DeviceId& device) {
      shown.emplace_back(window.value, call, device.value);
    };
    units.emplace(
        executor,
        std::vector<devices::UnitConfig>{{{"u1"}, "lobby-window-unit", {"line-1"}, 1, {"w1"}},
                                         {{"u2"}, "lobby-window-unit", {"line-1"}, 2, {"w2"}}},
        [this](const DeviceId&) -> bus::Bus& { return line; },
        [](const DeviceId& id) {
          return id.value == "u2" ? std::optional(hall::KeyPress{id, 0x7001, 1}) : std::nullopt;
        },
        roster, std::move(reports));
  }
  static hall::WindowView window(std::string id, WindowState state, std::string ticket = "") {
    hall::WindowView view;
    view.id = {std::move(id)};
    view.number = view.id.value == "w1" ? 1 : 2;
    view.state = state;
    if (!ticket.empty()) {
      view.ticket = hall::TicketAtWindow{{7}, ticket, {"s"}, hall::Lane::ordinary};
    }
    return view;
  }
  const hall::DeviceView& device(const char* id) { return *roster.find({id}); }

  fakes::VirtualExecutor executor;
  fakes::VirtualLine line{executor, 3};
  std::vector<hall::ReportDevice> changes;
  devices::Roster roster{[] {
                           return hall::Instant{1'000, 480};
                         },
                         [this](const hall::ReportDevice& change) { changes.push_back(change); }};
  std::vector<std::tuple<std::string, std::string, int>> keys;
  std::optional<hall::KeyPress> last_press;
  std::vector<std::tuple<std::string, std::uint64_t, std::string>> shown;
  std::optional<devices::WindowUnits> units;
};

Cells ascii(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("a call lights the sign of its window, once per call, and only there") {
  Bench bench;
  bench.units->want(Bench::window("w1", WindowState::idle), 0);
  bench.units->want(Bench::window("w2", WindowState::idle), 0);
  bench.executor.run_for(1s);
  CHECK(bench.line.units[1].text() == Cells{'1', hao, chuang, kou});
  CHECK(bench.shown.empty());

  const auto called = Bench::window("w1", WindowState::called, "A017");
  bench.units->want(called, 41);
  bench.units->want(called, 41);
  bench.executor.run_for(1s);
  CHECK(bench.line.units[1].text() == ascii("A017"));
  CHECK(bench.line.units[1].blinks());
  CHECK(bench.line.units[1].beeps());
  CHECK(bench.line.units[2].text() == Cells{'2', hao, chuang, kou});
  CHECK(bench.shown == decltype(bench.shown){{"w1", 41, "u1"}});

  const int faces = bench.line.units[1].faces_written;
  bench.units->want(called, 42);  // recalled
  bench.executor.run_for(1s);
  CHECK(bench.line.units[1].faces_written == faces + 1);
  CHECK(bench.shown.back() == std::tuple(std::string("w1"), std::uint64_t{42}, std::string("u1")));

  bench.units->want(Bench::window("w1", WindowState::serving, "A017"), 0);
  bench.executor.run_for(1s);
  CHECK(bench.line.units[1].text() == ascii("A017"));
  CHECK_FALSE(bench.line.units[1].blinks());
  CHECK(bench.shown.size() == 2);
}

TEST_CASE("the sign of a paused window says when the clerk is back, by the hall's clock") {
  Bench bench;
  auto paused = Bench::window("w1", WindowState::paused);
  paused.back_at = hall::parse_instant("2026-11-23T01:05:00Z");
  paused.back_at->offset_min = 480;
  bench.units->want(paused, 0);
  bench.executor.run_for(1s);
  CHECK(bench.line.units[1].text() == Cells{'0', '9', ':', '0', '5', 0xBBD8});  // 09:05回
  paused.back_at.reset();
  bench.units->want(paused, 0);
  bench.executor.run_for(1s);
  CHECK(bench.line.units[1].text() == not_serving);
}

TEST_CASE("a key is reported with its window and unit, once") {
  Bench bench;
  bench.executor.run_for(1s);
  bench.line.units[1].press(0x10);
  bench.executor.run_for(1s);
  CHECK(bench.keys == decltype(bench.keys){{"w1", "u1", 0x10}});
  CHECK(bench.last_press == hall::KeyPress{{"u1"}, 0x7001, 1});
  CHECK(bench.line.units[1].acknowledged == 1);
}

TEST_CASE("a press that was recorded before the start is acknowledged and not reported") {
  Bench bench;
  bench.line.units[2].press(0x10);
  bench.executor.run_for(1s);
  CHECK(bench.keys.empty());
  CHECK(bench.line.units[2].acknowledged == 1);
  bench.line.units[2].press(0x11);
  bench.executor.run_for(1s);
  CHECK(bench.keys == decltype(bench.keys){{"w2", "u2", 0x11}});
  CHECK(bench.last_press == hall::KeyPress{{"u2"}, 0x7001, 2});
}

TEST_CASE("presses that were dropped are counted in the detail and named for a while") {
  Bench bench;
  bench.executor.run_for(1s);
  bench.line.away = true;
  bench.executor.run_for(5s);
  for (int i = 0; i < 3; ++i) {
    bench.line.units[1].press(0x10);
  }
  bench.line.away = false;
  bench.executor.run_for(2s);
  CHECK(bench.keys.size() == 1);
  CHECK(bench.device("u1").detail == "keys 1, dropped 2");
  CHECK(bench.device("u1").state == DeviceState::degraded);
  CHECK(bench.device("u1").reason ==
        "address 1: 2 key presses were dropped, made while it could not be heard");
  bench.executor.run_for(2min);
  CHECK(bench.device("u1").state == DeviceState::ok);
}

TEST_CASE("a unit that is broken in a part is degraded, and its keys are reported all the same") {
  Bench bench;
  bench.line.units[1].face_answer = link::Status::timeout;
  bench.units->want(Bench::window("w1", WindowState::idle), 0);
  bench.executor.run_for(5s);
  CHECK(bench.device("u1").state == DeviceState::degraded);
  CHECK(bench.device("u1").reason == "address 1: the sign cannot be written: it does not answer");
  bench.line.units[1].press(0x10);
  bench.executor.run_for(1s);
  CHECK(bench.keys == decltype(bench.keys){{"w1", "u1", 0x10}});
  bool closed = false;
  bench.units->when_settled(5s, [&] { closed = true; });
  bench.executor.run_for(500ms);
  CHECK(closed);  // a sign that cannot be written is not waited for
  bench.line.units[2].odd_ring.emplace();
  bench.line.units[2].press(0x10);
  bench.line.units[2].press(0x10);
  bench.executor.run_for(5s);
  CHECK(bench.device("u2").state == DeviceState::degraded);
  CHECK(bench.device("u2").reason ==
        "address 2: key presses cannot be read: it keeps a list of them that does not fit its counter");
}

TEST_CASE("the roster knows where a unit hangs and how it fares") {
  Bench bench;
  CHECK(bench.device("u1").kind == hall::DeviceKind::window_unit);
  CHECK(bench.device("u1").driver == "lobby-window-unit");
  CHECK(bench.device("u1").window == WindowId{"w1"});
  CHECK(bench.device("u1").bus == DeviceId{"line-1"});
  CHECK(bench.device("u1").address == 1);
  CHECK(bench.device("u1").state == DeviceState::absent);
  bench.executor.run_for(1s);
  CHECK(bench.device("u1").state == DeviceState::ok);
  bench.line.units.erase(1);
  bench.executor.run_for(5s);
  CHECK(bench.device("u1").state == DeviceState::gone);
  CHECK(bench.device("u1").reason == "address 1 does not answer");
  CHECK(bench.device("u2").state == DeviceState::ok);
  bench.line.units[1].identity[1] = 2;
  bench.executor.run_for(6s);
  CHECK(bench.device("u1").state == DeviceState::degraded);
  CHECK(bench.device("u1").reason == "address 1 speaks register map version 2, not 1");
}

TEST_CASE("a unit that was never there is absent, not gone, and its neighbour works") {
  Bench bench;
  bench.line.units.erase(1);
  bench.units->want(Bench::window("w1", WindowState::called, "A017"), 41);
  bench.units->want(Bench::window("w2", WindowState::called, "B001"), 42);
  bench.executor.run_for(10s);
  CHECK(bench.device("u1").state == DeviceState::absent);
  CHECK(bench.device("u1").reason == "address 1 does not answer");
  CHECK(bench.shown == decltype(bench.shown){{"w2", 42, "u2"}});
}

TEST_CASE("a restarted unit shows the present and is degraded for a while, by name") {
  Bench bench;
  bench.units->want(Bench::window("w1", WindowState::called, "A017"), 41);
  bench.executor.run_for(1s);
  bench.line.units[1].reset();
  bench.executor.run_for(1s);
  CHECK(bench.line.units[1].text() == ascii("A017"));
  CHECK(bench.shown.size() == 1);
  CHECK(bench.device("u1").state == DeviceState::degraded);
  CHECK(bench.device("u1").reason == "address 1 restarted");
  bench.executor.run_for(2min);
  CHECK(bench.device("u1").state == DeviceState::ok);
}

TEST_CASE("closing waits for the living signs, not for the dead, and not for ever") {
  Bench bench;
  bench.executor.run_for(1s);
  const std::vector<hall::WindowView> windows{Bench::window("w1", WindowState::called, "A017"),
                                              Bench::window("w2", WindowState::idle)};
  SUBCASE("all alive") {
    bench.units->want_closing(windows);
    bool closed = false;
    bench.units->when_settled(5s, [&] { closed = true; });
    CHECK_FALSE(closed);
    bench.executor.run_for(500ms);
    CHECK(closed);
    CHECK(bench.line.units[1].text() == not_serving);
    CHECK(bench.line.units[2].text() == not_serving);
    CHECK_FALSE(bench.line.units[1].blinks());

    bench.units->want(Bench::window("w1", WindowState::called, "A018"), 42);
    bench.executor.run_for(1s);
    CHECK(bench.line.units[1].text() == not_serving);  // nothing comes after the closing text
    CHECK(bench.shown.empty());
  }
  SUBCASE("one dead") {
    bench.line.units.erase(1);
    bench.executor.run_for(3s);
    bench.units->want_closing(windows);
    bool closed = false;
    bench.units->when_settled(5s, [&] { closed = true; });
    bench.executor.run_for(1s);
    CHECK(closed);
    CHECK(bench.line.units[2].text() == not_serving);
  }
  SUBCASE("one does not take what it is told") {
    bench.line.trouble.request_lost = 1000;
    bench.units->want_closing(windows);
    int closed = 0;
    bench.units->when_settled(100ms, [&] { ++closed; });
    bench.executor.run_for(90ms);
    CHECK(closed == 0);
    bench.executor.run_for(10s);
    CHECK(closed == 1);
  }
}

}  // namespace window_units_tests
