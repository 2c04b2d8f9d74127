#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <stdexcept>
#include <thread>

#include "drivers/link/serial_link.hpp"
#include "tests/bench/benches.hpp"
#include "tests/drivers_link/recorder.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/fakes/pty.hpp"
#include "tests/fakes/serial_printer.hpp"

namespace lobby::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;
using Bytes = std::vector<std::uint8_t>;

/// What a wire of this speed makes of bytes that come when they come.
struct Wire {
  explicit Wire(std::uint32_t rate) : bytes_per_s(rate) {}
  void take(std::size_t count, Clock::time_point now) {
    if (count == 0) {
      return;
    }
    if (bytes == 0) {
      first = now;
      busy_until = now;
    }
    bytes += count;
    const auto needs =
        std::chrono::duration_cast<Clock::duration>(Seconds(static_cast<double>(count) / bytes_per_s));
    busy_until = std::max(busy_until, now) + needs;
  }
  /// From the first byte to the last: the part in which it was not idle.
  double use() const {
    return static_cast<double>(bytes) / bytes_per_s / Seconds(busy_until - first).count();
  }
  double bytes_per_s;
  std::size_t bytes = 0;
  Clock::time_point first, busy_until;
};

/// A job in pieces: each is sent when the one before is with the kernel, a status question now and then.
struct Pieces {
  using Done = std::function<void(link::Status)>;
  using Send = std::function<void(Bytes, Done)>;
  void next() {
    if (left == 0) {
      return;
    }
    --left;
    send(Bytes(size, 'x'), [this](link::Status status) {
      if (status != link::Status::ok) {
        throw std::runtime_error("printer-lines: a piece of the job is lost");
      }
      ++done;
      next();
    });
    if (done % 50 == 25) {
      send_now(Bytes{0x10, 0x04, 0x01}, [](link::Status) {});
    }
  }
  Send send;
  Send send_now;
  std::size_t size;
  std::size_t left;
  std::size_t done = 0;
};

double in_virtual_time(std::uint32_t bytes_per_s, link::Flow flow, std::size_t piece, double seconds) {
  fakes::VirtualExecutor executor;
  fakes::SerialPrinter printer(executor, bytes_per_s, flow);
  printer.print(4 * bytes_per_s);
  const auto count = static_cast<std::size_t>(seconds * bytes_per_s) / piece + 1;
  Pieces job{
      [&](Bytes bytes, const Pieces::Done& done) { printer.sender->send(std::move(bytes), done, false); },
      [&](Bytes bytes, const Pieces::Done& done) { printer.sender->send(std::move(bytes), done, true); },
      piece, count};
  job.next();
  executor.run_for(std::chrono::hours(1));
  if (job.done != count || printer.lost_bytes != 0) {
    throw std::runtime_error("printer-lines: bytes are lost");
  }
  const auto wire = Seconds(static_cast<double>(printer.arrived.size()) / bytes_per_s);
  return wire / Seconds(printer.last_at - printer.first_at);
}

/// On the far end's thread, as the bytes come.
Wire listen(const fakes::Pty& pty, std::uint32_t bytes_per_s, const std::atomic<bool>& is_over) {
  Wire wire(bytes_per_s);
  std::array<std::uint8_t, 4096> some{};
  pollfd port{pty.master(), POLLIN, 0};
  while (true) {
    const bool was_over = is_over;
    if (::poll(&port, 1, 20) > 0) {
      const auto got = ::read(pty.master(), some.data(), some.size());
      wire.take(got > 0 ? static_cast<std::size_t>(got) : 0, Clock::now());
    } else if (was_over) {
      return wire;
    }
  }
}

double in_real_time(std::uint32_t baud, std::size_t piece, double seconds) {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "printer";
  const fakes::Pty pty(path);
  fakes::Loop loop;
  link::Recorder told;
  auto serial = link::make_paced_serial_link(loop.io, {path, baud}, link::Flow::xon_xoff);
  const auto rate = serial->bytes_per_s();
  serial->start(told);
  if (!loop.until([&] { return told.ups == 1; })) {
    throw std::runtime_error("printer-lines: no pty");
  }
  std::atomic<bool> is_over = false;
  Wire wire(rate);
  std::thread far_end([&] { wire = listen(pty, rate, is_over); });
  const auto count = static_cast<std::size_t>(seconds * rate) / piece + 1;
  Pieces job{[&](Bytes bytes, const Pieces::Done& done) { serial->send(std::move(bytes), done); },
             [&](Bytes bytes, const Pieces::Done& done) { serial->send_now(std::move(bytes), done); }, piece,
             count};
  job.next();
  loop.until([&] { return job.done == count; },
             std::chrono::ceil<std::chrono::milliseconds>(Seconds(10 * seconds + 5)));
  is_over = true;
  far_end.join();
  if (job.done != count) {
    throw std::runtime_error("printer-lines: the job did not end");
  }
  return wire.use();
}

}  // namespace

void printer_lines(double seconds) {
  fmt::print("serial printers: the part of the wire that a job uses, questions between (goal: 95 %)\n");
  for (const std::uint32_t baud : {9600U, 115200U}) {
    for (const std::size_t piece : {std::size_t{40}, std::size_t{1800}}) {
      fmt::print("  {:6} baud, commands of {:4} bytes:", baud, piece);
      for (const auto flow : {link::Flow::none, link::Flow::xon_xoff, link::Flow::rts_cts}) {
        fmt::print(" {} {:.1f} %,", link::to_text(flow),
                   100 * in_virtual_time(baud / 10, flow, piece, 10 * seconds));
      }
      fmt::print(" over a pty in real time {:.1f} %\n", 100 * in_real_time(baud, piece, seconds));
    }
  }
}

}  // namespace lobby::bench
