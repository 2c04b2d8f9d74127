#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/board/board.hpp"

namespace lobby::board {

/// One question to a card.
struct Ask {
  Bytes bytes;
  bool is_answered = true;  ///< false: the card may not answer, as others hang on its line
  int expects = 0;          ///< the talk's own mark of what answers it
};

/// What came from a card.
struct Heard {
  enum class Kind : std::uint8_t {
    yes,
    no,       ///< understood and refused; `text` says why
    unknown,  ///< the card has no such order; `text` as it says it
    unasked   ///< answers nothing
  };
  Kind kind = Kind::yes;
  std::string text;
  Bytes reply{};  ///< to be sent at once; may be empty
};

/// How the cards of one protocol are spoken to. Knows what is said, not when: no time, no link. An order that
/// the protocol lacks is nullopt.
class CardTalk {
 public:
  virtual ~CardTalk() = default;
  /// The stream begins anew; what was learnt of the card may no longer hold.
  virtual void begin() = 0;
  /// The next question until the card is known; nullopt: it is.
  virtual std::optional<Ask> greeting() = 0;
  /// Is it still there?
  virtual std::optional<Ask> poll() = 0;
  /// All that shows the view, in order. Only of a card that is known.
  virtual std::vector<Ask> show(const View& view, TextLosses& losses) = 0;
  virtual std::optional<Ask> power(bool on) = 0;
  /// Without such an order a screen that is to be off is told to show nothing.
  virtual bool has_power() const { return true; }
  /// `half_hour`: the present one, for cards that keep no schedule of their own.
  virtual std::optional<Ask> brightness(const Brightness& brightness, std::size_t half_hour) = 0;
  virtual std::optional<Ask> clock(const LocalTime& time) = 0;
  /// Whatever else it is told once, when it has come.
  virtual std::optional<Ask> setup() { return std::nullopt; }
  /// This one leaves now: what is heard from here on answers it.
  virtual void asking(const Ask& ask) = 0;
  virtual std::vector<Heard> hear(ByteView bytes) = 0;
  /// Its own word that it cannot show anything; empty: it can.
  virtual std::string hindrance() const { return {}; }
  virtual std::optional<Size> size() const { return std::nullopt; }
  /// Whether the card is lit, where it says so.
  virtual std::optional<bool> is_on() const { return std::nullopt; }
  /// How often the view is told again; zero: never. Below half of the card's own timeout.
  virtual link::Duration refresh_every() const { return {}; }
};

/// Below half of what a card waits before it gives the view up.
constexpr link::Duration refresh_of(link::Duration timeout) {
  return timeout * 2 / 5;
}

}  // namespace lobby::board
