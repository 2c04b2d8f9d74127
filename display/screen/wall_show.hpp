#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "display/page/program.hpp"
#include "display/screen/server_clock.hpp"

namespace lobby::display {

/// What an LED wall shows, from what it was told and the time; knows no screen and no network. All instants
/// are of one steady clock of this machine. Belongs to one thread.
class WallShow {
 public:
  explicit WallShow(Glyphs& glyphs) : glyphs_(glyphs) {}

  /// The server told its program, asked for at `asked`. The newest told is shown, whatever its number (a
  /// server that starts anew may count anew), from its instant on; until then what is shown stays. What is
  /// told again changes nothing, and gives false.
  bool tell(BoardProgram program, Instant asked, Instant answered);
  /// The server said that what it told last still holds.
  void prove(Instant answered) { proven_ = answered; }

  struct Drawn {
    /// When the picture looks different, if nothing is told until then.
    std::optional<Instant> next_change;
    /// Which version the picture shows; none: of none, or its rest.
    std::optional<std::uint64_t> version;
    std::uint64_t programs = 0;  ///< how many have come up; two may have one number
    bool changed = false;        ///< the picture is not as it was before
  };
  /// Makes the picture of this moment. Never goes back in time.
  Drawn draw(Instant now);
  /// Of the board's size; without dots before the first program: all is black.
  const Picture& picture() const { return picture_; }

 private:
  void come_up(BoardProgram program, Instant server_now);
  std::optional<Instant> draw_program(Instant server_now);
  std::optional<Instant> draw_rest(Instant server_now);
  void draw_mark();

  Glyphs& glyphs_;
  ServerClock clock_;
  std::size_t times_set_ = 0;
  std::uint64_t programs_ = 0;
  std::optional<BoardProgram> shown_, next_;
  std::string told_;  ///< the last one as it was told, without its time: to know it again
  std::chrono::milliseconds valid_for_{};
  Instant proven_ = {};
  Turns turns_;
  Picture picture_{0, 0};
  Picture before_{0, 0};
};

}  // namespace lobby::display
