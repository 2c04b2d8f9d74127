#pragma once

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "drivers/bus/bus.hpp"
#include "drivers/bus/line_timing.hpp"
#include "drivers/link/back_off.hpp"
#include "tests/fakes/virtual_wire.hpp"

namespace lobby::fakes {

/// Sixteen units on one line that are pressed, and how long each press took to its sign. Asked by the wire's
/// thread and by the test's.
class FloorUnits {
 public:
  enum class Manner : std::uint8_t { healthy, dead, garbage, late, bad_checksum };
  static constexpr std::uint8_t count = 16;

  FloorUnits(bus::LineTiming timing, bool is_broken) : timing_(timing) {
    if (is_broken) {
      units_[2].manner = Manner::dead;
      units_[5].manner = Manner::garbage;
      units_[9].manner = Manner::late;
      units_[12].manner = Manner::bad_checksum;
    }
  }
  bool is_healthy(std::uint8_t address) const { return units_[address].manner == Manner::healthy; }

  /// False: a former press is still on its way.
  bool press(std::uint8_t address, link::MonoTime now) {
    const std::lock_guard lock(mutex_);
    Unit& unit = units_[address];
    if (!is_healthy(address) || unit.shown != unit.presses) {
      return false;
    }
    ++unit.presses;
    ++pressed_;
    unit.pressed_at = now;
    return true;
  }
  /// The answer to a request that is whole at the unit then.
  VirtualWire::Answer answer(const bus::Exchange& request, link::MonoTime whole_at) {
    const std::lock_guard lock(mutex_);
    Unit& unit = units_.at(request.address.value);
    VirtualWire::Answer answer{{link::Status::ok, {request.address.value, unit.presses, unit.shown, 0}},
                               timing_.silence() + std::chrono::microseconds(500),
                               std::nullopt};
    switch (unit.manner) {
      case Manner::healthy:
        if (bus::writes(request)) {
          unit.shown = request.values.front();
          taken_.push_back(whole_at - unit.pressed_at);
        }
        break;
      case Manner::dead:
        answer.reply = {link::Status::timeout, {}};
        break;
      case Manner::garbage:
        answer.reply = {link::Status::corrupt, {}};
        answer.bytes = 5 + random_() % 60;
        break;
      case Manner::late:
        // Its last byte comes 150 ms after its time.
        answer.thinks = timing_.turnaround + timing_.margin + std::chrono::milliseconds(150);
        break;
      case Manner::bad_checksum:
        answer.reply = {link::Status::corrupt, {}};
        break;
    }
    return answer;
  }
  std::size_t pressed() const {
    const std::lock_guard lock(mutex_);
    return pressed_;
  }
  /// How long each press took to its sign, in order of length.
  std::vector<link::Duration> taken() const {
    const std::lock_guard lock(mutex_);
    auto sorted = taken_;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }

 private:
  struct Unit {
    Manner manner = Manner::healthy;
    std::uint16_t presses = 0;
    std::uint16_t shown = 0;  ///< what the sign was told
    link::MonoTime pressed_at;
  };
  bus::LineTiming timing_;
  mutable std::mutex mutex_;
  std::array<Unit, count + 1> units_{};
  std::vector<link::Duration> taken_;
  std::size_t pressed_ = 0;
  std::mt19937 random_{20261125};
};

/// Asks a unit again and again, answers a press by its sign, and asks ever less while it fails.
class FloorPoller {
 public:
  FloorPoller(link::Executor& loop, bus::Bus& bus, std::uint8_t address)
      : bus_(bus), address_(address), pause_(loop) {
    poll();
  }
  std::size_t strangers = 0;  ///< answers that were another's, or old
  std::size_t answers = 0;

 private:
  void poll() {
    bus_.exchange({{address_}, bus::Exchange::Kind::read_input, 0x10, 4, {}, bus::Turn::poll},
                  [this](const bus::Reply& reply) {
                    if (reply.status == link::Status::ok) {
                      back_off_.reset();
                      see(reply.values);
                    }
                    pause_.start(pause_after(reply.status), [this] { poll(); });
                  });
  }
  link::Duration pause_after(link::Status status) {
    constexpr std::chrono::milliseconds between{20};
    constexpr std::chrono::seconds line_retry{1};
    return status == link::Status::ok     ? between
           : status == link::Status::gone ? std::min<link::Duration>(back_off_.next(), line_retry)
                                          : back_off_.next();
  }
  void see(const std::vector<std::uint16_t>& values) {
    ++answers;
    strangers += values[0] != address_ || values[1] < seen_ ? 1 : 0;
    if (values[1] == seen_) {
      return;
    }
    seen_ = values[1];
    std::vector<std::uint16_t> face(12, seen_);
    bus_.exchange(
        {{address_}, bus::Exchange::Kind::read_write, 0x10, 4, std::move(face), bus::Turn::urgent, 0x100},
        [this](const bus::Reply& reply) {
          strangers += reply.status == link::Status::ok && reply.values[0] != address_ ? 1 : 0;
        });
  }

  bus::Bus& bus_;
  std::uint8_t address_;
  std::uint16_t seen_ = 0;
  link::BackOff back_off_;
  link::Timer pause_;
};

inline double to_ms(link::Duration span) {
  return std::chrono::duration<double, std::milli>(span).count();
}
inline link::Duration percentile(const std::vector<link::Duration>& sorted, std::size_t percent) {
  return sorted.at((sorted.size() * percent + 99) / 100 - 1);
}

}  // namespace lobby::fakes
