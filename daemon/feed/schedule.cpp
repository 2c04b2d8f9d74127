#include "daemon/feed/schedule.hpp"

#include <algorithm>

namespace lobby::feed {

Schedule::Step Schedule::next() const {
  const auto first =
      std::min_element(resources_.begin(), resources_.end(),
                       [](const Resource& a, const Resource& b) { return a.due_ms < b.due_ms; });
  const Step pull{Step::Kind::pull, static_cast<std::size_t>(first - resources_.begin()),
                  std::max(first->due_ms, held_until_ms_)};
  const auto known =
      std::find_if(resources_.begin(), resources_.end(), [](const Resource& one) { return one.good; });
  if (known == resources_.end() || pull.at_ms <= quiet_until_ms_) {
    return pull;
  }
  return {Step::Kind::beat, static_cast<std::size_t>(known - resources_.begin()), quiet_until_ms_};
}

void Schedule::good(std::size_t resource, std::int64_t now_ms, std::int64_t at_ms) {
  resources_[resource] = {at_ms, true};
  quiet_until_ms_ = now_ms + interval_ms_;
}

void Schedule::failed(std::size_t resource, std::int64_t now_ms, std::int64_t at_ms, bool all) {
  resources_[resource] = {at_ms, false};
  if (all) {
    held_until_ms_ = at_ms;
  }
  // lobbyd was told how long nothing will be heard.
  quiet_until_ms_ = std::max(at_ms, now_ms + interval_ms_);
}

}  // namespace lobby::feed
