#include "tests/printing_proof/paper_printer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace lobby::proof {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Speaks = Traits::Speaks;

constexpr std::int64_t line_dots = 30;  ///< the pitch that ESC @ sets
constexpr Duration recovers = milliseconds(300);

std::uint8_t bits(std::initializer_list<std::pair<bool, int>> all) {
  int out = 0;
  for (const auto& [set, mask] : all) {
    out |= set ? mask : 0;
  }
  return static_cast<std::uint8_t>(out);
}

}  // namespace

PaperPrinter::PaperPrinter(link::Executor& executor, Traits traits, Answer answer)
    : executor_(executor),
      traits_(std::move(traits)),
      answer_(std::move(answer)),
      moving_(executor),
      booting_(executor) {}

// --- what comes in ---
void PaperPrinter::receive(std::uint8_t byte) {
  if (!on_) {
    whole_ = false;
    return;
  }
  buffer_.push_back(byte);
  if (const auto command = ear_.hear(byte); command.what != RealTimeEar::Heard::nothing) {
    real_time(command);
  }
  go_on();
}

void PaperPrinter::host_is(bool there) {
  host_ = there;
  if (there && !kept_id_.empty()) {
    tell(Answers::id, std::exchange(kept_id_, {}));
  }
}

void PaperPrinter::real_time(const RealTimeEar::Command& command) {
  switch (command.what) {
    case RealTimeEar::Heard::ask:
      ask(command.n);
      return;
    case RealTimeEar::Heard::clear:
      if (traits_.clears) {
        note("printer: buffers cleared");
        clear();
        tell(Answers::other, {0x37, 0x25, 0x00});
      }
      return;
    case RealTimeEar::Heard::recover_clearing:
      if (stuck_) {  // no other error is of the kind that it helps with
        note("printer: buffers cleared after the knife's jam");
        clear();
      }
      return;
    default:
      return;
  }
}

/// DLE EOT: of the idle answer 12h, b1 and b4 are fixed.
void PaperPrinter::ask(std::uint8_t n) {
  if (n == 0x14 && traits_.speaks == Speaks::custom) {
    tell(Answers::real_time, custom());
    return;
  }
  if (traits_.speaks != Speaks::dle_eot && traits_.speaks != Speaks::epson) {
    return;
  }
  const bool near = roll_ < 300;
  switch (n) {
    case 1:
      return tell(Answers::real_time, {bits({{true, 0x12}, {is_offline(), 0x08}})});
    case 2:
      return tell(Answers::real_time,
                  {bits({{true, 0x12}, {cover_open_, 0x04}, {paper_out_, 0x20}, {stuck_, 0x40}})});
    case 3:
      return tell(Answers::real_time, {bits({{true, 0x12}, {stuck_, 0x08}})});
    case 4:
      return tell(Answers::real_time, {bits({{true, 0x12}, {near, 0x0C}, {paper_out_, 0x60}})});
    default:
      return;
  }
}

// --- what goes out ---
void PaperPrinter::tell(Answers kind, Bytes bytes) {
  if (frozen_) {
    unsaid_.emplace_back(kind, std::move(bytes));
  } else if (kind == Answers::id && !host_) {
    kept_id_ = traits_.keeps_id ? std::move(bytes) : Bytes();
  } else {
    answer_(kind, std::move(bytes));
  }
}

Bytes PaperPrinter::automatic() const {
  return {bits({{true, 0x10}, {is_offline(), 0x08}, {cover_open_, 0x20}}), bits({{stuck_, 0x08}}),
          paper_bits(), 0x00};
}

/// Of ASB's third byte and of GS r 1: 03 near the end, 0C at it.
std::uint8_t PaperPrinter::paper_bits() const {
  return bits({{roll_ < 300, 0x03}, {paper_out_, 0x0C}});
}

/// Custom's FULL status: paper, user, recoverable, unrecoverable.
Bytes PaperPrinter::custom() const {
  const bool in_outlet = std::any_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) {
    return piece.where == Piece::Where::in_outlet;
  });
  return {0x10,
          0x0F,
          bits({{paper_out_, 0x01}, {roll_ < 300, 0x04}, {in_outlet, 0x20}}),
          bits({{cover_open_, 0x02}, {moving_.pending(), 0x08}}),
          0x00,
          bits({{stuck_, 0x01}})};
}

void PaperPrinter::changed() {
  if (automatic_on_ != 0 && automatic() != last_automatic_) {
    last_automatic_ = automatic();
    tell(Answers::automatic, last_automatic_);
  }
  if (offline_told_ && is_offline() && !was_offline_) {
    tell(Answers::other, {0x37, 0x23, 0x00});
  }
  was_offline_ = is_offline();
}

// --- in order ---
void PaperPrinter::go_on() {
  while (on_ && !frozen_ && !is_offline() && !moving_.pending() && left_ == 0 && knife_ == Knife::rests) {
    const auto length = command_length(buffer_);
    if (length == 0) {
      return;
    }
    const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(length);
    const Bytes command(buffer_.begin(), end);
    buffer_.erase(buffer_.begin(), end);
    const auto begins_real_time = [](std::uint8_t a, std::uint8_t b) {
      return a == 0x10 && (b == 0x04 || b == 0x05 || b == 0x14);
    };
    const bool holds =
        std::adjacent_find(command.begin() + 1, command.end(), begins_real_time) != command.end() ||
        (command.size() > 1 && command.back() == 0x10 && !buffer_.empty() &&
         begins_real_time(0x10, buffer_.front()));
    eaten_ += whole_ && command[0] != 0x10 && holds ? 1 : 0;
    obey(command);
  }
}

void PaperPrinter::obey(const Bytes& command) {
  switch (command[0]) {
    case 0x0A:
      line(std::max(line_dots, std::int64_t{24} * text_scale_ + (text_scale_ > 1 ? 6 : 0)));
      return;
    case 0x1B:
      obey_esc(command);
      return;
    case 0x1D:
      obey_gs(command);
      return;
    case 0x10:
    case 0x1C:
      return;
    default:
      text_scale_ = text_.empty() ? scale_ : text_scale_;
      text_.append(command.begin(), command.end());
  }
}

void PaperPrinter::obey_esc(const Bytes& command) {
  switch (command[1]) {
    case '@':
      text_.clear();
      scale_ = text_scale_ = 1;
      return;
    case 'J':
    case 'd':
      left_ = std::int64_t{command[2]} * (command[1] == 'd' ? line_dots : 1);
      move();
      return;
    case 'i':
    case 'm':
      strike();
      return;
    case 'v':
      tell(Answers::in_order, {paper_bits()});
      return;
    default:
      return;
  }
}

void PaperPrinter::obey_gs(const Bytes& command) {
  switch (command[1]) {
    case '!':
      scale_ = (command[2] & 7) + 1;
      return;
    case 'V':
      if (text_.empty()) {  // effective at the start of a line only
        knife_ = Knife::waits;
        left_ = command.size() == 4 ? traits_.head_to_knife + command[3] : 0;
        move();
      }
      return;
    case 'r':
      tell(Answers::in_order, {command[2] == 1 || command[2] == 49 ? paper_bits() : std::uint8_t{0}});
      return;
    case 'a':
      automatic_on_ = traits_.speaks == Speaks::epson ? command[2] : 0;
      last_automatic_.clear();
      changed();
      return;
    case 'I':
      inform(command[2]);
      return;
    case 'v':
      line((command[6] + command[7] * 256) * ((command[3] & 2) != 0 ? 2 : 1));
      return;
    case 'e':
      for (auto& piece : pieces_) {
        if (command[2] == 2 && piece.where == Piece::Where::in_outlet) {
          piece.where = Piece::Where::retracted;
          note("printer: ticket retracted");
        }
      }
      return;
    default:
      obey_function(command);
  }
}

void PaperPrinter::obey_function(const Bytes& command) {
  const bool is_long = command[1] == '8';
  if ((command[1] != '(' && !is_long) || command.size() < 7) {
    return;
  }
  const std::size_t at = is_long ? 7 : 5;
  const auto family = command[2];
  const auto function = command.size() > at + 1 ? command[at + 1] : 0;
  if (family == 'H' && function == 0x30 && command.size() == 11 && traits_.process_id) {
    tell(Answers::id, {0x37, 0x22, command[7], command[8], command[9], command[10], 0x00});
  } else if (family == 'H' && function == 0x31 && command.size() == 8 && traits_.process_id) {
    offline_told_ = command[7] != 0;
  } else if (family == 'k' && function == 0x51) {
    line(200);  // about as high as a ticket's symbol
  } else if (family == 'L' && function == 0x70 && command.size() > at + 10) {
    picture_ = command[at + 8] + command[at + 9] * 256;
  } else if (family == 'L' && (function == 0x32 || function == 0x02) && picture_ > 0) {
    line(picture_);
  }
}

void PaperPrinter::inform(std::uint8_t n) {
  tell(Answers::other, n < 65 ? Bytes{0x02} : Bytes{0x5F, 'P', 'R', 'O', 'O', 'F', 0x00});
}

// --- paper ---
void PaperPrinter::line(std::int64_t height) {
  in_line_ = true;
  spoiled_ = false;
  height_ = left_ = height;
  move();
}

void PaperPrinter::move() {
  leg_ = std::min(left_, roll_);
  leg_began_ = executor_.now();
  moving_.start(nanoseconds(std::int64_t{1'000'000'000} * leg_ / traits_.dots_per_s), [this] { moved(); });
}

void PaperPrinter::moved() {
  dots_ += leg_;
  roll_ -= leg_;
  left_ -= std::exchange(leg_, 0);
  if (roll_ == 0 && !paper_out_) {
    note("printer: paper out");
    paper_out_ = true;
    changed();
  }
  if (left_ > 0) {
    return;  // goes on when there is paper
  }
  if (in_line_) {
    close_line();
  }
  if (knife_ == Knife::waits) {
    strike();
  } else {
    go_on();
  }
}

/// Whatever moves stands still; what was printed of the line stays so.
void PaperPrinter::stop_moving() {
  if (!moving_.pending() || knife_ == Knife::runs) {
    return;
  }
  moving_.cancel();
  const auto ns = (executor_.now() - leg_began_).count();
  const auto done = std::min(leg_, ns * traits_.dots_per_s / 1'000'000'000);
  dots_ += done;
  roll_ -= done;
  left_ -= done;
  leg_ = 0;
}

void PaperPrinter::close_line() {
  in_line_ = false;
  if (!text_.empty() || spoiled_) {
    hanging_.lines.push_back({text_, text_scale_, spoiled_});
  }
  text_.clear();
  text_scale_ = scale_;
}

void PaperPrinter::strike() {
  if (jams_) {
    note("printer: the knife jams");
    jams_ = false;
    stuck_ = true;
    knife_ = Knife::waits;
    changed();
    return;
  }
  knife_ = Knife::runs;
  moving_.start(traits_.cut, [this] {
    knife_ = Knife::rests;
    give_out(true);
    go_on();
  });
}

void PaperPrinter::give_out(bool cut) {
  if (hanging_.lines.empty()) {
    return;
  }
  auto piece = std::exchange(hanging_, {});
  piece.cut = cut;
  if (traits_.presenter && cut) {
    for (auto& older : pieces_) {  // pushed out by the next one
      older.where = older.where == Piece::Where::in_outlet ? Piece::Where::out : older.where;
    }
    piece.where = Piece::Where::in_outlet;
  }
  pieces_.push_back(std::move(piece));
  cut_off(pieces_.size() - 1);
}

void PaperPrinter::clear() {
  buffer_.clear();
  stop_moving();
  if (in_line_) {
    spoiled_ = true;
    close_line();
  }
  left_ = 0;
  text_.clear();
  knife_ = knife_ == Knife::runs ? Knife::runs : Knife::rests;
}

// --- the world ---
void PaperPrinter::paper_ends_after(std::int64_t dots) {
  const bool moves = moving_.pending() && knife_ != Knife::runs;
  stop_moving();
  roll_ = paper_out_ ? roll_ : dots;
  if (moves) {
    move();
  }
}

void PaperPrinter::reload() {
  roll_ = endless;
  if (!paper_out_) {
    return;
  }
  if (in_line_ && left_ < height_) {
    hanging_.lines.push_back({text_, text_scale_, true});
    spoiled_ = !traits_.begins_line_again;
    left_ = traits_.begins_line_again ? height_ : left_;
  }
  give_out(false);
  note("printer: new paper");
  paper_out_ = false;
  changed();
  executor_.after(recovers, [this] { resume(); });
}

void PaperPrinter::cover(bool open) {
  if (open) {
    stop_moving();
    spoiled_ = spoiled_ || (in_line_ && left_ < height_);
  }
  note(open ? "printer: cover open" : "printer: cover closed");
  cover_open_ = open;
  changed();
  if (!open) {
    executor_.after(recovers, [this] { resume(); });
  }
}

void PaperPrinter::free_knife() {
  jams_ = false;
  if (std::exchange(stuck_, false)) {
    note("printer: the knife is free");
    changed();
    executor_.after(recovers, [this] { resume(); });
  }
}

void PaperPrinter::resume() {
  if (!on_ || frozen_ || is_offline() || moving_.pending()) {
    return;
  }
  if (left_ > 0) {
    move();
  } else if (knife_ == Knife::waits) {
    strike();
  } else {
    go_on();
  }
}

void PaperPrinter::freeze(bool frozen) {
  frozen_ = frozen;
  note(frozen ? "printer: hangs" : "printer: goes on");
  if (!frozen) {
    for (auto& [kind, bytes] : std::exchange(unsaid_, {})) {
      tell(kind, std::move(bytes));
    }
    resume();
  }
}

void PaperPrinter::power_cycle() {
  note("printer: power off");
  if (knife_ == Knife::runs) {  // it did not get through
    moving_.cancel();
    knife_ = Knife::rests;
  }
  clear();
  on_ = frozen_ = false;
  whole_ = false;
  ear_ = {};
  unsaid_.clear();
  kept_id_.clear();
  automatic_on_ = 0;
  offline_told_ = false;
  scale_ = text_scale_ = 1;
  picture_ = 0;
  booting_.start(traits_.boot, [this] {
    note("printer: power on");
    on_ = true;
  });
}

void PaperPrinter::take_ticket() {
  for (auto& piece : pieces_) {
    if (piece.where == Piece::Where::in_outlet) {
      piece.where = Piece::Where::taken;
      note("printer: ticket taken");
    }
  }
  changed();
}

}  // namespace lobby::proof
