#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "firmware/core/annunciators.hpp"
#include "firmware/core/clock.hpp"
#include "firmware/core/face.hpp"
#include "firmware/core/key_chain_reader.hpp"
#include "firmware/core/key_log.hpp"
#include "firmware/core/modbus_slave.hpp"
#include "firmware/core/rtu_receiver.hpp"
#include "firmware/core/settings.hpp"
#include "firmware/core/sign_scan.hpp"

namespace lobby::firmware {

/// A whole unit but for its pins: bytes and time go in, bytes and levels come out. The board only carries
/// them. All calls from one context; interrupts hand their bytes over through a queue.
class Unit final : private RegisterBank {
 public:
  enum class Model : std::uint8_t { window_unit = 1, button_panel = 2 };
  struct Birth {
    Model model = Model::window_unit;
    std::uint16_t boot_id = 1;  ///< another one after every reset
    wire::window_unit::ResetCause cause = wire::window_unit::ResetCause::unknown;
  };

  Unit(Birth birth, Flash& flash, Micros now);

  // --- the bus ---
  void bus_byte(std::uint8_t value, Micros at);
  void bus_error() { ++line_errors_; }
  /// An answer whose time has come, once: put it on the line.
  std::span<const std::uint8_t> take_reply(Micros now);
  /// The line is to be set up anew, behind the answer that was taken last: once after a change.
  std::optional<Settings> take_line_change();
  const Settings& settings() const { return settings_; }

  // --- the chains ---
  std::optional<std::uint8_t> key_poll(Micros now) { return reader_.poll(now); }
  void key_byte(std::uint8_t value, Micros now) { reader_.byte(value, now); }
  /// Every 0.5 ms: what goes out to the sign.
  std::span<const std::uint8_t> next_slot() { return scan_.next_slot(); }

  // --- everything else ---
  /// As often as possible, at least once a millisecond.
  void tick(Micros now);
  bool is_buzzing() { return buzzer_.is_running(now_); }
  /// Bit n: lamp n is lit at this moment.
  std::uint16_t lamps();

 private:
  using Exception = wire::modbus::Exception;

  Exception read(bool input, std::uint16_t start, std::span<std::uint16_t> out) override;
  Exception write(std::uint16_t start, std::span<const std::uint16_t> values, bool is_broadcast) override;
  Exception read_bit(bool input, std::uint16_t at, bool& out) override;
  Exception write_bits(std::uint16_t start, std::uint16_t count,
                       std::span<const std::uint8_t> packed) override;

  void frame_came();
  void heard();
  void go_to_rest();
  void keys_came(std::uint16_t keys);
  bool is_window_unit() const { return birth_.model == Model::window_unit; }
  std::uint16_t input_register(std::uint16_t at);
  std::uint16_t holding_register(std::uint16_t at);
  std::uint16_t state();
  Exception write_controls(std::uint16_t start, std::span<const std::uint16_t> values);
  void set_control(std::uint16_t at, std::uint16_t value);
  Exception write_face(std::span<const std::uint16_t> words, bool as_dots);
  Exception write_rest(std::span<const std::uint16_t> words);
  Exception write_settings(std::span<const std::uint16_t> words);
  Exception claim(std::uint16_t address);
  Exception keep(const Settings& settings);

  Birth birth_;
  SettingsStore store_;
  Settings settings_;  ///< in force but for the line, which follows the answer
  Micros now_;
  std::uint32_t uptime_ms_ = 0;
  Micros uptime_rest_ = 0;

  RtuReceiver receiver_;
  std::array<std::uint8_t, wire::modbus::longest_frame> reply_{};
  std::size_t reply_length_ = 0;
  std::uint8_t line_address_;
  bool is_line_changed_ = false;

  KeyChainReader reader_;
  Debouncer debouncer_;
  KeyPad pad_;
  std::uint8_t readings_ = 0;     ///< of the chain since it answers, up to Debouncer::agreeing
  std::uint16_t fresh_keys_ = 0;  ///< held, and pressed within KeyPad::stuck_time
  Micros pressed_at_ = 0;
  KeyLog log_;
  Face face_;
  SignScan scan_;
  Countdown buzzer_;
  std::uint16_t lamps_ = 0;
  std::uint16_t lamps_blink_ = 0;
  Flasher lamp_flasher_{milliseconds(250), milliseconds(250)};

  Micros heard_at_;
  bool is_at_rest_ = false;
  std::uint16_t heard_ = 0;
  std::uint16_t refused_ = 0;
  std::uint16_t foreign_ = 0;
  std::uint16_t broadcasts_ = 0;
  std::uint16_t line_errors_ = 0;
  std::uint16_t rests_ = 0;
};

}  // namespace lobby::firmware
