#include "tests/sim/printer_model.hpp"

#include <algorithm>

namespace lobby::sim {

void PrinterModel::receive(std::span<const std::uint8_t> bytes, TimePoint now) {
  counts_.bytes += bytes.size();
  if (queue_.empty()) {
    busy_until_ = std::max(busy_until_, now);
  }
  std::vector<EscposToken> tokens;
  for (const std::uint8_t byte : bytes) {
    tokens_.feed(byte, tokens);
    for (EscposToken& token : tokens) {
      if (token.kind == EscposToken::Kind::real_time) {
        real_time(token, now);
      } else if (queued_ + token.size <= std::max(shape_.buffer, EscposTokens::max_command)) {
        // One long image may stand alone; for all else the buffer's size holds, see room().
        queued_ += token.size;
        queue_.push_back(std::move(token));
      } else {
        counts_.lost += token.size;
      }
    }
    tokens.clear();
  }
  advance(now);
}

std::size_t PrinterModel::room() const {
  return faults_.has(Fault::freeze) || queued_ >= shape_.buffer ? 0 : shape_.buffer - queued_;
}

bool PrinterModel::is_stopped() const {
  return stuck_ || faults_.has(Fault::paper_out) || faults_.has(Fault::cover_open) ||
         faults_.has(Fault::freeze);
}

void PrinterModel::advance(TimePoint now) {
  while (!queue_.empty() && !is_stopped() && busy_until_ <= now) {
    // Work follows on work without a gap, even when nobody looked in between.
    const TimePoint start = busy_until_;
    const EscposToken token = std::move(queue_.front());
    queue_.pop_front();
    queued_ -= token.size;
    const bool cutting = token.code() == 0x1D56 || token.code() == 0x1B69 || token.code() == 0x1B6D;
    if (cutting && faults_.has(Fault::cutter) && line_.empty()) {
      stuck_ = true;
      queued_ += token.size;
      queue_.push_front(token);
      status_changed(now);
      return;
    }
    execute(token, start);
    if (faults_.has(Fault::lie)) {
      busy_until_ = start;
    }
  }
}

std::optional<TimePoint> PrinterModel::next(TimePoint now) const {
  std::optional<TimePoint> when;
  if (!queue_.empty() && !is_stopped()) {
    when = std::max(busy_until_, now);
  }
  if (!answers_.empty() && (!when || answers_.front().due < *when)) {
    when = answers_.front().due;
  }
  return when;
}

std::vector<std::uint8_t> PrinterModel::take_answers(TimePoint now) {
  std::vector<std::uint8_t> out;
  while (!answers_.empty() && answers_.front().due <= now) {
    const auto& bytes = answers_.front().bytes;
    out.insert(out.end(), bytes.begin(), bytes.end());
    answers_.pop_front();
  }
  return out;
}

void PrinterModel::inject(Fault fault, milliseconds slow_by, TimePoint now) {
  advance(now);
  if (fault == Fault::power_cycle) {
    drop_buffer();
    tokens_.reset();
    style_ = Style();
    answers_.clear();
    automatic_ = 0;
    stuck_ = false;
    ++counts_.resets;
    return;
  }
  faults_.add(fault, slow_by);
  status_changed(now);
}

void PrinterModel::clear(std::optional<Fault> fault, TimePoint now) {
  if (fault) {
    faults_.remove(*fault);
  } else {
    faults_.clear();
  }
  stuck_ = stuck_ && faults_.has(Fault::cutter);
  busy_until_ = std::max(busy_until_, now);
  status_changed(now);
  advance(now);
}

Sheet PrinterModel::hanging() const {
  return {head_, rows_};
}

std::string_view PrinterModel::state(TimePoint now) const {
  if (faults_.has(Fault::freeze)) {
    return "frozen";
  }
  if (faults_.has(Fault::cover_open)) {
    return "cover_open";
  }
  if (faults_.has(Fault::paper_out)) {
    return "paper_out";
  }
  if (stuck_) {
    return "cutter";
  }
  return queue_.empty() && busy_until_ <= now ? "idle" : "printing";
}

void PrinterModel::drop_buffer() {
  queue_.clear();
  queued_ = 0;
  line_.clear();
}

void PrinterModel::answer(std::vector<std::uint8_t> bytes, TimePoint now) {
  if (faults_.has(Fault::silent) || faults_.has(Fault::freeze)) {
    return;
  }
  if (faults_.has(Fault::garbage)) {
    for (std::uint8_t& byte : bytes) {
      noise_ = noise_ * 1664525U + 1013904223U;
      byte = static_cast<std::uint8_t>(noise_ >> 24);
    }
  }
  ++counts_.answers;
  const TimePoint due = now + faults_.slow_by();
  answers_.push_back({answers_.empty() ? due : std::max(due, answers_.back().due), std::move(bytes)});
}

void PrinterModel::status_changed(TimePoint now) {
  if (automatic_ != 0) {
    answer(automatic_status(), now);
  }
}

std::uint8_t PrinterModel::status(std::uint8_t n) const {
  const bool honest = !faults_.has(Fault::lie);
  const bool cover = honest && faults_.has(Fault::cover_open);
  const bool empty = honest && faults_.has(Fault::paper_out);
  const bool low = honest && (faults_.has(Fault::paper_low) || faults_.has(Fault::paper_out));
  const bool error = honest && stuck_;
  const bool away = cover || empty || error || (honest && faults_.has(Fault::refuse));
  unsigned bits = 0x12;
  switch (n) {
    case 1:
      bits |= away ? 0x08U : 0U;
      break;
    case 2:
      bits |= (cover ? 0x04U : 0U) | (empty ? 0x20U : 0U) | (error ? 0x40U : 0U);
      break;
    case 3:
      bits |= error ? 0x08U : 0U;
      break;
    default:
      bits |= (low ? 0x0CU : 0U) | (empty ? 0x60U : 0U);
      break;
  }
  return static_cast<std::uint8_t>(bits);
}

std::uint8_t PrinterModel::paper_byte() const {
  const bool honest = !faults_.has(Fault::lie);
  const bool empty = honest && faults_.has(Fault::paper_out);
  const bool low = honest && faults_.has(Fault::paper_low);
  return static_cast<std::uint8_t>((low || empty ? 0x03U : 0U) | (empty ? 0x0CU : 0U));
}

std::vector<std::uint8_t> PrinterModel::automatic_status() const {
  const unsigned away = status(1) & 0x08U;
  const unsigned cover = (status(2) & 0x04U) != 0 ? 0x20U : 0U;
  return {static_cast<std::uint8_t>(0x10U | away | cover), static_cast<std::uint8_t>(status(3) & 0x08U),
          paper_byte(), 0x00};
}

void PrinterModel::real_time(const EscposToken& token, TimePoint now) {
  const std::uint8_t n = token.byte(2);
  if (token.code() == 0x1004 && n >= 1 && n <= 4) {
    answer({status(n)}, now);
  } else if (token.code() == 0x1005 && (n == 1 || n == 2) && stuck_) {
    if (n == 2) {
      drop_buffer();
    }
    stuck_ = false;  // tries again; a knife that is still broken sticks at the next cut
    busy_until_ = std::max(busy_until_, now);
  } else if (token.code() == 0x1014 && n == 8) {
    drop_buffer();
    stuck_ = false;
    busy_until_ = std::max(busy_until_, now);
    answer({0x37, 0x25, 0x00}, now);
  }
}

}  // namespace lobby::sim
