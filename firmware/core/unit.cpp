#include "firmware/core/unit.hpp"

#include "firmware/wire/button_panel.hpp"

namespace lobby::firmware {

namespace map = wire::window_unit;

Unit::Unit(Birth birth, Flash& flash, Micros now)
    : birth_(birth),
      store_(flash),
      settings_(store_.load()),
      now_(now),
      receiver_(frame_silence(settings_.baud * 100U)),
      line_address_(settings_.address),
      heard_at_(now) {
  scan_.set_brightness(settings_.brightness);
  lamp_flasher_.begin(now);
}

// --- the bus ---

void Unit::bus_byte(std::uint8_t value, Micros at) {
  reply_length_ = 0;  // the master speaks again: an answer now would be in its way
  if (receiver_.byte(value, at)) {
    frame_came();
  }
}

void Unit::frame_came() {
  const auto frame = receiver_.frame();
  const std::uint8_t address = frame[0];
  const bool is_mine = address == line_address_;
  const bool is_broadcast = address == wire::modbus::broadcast;
  if (!(is_mine || is_broadcast) || receiver_.form() == RtuReceiver::Form::answer) {
    ++foreign_;
    return;
  }
  if (is_broadcast) {
    ++broadcasts_;
  } else {
    ++heard_;
  }
  heard_at_ = receiver_.last_byte_at();
  is_at_rest_ =
      is_at_rest_ && is_window_unit();  // a sign waits for its next face: the old one may be wrong by now
  reply_length_ = answer(frame, *this, reply_);
  if (reply_length_ > 0 && (reply_[1] & wire::modbus::exception_bit) != 0) {
    ++refused_;
  }
}

std::span<const std::uint8_t> Unit::take_reply(Micros now) {
  // Modbus over serial line 2.5.1.1: frames are parted by the silence, an answer from its request too.
  if (reply_length_ == 0 || since(now, receiver_.last_byte_at()) < receiver_.silence()) {
    return {};
  }
  const std::size_t length = reply_length_;
  reply_length_ = 0;
  return {reply_.data(), length};
}

std::optional<Settings> Unit::take_line_change() {
  if (!is_line_changed_ || reply_length_ > 0) {
    return std::nullopt;
  }
  is_line_changed_ = false;
  line_address_ = settings_.address;
  receiver_.restart(frame_silence(settings_.baud * 100U));
  return settings_;
}

// --- time ---

void Unit::tick(Micros now) {
  uptime_rest_ += since(now, now_);
  uptime_ms_ += uptime_rest_ / 1000U;
  uptime_rest_ %= 1000U;
  now_ = now;
  if (receiver_.poll(now)) {
    frame_came();
  }
  if (const auto keys = reader_.take_keys()) {
    keys_came(*keys);
  }
  pad_.tick(now, log_);
  if (since(now, pressed_at_) >= KeyPad::stuck_time) {
    fresh_keys_ = 0;
  }
  if (!is_at_rest_ && since(now, heard_at_) >= milliseconds(settings_.rest_after * 100U)) {
    go_to_rest();
  }
  face_.light(now, scan_);
}

void Unit::keys_came(std::uint16_t keys) {
  const auto change = debouncer_.see(keys);
  if (reader_.is_missing()) {
    readings_ = 0;
  } else if (readings_ < Debouncer::agreeing) {
    // What is held since before we could see it (a reset, a plug) is no press of anybody now.
    ++readings_;
    pad_.found_held(change.down, now_);
    return;
  }
  fresh_keys_ = static_cast<std::uint16_t>((fresh_keys_ | change.down) & ~change.up);
  pressed_at_ = change.down != 0 ? now_ : pressed_at_;
  if (is_window_unit()) {
    pad_.change(change.down, change.up, now_, log_);
    return;
  }
  for (std::uint8_t button = 0; button < wire::button_panel::buttons; ++button) {
    if ((change.down & 1U << button) != 0) {
      log_.press(static_cast<std::uint8_t>(wire::button_panel::first_button + button));
    }
  }
}

void Unit::go_to_rest() {
  is_at_rest_ = true;
  ++rests_;
  face_.rest(settings_.rest_mode == map::RestMode::text ? std::span<const std::uint16_t>(settings_.rest_text)
                                                        : std::span<const std::uint16_t>());
  buzzer_.stop();
}

std::uint16_t Unit::lamps() {
  const bool is_locating = !is_window_unit() && face_.seconds_to_locate(now_) > 0;
  const bool is_on =
      lamp_flasher_.is_on(now_);  // asked at rest too: it stands still for one who asks too late
  if (is_at_rest_) {
    return 0;
  }
  if (!is_on) {
    return is_locating ? 0 : static_cast<std::uint16_t>(lamps_ & ~lamps_blink_);
  }
  return is_locating ? 0xFF : lamps_;
}

}  // namespace lobby::firmware
