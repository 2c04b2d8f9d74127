#include "daemon/flows/publish.hpp"

#include <algorithm>
#include <iterator>

namespace lobby::flows {

namespace {

/// Removed in one write.
constexpr std::size_t removed_at_once = 500;

}  // namespace

struct Publish::Run {
  hall::DeviceId feed;
  hall::AnswerHead head;
  List* list = nullptr;
  std::uint32_t answer = 0;
  struct OnItsWay {
    std::uint64_t key = 0, meaning = 0;
    bool is_new = false;
  };
  std::vector<OnItsWay> written;
  bool writing = false;
  bool dropped = false;        ///< a newer answer has begun, or the source broke off
  std::function<void()> then;  ///< a newer answer begins: not before what is being written is known
};

Publish::List& Publish::list(const hall::DeviceId& feed, hall::What what) {
  List& list = lists_[{feed.value, what}];
  if (!list.loaded) {
    list.loaded = true;
    ports_.table.each_known(
        feed, what, [&list](std::uint64_t key, std::uint64_t meaning) { list.rows[key].meaning = meaning; });
  }
  return list;
}

void Publish::answer(const Taken& taken, bool kept, std::string reason) {
  ports_.later([taken, kept, reason = std::move(reason)] { taken(kept, reason); });
}

bool Publish::is_held(List& list, const hall::AnswerHead& head, std::string& reason) const {
  constexpr std::uint32_t whole = 100;
  const auto known = static_cast<std::uint64_t>(list.rows.size());
  const bool shrunk = head.full && known >= rules_.at_least &&
                      std::uint64_t{head.rows} * whole < known * (whole - std::min(rules_.shrunk_by, whole));
  if (!shrunk) {
    list.held = 0;
    return false;
  }
  // About the same again: a tenth more or less.
  const std::uint32_t tenth = std::max(list.held_rows, head.rows) / 10;
  const bool same =
      list.held > 0 && std::max(list.held_rows, head.rows) - std::min(list.held_rows, head.rows) <= tenth;
  list.held = same ? list.held + 1 : 1;
  list.held_rows = head.rows;
  if (list.held >= rules_.confirmations) {
    list.held = 0;
    return false;
  }
  reason = "held back: " + std::string(hall::word_of(head.what)) + " shrank from " + std::to_string(known) +
           " to " + std::to_string(head.rows);
  return true;
}

void Publish::begin(const hall::DeviceId& feed, const hall::AnswerHead& head, Taken taken) {
  const RunPtr earlier = last_[feed.value];
  broken(feed);
  if (earlier && earlier->writing) {
    earlier->then = [this, feed, head, taken = std::move(taken)] { begin(feed, head, taken); };
    return;
  }
  List& known = list(feed, head.what);
  if (std::string reason; is_held(known, head, reason)) {
    return answer(taken, false, std::move(reason));
  }
  auto run = std::make_shared<Run>();
  run->feed = feed;
  run->head = head;
  run->list = &known;
  run->answer = ++known.answers;
  runs_[feed.value] = last_[feed.value] = run;
  answer(taken, true, {});
}

template <class Row>
void Publish::sift(Run& run, std::vector<Row>& rows, std::vector<Row>& changed) {
  for (Row& row : rows) {
    const std::uint64_t key = hall::key_of(run.feed.value, run.head.what, row.id);
    const std::uint64_t sum = hall::meaning(row);
    const auto known = run.list->rows.find(key);
    const bool is_known = known != run.list->rows.end();
    if (is_known) {
      known->second.seen = run.answer;
      if (known->second.meaning == sum) {
        continue;
      }
    }
    run.written.push_back({key, sum, !is_known});
    changed.push_back(std::move(row));
  }
}

void Publish::slice(const hall::DeviceId& feed, hall::AnswerSlice rows, Taken taken) {
  const auto found = runs_.find(feed.value);
  if (found == runs_.end()) {
    return answer(taken, false, "rows without a beginning");
  }
  const RunPtr run = found->second;
  hall::SourceChange change;
  sift(*run, rows.cases, change.cases);
  sift(*run, rows.records, change.records);
  for (const std::string& id : rows.removed) {
    const std::uint64_t key = hall::key_of(feed.value, run->head.what, id);
    if (run->list->rows.contains(key)) {
      change.removed.push_back(key);
    }
  }
  std::for_each(change.cases.begin(), change.cases.end(), ports_.judge);
  write(run, std::move(change),
        [taken = std::move(taken)](bool kept) { taken(kept, kept ? "" : "the rows could not be kept"); });
}

void Publish::write(const RunPtr& run, hall::SourceChange change, std::function<void(bool)> then) {
  if (change.cases.empty() && change.records.empty() && change.removed.empty() && !change.cursor) {
    return ports_.later([then = std::move(then)] { then(true); });
  }
  change.feed = run->feed.value;
  change.what = run->head.what;
  auto removed = change.removed;
  run->writing = true;
  ports_.table.write(std::move(change), [this, run, removed = std::move(removed),
                                         then = std::move(then)](std::optional<std::uint64_t> version) {
    run->writing = false;
    note(*run, version, removed);
    if (run->dropped) {
      tell(run, [](bool, const std::string&) {});
    }
    then(version && !run->dropped);
    if (const auto next = std::exchange(run->then, nullptr)) {
      next();
    }
  });
}

void Publish::note(Run& run, std::optional<std::uint64_t> version,
                   const std::vector<std::uint64_t>& removed) {
  const auto written = std::exchange(run.written, {});
  if (!version) {
    return;
  }
  auto& moved = run.list->untold;
  moved.version = *version;
  for (const auto& [key, sum, is_new] : written) {
    ++(is_new ? moved.added : moved.changed);
    run.list->rows[key] = {sum, run.answer};
  }
  for (const std::uint64_t key : removed) {
    moved.removed += static_cast<std::uint32_t>(run.list->rows.erase(key));
  }
}

void Publish::remove_unseen(const RunPtr& run, std::function<void(bool)> then) {
  hall::SourceChange change;
  if (run->head.full) {
    for (const auto& [key, known] : run->list->rows) {
      if (known.seen != run->answer) {
        change.removed.push_back(key);
      }
      if (change.removed.size() == removed_at_once) {
        break;
      }
    }
  }
  if (change.removed.empty()) {
    return then(true);
  }
  write(run, std::move(change), [this, run, then = std::move(then)](bool kept) {
    if (kept) {
      remove_unseen(run, then);
    } else {
      then(false);
    }
  });
}

void Publish::end(const hall::DeviceId& feed, std::string cursor, Taken taken) {
  const auto found = runs_.find(feed.value);
  if (found == runs_.end()) {
    return answer(taken, false, "an end without a beginning");
  }
  const RunPtr run = found->second;
  remove_unseen(run, [this, run, cursor = std::move(cursor), taken = std::move(taken)](bool kept) mutable {
    if (!kept) {
      return answer(taken, false, "the rows could not be kept");
    }
    hall::SourceChange place;
    if (!cursor.empty()) {
      place.cursor = std::move(cursor);
    }
    write(run, std::move(place), [this, run, taken = std::move(taken)](bool written) {
      if (!written) {
        return answer(taken, false, "the rows could not be kept");
      }
      runs_.erase(run->feed.value);
      tell(run, taken);
    });
  });
}

void Publish::tell(const RunPtr& run, const Taken& taken) {
  hall::ReportSource moved = std::exchange(run->list->untold, {});
  if (moved.added == 0 && moved.changed == 0 && moved.removed == 0) {
    return answer(taken, true, {});
  }
  moved.feed = run->feed;
  moved.what = run->head.what;
  moved.total = static_cast<std::uint32_t>(run->list->rows.size());
  ports_.record(moved, [taken, moved, list = run->list](bool durable) {
    if (!durable) {
      list->untold.version = std::max(list->untold.version, moved.version);
      list->untold.added += moved.added;
      list->untold.changed += moved.changed;
      list->untold.removed += moved.removed;
    }
    taken(durable, durable ? "" : "the journal cannot be written");
  });
}

void Publish::broken(const hall::DeviceId& feed) {
  const auto found = runs_.find(feed.value);
  if (found == runs_.end()) {
    return;
  }
  const RunPtr run = std::exchange(found->second, nullptr);
  runs_.erase(found);
  run->dropped = true;
  if (!run->writing) {
    tell(run, [](bool, const std::string&) {});
  }
}

}  // namespace lobby::flows
