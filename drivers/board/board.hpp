#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/board/content.hpp"
#include "drivers/board/gb_text.hpp"
#include "drivers/board/local_time.hpp"
#include "drivers/link/executor.hpp"

/// One LED board, whatever speaks to it. Knows no display and no hall.
namespace lobby::board {

struct Size {
  int width = 0, height = 0;  ///< pixels
  friend bool operator==(const Size&, const Size&) = default;
};

/// A picture of its own.
struct Picture {
  Size size;
  Bytes rgb;
  ImageView view() const { return {size.width, size.height, rgb}; }
  friend bool operator==(const Picture&, const Picture&) = default;
};

/// What a board is to show. Cards that hold the font take the lines, the others the picture; without any it
/// is dark.
struct View {
  std::vector<TextLine> lines;
  Picture picture;
  /// Behind the lines, for signs that keep several pages and turn them by themselves.
  std::vector<std::vector<TextLine>> further_pages{};
  bool blinks = false;  ///< of signs that blink by themselves: somebody is called
  bool urgent = false;  ///< goes before all that waits, also before the rest of what is being sent
  bool stays = false;   ///< the card is not to give it up when nobody speaks to it any more

  bool same_content(const View& other) const {
    return lines == other.lines && picture == other.picture && further_pages == other.further_pages &&
           blinks == other.blinks;
  }
};

/// 0 … 100 % in each half-hour from midnight on.
struct Brightness {
  std::array<std::uint8_t, 48> percent;
  static Brightness always(std::uint8_t percent) {
    Brightness out{};
    out.percent.fill(percent);
    return out;
  }
  friend bool operator==(const Brightness&, const Brightness&) = default;
};

/// `percent` on a scale from `least` to `most`.
constexpr std::uint8_t step_of(int percent, int least, int most) {
  const int bounded = percent < 0 ? 0 : percent > 100 ? 100 : percent;
  return static_cast<std::uint8_t>(least + (bounded * (most - least) + 50) / 100);
}

enum class Health : std::uint8_t {
  absent,    ///< never heard of since the start
  ok,        ///< answers, or takes what is sent where nothing can answer
  degraded,  ///< answers, and something is wrong; `reason` names it
  gone       ///< was there and is not
};
enum class Confirmed : std::uint8_t {
  no,
  sent,  ///< it left; nobody knows whether it arrived
  shown  ///< the card acknowledged it
};

struct Report {
  Health health = Health::absent;
  std::string reason;                             ///< one short sentence; empty when all is well
  Confirmed confirmed = Confirmed::no;            ///< of what is wanted now
  std::optional<link::MonoTime> acknowledged_at;  ///< when the card last said yes to anything
  std::optional<Size> size;                       ///< as the card says
  TextLosses losses;                              ///< of what is wanted now
  /// Orders that the card itself says it has not, since the link came up: `brightness`, `clock` …
  std::vector<std::string> unsupported{};
};

/// What is decided of a board where it stands.
struct BoardOptions {
  /// What the clock on the wall says. Empty: the card's clock is left alone, and brightness is that of
  /// midnight.
  std::function<LocalTime()> local_time;
  std::optional<Size> size;  ///< as the site says; the card's own must be the same
  Brightness brightness = Brightness::always(100);
  View closing;  ///< stays when it is stopped: a default text, or dark
  link::Duration answer_within = std::chrono::seconds(1);
  link::Duration poll_every = std::chrono::seconds(10);
};

/// The board is told what to show now; the newest wins. Nothing is sent twice while it stands, except to keep
/// a card from giving it up, and after every loss, when it is told again.
class Board {
 public:
  struct Listener {
    virtual ~Listener() = default;
    /// Something of report() is different. Never from within a call to the board.
    virtual void board_changed() = 0;
  };
  virtual ~Board() = default;
  /// Once.
  virtual void start() = 0;
  /// A view that waits for its instant is dropped.
  virtual void want(View view) = 0;
  /// Prepared now, and shown at this instant as exactly as the protocol permits.
  virtual void want_at(View view, link::MonoTime at) = 0;
  virtual void set_power(bool on) = 0;
  virtual void set_brightness(const Brightness& brightness) = 0;
  /// What stays when it is stopped, instead of the one in its options.
  virtual void set_closing(View view) = 0;
  /// Shows the closing view. `done` runs once, later, when it is there or cannot be, within 2 s. Nothing is
  /// sent after that.
  virtual void stop(std::function<void()> done) = 0;
  virtual const Report& report() const = 0;
  virtual std::string describe() const = 0;
};

}  // namespace lobby::board
