#include "daemon/flows/publish.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace lobby::flows {

namespace {

/// Rows looked at, and written, in one turn of the loop.
constexpr std::size_t slice_rows = 250;

/// The same case as a citizen would read it? Versions are ours, not the upstream's.
bool same_meaning(hall::CaseRow a, const hall::CaseRow& b) {
  a.version = b.version;
  return a == b;
}

}  // namespace

struct Publish::Work {
  hall::DeviceId feed;
  CaseBatch batch;
  std::function<void(bool)> taken;
  std::size_t next = 0;
  std::size_t next_removed = 0;
  std::uint64_t total = 0;
  std::vector<hall::CaseRow> changed;
  std::vector<std::string> removed;
  std::uint32_t added = 0;
  bool superseded = false;  ///< a newer answer of the feed waits: what is left of this one is old

  bool at_end() const { return next == batch.rows.size() && next_removed == batch.removed.size(); }
};

Publish::Publish(CaseTable& table, Later later) : table_(table), later_(std::move(later)) {}

void Publish::on_batch(const hall::DeviceId& feed, CaseBatch batch, std::function<void(bool)> taken) {
  auto work = std::make_shared<Work>();
  work->feed = feed;
  work->batch = std::move(batch);
  work->taken = std::move(taken);
  Lane& lane = lanes_[feed.value];
  if (!lane.running) {
    lane.running = work;
    return start(work);
  }
  lane.running->superseded = true;
  if (const auto dropped = std::exchange(lane.waiting, work)) {
    later_([dropped] { dropped->taken(false); });
  }
}

void Publish::start(const std::shared_ptr<Work>& work) {
  const auto known = table_.ids(work->feed);
  work->total = known.size();
  auto& batch = work->batch;
  if (batch.full) {
    std::set<std::string_view> present;
    for (const auto& row : batch.rows) {
      present.insert(row.id);
    }
    std::copy_if(known.begin(), known.end(), std::back_inserter(batch.removed),
                 [&](const std::string& id) { return !present.contains(id); });
  }
  next_slice(work);
}

void Publish::finish(const std::shared_ptr<Work>& work, bool kept) {
  Lane& lane = lanes_[work->feed.value];
  const auto next = lane.running = std::exchange(lane.waiting, nullptr);
  work->taken(kept);
  if (next) {
    start(next);
  }
}

void Publish::next_slice(const std::shared_ptr<Work>& work) {
  if (work->superseded) {
    return finish(work, false);
  }
  compare(*work);
  if (work->changed.empty() && work->removed.empty()) {
    if (work->at_end() && !work->batch.cursor.empty()) {
      write(work);  // the place in the list alone
    } else if (work->at_end()) {
      finish(work, true);
    } else {
      later_([this, work] { next_slice(work); });
    }
    return;
  }
  write(work);
}

void Publish::compare(Work& work) {
  work.changed.clear();
  work.removed.clear();
  work.added = 0;
  const auto end = std::min(work.batch.rows.size(), work.next + slice_rows);
  for (; work.next < end; ++work.next) {
    auto& row = work.batch.rows[work.next];
    const auto known = table_.find(work.feed, row.id);
    if (known && same_meaning(*known, row)) {
      continue;
    }
    work.added += known ? 0 : 1;
    work.changed.push_back(std::move(row));
  }
  const auto end_removed = std::min(work.batch.removed.size(), work.next_removed + slice_rows);
  for (; work.next_removed < end_removed; ++work.next_removed) {
    auto& id = work.batch.removed[work.next_removed];
    if (table_.find(work.feed, id)) {
      work.removed.push_back(std::move(id));
    }
  }
}

void Publish::write(const std::shared_ptr<Work>& work) {
  hall::ReportApprovals report;
  report.feed = work->feed;
  report.added = work->added;
  report.changed = static_cast<std::uint32_t>(work->changed.size()) - work->added;
  report.removed = static_cast<std::uint32_t>(work->removed.size());
  work->total = work->total + report.added - report.removed;
  report.total = static_cast<std::uint32_t>(work->total);
  // The place in the upstream's list is kept only with the last rows: after a crash between, they come again.
  auto cursor = work->at_end() ? work->batch.cursor : std::string();
  table_.write(std::move(report), std::move(work->changed), std::move(work->removed), std::move(cursor),
               [this, work](bool durable) {
                 if (!durable || work->at_end()) {
                   finish(work, durable);
                 } else {
                   next_slice(work);
                 }
               });
}

}  // namespace lobby::flows
