#pragma once

#include <fmt/format.h>

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "drivers/bus/bus.hpp"
#include "drivers/bus/line_timing.hpp"
#include "drivers/window/window_unit.hpp"
#include "tests/fakes/virtual_wire.hpp"
#include "tests/fakes/window_unit_model.hpp"

namespace lobby::fakes {

/// What the sign of a unit shows after so many presses: the unit's address and their count.
inline std::string face_after(std::uint8_t address, std::uint32_t presses) {
  return fmt::format("{:02}{:05}", address, presses);
}

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
  link::Duration thinks() const { return timing_.silence() + std::chrono::microseconds(500); }

  /// False: a former press is still on its way, or the sign is not lit yet: what is shown first was written
  /// before the host could know of a press.
  bool press(std::uint8_t address, link::MonoTime now) {
    const std::lock_guard lock(mutex_);
    Unit& unit = units_[address];
    if (!is_healthy(address) || unit.face.empty() || unit.shown != unit.model.presses) {
      return false;
    }
    constexpr std::uint8_t call = 0x10;
    unit.model.press(call);
    ++pressed_;
    unit.pressed_at = now;
    return true;
  }
  /// The answer to a request that is whole at the unit then.
  VirtualWire::Answer answer(const bus::Exchange& request, link::MonoTime whole_at) {
    const std::lock_guard lock(mutex_);
    Unit& unit = units_.at(request.address.value);
    VirtualWire::Answer answer{{}, thinks(), std::nullopt};
    if (unit.manner == Manner::dead) {
      answer.reply.status = link::Status::timeout;
      return answer;
    }
    answer.reply = unit.model.answer(request);
    look_at_face(request.address.value, unit, whole_at);
    if (unit.manner == Manner::late) {
      // Its last byte comes 150 ms after its time.
      answer.thinks = timing_.turnaround + timing_.margin + std::chrono::milliseconds(150);
    } else if (unit.manner != Manner::healthy) {
      answer.reply = {link::Status::corrupt, {}};
      if (unit.manner == Manner::garbage) {
        answer.bytes = 5 + random_() % 60;
      }
    }
    return answer;
  }
  std::size_t pressed() const {
    const std::lock_guard lock(mutex_);
    return pressed_;
  }
  std::uint32_t pressed_at(std::uint8_t address) const {
    const std::lock_guard lock(mutex_);
    return units_[address].model.presses;
  }
  /// Faces that were meant for another unit, or were not yet, or no longer, right.
  std::size_t wrong_faces() const {
    const std::lock_guard lock(mutex_);
    return wrong_faces_;
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
    WindowUnitModel model;
    std::string face;         ///< that was looked at last
    std::uint32_t shown = 0;  ///< presses that the sign tells of
    link::MonoTime pressed_at;
  };

  void look_at_face(std::uint8_t address, Unit& unit, link::MonoTime whole_at) {
    const auto cells = unit.model.text();
    const std::string face(cells.begin(), cells.end());
    if (face.empty() || face == unit.face) {
      return;
    }
    unit.face = face;
    if (face == face_after(address, unit.model.presses)) {
      if (unit.shown != unit.model.presses) {
        taken_.push_back(whole_at - unit.pressed_at);
      }
      unit.shown = unit.model.presses;
    } else {
      ++wrong_faces_;
    }
  }

  bus::LineTiming timing_;
  mutable std::mutex mutex_;
  std::array<Unit, count + 1> units_{};
  std::vector<link::Duration> taken_;
  std::size_t pressed_ = 0;
  std::size_t wrong_faces_ = 0;
  std::mt19937 random_{20261125};
};

/// The hall of one window: every press of its unit changes what the sign shows, at once.
class FloorWindow final : window::WindowUnit::Listener {
 public:
  FloorWindow(link::Executor& loop, bus::Bus& bus, std::uint8_t address)
      : address_(address), unit_(loop, bus, {{address}}, {}, *this, std::nullopt) {
    show();
    unit_.start();
  }
  std::uint32_t presses = 0;
  unsigned dropped = 0;
  bool was_well = false;

 private:
  void key_pressed(wire::window_unit::Key, window::PressId, std::function<void()> take) override {
    ++presses;
    show();
    take();
  }
  void keys_dropped(unsigned some) override { dropped += some; }
  void face_shown(std::uint64_t) override {}
  void unit_changed(link::Status status, std::string_view) override {
    was_well = was_well || status == link::Status::ok;
  }
  void show() {
    std::size_t lost = 0;
    unit_.want({window::cells_of(face_after(address_, presses), lost), true, false}, presses + 1);
  }

  std::uint8_t address_;
  window::WindowUnit unit_;
};

/// A window for each unit.
class FloorWindows {
 public:
  FloorWindows(link::Executor& loop, bus::Bus& bus) {
    for (std::uint8_t address = 1; address <= FloorUnits::count; ++address) {
      all_.push_back(std::make_unique<FloorWindow>(loop, bus, address));
    }
  }
  const FloorWindow& at(std::uint8_t address) const { return *all_[address - 1U]; }
  /// Each was given the presses of its own unit, each once.
  bool have_their_presses(const FloorUnits& units) const {
    for (std::uint8_t address = 1; address <= FloorUnits::count; ++address) {
      if (at(address).presses != units.pressed_at(address) || at(address).dropped > 0) {
        return false;
      }
    }
    return true;
  }

 private:
  std::vector<std::unique_ptr<FloorWindow>> all_;
};

inline double to_ms(link::Duration span) {
  return std::chrono::duration<double, std::milli>(span).count();
}
inline link::Duration percentile(const std::vector<link::Duration>& sorted, std::size_t percent) {
  return sorted.at((sorted.size() * percent + 99) / 100 - 1);
}

}  // namespace lobby::fakes
