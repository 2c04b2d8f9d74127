#include "firmware/core/unit.hpp"
#include "firmware/wire/button_panel.hpp"

// The register map (firmware/wire/window_unit.hpp) on the parts of a unit.
namespace lobby::firmware {
namespace {

namespace map = wire::window_unit;
using Exception = wire::modbus::Exception;

constexpr std::uint16_t version = 0x0100;
constexpr std::uint16_t input_end = 0x0040;
constexpr std::uint16_t holding_begin = 0x0100;
constexpr std::uint16_t holding_end = 0x01D0;
constexpr std::uint16_t longest_locate = 600;
constexpr std::uint16_t lamp_count = 8;

constexpr std::uint16_t common_features = map::feature_last_key | map::feature_read_write |
                                          map::feature_buzzer | map::feature_rest | map::feature_settings;
constexpr std::uint16_t window_features = common_features | map::feature_text | map::feature_dots;
constexpr std::uint16_t panel_features = common_features | map::feature_lamps;

constexpr bool is_in(std::uint16_t at, std::uint16_t begin, unsigned count) {
  return at >= begin && at < begin + count;
}

}  // namespace

// --- reading ---

Exception Unit::read(bool input, std::uint16_t start, std::span<std::uint16_t> out) {
  const unsigned end = start + static_cast<unsigned>(out.size());
  const bool is_input = end <= input_end;
  if (!is_input && (input || start < holding_begin || end > holding_end)) {
    return Exception::address;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto at = static_cast<std::uint16_t>(start + i);
    out[i] = is_input ? input_register(at) : holding_register(at);
  }
  return Exception::none;
}

std::uint16_t Unit::state() {
  return static_cast<std::uint16_t>((is_at_rest_ ? map::state_at_rest : 0) |
                                    (reader_.is_missing() ? map::state_no_keypad : 0) |
                                    (pad_.is_stuck() ? map::state_key_stuck : 0) |
                                    (face_.is_glyph_missing() ? map::state_missing_glyph : 0));
}

std::uint16_t Unit::input_register(std::uint16_t at) {
  if (is_in(at, map::reg_keys, map::key_ring)) {
    return log_.slot(static_cast<std::uint16_t>(at - map::reg_keys));
  }
  switch (at) {
    case map::reg_magic:
      return map::magic;
    case map::reg_map_version:
      return map::map_version;
    case map::reg_model:
      return static_cast<std::uint16_t>(birth_.model);
    case map::reg_firmware:
      return version;
    case map::reg_features:
      return is_window_unit() ? window_features : panel_features;
    case map::reg_boot_id:
      return birth_.boot_id;
    case map::reg_key_count:
      return log_.count();
    case map::reg_shown:
      return face_.number();
    case map::reg_last_key:
      return log_.last();
    case map::reg_state:
      return state();
    case map::reg_keys_down:
      return debouncer_.down();
    case map::reg_uptime:
      return static_cast<std::uint16_t>(uptime_ms_ >> 16);
    case map::reg_uptime + 1:
      return static_cast<std::uint16_t>(uptime_ms_ & 0xFFFF);
    case map::reg_reset_cause:
      return static_cast<std::uint16_t>(birth_.cause);
    case map::reg_heard:
      return heard_;
    case map::reg_bad_frames:
      return receiver_.bad_frames();
    case map::reg_refused:
      return refused_;
    case map::reg_foreign:
      return foreign_;
    case map::reg_broadcasts:
      return broadcasts_;
    case map::reg_line_errors:
      return line_errors_;
    case map::reg_keys_lost:
      return log_.lost();
    case map::reg_rests:
      return rests_;
    case map::reg_own_address:
      return line_address_;
    case map::reg_own_baud:
      return settings_.baud;
    case map::reg_own_parity:
      return settings_.parity;
    case map::reg_settings_from:
      return store_.source();
    default:
      return 0;
  }
}

std::uint16_t Unit::holding_register(std::uint16_t at) {
  if (is_in(at, map::reg_text, map::text_cells)) {
    return face_.cells()[at - map::reg_text];
  }
  if (is_in(at, map::reg_dots, map::dots_words)) {
    return face_.dots()[at - map::reg_dots];
  }
  if (is_in(at, map::reg_rest_text, map::text_cells)) {
    return settings_.rest_text[at - map::reg_rest_text];
  }
  switch (at) {
    case map::reg_key_ack:
    case map::reg_key_ack_and_face:
      return log_.acknowledged();
    case map::reg_lamps:
      return lamps_;
    case map::reg_lamps_blink:
      return lamps_blink_;
    case map::reg_buzzer:
      return static_cast<std::uint16_t>(buzzer_.left(now_) / milliseconds(10));
    case map::reg_brightness:
      return settings_.brightness;
    case map::reg_locate:
      return face_.seconds_to_locate(now_);
    case map::reg_face:
    case map::reg_dots_face:
      return face_.number();
    case map::reg_style:
    case map::reg_dots_style:
      return face_.style();
    case map::reg_rest_after:
      return settings_.rest_after;
    case map::reg_rest_mode:
      return static_cast<std::uint16_t>(settings_.rest_mode);
    case map::reg_address:
      return settings_.address;
    case map::reg_baud:
      return settings_.baud;
    case map::reg_parity:
      return settings_.parity;
    default:
      return 0;
  }
}

Exception Unit::read_bit(bool input, std::uint16_t at, bool& out) {
  const std::uint16_t bits = input ? debouncer_.down() : lamps_;
  const unsigned count = input ? wire::key_chain::keys : lamp_count;
  if (at >= count) {
    return Exception::address;
  }
  out = (bits >> at & 1U) != 0;
  return Exception::none;
}

// --- writing ---

Exception Unit::write_bits(std::uint16_t start, std::uint16_t count, std::span<const std::uint8_t> packed) {
  if (is_window_unit() || start + count > lamp_count) {
    return Exception::address;
  }
  std::uint16_t lamps = lamps_;
  for (unsigned i = 0; i < count; ++i) {
    const auto bit = static_cast<std::uint16_t>(1U << (start + i));
    const bool is_lit = (packed[i / 8] >> i % 8 & 1U) != 0;
    lamps = static_cast<std::uint16_t>(is_lit ? lamps | bit : lamps & ~bit);
  }
  set_control(map::reg_lamps, lamps);
  return Exception::none;
}

Exception Unit::write(std::uint16_t start, std::span<const std::uint16_t> values, bool is_broadcast) {
  if (is_in(start, map::reg_key_ack, map::reg_locate - map::reg_key_ack + 1)) {
    return write_controls(start, values);
  }
  switch (start) {
    case map::reg_key_ack_and_face: {
      const auto refusal = values.size() == 1 ? Exception::none : write_face(values.subspan(1), false);
      if (refusal == Exception::none) {
        log_.acknowledge(values[0]);
      }
      return refusal;
    }
    case map::reg_face:
      return write_face(values, false);
    case map::reg_dots_face:
      return write_face(values, true);
    case map::reg_rest_after:
      return write_rest(values);
    case map::reg_address:
      return is_broadcast ? Exception::address : write_settings(values);
    case map::reg_claim:
      return values.size() == 1 ? claim(values[0]) : Exception::address;
    default:
      return Exception::address;
  }
}

Exception Unit::write_controls(std::uint16_t start, std::span<const std::uint16_t> values) {
  if (start + values.size() > map::reg_locate + 1U) {
    return Exception::address;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto at = static_cast<std::uint16_t>(start + i);
    const bool is_lamp = at == map::reg_lamps || at == map::reg_lamps_blink;
    if (is_lamp && is_window_unit()) {
      return Exception::address;
    }
    const bool is_too_much = (is_lamp && values[i] >> lamp_count != 0) ||
                             (at == map::reg_buzzer && values[i] > map::longest_beep) ||
                             (at == map::reg_brightness && values[i] > 100) ||
                             (at == map::reg_locate && values[i] > longest_locate);
    if (is_too_much) {
      return Exception::value;
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    set_control(static_cast<std::uint16_t>(start + i), values[i]);
  }
  return Exception::none;
}

void Unit::set_control(std::uint16_t at, std::uint16_t value) {
  switch (at) {
    case map::reg_key_ack:
      log_.acknowledge(value);
      return;
    case map::reg_lamps:
      lamps_ = value;
      return;
    case map::reg_lamps_blink:
      lamps_blink_ = value;
      return;
    case map::reg_buzzer:
      buzzer_.start(now_, milliseconds(value * 10U));
      return;
    case map::reg_brightness:
      settings_.brightness = static_cast<std::uint8_t>(value);
      scan_.set_brightness(settings_.brightness);
      return;
    default:
      face_.locate(line_address_, now_, value * 1'000'000U);
      return;
  }
}

Exception Unit::write_face(std::span<const std::uint16_t> words, bool as_dots) {
  if (!is_window_unit() || words.size() != (as_dots ? map::dots_face_count : map::face_count)) {
    return Exception::address;
  }
  if (words[0] == 0) {
    return Exception::value;
  }
  const bool is_new = words[0] != face_.number();
  if (as_dots) {
    face_.take_dots(words, now_);
  } else {
    face_.take_text(words, now_);
  }
  is_at_rest_ = false;
  if (is_new && (words[1] & map::style_beep) != 0) {
    buzzer_.start(now_, milliseconds(200));
  }
  return Exception::none;
}

Exception Unit::write_rest(std::span<const std::uint16_t> words) {
  if (words.size() != map::rest_count) {
    return Exception::address;
  }
  Settings changed = settings_;
  changed.rest_after = words[0];
  changed.rest_mode = static_cast<map::RestMode>(words[1]);
  for (std::size_t i = 0; i < changed.rest_text.size(); ++i) {
    changed.rest_text[i] = words[2 + i];
  }
  if (!is_valid(changed)) {
    return Exception::value;
  }
  settings_ = changed;
  return Exception::none;
}

Exception Unit::write_settings(std::span<const std::uint16_t> words) {
  if (words.size() != map::settings_count) {
    return Exception::address;
  }
  Settings changed = settings_;
  changed.address = static_cast<std::uint8_t>(words[0]);
  changed.baud = words[1];
  changed.parity = static_cast<std::uint8_t>(words[2]);
  if (words[0] > 0xFF || words[2] > 0xFF || words[3] != map::save_word) {
    return Exception::value;
  }
  return keep(changed);
}

Exception Unit::claim(std::uint16_t address) {
  // A jammed key must not take every address that is claimed on its line.
  if (fresh_keys_ == 0 || address > 0xFF) {
    return Exception::value;
  }
  Settings changed = settings_;
  changed.address = static_cast<std::uint8_t>(address);
  return keep(changed);
}

Exception Unit::keep(const Settings& settings) {
  if (!is_valid(settings)) {
    return Exception::value;
  }
  if (!store_.save(settings)) {
    return Exception::failure;
  }
  settings_ = settings;
  is_line_changed_ = true;
  return Exception::none;
}

}  // namespace lobby::firmware
