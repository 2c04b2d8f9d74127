#include "tests/sim/board_card.hpp"

#include <algorithm>

namespace lobby::sim {

display::Colour on_glass(display::Colour told, BoardColour board) {
  if (board == BoardColour::full) {
    return told;
  }
  if (board == BoardColour::dual) {
    return {told.red, told.green, 0};
  }
  return {std::max({told.red, told.green, told.blue}), 0, 0};
}

std::vector<Bytes> BoardCard::feed(std::span<const std::uint8_t> bytes, TimePoint now) {
  work_off(now);
  counts_.bytes += bytes.size();
  if (is_booting(now)) {
    refuse("booting");
  } else {
    hear(bytes, now);
  }
  return advance(now);
}

std::vector<Bytes> BoardCard::advance(TimePoint now) {
  work_off(now);
  return std::exchange(answers_, {});
}

std::optional<TimePoint> BoardCard::next() const {
  std::optional<TimePoint> first = next_own();
  if (!waiting_.empty() && (!first || waiting_.front().first < *first)) {
    first = waiting_.front().first;
  }
  return first;
}

display::Picture BoardCard::pixels(TimePoint now) {
  work_off(now);
  return is_booting(now) ? display::Picture(shape_.width, shape_.height) : draw(now);
}

void BoardCard::power_cycle(TimePoint now) {
  waiting_.clear();
  answers_.clear();
  busy_until_ = now;
  boots_until_ = now + shape_.boot;
  hang_up();
  forget();
}

void BoardCard::enqueue(Bytes frame, TimePoint now) {
  busy_until_ = std::max(busy_until_, now) + shape_.processing;
  waiting_.emplace_back(busy_until_, std::move(frame));
}

void BoardCard::take(TimePoint now) {
  ++counts_.frames;
  counts_.last_frame = now;
}

void BoardCard::refuse(std::string_view reason) {
  const auto found = counts_.refused.find(reason);
  if (found != counts_.refused.end()) {
    ++found->second;
  } else {
    counts_.refused.emplace(reason, 1);
  }
}

void BoardCard::flip(bool is_mixed) {
  ++counts_.flips;
  counts_.mixed += is_mixed ? 1 : 0;
}

void BoardCard::work_off(TimePoint now) {
  for (auto due = next(); due && *due <= now; due = next()) {
    if (!waiting_.empty() && waiting_.front().first == *due) {
      const Bytes frame = std::move(waiting_.front().second);
      waiting_.pop_front();
      carry_out(frame, *due);
    } else {
      happen(*due);
    }
  }
}

}  // namespace lobby::sim
