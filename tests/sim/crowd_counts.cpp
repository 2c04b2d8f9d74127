#include "tests/sim/crowd_counts.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace lobby::sim {
namespace {

using What = CrowdCounts::What;

constexpr std::array<std::pair<What, std::string_view>, 11> names{{{What::arrived, "arrived"},
                                                                   {What::issued, "issued"},
                                                                   {What::retried, "retried"},
                                                                   {What::left, "left"},
                                                                   {What::called, "called"},
                                                                   {What::recalled, "recalled"},
                                                                   {What::started, "started"},
                                                                   {What::finished, "finished"},
                                                                   {What::no_show, "no_show"},
                                                                   {What::opened, "windows_opened"},
                                                                   {What::keys, "keys_pressed"}}};

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
  ++counts_[what];
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
  for (const auto& [what, name] : names) {
    const auto found = counts_.find(what);
    out[name] = found == counts_.end() ? 0 : found->second;
  }
  out["refused"] = object(refused_);
  out["clerk_refused"] = object(clerk_refused_);
  return out;
}

}  // namespace lobby::sim
