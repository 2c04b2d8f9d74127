#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "daemon/flows/ports.hpp"

namespace lobby::flows {

/// What a keypad can ask for. Numbers are the keypad's own business; this is what they mean. 0…9 are the
/// digits.
enum class Key : std::uint8_t {
  digit_0 = 0,
  digit_9 = 9,
  call,
  recall,
  start,
  finish,
  no_show,
  hold,
  transfer,
  pause,
  evaluate,
  help,
  other
};

/// What keys mean at a window, with the digits that were pressed before: digits and call name a ticket,
/// digits and recall one that is held, digits and transfer a window, a digit and hold what the person went
/// for. Digits are forgotten after `patience`, and by every key that uses none. Pure but for that memory.
class Keypads {
 public:
  static constexpr std::int64_t patience_ms = 5'000;
  static constexpr std::size_t most_digits = 4;

  struct Nothing {};
  /// The person last finished is to grade the service.
  struct AskRating {};
  using Meaning = std::variant<Nothing, hall::Command, hall::Refused, AskRating>;
  Meaning press(const Desk& desk, const hall::WindowId& window, Key key);

 private:
  struct Digits {
    std::string text;
    std::int64_t last_ms = 0;
  };
  std::map<std::string, Digits> digits_;  ///< by window
};

}  // namespace lobby::flows
