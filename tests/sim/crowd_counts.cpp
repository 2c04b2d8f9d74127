#include "tests/sim/crowd_counts.hpp"

namespace lobby::sim {
namespace {

/// In the order of the enumerators.
constexpr std::array<std::string_view, CrowdCounts::kinds> count_names{
    "arrived", "issued",     "retried",    "left",           "balked",       "preferred",   "green",
    "agents",  "packages",   "booked",     "checked_in",     "unused",       "asked_twice", "slips",
    "called",  "recalled",   "started",    "walk_ins",       "collected",    "finished",    "notified",
    "no_show", "reneged",    "reinstated", "held",           "resumed_held", "transferred", "paused",
    "resumed", "taken_over", "rated",      "windows_opened", "keys_pressed"};
static_assert(!count_names.back().empty(), "a name for each");

boost::json::object object(const std::map<std::string, std::uint64_t>& counts) {
  boost::json::object out;
  for (const auto& [code, count] : counts) {
    out[code] = count;
  }
  return out;
}

}  // namespace

void CrowdCounts::add(What what) {
  const std::lock_guard lock(mutex_);
  ++counts_.at(static_cast<std::size_t>(what));
}

void CrowdCounts::add_lane(const std::string& lane) {
  const std::lock_guard lock(mutex_);
  ++lanes_[lane];
}

void CrowdCounts::refuse(const std::string& code) {
  const std::lock_guard lock(mutex_);
  ++refused_[code];
}

void CrowdCounts::refuse_clerk(const std::string& code) {
  const std::lock_guard lock(mutex_);
  ++clerk_refused_[code];
}

boost::json::object CrowdCounts::describe() const {
  const std::lock_guard lock(mutex_);
  boost::json::object out;
  for (std::size_t i = 0; i < count_names.size(); ++i) {
    out[count_names.at(i)] = counts_.at(i);
  }
  out["lanes"] = object(lanes_);
  out["refused"] = object(refused_);
  out["clerk_refused"] = object(clerk_refused_);
  return out;
}

}  // namespace lobby::sim
