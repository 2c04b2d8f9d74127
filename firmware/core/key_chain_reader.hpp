#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "firmware/core/clock.hpp"
#include "firmware/wire/key_chain.hpp"

namespace lobby::firmware {

/// Asks the key chain byte by byte, each poll only after the answer to the one before. An answer that does
/// not come in time may still come, and would then be taken for the next one's: so the reader listens until
/// the wire has been still for a while, and begins anew.
class KeyChainReader {
 public:
  /// The byte to send, if it is time for one. At most one is under way.
  std::optional<std::uint8_t> poll(Micros now);
  void byte(std::uint8_t value, Micros now);
  /// A whole reading since the last call; bit n: key n is held.
  std::optional<std::uint16_t> take_keys();
  /// It does not answer, or its last byte is not what it is wired to.
  bool is_missing() const { return is_missing_; }

  static constexpr Micros period = milliseconds(10);  ///< from one reading to the next
  static constexpr Micros patience =
      milliseconds(100);  ///< for an answer (a chain needs 7 us, an emulator longer)
  static constexpr Micros stillness = milliseconds(50);

 private:
  enum class Phase : std::uint8_t { idle, waiting, draining };
  void finish(Micros now);

  Phase phase_ = Phase::idle;
  std::uint8_t index_ = 0;
  std::array<std::uint8_t, wire::key_chain::polls.size()> bytes_{};
  std::optional<std::uint16_t> keys_;
  bool is_missing_ = true;
  Micros at_ = 0;  ///< of the last poll or byte, by phase
};

/// Contacts bounce for up to 10 ms, one reading: a key has changed when it reads so `agreeing` times in a
/// row.
class Debouncer {
 public:
  static constexpr std::uint8_t agreeing = 2;

  struct Change {
    std::uint16_t down = 0;  ///< keys that went down with this reading
    std::uint16_t up = 0;
  };
  Change see(std::uint16_t keys);
  std::uint16_t down() const { return down_; }

 private:
  std::uint16_t down_ = 0;
  std::array<std::uint8_t, wire::key_chain::keys> differing_{};
};

}  // namespace lobby::firmware
