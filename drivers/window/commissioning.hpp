#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "drivers/bus/bus.hpp"

/// What an integrator does to a line before units are at work on it. Everything at the turn of polls, one
/// exchange after the other: living neighbours go on. Runs on the loop; the bus outlives it.
namespace lobby::window {

/// What answered at an address.
struct FoundUnit {
  std::uint8_t address = 0;
  enum class Kind : std::uint8_t {
    window_unit,
    button_panel,
    other,    ///< something that speaks Modbus, not ours
    unclear,  ///< something that was never understood: two units with one address, a bad line, or no Modbus
              ///< at all
  };
  Kind kind = Kind::unclear;
  std::uint16_t firmware = 0;  ///< of ours: major << 8 | minor
  std::uint16_t map_version = 0;
  /// Of a burst of questions, when something answered at all.
  unsigned asked = 0;
  unsigned answered = 0;
  unsigned corrupt = 0;
  bool is_two = false;  ///< two lives of units of ours took turns in answering: proof
  /// Damaged and right answers beside each other: two units at one address do that, a bad line too.
  bool may_be_two() const { return is_two || corrupt > 0; }
};

struct ScanReport {
  link::Status status = link::Status::ok;  ///< gone: the line is away
  std::vector<FoundUnit> units;            ///< by address
};

/// Asks every address from `from` to `to`, 1…247, who it is.
void scan(bus::Bus& bus, std::uint8_t from, std::uint8_t to, std::function<void(ScanReport)> done);

/// Gives the unit at `from` the address `to`, kept over its resets, and asks for it there. `refused`: it
/// cannot keep it, or somebody is at `to` already. Else the fault of the exchange that failed.
void move_unit(bus::Bus& bus, bus::BusAddress from, bus::BusAddress to,
               std::function<void(link::Status)> done);

/// Gives the address `to` to the unit of which a key was pressed just now and is held down, whatever address
/// it has, and asks for it there. `refused`: somebody is at `to` already.
void claim_address(bus::Bus& bus, bus::BusAddress to, std::function<void(link::Status)> done);

}  // namespace lobby::window
