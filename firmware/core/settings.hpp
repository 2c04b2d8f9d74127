#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "firmware/core/sign.hpp"
#include "firmware/wire/window_unit.hpp"

namespace lobby::firmware {

/// What a unit keeps over a reset.
struct Settings {
  std::uint8_t address = 247;  ///< of a unit that nobody has set up
  std::uint16_t baud = 192;    ///< / 100
  std::uint8_t parity = 0;     ///< 0 none, 1 even, 2 odd
  std::uint16_t rest_after = wire::window_unit::default_rest_after;
  wire::window_unit::RestMode rest_mode = wire::window_unit::RestMode::blank;
  Cells rest_text{};
  std::uint8_t brightness = 100;
  friend bool operator==(const Settings&, const Settings&) = default;
};

/// Does every value stand in its range?
bool is_valid(const Settings& settings);

/// Two pages of flash, one copy each. Half-words; erased ones are 0xFFFF on silicon, 0 in the emulator.
class Flash {
 public:
  virtual std::uint16_t read(unsigned page, unsigned index) const = 0;
  virtual void erase(unsigned page) = 0;
  virtual void program(unsigned page, unsigned index, std::uint16_t value) = 0;

 protected:
  ~Flash() = default;
};

/// A page: magic, layout, sequence number, the settings, checksum; one half-word each, in this order:
///   0 magic 0x4C53, 1 layout 1, 2 sequence, 3 address, 4 baud / 100, 5 parity, 6 rest after (100 ms), 7 rest
///   mode, 8…15 rest text, 16 brightness, 17 CRC-16/MODBUS over the bytes of 0…16, low byte first.
/// A new copy goes where the older (or a bad) one is, so power may fail at any half-word: the other copy
/// stays.
class SettingsStore {
 public:
  static constexpr unsigned pages = 2;
  static constexpr std::size_t words = 18;

  explicit SettingsStore(Flash& flash) : flash_(flash) {}

  /// The newest good copy, else the defaults.
  Settings load();
  /// False: what was written does not read back; the former copy is still there.
  bool save(const Settings& settings);
  /// Where load() or save() has it from: 0 defaults, 1 or 2 the copy.
  std::uint8_t source() const { return source_; }

 private:
  using Page = std::array<std::uint16_t, words>;
  Page read(unsigned page) const;

  Flash& flash_;
  std::uint8_t source_ = 0;
  std::uint16_t sequence_ = 0;
};

}  // namespace lobby::firmware
