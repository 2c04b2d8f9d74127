#include "drivers/kiosk/reader.hpp"

#include <linux/input.h>
#include <string.h>

#include <chrono>
#include <cstring>
#include <utility>

namespace lobby::kiosk {
namespace {

constexpr std::chrono::seconds line_ends_within{2};

/// 0: a key without a character.
char character_of(std::uint16_t code, bool is_shifted) {
  constexpr std::string_view top = "1234567890-";  // KEY_1 … KEY_MINUS
  constexpr std::string_view rows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};
  constexpr std::uint16_t firsts[] = {KEY_Q, KEY_A, KEY_Z};
  constexpr std::string_view pad = "789-456+1230";  // KEY_KP7 … KEY_KP0
  if (code >= KEY_1 && code <= KEY_MINUS) {
    return is_shifted ? '\0' : top[code - KEY_1];
  }
  if (code >= KEY_KP7 && code <= KEY_KP0) {
    return pad[code - KEY_KP7];
  }
  for (std::size_t row = 0; row < 3; ++row) {
    if (code >= firsts[row] && code < firsts[row] + rows[row].size()) {
      const char letter = rows[row][code - firsts[row]];
      return is_shifted ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
  }
  return '\0';
}

}  // namespace

LineReader::LineReader(link::Executor& executor, Taken taken)
    : taken_(std::move(taken)), patience_(executor) {}

void LineReader::character(char c) {
  line_.add(c);
  patience_.start(line_ends_within, [this] { line_.wipe(); });
}

void LineReader::end() {
  patience_.cancel();
  if (!line_.is_empty() && !line_.is_too_long()) {
    taken_(line_.text());
  }
  line_.wipe();
}

void SerialLines::received(std::span<const std::uint8_t> bytes) {
  for (const auto byte : bytes) {
    if (byte == '\r' || byte == '\n') {
      end();
    } else if (byte > ' ' && byte < 0x7F) {
      character(static_cast<char>(byte));
    }
  }
}

WedgeKeys::~WedgeKeys() {
  ::explicit_bzero(event_.data(), event_.size());
}

void WedgeKeys::forget() {
  filled_ = 0;
  is_shifted_ = false;
  LineReader::forget();
}

void WedgeKeys::received(std::span<const std::uint8_t> bytes) {
  for (const auto byte : bytes) {
    event_[filled_++] = byte;
    if (filled_ == event_size) {
      filled_ = 0;
      event();
      ::explicit_bzero(event_.data(), event_.size());
    }
  }
}

void WedgeKeys::event() {
  constexpr std::int32_t released = 0, pressed = 1;  // 2: a key that is held repeats itself
  input_event event{};
  std::memcpy(&event, event_.data(), event_size);
  if (event.type == EV_KEY && (event.value == pressed || event.value == released)) {
    key(event.code, event.value == pressed);
  }
  ::explicit_bzero(&event, sizeof event);
}

void WedgeKeys::key(std::uint16_t code, bool is_down) {
  if (code == KEY_LEFTSHIFT || code == KEY_RIGHTSHIFT) {
    is_shifted_ = is_down;
  } else if (is_down && (code == KEY_ENTER || code == KEY_KPENTER)) {
    end();
  } else if (const char c = is_down ? character_of(code, is_shifted_) : '\0'; c != '\0') {
    character(c);
  }
}

}  // namespace lobby::kiosk
