#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>

#include "drivers/link/back_off.hpp"
#include "tests/fakes/virtual_line.hpp"

// Sixteen units on one pair of wires, some of them broken each in its own way: what becomes of the
// neighbours' key presses, in virtual time, on the scheduler of the real lines.

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using bus::Reply;
using bus::Turn;
using fakes::VirtualWire;
using link::Duration;
using link::MonoTime;
using link::Status;

namespace {

enum class Manner { healthy, dead, garbage, late, bad_checksum };

/// Registers of one unit: what it is asked for, and since when a key waits.
struct Unit {
  Manner manner = Manner::healthy;
  std::uint16_t presses = 0;
  std::uint16_t shown = 0;  ///< what the sign was told
};

/// Asks its unit again and again, answers a press by the sign, and asks ever less while the unit fails.
class Poller {
 public:
  Poller(fakes::VirtualExecutor& loop, bus::Bus& bus, std::uint8_t address)
      : loop_(loop), bus_(bus), address_(address) {
    poll();
  }
  std::size_t strangers = 0;  ///< answers that were another's, or old

 private:
  void poll() {
    bus_.exchange({{address_}, Exchange::Kind::read_input, 0x10, 4, {}, Turn::poll},
                  [this](const Reply& reply) {
                    if (reply.status != Status::ok) {
                      pause_.start(back_off_.next(), [this] { poll(); });
                      return;
                    }
                    back_off_.reset();
                    see(reply.values);
                    pause_.start(20ms, [this] { poll(); });
                  });
  }
  void see(const std::vector<std::uint16_t>& values) {
    strangers += values[0] != address_ || values[1] < seen_ ? 1 : 0;
    if (values[1] == seen_) {
      return;
    }
    seen_ = values[1];
    std::vector<std::uint16_t> face(12, seen_);
    bus_.exchange({{address_}, Exchange::Kind::read_write, 0x10, 4, face, Turn::urgent, 0x100},
                  [this](const Reply& reply) {
                    strangers += reply.status == Status::ok && reply.values[0] != address_ ? 1 : 0;
                  });
  }

  fakes::VirtualExecutor& loop_;
  bus::Bus& bus_;
  std::uint8_t address_;
  std::uint16_t seen_ = 0;
  link::BackOff back_off_{200ms, 5s};
  link::Timer pause_{loop_};
};

class Floor {
 public:
  Floor(std::uint32_t baud, bool is_broken) : timing_(timing(baud)) {
    if (is_broken) {
      units_[2].manner = Manner::dead;
      units_[5].manner = Manner::garbage;
      units_[9].manner = Manner::late;
      units_[12].manner = Manner::bad_checksum;
    }
    for (std::uint8_t address = 1; address <= 16; ++address) {
      pollers_.push_back(std::make_unique<Poller>(loop_, line_, address));
    }
  }
  /// Presses at random units and times; how long each took to its sign, in order of length.
  std::vector<Duration> press(int count) {
    loop_.run_for(1min);  // until the broken are known
    for (int i = 0; i < count; ++i) {
      const auto address = static_cast<std::uint8_t>(1 + random_() % 16);
      Unit& unit = units_[address];
      loop_.run_for(std::chrono::milliseconds(random_() % 400));
      if (unit.manner != Manner::healthy || unit.shown != unit.presses) {
        continue;
      }
      ++unit.presses;
      pressed_[address] = loop_.now();
    }
    loop_.run_for(1min);
    std::sort(taken_.begin(), taken_.end());
    return taken_;
  }
  std::size_t strangers() const {
    std::size_t all = 0;
    for (const auto& poller : pollers_) {
      all += poller->strangers;
    }
    return all;
  }
  bus::UnitCounts counts(std::uint8_t address) const { return line_.counts({address}); }
  fakes::VirtualExecutor& loop() { return loop_; }
  const bus::LineTiming& timing() const { return timing_; }

 private:
  static bus::LineTiming timing(std::uint32_t baud) {
    bus::LineTiming timing;
    timing.baud = baud;
    return timing;
  }
  VirtualWire::Answer answer(const Exchange& request) {
    Unit& unit = units_[request.address.value];
    VirtualWire::Answer answer{{Status::ok, {request.address.value, unit.presses, unit.shown, 0}},
                               timing_.silence() + 500us,
                               std::nullopt};
    switch (unit.manner) {
      case Manner::healthy:
        if (request.kind == Exchange::Kind::read_write) {
          unit.shown = request.values.front();
          // The sign is right when the unit has the whole request.
          taken_.push_back(loop_.now() + timing_.wire(bus::request_bytes(request)) -
                           pressed_[request.address.value]);
        }
        break;
      case Manner::dead:
        answer.reply.status = Status::timeout;
        break;
      case Manner::garbage:
        answer.reply = {Status::corrupt, {}};
        answer.bytes = 5 + random_() % 60;
        break;
      case Manner::late:
        // Its last byte comes 150 ms after its time.
        answer.thinks = timing_.turnaround + timing_.margin + 150ms;
        break;
      case Manner::bad_checksum:
        answer.reply.status = Status::corrupt;
        break;
    }
    return answer;
  }

  fakes::VirtualExecutor loop_;
  bus::LineTiming timing_;
  std::mt19937 random_{20261125};
  std::array<Unit, 17> units_{};
  std::array<MonoTime, 17> pressed_{};
  std::vector<Duration> taken_;
  fakes::ScheduledLine line_{loop_, timing_, [this](const Exchange& request) { return answer(request); }};
  std::vector<std::unique_ptr<Poller>> pollers_;
};

double ms(Duration span) {
  return std::chrono::duration<double, std::milli>(span).count();
}
Duration percentile(const std::vector<Duration>& sorted, int percent) {
  return sorted.at((sorted.size() * static_cast<std::size_t>(percent) + 99) / 100 - 1);
}

}  // namespace

TEST_CASE("broken units cost their neighbours less than a third of the way from key to sign") {
  for (const std::uint32_t baud : {9600U, 19200U, 38400U}) {
    CAPTURE(baud);
    Floor healthy(baud, false);
    Floor broken(baud, true);
    const auto good = healthy.press(20'000);
    const auto bad = broken.press(20'000);
    fmt::print(
        "16 units at {} Bd: key to sign p50 {:.0f} p99 {:.0f} max {:.0f} ms; four of them broken: p50 {:.0f} "
        "p99 {:.0f} max {:.0f} ms = {:.2f} x\n",
        baud, ms(percentile(good, 50)), ms(percentile(good, 99)), ms(good.back()), ms(percentile(bad, 50)),
        ms(percentile(bad, 99)), ms(bad.back()), ms(percentile(bad, 99)) / ms(percentile(good, 99)));
    CHECK(good.size() > 15'000);
    CHECK(bad.size() > 10'000);
    CHECK(ms(percentile(bad, 99)) <= 1.3 * ms(percentile(good, 99)));
    CHECK(healthy.strangers() + broken.strangers() == 0);
    // The broken are still asked, and only they fail.
    for (std::uint8_t address = 1; address <= 16; ++address) {
      CAPTURE(address);
      const auto counts = broken.counts(address);
      const bool is_broken = address == 2 || address == 5 || address == 9 || address == 12;
      CHECK((counts.timeouts + counts.corrupt != 0) == is_broken);
      CHECK(counts.asked > 60);  // once a minute at least
    }
    CHECK(broken.counts(9).answered == 0);
  }
}
