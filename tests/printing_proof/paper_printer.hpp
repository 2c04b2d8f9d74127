#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "drivers/link/executor.hpp"
#include "tests/printing_proof/commands.hpp"

namespace lobby::proof {

using Bytes = std::vector<std::uint8_t>;
using link::Duration;

/// What a model can do. The defaults are Epson's.
struct Traits {
  bool process_id = true;  ///< answers GS ( H
  bool clears = true;      ///< knows DLE DC4 fn 8
  bool keeps_id = false;   ///< a host that cannot receive gets the latest id when it can
  enum class Speaks : std::uint8_t { nothing, dle_eot, epson, custom } speaks = Speaks::dle_eot;
  bool presenter = false;
  bool begins_line_again = false;  ///< the line in which the paper ended is begun again on the new roll
  bool holds_when_off = false;     ///< a line of its plug holds the host off while it has no power
  std::size_t buffer = 4096;
  int dots_per_s = 1200;
  int head_to_knife = 120;
  Duration cut = std::chrono::milliseconds(300);
  Duration boot = std::chrono::milliseconds(1500);  ///< never under a second
};

/// A line of one height; what is whole of it can be read.
struct PrintedLine {
  std::string text;  ///< bytes as they came; empty: white paper
  int scale = 1;     ///< of its first character
  bool spoiled = false;
};

/// What a person holds in his hand.
struct Piece {
  std::vector<PrintedLine> lines;
  bool cut = false;  ///< by the knife; else torn off, at the end of a roll
  enum class Where : std::uint8_t { out, in_outlet, taken, retracted } where = Where::out;
};

/// A ticket printer that is simple enough to be trusted: bytes go in and are obeyed in their order at the
/// speed of the paper; real-time commands are obeyed as they come in. Without paper it keeps what it has, and
/// goes on when there is some. It never forgets by itself but when its power goes.
class PaperPrinter {
 public:
  static constexpr std::int64_t endless = std::numeric_limits<std::int64_t>::max() / 4;
  enum class Answers : std::uint8_t { real_time, automatic, in_order, id, other };
  using Answer = std::function<void(Answers kind, Bytes bytes)>;
  PaperPrinter(link::Executor& executor, Traits traits, Answer answer);

  // --- the wire ---
  /// False: the buffer is full, and the host is held off.
  bool takes_bytes() const {
    // The parts of one long command are worked off as they come.
    const bool has_room = buffer_.size() < traits_.buffer || (!is_offline() && command_length(buffer_) == 0);
    return has_room && (on_ || !traits_.holds_when_off);
  }
  void receive(std::uint8_t byte);
  /// The host listens, or does not.
  void host_is(bool there);

  // --- the world ---
  void paper_ends_after(std::int64_t dots);
  void reload();
  void cover(bool open);
  void jam_next_cut() { jams_ = true; }
  void free_knife();
  void freeze(bool frozen);
  void power_cycle();
  void take_ticket();

  bool is_on() const { return on_; }
  bool is_frozen() const { return frozen_; }
  /// Does it move, or will it when it can? Half a command does not count.
  bool is_busy() const { return !on_ || moving_.pending() || left_ > 0 || command_length(buffer_) > 0; }
  std::int64_t dots_moved() const { return dots_; }
  bool paper_out() const { return paper_out_; }
  const std::deque<Piece>& pieces() const { return pieces_; }
  /// Of what hangs from the slot; nobody has it.
  const Piece& hanging() const { return hanging_; }
  /// Status questions that stood inside a command, and became a part of it.
  unsigned eaten() const { return eaten_; }
  /// Something was cut off in the middle: from here on questions may be eaten.
  void lost_bytes() { whole_ = false; }

  std::function<void(const std::string&)> trace;                  ///< empty: nobody looks
  std::function<void(std::size_t)> cut_off = [](std::size_t) {};  ///< a piece has come out

 private:
  void note(const char* text) const {
    if (trace) {
      trace(text);
    }
  }
  bool is_offline() const { return paper_out_ || cover_open_ || stuck_; }
  void real_time(const RealTimeEar::Command& command);
  void ask(std::uint8_t n);
  void tell(Answers kind, Bytes bytes);
  void changed();
  Bytes automatic() const;
  Bytes custom() const;
  std::uint8_t paper_bits() const;
  void go_on();
  void obey(const Bytes& command);
  void obey_esc(const Bytes& command);
  void obey_gs(const Bytes& command);
  void obey_function(const Bytes& command);
  void inform(std::uint8_t n);
  void line(std::int64_t height);
  void move();
  void moved();
  void stop_moving();
  void close_line();
  void strike();
  void give_out(bool cut);
  void resume();
  void clear();

  link::Executor& executor_;
  Traits traits_;
  Answer answer_;
  RealTimeEar ear_;
  Buffer buffer_;
  link::Timer moving_, booting_;
  bool on_ = true, frozen_ = false, paper_out_ = false, cover_open_ = false, stuck_ = false;
  bool jams_ = false, host_ = true, whole_ = true;
  std::uint8_t automatic_on_ = 0;
  bool offline_told_ = false, was_offline_ = false;
  Bytes kept_id_, last_automatic_;
  std::vector<std::pair<Answers, Bytes>> unsaid_;  ///< while it hangs

  // what it is doing
  std::string text_;  ///< of the line that is not printed yet
  int scale_ = 1, text_scale_ = 1;
  std::int64_t picture_ = 0;  ///< stored, not printed: its height
  bool in_line_ = false;      ///< the paper moves for a line
  bool spoiled_ = false;      ///< of which a part is missing
  std::int64_t height_ = 0;   ///< of the line
  std::int64_t left_ = 0;     ///< dots to go
  std::int64_t leg_ = 0;      ///< of those, in the move that runs now
  link::MonoTime leg_began_{};
  enum class Knife : std::uint8_t { rests, waits, runs } knife_ = Knife::rests;

  std::int64_t roll_ = endless;
  std::int64_t dots_ = 0;
  Piece hanging_;
  std::deque<Piece> pieces_;
  unsigned eaten_ = 0;
};

}  // namespace lobby::proof
