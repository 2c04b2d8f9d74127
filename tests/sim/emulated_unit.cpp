#include "tests/sim/emulated_unit.hpp"

#include "display/canvas/png.hpp"
#include "firmware/wire/key_chain.hpp"
#include "tests/sim/settings_page.hpp"
#include "tests/sim/unit.hpp"

namespace lobby::sim {
namespace {

/// Does one hold the key down to mean this?
bool is_second_meaning(UnitShape shape, std::uint8_t code) {
  if (shape == UnitShape::button_panel) {
    return false;
  }
  const auto key = static_cast<wire::window_unit::Key>(code);
  for (const wire::key_chain::KeyMeaning& meaning : wire::key_chain::pad) {
    if (meaning.held == key) {
      return meaning.pressed != key;
    }
  }
  return false;
}

}  // namespace

std::string EmulatedUnit::start() {
  std::string why;
  emulator_ = Emulator::start({place_.image, settings_page(place_.settings), settings_page_at}, why);
  return why;
}

bool EmulatedUnit::has_power() {
  const std::lock_guard lock(mutex_);
  return !faults_.has(Fault::gone) && !faults_.has(Fault::freeze);
}

void EmulatedUnit::carry(std::span<const std::uint8_t> bytes) {
  if (has_power()) {
    emulator_->to_bus(bytes);
  }
}

void EmulatedUnit::overhear(std::span<const std::uint8_t> bytes, bool /*whole*/) {
  carry(bytes);
}

Bytes EmulatedUnit::take_speech() {
  Bytes bytes = emulator_->from_bus();
  const std::lock_guard lock(mutex_);
  return faults_.has(Fault::silent) || faults_.has(Fault::gone) ? Bytes() : bytes;
}

boost::json::object EmulatedUnit::describe() {
  const Emulator::Sight sight = emulator_->look();
  const std::lock_guard lock(mutex_);
  boost::json::object out{{"id", place_.id},
                          {"kind", kind()},
                          {"emulated", true},
                          {"bus", place_.bus},
                          {"address", place_.settings.address},
                          {"runs", sight.runs},
                          {"resets", sight.resets},
                          {"taps", taps_},
                          {"keys_idle", sight.keys_idle},
                          {"key_scans", sight.scans},
                          {"sign_frames", sight.frames.frames},
                          {"sign_bad_frames", sight.frames.bad},
                          {"faults", faults_.words()}};
  const bool panel = place_.shape == UnitShape::button_panel;
  out[panel ? "kiosk" : "window"] = place_.where;
  if (!panel) {
    out["dots"] = dot_rows(sight.sign);
  }
  return out;
}

std::optional<Device::File> EmulatedUnit::file(std::string_view name, std::size_t) {
  if (name != "screen.png" || place_.shape == UnitShape::button_panel) {
    return std::nullopt;
  }
  const display::Bitmap dots = has_power() ? emulator_->look().sign : display::Bitmap(64, 16);
  return File{"image/png", display::png(sign_picture(dots))};
}

bool EmulatedUnit::can_have(Fault fault) const {
  switch (fault) {
    case Fault::gone:
    case Fault::silent:
    case Fault::freeze:
    case Fault::power_cycle:
      return true;
    default:
      return false;
  }
}

/// Stands still without power or when it hangs; power that comes back is a reset.
void EmulatedUnit::apply(FaultSet faults) {
  const bool dead = faults.has(Fault::gone) || faults.has(Fault::freeze);
  const bool was_gone = faults_.has(Fault::gone);
  faults_ = faults;
  if (dead) {
    emulator_->stop();
    return;
  }
  if (was_gone) {
    emulator_->reset();
  }
  emulator_->go_on();
}

void EmulatedUnit::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  if (fault == Fault::power_cycle) {
    emulator_->reset();
    return;
  }
  FaultSet faults = faults_;
  faults.add(fault, slow_by);
  apply(faults);
}

void EmulatedUnit::clear(std::optional<Fault> fault) {
  const std::lock_guard lock(mutex_);
  FaultSet faults = faults_;
  if (fault) {
    faults.remove(*fault);
  } else {
    faults.clear();
  }
  apply(faults);
}

std::string EmulatedUnit::press(std::string_view word) {
  const KeyWord key = parse_key_word(place_.shape, word);
  if (!key.problem.empty()) {
    return key.problem;
  }
  if (!has_power()) {
    return "The unit is without power or hangs; it takes no key.";
  }
  const bool longer = is_second_meaning(place_.shape, key.code);
  emulator_->press(key.up ? std::uint16_t{0} : chain_keys(place_.shape, key.code),
                   key.up || key.stays ? KeyBoard::How::down
                   : longer            ? KeyBoard::How::hold
                                       : KeyBoard::How::tap);
  const std::lock_guard lock(mutex_);
  taps_ += key.up ? 0 : 1;
  return {};
}

}  // namespace lobby::sim
