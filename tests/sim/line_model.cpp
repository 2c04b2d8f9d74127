#include <algorithm>

#include "tests/sim/line.hpp"

namespace lobby::sim {

void LineModel::host_wrote(std::span<const std::uint8_t> bytes, TimePoint now) {
  if (bytes.empty()) {
    return;
  }
  counts_.busy += pace_.characters(bytes.size());
  if (!answer_.empty()) {
    // Two drivers on one pair: nobody understands either of them.
    ++counts_.collisions;
    for (std::size_t i = sent_; i < answer_.size(); ++i) {
      answer_[i] = static_cast<std::uint8_t>(answer_[i] ^ bytes[i % bytes.size()] ^ 0xA5);
    }
    return;
  }
  if (frame_.empty()) {
    counts_.short_silences += now < quiet_since_ + pace_.characters(3) / 2 ? 1 : 0;
    frame_end_ = now;
  }
  frame_end_ = std::max(frame_end_, now) + pace_.characters(bytes.size());
  constexpr std::size_t longest = 1024;  // more can be no frame: it is kept as one, and refused by its CRC
  const std::size_t room = longest - std::min(longest, frame_.size());
  frame_.insert(frame_.end(), bytes.begin(),
                bytes.begin() + static_cast<std::ptrdiff_t>(std::min(room, bytes.size())));
}

std::optional<Bytes> LineModel::take_frame(TimePoint now) {
  if (frame_.empty() || now < frame_end_ + pace_.silence()) {
    return std::nullopt;
  }
  ++counts_.frames;
  return std::exchange(frame_, {});
}

void LineModel::send(Bytes answer, nanoseconds after) {
  answer_ = std::move(answer);
  sent_ = 0;
  answer_start_ = frame_end_ + pace_.silence() + after;
  counts_.busy += pace_.characters(answer_.size());
}

Bytes LineModel::take_sent(TimePoint now) {
  Bytes out;
  while (sent_ < answer_.size()) {
    const std::size_t end = std::min(sent_ + portion, answer_.size());
    if (now < answer_start_ + pace_.characters(end)) {
      return out;
    }
    out.insert(out.end(), answer_.begin() + static_cast<std::ptrdiff_t>(sent_),
               answer_.begin() + static_cast<std::ptrdiff_t>(end));
    sent_ = end;
  }
  if (!answer_.empty()) {
    quiet_since_ = answer_start_ + pace_.characters(answer_.size());
    answer_.clear();
    sent_ = 0;
  }
  return out;
}

std::optional<TimePoint> LineModel::next() const {
  if (!answer_.empty()) {
    return answer_start_ + pace_.characters(std::min(sent_ + portion, answer_.size()));
  }
  if (!frame_.empty()) {
    return frame_end_ + pace_.silence();
  }
  return std::nullopt;
}

void LineModel::reset() {
  const Counts counts = counts_;
  *this = LineModel(pace_);
  counts_ = counts;
}

}  // namespace lobby::sim
