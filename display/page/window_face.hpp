#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// What one window's sign shows now.
namespace lobby::display {

struct WindowFaceView {
  enum class State : std::uint8_t { closed, idle, called, serving, paused };
  State state = State::closed;
  std::uint32_t window_number = 0;
  std::string ticket_number;   ///< called, serving; empty: somebody without one is served
  std::string message;         ///< paused: whereabouts; may be empty
  bool closing = false;        ///< the daemon is going down
  std::string back_at = {};    ///< paused: when somebody is here again, as `10:30`; may be empty
  std::string case_tail = {};  ///< called: who is called has no number, only a case that ends so; else empty
};

struct WindowFace {
  std::string text;  ///< UTF-8, at most 64 dots at 8 per half-width character
  bool blink = false;
  bool beep = false;
  friend bool operator==(const WindowFace&, const WindowFace&) = default;
};

WindowFace window_face(const WindowFaceView& view);

/// What a sign shows when nobody tells it anything any more: the window's number, and that it is closed for
/// now.
std::string rest_text(std::uint32_t window_number);

/// For a sign that is longer, `columns` half-width characters: whom it calls where, 请A023到3号窗口.
WindowFace window_sentence(const WindowFaceView& view, int columns);
/// For a sign of digits alone: the last `places` of the number that is called or served; else nothing.
std::string window_digits(const WindowFaceView& view, std::size_t places);

}  // namespace lobby::display
