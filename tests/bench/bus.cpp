#include <fmt/format.h>
#include <modbus.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <boost/asio/executor_work_guard.hpp>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>

#include "drivers/bus/modbus_line.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/fakes/floor_units.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/fakes/paced_line.hpp"

namespace lobby::bench {
namespace {

using bus::Exchange;
using link::Duration;

constexpr std::size_t registers = 16;
using Values = std::vector<std::uint16_t>;

bus::LineTiming timing_of(std::uint32_t baud) {
  bus::LineTiming timing;
  timing.baud = baud;
  return timing;
}

/// Answers at once whatever it is asked.
fakes::VirtualWire::Answer at_once(const Exchange& request) {
  return {{link::Status::ok, Values(request.count, 1)}, {}, std::nullopt};
}

Exchange write_to(std::uint8_t address) {
  return {{address}, Exchange::Kind::write, 0x110, 0, Values(registers, 0x55AA), bus::Turn::normal};
}

/// A line that always has something to write, as fast as it may.
struct BusyLine {
  BusyLine(link::Executor& executor, const std::string& path, std::uint32_t baud)
      : line(executor, {path, baud}, timing_of(baud), bus::ModbusLine::Health()) {
    for (std::uint8_t address = 1; address <= 8; ++address) {
      write(address);
    }
  }
  void write(std::uint8_t address) {
    line.exchange(write_to(address), [this, address](const bus::Reply& reply) {
      written += reply.status == link::Status::ok ? 1 : 0;
      failed += reply.status == link::Status::ok ? 0 : 1;
      write(address);
    });
  }
  int written = 0;
  int failed = 0;
  bus::ModbusLine line;
};

/// Time of one write, in back-to-back ones.
double our_write_ms(const std::string& path, std::uint32_t baud, int writes) {
  fakes::Loop loop;
  link::AsioExecutor executor(loop.io);
  BusyLine busy(executor, path, baud);
  const auto reach = [&](int count) {
    if (!loop.until([&] { return busy.written >= count; }, std::chrono::minutes(2)) || busy.failed > 0) {
      throw std::runtime_error("a write failed on a line where nothing is wrong");
    }
    return bus::mono_now();
  };
  const auto begun = reach(3);
  return fakes::to_ms(reach(3 + writes) - begun) / writes;
}

/// The same by libmodbus alone, with the shorter silence of 3.5 characters of 10 bits.
double bare_write_ms(const std::string& path, std::uint32_t baud, int writes) {
  const std::unique_ptr<modbus_t, void (*)(modbus_t*)> modbus(
      ::modbus_new_rtu(path.c_str(), static_cast<int>(baud), 'N', 8, 1), ::modbus_free);
  if (!modbus || ::modbus_connect(modbus.get()) != 0) {
    throw std::runtime_error("libmodbus cannot open a pty");
  }
  ::modbus_set_response_timeout(modbus.get(), 1, 0);
  const Values values(registers, 0x55AA);
  link::MonoTime begun;
  for (int i = -3; i < writes; ++i) {
    begun = i == 0 ? bus::mono_now() : begun;
    ::modbus_set_slave(modbus.get(), 1 + (i + 3) % 8);
    if (::modbus_write_registers(modbus.get(), 0x110, static_cast<int>(registers), values.data()) < 0) {
      throw std::runtime_error("libmodbus alone fails on a line where nothing is wrong");
    }
    bus::hold_until(bus::mono_now() + timing_of(baud).silence());
  }
  const double taken = fakes::to_ms(bus::mono_now() - begun) / writes;
  ::modbus_close(modbus.get());
  return taken;
}

void line_use(double seconds) {
  const fakes::TemporaryFolder folder;
  const struct {
    std::uint32_t baud;
    double aim;
  } lines[] = {{9600, 92}, {19200, 91}, {115200, 67}};
  for (const auto& one : lines) {
    const auto timing = timing_of(one.baud);
    const auto path = (folder.path() / std::to_string(one.baud)).string();
    const fakes::PacedLine wire(path, timing, at_once);
    const double on_wire =
        fakes::to_ms(timing.wire(bus::request_bytes(write_to(1)) + bus::reply_bytes(write_to(1))));
    const int writes = static_cast<int>(seconds * 1000 / on_wire);
    const double bare = bare_write_ms(path, one.baud, writes);
    const double ours = our_write_ms(path, one.baud, writes);
    fmt::print(
        "line use at {:6} Bd    {:.1f} % of the wire, gap {:.2f} ms (aim {:.0f}); libmodbus alone, {:.2f} "
        "ms: {:.1f} "
        "%\n",
        one.baud, 100 * on_wire / ours, fakes::to_ms(timing.gap()), one.aim, fakes::to_ms(timing.silence()),
        100 * on_wire / bare);
  }
}

/// Presses one at a time, at random units and instants.
void key_to_sign(std::uint32_t baud, double seconds) {
  const auto timing = timing_of(baud);
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "line";
  fakes::FloorUnits units(timing, false);
  const fakes::PacedLine wire(
      path, timing, [&](const Exchange& request) { return units.answer(request, bus::mono_now()); });
  fakes::Loop loop;
  link::AsioExecutor executor(loop.io);
  bus::ModbusLine line(executor, {path, baud}, timing, bus::ModbusLine::Health());
  const fakes::FloorWindows windows(executor, line);
  loop.until([] { return false; }, std::chrono::seconds(3));  // every unit is met, and shows its first face
  std::mt19937 random(20261125);
  const auto poll = timing.wire(8 + 13) + units.thinks() + timing.gap();
  const auto round = poll * fakes::FloorUnits::count;
  const auto end =
      bus::mono_now() + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  while (bus::mono_now() < end) {
    loop.until([] { return false; },
               std::chrono::milliseconds(random() %
                                         (1 + std::chrono::round<std::chrono::milliseconds>(round).count())));
    units.press(static_cast<std::uint8_t>(1 + random() % fakes::FloorUnits::count), bus::mono_now());
    if (!loop.until([&] { return units.taken().size() == units.pressed(); })) {
      throw std::runtime_error("a press did not reach its sign");
    }
  }
  const auto taken = units.taken();
  // The key is pressed just after its unit was asked: one round, the rest of that exchange, the sign's
  // request.
  const double least = fakes::to_ms(round + poll + timing.wire(13 + 2 * 12));
  const double p99 = fakes::to_ms(fakes::percentile(taken, 99));
  fmt::print(
      "key to sign at {:5} Bd  16 units, {} presses: p50 {:.0f} p99 {:.0f} ms = {:.2f} x the wire's {:.0f} "
      "ms (aim 1.15)\n",
      baud, taken.size(), fakes::to_ms(fakes::percentile(taken, 50)), p99, p99 / least, least);
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// The far ends live in a process of their own, so that what is measured is ours alone.
void busy_lines_cpu(double seconds) {
  constexpr int lines = 8;
  constexpr std::uint32_t baud = 19200;
  const fakes::TemporaryFolder folder;
  const auto path_of = [&](int i) { return (folder.path() / std::to_string(i)).string(); };
  const pid_t far_ends = ::fork();
  if (far_ends == 0) {
    std::vector<std::unique_ptr<fakes::PacedLine>> wires;
    wires.reserve(lines);
    for (int i = 0; i < lines; ++i) {
      wires.push_back(std::make_unique<fakes::PacedLine>(path_of(i), timing_of(baud), at_once));
    }
    ::pause();
  }
  fakes::Loop loop;
  const auto always_busy = boost::asio::make_work_guard(loop.io);  // or the loop would not wait but turn
  link::AsioExecutor executor(loop.io);
  std::vector<std::unique_ptr<BusyLine>> busy;
  busy.reserve(lines);
  loop.until([&] { return std::filesystem::exists(path_of(lines - 1)); });
  for (int i = 0; i < lines; ++i) {
    busy.push_back(std::make_unique<BusyLine>(executor, path_of(i), baud));
  }
  const auto written = [&] {
    int all = 0;
    for (const auto& one : busy) {
      all += one->written;
    }
    return all;
  };
  loop.until([&] { return written() > 10 * lines; });
  const int before = written();
  const auto begun = bus::mono_now();
  const double used = cpu_seconds();
  loop.io.run_for(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds)));
  const double share = (cpu_seconds() - used) / (fakes::to_ms(bus::mono_now() - begun) / 1000);
  const int done = written() - before;
  busy.clear();
  ::kill(far_ends, SIGKILL);
  ::waitpid(far_ends, nullptr, 0);
  if (done == 0) {
    throw std::runtime_error("eight lines wrote nothing");
  }
  fmt::print(
      "8 busy lines, {} Bd   {} writes in {:.0f} s: {:.1f} % of a core, {:.0f} us a write (aim < 5 %)\n",
      baud, done, seconds, 100 * share, share * seconds * 1e6 / done);
}

}  // namespace

void bus_lines(double seconds) {
  line_use(seconds);
  key_to_sign(9600, 10 * seconds);
  key_to_sign(38400, 10 * seconds);
  busy_lines_cpu(2 * seconds);
}

}  // namespace lobby::bench
