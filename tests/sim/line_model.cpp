#include "tests/sim/line_model.hpp"

#include <algorithm>

namespace lobby::sim {
namespace {

/// What a receiver makes of two drivers that hold a pair of wires at different levels.
std::uint8_t mixed(std::uint8_t a, std::uint8_t b) {
  return a == b ? a : static_cast<std::uint8_t>(a ^ b ^ 0xA5);
}

}  // namespace

LineModel::Turn* LineModel::open_turn(Talker who, TimePoint from) {
  const auto last = std::find_if(turns_.rbegin(), turns_.rend(), [&](const Turn& t) { return t.who == who; });
  if (last != turns_.rend() && from <= end_of(*last)) {
    return &*last;
  }
  if (turns_.size() >= most_turns) {
    return nullptr;
  }
  const bool first_of_frame = who == host && last == turns_.rend() && frame_.empty();
  if (first_of_frame && from < quiet_since_ + pace_.characters(3) / 2) {
    ++counts_.short_silences;
  }
  const auto behind =
      std::find_if(turns_.begin(), turns_.end(), [&](const Turn& turn) { return turn.start > from; });
  return &*turns_.insert(behind, Turn{who, from, {}, 0, 0});
}

void LineModel::speak(Talker who, std::span<const std::uint8_t> bytes, TimePoint from) {
  if (bytes.empty()) {
    return;
  }
  Turn* const turn = open_turn(who, from);
  if (turn == nullptr) {
    return;
  }
  counts_.busy += pace_.characters(bytes.size());
  const std::size_t before = turn->bytes.size();
  const std::size_t room = longest - std::min(longest, before);
  turn->bytes.insert(turn->bytes.end(), bytes.begin(),
                     bytes.begin() + static_cast<std::ptrdiff_t>(std::min(room, bytes.size())));
  collide(*turn, before);
}

void LineModel::collide(Turn& turn, std::size_t first) {
  bool any = false;
  for (Turn& other : turns_) {
    any = (&other != &turn && mix(turn, first, other)) || any;
  }
  counts_.collisions += any ? 1 : 0;
}

/// The bytes of `turn` from `first` on against those of `other` that pass at the same time.
bool LineModel::mix(Turn& turn, std::size_t first, Turn& other) const {
  const auto character = pace_.character();
  bool any = false;
  for (std::size_t i = first; i < turn.bytes.size(); ++i) {
    const auto behind = turn.start + pace_.characters(i) - other.start + character / 2;
    const auto at = behind / character - (behind < nanoseconds(0) ? 1 : 0);
    if (at < 0 || at >= static_cast<std::ptrdiff_t>(other.bytes.size())) {
      continue;
    }
    const auto j = static_cast<std::size_t>(at);
    any = true;
    const std::uint8_t both = mixed(turn.bytes[i], other.bytes[j]);
    turn.bytes[i] = other.bytes[j] = both;
    if (turn.who != host && other.who != host) {
      // The host hears one byte for the two.
      Turn& later = turn.start < other.start ? other : turn;
      later.hidden = std::max(later.hidden, (&later == &turn ? i : j) + 1);
    }
  }
  return any;
}

std::optional<LineModel::Said> LineModel::take_said(TimePoint now) {
  auto first = turns_.end();
  for (auto turn = turns_.begin(); turn != turns_.end(); ++turn) {
    const bool over = end_of(*turn) <= now && (turn->who == host || turn->given == turn->bytes.size());
    if (over && (first == turns_.end() || end_of(*turn) < end_of(*first))) {
      first = turn;
    }
  }
  if (first == turns_.end()) {
    return std::nullopt;
  }
  const TimePoint end = end_of(*first);
  Said said{first->who, std::move(first->bytes)};
  turns_.erase(first);
  if (said.who == host) {
    const std::size_t room = longest - std::min(longest, frame_.size());
    frame_.insert(frame_.end(), said.bytes.begin(),
                  said.bytes.begin() + static_cast<std::ptrdiff_t>(std::min(room, said.bytes.size())));
    frame_end_ = end;
  } else {
    quiet_since_ = std::max(quiet_since_, end);
  }
  return said;
}

std::optional<Bytes> LineModel::take_frame(TimePoint now) {
  const bool speaks =
      std::any_of(turns_.begin(), turns_.end(), [](const Turn& turn) { return turn.who == host; });
  if (frame_.empty() || speaks || now < frame_end_ + pace_.silence()) {
    return std::nullopt;
  }
  ++counts_.frames;
  answer_at_ = frame_end_ + pace_.silence();
  return std::exchange(frame_, {});
}

TimePoint LineModel::next_portion(const Turn& turn) const {
  const std::size_t given = std::max(turn.given, turn.hidden);
  return turn.start + pace_.characters(std::min(given + portion, turn.bytes.size()));
}

Bytes LineModel::take_sent(TimePoint now) {
  Bytes out;
  for (Turn& turn : turns_) {
    if (turn.who == host) {
      continue;
    }
    turn.given = std::max(turn.given, turn.hidden);
    while (turn.given < turn.bytes.size() && now >= next_portion(turn)) {
      const std::size_t end = std::min(turn.given + portion, turn.bytes.size());
      out.insert(out.end(), turn.bytes.begin() + static_cast<std::ptrdiff_t>(turn.given),
                 turn.bytes.begin() + static_cast<std::ptrdiff_t>(end));
      turn.given = end;
    }
  }
  return out;
}

std::optional<TimePoint> LineModel::next() const {
  std::optional<TimePoint> first;
  const auto consider = [&](TimePoint at) { first = first ? std::min(*first, at) : at; };
  bool speaks = false;
  for (const Turn& turn : turns_) {
    speaks = speaks || turn.who == host;
    consider(turn.who == host ? end_of(turn) : next_portion(turn));
  }
  if (!frame_.empty() && !speaks) {
    consider(frame_end_ + pace_.silence());
  }
  return first;
}

void LineModel::reset() {
  const Counts counts = counts_;
  *this = LineModel(pace_);
  counts_ = counts;
}

}  // namespace lobby::sim
