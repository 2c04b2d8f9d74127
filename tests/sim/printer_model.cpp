#include "tests/sim/printer_model.hpp"

#include <algorithm>

// What the printer is in time: reception, motion, faults. Its commands are in printer_work.cpp, what it says
// of itself in printer_answers.cpp.
namespace lobby::sim {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint8_t xon = 0x11;
constexpr std::uint8_t xoff = 0x13;
constexpr std::int64_t second_ns = 1'000'000'000;

bool stops_motion(Fault fault) {
  switch (fault) {
    case Fault::paper_out:
    case Fault::cover_open:
    case Fault::freeze:
    case Fault::jam:
    case Fault::hot:
    case Fault::broken:
      return true;
    default:
      return false;
  }
}

}  // namespace

PrinterModel::PrinterModel(Shape shape) : shape_(std::move(shape)), paper_(shape_.head_to_cutter) {
  if (shape_.dialect.reports_unasked()) {
    automatic_ = 0xFF;
    reported_ = automatic_frame();
  }
}

// --- reception ---

void PrinterModel::receive(std::span<const std::uint8_t> bytes, TimePoint now) {
  advance(now);
  counts_.bytes += bytes.size();
  for (const std::uint8_t byte : bytes) {
    const bool hangs = faults_.has(Fault::freeze);
    if (booting_until_ || now < clearing_until_ || (hangs && deaf_.size() >= shape_.buffer)) {
      ++counts_.lost;
    } else if (hangs) {
      deaf_.push_back(byte);
    } else {
      take_in(byte, now);
      run(now);
    }
  }
}

/// A real-time command takes no room in the buffer, so that it is also heard when that is full; one that
/// stands in a command's data stays there as data.
void PrinterModel::take_in(std::uint8_t byte, TimePoint now) {
  heard_.feed(byte, scratch_);
  const std::vector<EscposToken> tokens = std::exchange(scratch_, {});
  const std::uint64_t clears = counts_.clears;
  bool alone = false;
  for (const EscposToken& token : tokens) {
    if (token.kind == EscposToken::Kind::real_time) {
      alone = alone || token.size > 0;
      real_time(token, now);
    }
  }
  if (alone || counts_.clears != clears) {
    held_.clear();
    return;
  }
  held_.push_back(byte);
  if (!heard_.is_in_real_time()) {
    for (const std::uint8_t each : std::exchange(held_, {})) {
      store(each, now);
    }
  }
}

void PrinterModel::store(std::uint8_t byte, TimePoint now) {
  if (buffer_.size() >= shape_.buffer) {
    ++counts_.lost;
    return;
  }
  buffer_.push_back(byte);
  if (shape_.flow_bytes && !held_off_ && shape_.buffer - buffer_.size() <= shape_.full_at) {
    held_off_ = true;
    say_flow(xoff, now);
  }
}

std::size_t PrinterModel::room() const {
  return faults_.has(Fault::freeze) || booting_until_ ? 0 : shape_.buffer - buffer_.size();
}

void PrinterModel::drop_buffers(TimePoint now) {
  pause(now);
  buffer_.clear();
  held_.clear();
  heard_.drop_begun();
  tokens_.drop_begun();
  moves_.clear();
  line_.clear();
  clock_ = std::max(clock_, now);
  if (held_off_) {
    held_off_ = false;
    say_flow(xon, now);
  }
}

// --- the machine ---

bool PrinterModel::is_stopped() const {
  constexpr std::array<Fault, 6> stops{Fault::paper_out, Fault::cover_open, Fault::freeze,
                                       Fault::jam,       Fault::hot,        Fault::broken};
  return stuck_ || booting_until_ ||
         std::any_of(stops.begin(), stops.end(), [&](Fault fault) { return faults_.has(fault); });
}

void PrinterModel::advance(TimePoint now) {
  // What people and the outlet's clock do to a ticket stands between what the machine does.
  for (;;) {
    const auto taken = faults_.has(Fault::untaken) ? std::nullopt : outlet_.taken_at(shape_.taken_after);
    const auto back = outlet_.retracts_at();
    const bool is_back = back && (!taken || *back < *taken);
    const auto first = is_back ? back : taken;
    if (!first || *first > now) {
      break;
    }
    run(*first);
    if (is_back) {
      outlet_.retract(paper_);
    } else {
      outlet_.take(paper_);
    }
    note_status(*first);
  }
  run(now);
}

void PrinterModel::run(TimePoint now) {
  if (booting_until_ && now >= *booting_until_) {
    boot(*booting_until_);
  }
  if (paper_.is_out() && !faults_.has(Fault::paper_out)) {
    faults_.add(Fault::paper_out);
    note_status(now);
  }
  while (!is_stopped()) {
    if (!moves_.empty()) {
      if (!work_on(now)) {
        return;
      }
    } else if (!buffer_.empty()) {
      next_byte();
    } else {
      if (std::exchange(printing_, false)) {
        note_status(clock_);
      }
      break;
    }
  }
  clock_ = std::max(clock_, now);
}

void PrinterModel::next_byte() {
  const std::uint8_t byte = buffer_.front();
  buffer_.pop_front();
  if (held_off_ && shape_.buffer - buffer_.size() >= shape_.released_at) {
    held_off_ = false;
    say_flow(xon, clock_);
  }
  std::vector<EscposToken> tokens;
  tokens_.feed(byte, tokens);
  for (const EscposToken& token : tokens) {
    execute(token);
  }
}

int PrinterModel::reach_of(const Move& move) const {
  const int wanted = move.row.height - move.done;
  return paper_.left() ? std::clamp(*paper_.left(), 0, wanted) : wanted;
}

TimePoint PrinterModel::end_of(const Move& move) const {
  const nanoseconds rows(reach_of(move) * second_ns / shape_.dots_per_second);
  const nanoseconds pace = move.kind == Move::Kind::paper ? rows : nanoseconds(move.time);
  return move.began.value_or(clock_) + pace + faults_.slow_by() / 10;
}

/// The first move, as far as it gets. false: it goes on beyond `now`.
bool PrinterModel::work_on(TimePoint now) {
  Move& move = moves_.front();
  if (move.kind == Move::Kind::knife && faults_.has(Fault::cutter)) {
    stuck_ = true;
    note_status(clock_);
    return true;
  }
  move.began = move.began.value_or(clock_);
  if (!std::exchange(printing_, true)) {
    note_status(clock_);
  }
  const TimePoint end = end_of(move);
  if (now < end) {
    return false;
  }
  if (move.kind == Move::Kind::paper) {
    const int reach = reach_of(move);
    paper_.pass(move.row, move.done, move.done + reach);
    move.done += reach;
    move.began.reset();
    clock_ = end;
    if (paper_.is_out()) {
      faults_.add(Fault::paper_out);
      note_status(clock_);
    }
    if (move.done < move.row.height) {
      return true;  // the rest waits for the next roll
    }
  }
  clock_ = end;
  finish_move();
  return true;
}

void PrinterModel::finish_move() {
  const Move move = std::move(moves_.front());
  moves_.pop_front();
  switch (move.kind) {
    case Move::Kind::paper:
      return;
    case Move::Kind::knife:
      if (const auto sheet = paper_.cut(); sheet && shape_.dialect.presenter) {
        outlet_.receive(*sheet, shape_.dialect.present.empty(), clock_, paper_);
      }
      break;
    case Move::Kind::present:
      outlet_.present(clock_, paper_);
      break;
    case Move::Kind::retract:
      outlet_.retract(paper_);
      break;
  }
  note_status(clock_);
}

/// Motion stops here: what has passed the head by now is on the paper, the rest of the row is not.
void PrinterModel::pause(TimePoint now) {
  if (moves_.empty() || !moves_.front().began) {
    return;
  }
  Move& move = moves_.front();
  if (move.kind == Move::Kind::paper) {
    const auto since = std::chrono::duration_cast<nanoseconds>(now - *move.began).count();
    const auto passed = since * shape_.dots_per_second / second_ns;
    const int rows = static_cast<int>(std::clamp<std::int64_t>(passed, 0, reach_of(move)));
    paper_.pass(move.row, move.done, move.done + rows);
    move.done += rows;
  }
  move.began.reset();
  clock_ = std::max(clock_, now);
}

std::optional<TimePoint> PrinterModel::next(TimePoint now) const {
  std::optional<TimePoint> when;
  const auto consider = [&](std::optional<TimePoint> other) {
    when = when && (!other || *when < *other) ? when : other;
  };
  consider(booting_until_);
  if (!is_stopped() && !moves_.empty()) {
    consider(end_of(moves_.front()));
  } else if (!is_stopped() && !buffer_.empty()) {
    consider(now);
  }
  if (!answers_.empty()) {
    consider(answers_.front().due);
  }
  if (!faults_.has(Fault::untaken)) {
    consider(outlet_.taken_at(shape_.taken_after));
  }
  consider(outlet_.retracts_at());
  return when ? std::optional(std::max(*when, now)) : when;
}

// --- what happens to it ---

void PrinterModel::inject(Fault fault, milliseconds slow_by, TimePoint now) {
  advance(now);
  if (fault == Fault::power_cycle) {
    power_cycle(now);
    return;
  }
  if (stops_motion(fault)) {
    pause(now);
  }
  if (fault == Fault::paper_out) {
    paper_.set_left(0);
  }
  faults_.add(fault, slow_by);
  note_status(now);
}

void PrinterModel::power_cycle(TimePoint now) {
  pause(now);
  drop_buffers(now);
  heard_.reset();
  tokens_.reset();
  deaf_.clear();
  style_ = Style();
  symbol_ = Symbol();
  stored_ = display::Bitmap(0, 0);
  own_characters_.clear();
  answers_.clear();
  automatic_ = 0;
  full_mask_.reset();
  reported_.clear();
  offline_responses_ = 0;
  was_offline_ = false;
  printing_ = false;
  stuck_ = stuck_ && faults_.has(Fault::cutter);
  faults_.remove(Fault::broken);
  faults_.remove(Fault::freeze);
  clearing_until_ = now;
  booting_until_ = now + shape_.boot_time;
  ++counts_.resets;
}

void PrinterModel::boot(TimePoint now) {
  booting_until_.reset();
  clock_ = now;
  if (shape_.flow_bytes) {
    say_flow(xon, now);
  }
  if (shape_.dialect.reports_unasked()) {
    report_by_itself(0xFF, now);
  }
}

void PrinterModel::clear(std::optional<Fault> fault, TimePoint now) {
  advance(now);
  const auto goes = [&](Fault which) { return faults_.has(which) && (!fault || *fault == which); };
  const bool thaws = goes(Fault::freeze);
  if (goes(Fault::paper_out)) {
    paper_.load(std::nullopt);
  }
  if (fault) {
    faults_.remove(*fault);
  } else {
    faults_.clear();
  }
  // One that is told to recover waits for that; another goes on as soon as its knife is free.
  stuck_ = stuck_ && (shape_.dialect.recovers || faults_.has(Fault::cutter));
  clock_ = std::max(clock_, now);
  note_status(now);
  if (thaws) {
    for (const std::uint8_t byte : std::exchange(deaf_, {})) {
      take_in(byte, now);
      run(now);
    }
  }
  advance(now);
}

void PrinterModel::reload(std::optional<int> rows, TimePoint now) {
  advance(now);
  pause(now);
  paper_.load(rows);
  for (const Fault fault : {Fault::paper_out, Fault::paper_low, Fault::cover_open}) {
    faults_.remove(fault);
  }
  clock_ = std::max(clock_, now);
  note_status(now);
  advance(now);
}

bool PrinterModel::take(TimePoint now) {
  advance(now);
  const bool taken = outlet_.take(paper_);
  note_status(now);
  return taken;
}

std::string_view PrinterModel::state(TimePoint now) const {
  constexpr std::array<std::pair<Fault, std::string_view>, 6> words{{{Fault::freeze, "frozen"},
                                                                     {Fault::cover_open, "cover_open"},
                                                                     {Fault::paper_out, "paper_out"},
                                                                     {Fault::jam, "jam"},
                                                                     {Fault::hot, "hot"},
                                                                     {Fault::broken, "broken"}}};
  if (booting_until_ && now < *booting_until_) {
    return "booting";
  }
  for (const auto& [fault, word] : words) {
    if (faults_.has(fault)) {
      return word;
    }
  }
  return stuck_ ? "cutter" : moves_.empty() && buffer_.empty() ? "idle" : "printing";
}

}  // namespace lobby::sim
