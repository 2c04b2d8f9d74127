#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <optional>

#include "drivers/bus/modbus_line.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/floor_units.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/fakes/paced_line.hpp"

namespace paced_tests {

// Real lines, with libmodbus on its threads, on ptys that keep the pace of a wire. Times are printed; what is
// asserted is what came of it.

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using fakes::percentile;
using fakes::to_ms;
using link::Status;

namespace {

bool is_long() {
  return std::getenv("LOBBY_LONG") != nullptr;
}

struct Floor {
  explicit Floor(bool is_broken) : units(timing, is_broken) {
    plug();
    line.emplace(executor, link::SerialSettings{path, timing.baud}, timing,
                 [this](bool up, std::string_view text) { health.emplace_back(up, text); });
    REQUIRE(loop.until([this] { return !health.empty(); }));
    windows.emplace(executor, *line);
  }
  void plug() {
    wire.emplace(path, timing,
                 [this](const Exchange& request) { return units.answer(request, bus::mono_now()); });
  }
  void press_for(link::Duration span) {
    std::mt19937 random(20261125);
    const auto end = bus::mono_now() + span;
    while (bus::mono_now() < end) {
      units.press(static_cast<std::uint8_t>(1 + random() % fakes::FloorUnits::count), bus::mono_now());
      loop.until([] { return false; }, std::chrono::milliseconds(random() % 200));
    }
    CHECK(loop.until([this] { return units.taken().size() == units.pressed(); }, 15s));
  }

  static constexpr bus::LineTiming timing{.baud = 38400};
  fakes::TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "rs485";
  fakes::FloorUnits units;
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  std::vector<std::pair<bool, std::string>> health;
  std::optional<fakes::PacedLine> wire;
  std::optional<bus::ModbusLine> line;
  std::optional<fakes::FloorWindows> windows;
};

}  // namespace

TEST_CASE("broken units and a replugged adapter: every press reaches its sign, no answer is another's") {
  const link::Duration span = is_long() ? 60s : 3s;
  double p99 = 0;
  for (const bool is_broken : {false, true}) {
    CAPTURE(is_broken);
    Floor floor(is_broken);
    // In its first seconds a line learns who is broken; the figures mean something when that is over.
    floor.loop.until([] { return false; }, is_long() ? 30s : 0s);
    floor.press_for(span);
    const auto taken = floor.units.taken();
    const double mine = to_ms(percentile(taken, 99));
    fmt::print("16 units at 38400 Bd, {}: {} presses, key to sign p50 {:.0f} p99 {:.0f} ms{}\n",
               is_broken ? "four of them broken" : "all well", taken.size(), to_ms(percentile(taken, 50)),
               mine, is_broken ? fmt::format(" = {:.2f} x", mine / p99) : "");
    p99 = mine;
    for (std::uint8_t address = 1; address <= fakes::FloorUnits::count; ++address) {
      CAPTURE(address);
      CHECK(floor.windows->at(address).was_well == floor.units.is_healthy(address));
    }
    if (is_broken) {
      // Pulled out, and back under another name behind the same link.
      floor.wire.reset();
      REQUIRE(floor.loop.until([&] { return !floor.health.back().first; }));
      floor.loop.until([] { return false; }, 300ms);
      floor.plug();
      const auto plugged = bus::mono_now();
      const auto before = floor.units.taken().size();
      REQUIRE(floor.units.press(1, plugged));
      REQUIRE(floor.loop.until([&] { return floor.units.taken().size() > before; }));
      fmt::print("replugged under another name: a key does its work again after {:.0f} ms\n",
                 to_ms(bus::mono_now() - plugged));
      CHECK(floor.health.back().first);
    }
    CHECK(floor.units.wrong_faces() == 0);
    CHECK(floor.windows->have_their_presses(floor.units));
  }
}

TEST_CASE("four lines with libmodbus at once: every exchange is answered once, by its own unit") {
  const link::Duration span = is_long() ? 60s : 2s;
  struct Line {
    std::uint64_t asked = 0, answered = 0, ok = 0, strangers = 0;
    std::optional<fakes::PacedLine> wire;
    std::optional<bus::ModbusLine> line;
  };
  fakes::TemporaryFolder folder;
  fakes::Loop loop;
  link::AsioExecutor executor(loop.io);
  std::vector<std::unique_ptr<Line>> lines;
  bool is_over = false;
  std::function<void(Line&, std::uint8_t, std::uint16_t)> ask = [&](Line& one, std::uint8_t address,
                                                                    std::uint16_t mark) {
    const bool writes = mark % 4 == 0;
    const Exchange exchange{{address},
                            writes ? Exchange::Kind::read_write : Exchange::Kind::read_input,
                            mark,
                            2,
                            writes ? std::vector<std::uint16_t>{mark} : std::vector<std::uint16_t>{},
                            static_cast<bus::Turn>(mark % 3)};
    ++one.asked;
    one.line->exchange(exchange, [&, address, mark](const bus::Reply& reply) {
      ++one.answered;
      if (reply.status == Status::ok) {
        ++one.ok;
        one.strangers += reply.values != std::vector<std::uint16_t>{address, mark} ? 1 : 0;
      }
      REQUIRE(one.line->counts({address}).asked > 0);
      if (!is_over) {
        ask(one, address, static_cast<std::uint16_t>(mark % 30'000 + 1));
      }
    });
  };
  for (int i = 0; i < 4; ++i) {
    auto& one = *lines.emplace_back(std::make_unique<Line>());
    const auto path = folder.path() / ("line-" + std::to_string(i));
    const bus::LineTiming timing{.baud = i < 2 ? 115200U : 57600U};
    one.wire.emplace(path, timing, [i, n = 0](const Exchange& request) mutable {
      // One unit of each line is away half of the time.
      const bool is_away = request.address.value == 16 && ++n / 4 % 2 == i % 2;
      return fakes::VirtualWire::Answer{
          {is_away ? Status::timeout : Status::ok, {request.address.value, request.start}},
          0ms,
          std::nullopt};
    });
    one.line.emplace(executor, link::SerialSettings{path, timing.baud}, timing, bus::ModbusLine::Health());
    for (std::uint8_t address = 1; address <= 16; ++address) {
      ask(one, address, address);
    }
  }
  loop.until([] { return false; }, std::chrono::duration_cast<std::chrono::milliseconds>(span));
  is_over = true;
  REQUIRE(loop.until([&] {
    return std::all_of(lines.begin(), lines.end(),
                       [](const auto& one) { return one->asked == one->answered; });
  }));
  for (const auto& one : lines) {
    CHECK(one->ok > one->asked / 2);
    CHECK(one->strangers == 0);
  }
}

}  // namespace paced_tests
