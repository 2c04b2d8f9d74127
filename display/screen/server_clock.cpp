#include "display/screen/server_clock.hpp"

#include <algorithm>

namespace lobby::display {
namespace {

/// So much two quartz clocks may drift apart, one million-th parts; more than they do.
constexpr std::int64_t drift_ppm = 100;
/// The steady clock is walked towards the server's by a hundredth of the time.
constexpr std::int64_t walk_part = 100;
/// Beyond its doubt and so much, an answer that disagrees means that the clock was set.
constexpr Instant set_from = std::chrono::milliseconds(100);

Instant grown(Instant doubt, Instant age) {
  return doubt + age * drift_ppm / 1'000'000;
}

}  // namespace

const ServerClock::Sample& ServerClock::surest(Instant local) const {
  return *std::min_element(samples_.begin(), samples_.end(), [local](const Sample& a, const Sample& b) {
    return grown(a.doubt, local - a.local) < grown(b.doubt, local - b.local);
  });
}

void ServerClock::heard(Instant asked, Instant answered, Instant server) {
  const Instant doubt = (answered - asked) / 2;
  const Sample sample{answered, server - (asked + doubt), doubt};
  const bool is_first = samples_.empty();
  bool is_set = is_first;
  if (!is_first) {
    const Sample& best = surest(answered);
    const Instant apart = std::chrono::abs(sample.offset - best.offset);
    is_set = apart > grown(best.doubt, answered - best.local) + doubt + set_from;
  }
  from_ = offset(answered);
  since_ = answered;
  if (is_set) {
    samples_.clear();
    from_ = sample.offset;
    times_set_ += is_first ? 0 : 1;
  }
  samples_.push_back(sample);
  if (samples_.size() > kept) {
    samples_.pop_front();
  }
  to_ = surest(answered).offset;
}

Instant ServerClock::offset(Instant local) const {
  const Instant most = std::max(Instant{}, local - since_) / walk_part;
  return from_ + std::clamp(to_ - from_, -most, most);
}

}  // namespace lobby::display
