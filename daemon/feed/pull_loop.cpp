#include "daemon/feed/pull_loop.hpp"

#include <algorithm>
#include <utility>

namespace lobby::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

}  // namespace

std::vector<const Resource*> wanted_resources(const Settings& settings, const Mapping& mapping) {
  std::vector<const Resource*> out;
  for (const What what : settings.resources) {
    if (const Resource* resource = mapping.find(what)) {
      out.push_back(resource);
    }
  }
  if (settings.resources.empty()) {
    for (const Resource& resource : mapping.resources) {
      out.push_back(&resource);
    }
  }
  return out;
}

PullLoop::PullLoop(const Settings& settings, const Mapping& mapping, Source& source, Desk desk,
                   std::function<std::int64_t()> steady_ms, std::function<double()> jitter)
    : settings_(settings),
      source_(source),
      desk_(std::move(desk)),
      steady_ms_(std::move(steady_ms)),
      jitter_(std::move(jitter)),
      whole_(seconds(settings.interval_s)),
      schedule_(wanted_resources(settings, mapping).size(), std::int64_t{settings.interval_s} * 1000) {
  for (const Resource* resource : wanted_resources(settings, mapping)) {
    const seconds interval(resource->interval_s != 0 ? resource->interval_s : settings.interval_s);
    entries_.push_back({resource, Retry(interval), 0, {}});
  }
}

milliseconds PullLoop::since(std::int64_t then_ms) const {
  return milliseconds(steady_ms_() - then_ms);
}

std::optional<milliseconds> PullLoop::step() {
  const Schedule::Step step = schedule_.next();
  if (const std::int64_t now = steady_ms_(); step.at_ms > now) {
    return milliseconds(step.at_ms - now);
  }
  if (step.kind == Schedule::Step::Kind::beat) {
    beat(entries_[step.resource]);
    return milliseconds(0);
  }
  return pull(step.resource) ? std::optional(milliseconds(0)) : std::nullopt;
}

void PullLoop::beat(const Entry& entry) {
  desk_.write(fresh_line(entry.resource->what, since(entry.started_ms), entry.proof));
  schedule_.beaten(steady_ms_());
}

void PullLoop::tell_failure(std::size_t index, const Failure& failure) {
  Entry& entry = entries_[index];
  const bool all = failure.whole_source;
  const milliseconds delay = (all ? whole_ : entry.retry).after(failure, jitter_());
  desk_.write(fault_line(all ? std::nullopt : std::optional(entry.resource->what), failure.reason, delay));
  const std::int64_t now = steady_ms_();
  schedule_.failed(index, now, now + delay.count(), all);
}

std::optional<Delivered> PullLoop::tell(Entry& entry, const Pulled& pulled) {
  const What what = entry.resource->what;
  const bool whole = pulled.missing.empty();
  if (!pulled.changed) {
    if (whole) {
      desk_.write(fresh_line(what, since(pulled.started_ms), pulled.proof));
    }
    return Delivered::kept;
  }
  return deliver({what, pulled.full, pulled.cursor, pulled.proof, whole}, *pulled.collected, desk_,
                 [this, &pulled] { return since(pulled.started_ms); });
}

/// However long the upstream says that its answer is good: the next one is to be here before this one is
/// labelled stale, with the fifth by which the pause is spread and all the time that a pull may take.
seconds PullLoop::longest_pause(const Pulled& pulled) const {
  const auto left = seconds(settings_.max_age_s) - since(pulled.started_ms) - seconds(settings_.total_s);
  return std::max(seconds(0), std::chrono::floor<seconds>(left * 5 / 6) - seconds(1));
}

bool PullLoop::pull(std::size_t index) {
  Entry& entry = entries_[index];
  auto outcome = source_.pull(*entry.resource);
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    tell_failure(index, *failure);
    return true;
  }
  const auto& pulled = std::get<Pulled>(outcome);
  const auto delivered = tell(entry, pulled);
  if (!delivered) {
    return false;
  }
  const bool whole = pulled.missing.empty();
  whole_.after_success(0);
  const milliseconds delay = entry.retry.after_success(
      jitter_(), whole ? std::min(pulled.good_for, longest_pause(pulled)) : pulled.good_for);
  const std::int64_t now = steady_ms_();
  if (*delivered == Delivered::kept) {
    source_.keep(entry.resource->what, pulled);
    if (!whole) {
      desk_.write(fault_line(entry.resource->what, "read only in part: " + pulled.missing, delay));
      schedule_.failed(index, now, now + delay.count(), false);
      return true;
    }
    entry.started_ms = pulled.started_ms;
    entry.proof = pulled.proof;
    schedule_.good(index, now, now + delay.count());
    return true;
  }
  if (*delivered == Delivered::broken) {
    source_.forget(entry.resource->what);
  }
  // lobbyd says itself what it misses; no beat may say that all is well.
  schedule_.failed(index, now, now + delay.count(), false);
  return true;
}

}  // namespace lobby::feed
