#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>

#include "drivers/window/ff68.hpp"
#include "drivers/window/paced_line.hpp"

namespace lobby::window {

/// What a caller keypad can ask for.
enum class KeypadKey : std::uint8_t {
  call,
  recall,
  ask_rating,
  pause,
  transfer,
  no_show,    ///< 6, then OK
  hold,       ///< 0, then OK
  call_back,  ///< 3, then OK
  other       ///< a key without a meaning for us
};

/// The keypads and pads of one line in the FF 68 dialect: each press is told once, and acknowledged when it
/// is taken. Until then the device says it again and again, should we be gone.
class Ff68Line {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    /// `take`: it is recorded, or refused. Called at most once; not after the line is gone.
    virtual void key_pressed(KeypadKey key, std::function<void()> take) = 0;
    /// A score as the pad counts them.
    virtual void rated(std::uint8_t score, std::function<void()> take) = 0;
  };
  using Cells = std::array<std::uint8_t, 6>;  ///< digits, or ff68::blank_digit
  using Device = std::size_t;

  Ff68Line(link::Executor& executor, PacedLine& line) : executor_(executor), line_(line) {}

  /// Before the line starts. The listener outlives it.
  Device add(std::uint8_t address, Listener& listener);
  /// What came in on the line, from all of its devices.
  void received(std::span<const std::uint8_t> bytes);
  /// Its display, from here on.
  void show(Device device, const Cells& cells);
  void beep(Device device);
  void ask_rating(Device device);
  const Ff68Decoder::Counts& counts() const { return decoder_.counts(); }

 private:
  struct State {
    std::uint8_t address;
    Listener* listener;
    PacedLine::Slot display, sound, question;
    Ff68Frame last;
    link::MonoTime last_at{};
    bool was_heard = false;
    std::uint64_t presses = 0;
    bool is_taken = false;          ///< the last of them
    unsigned acknowledged = 0;      ///< how often it was
    std::uint8_t digit = no_digit;  ///< waits for OK
    link::MonoTime digit_at{};
  };
  static constexpr std::uint8_t no_digit = 0xFF;

  void dispatch(const Ff68Frame& frame);
  void acknowledge(State& device);
  std::function<void()> taker(Device device);
  void key(Device index, const std::vector<std::uint8_t>& data);
  KeypadKey meaning(State& device, const std::vector<std::uint8_t>& data) const;

  link::Executor& executor_;
  PacedLine& line_;
  Ff68Decoder decoder_;
  std::deque<State> devices_;
};

}  // namespace lobby::window
