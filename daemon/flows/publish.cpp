#include "daemon/flows/publish.hpp"

#include <algorithm>
#include <iterator>

namespace lobby::flows {

namespace {

/// Removed in one write.
constexpr std::size_t removed_at_once = 500;
/// Compared and judged in one turn of the loop.
constexpr std::size_t sifted_at_once = 1;

/// Rows can be read as soon as they are written, of a whole answer too: nobody keeps them back until its end,
/// for each is right by itself and what vanishes goes last. So nothing that the event announces is half. But
/// an event is kept for ever, and a slice has 250 rows: most answers are through before this is over, and
/// have one.
constexpr std::int64_t tells_after_ms = 2'000;

bool is_something(const hall::ReportSource& moved) {
  return moved.added != 0 || moved.changed != 0 || moved.removed != 0;
}

}  // namespace

struct Publish::Run {
  hall::DeviceId feed;
  hall::AnswerHead head;
  List* list = nullptr;
  std::uint32_t answer = 0;
  std::size_t seen = 0;  ///< of the list's rows
  struct OnItsWay {
    std::uint64_t key = 0, meaning = 0;
    bool is_new = false;
  };
  std::vector<OnItsWay> written;
  bool writing = false;                                ///< or what is known is being read
  std::string refused = "the rows could not be kept";  ///< why, when some are not
  bool dropped = false;                                ///< a newer answer has begun, or the source broke off
  std::function<void()> then;  ///< a newer answer begins: not before what is being written is known
};

void Publish::load(Run& run) {
  List& list = *run.list;
  list.unread = ports_.table.each_known(
      run.feed, run.head.what, *list.unread,
      [&list](std::uint64_t key, std::uint64_t meaning) { list.rows[key].meaning = meaning; });
}

void Publish::answer(const Taken& taken, bool kept, std::string reason) {
  ports_.later([taken, kept, reason = std::move(reason)] { taken(kept, reason); });
}

bool Publish::is_held(List& list, const hall::AnswerHead& head, std::string& reason) const {
  constexpr std::uint32_t whole = 100;
  const auto known = static_cast<std::uint64_t>(list.rows.size());
  const bool is_much_less =
      known >= rules_.at_least &&
      std::uint64_t{head.rows} * whole < known * (whole - std::min(rules_.shrunk_by, whole));
  const bool shrunk = head.full && (is_much_less || (known != 0 && head.rows == 0));
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
  auto run = std::make_shared<Run>();
  run->feed = feed;
  run->head = head;
  run->list = &lists_[{feed.value, head.what}];
  run->writing = run->list->unread.has_value();
  runs_[feed.value] = last_[feed.value] = run;
  open(run, taken);
}

/// After a start what is known is read first, a part in each turn of the loop.
void Publish::open(const RunPtr& run, const Taken& taken) {
  if (run->list->unread) {
    load(*run);
    return ports_.later([this, run, taken] { open(run, taken); });
  }
  run->writing = false;
  std::string reason;
  if (run->dropped) {
    reason = "the source broke off";
  } else if (is_held(*run->list, run->head, reason)) {
    runs_.erase(run->feed.value);
  } else {
    run->answer = ++run->list->answers;
  }
  const bool kept = reason.empty();
  answer(taken, kept, std::move(reason));
  if (const auto next = std::exchange(run->then, nullptr)) {
    next();
  }
}

/// A slice that is being looked at.
struct Publish::Sifting {
  hall::AnswerSlice rows;
  std::size_t next = 0;  ///< of the cases, then of the records
  hall::SourceChange change;
  std::function<void(bool)> then;
};

template <class Row>
bool Publish::is_news(Run& run, const Row& row) {
  const std::uint64_t key = hall::key_of(run.feed.value, run.head.what, row.id);
  const std::uint64_t sum = hall::meaning(row);
  const auto known = run.list->rows.find(key);
  const bool is_known = known != run.list->rows.end();
  if (is_known) {
    run.seen += known->second.seen == run.answer ? 0 : 1;
    known->second.seen = run.answer;
    if (known->second.meaning == sum) {
      return false;
    }
  }
  run.written.push_back({key, sum, !is_known});
  return true;
}

void Publish::slice(const hall::DeviceId& feed, hall::AnswerSlice rows, Taken taken) {
  const auto found = runs_.find(feed.value);
  if (found == runs_.end()) {
    return answer(taken, false, "rows without a beginning");
  }
  const RunPtr run = found->second;
  const auto sifting = std::make_shared<Sifting>();
  sifting->rows = std::move(rows);
  sifting->then = [run, taken = std::move(taken)](bool kept) { taken(kept, kept ? "" : run->refused); };
  run->writing = true;
  sift(run, sifting);
}

void Publish::sift(const RunPtr& run, const SiftingPtr& sifting) {
  auto& [cases, records, removed] = sifting->rows;
  const std::size_t all = cases.size() + records.size();
  const std::size_t end = std::min(sifting->next + sifted_at_once, all);
  for (; sifting->next < end; ++sifting->next) {
    if (sifting->next >= cases.size()) {
      auto& record = records[sifting->next - cases.size()];
      if (is_news(*run, record)) {
        sifting->change.records.push_back(std::move(record));
      }
    } else if (auto& row = cases[sifting->next]; is_news(*run, row)) {
      ports_.judge(row);
      sifting->change.cases.push_back(std::move(row));
    }
  }
  if (sifting->next < all) {
    return ports_.later([this, run, sifting] { sift(run, sifting); });
  }
  if (!make_room(*run, sifting->change.removed)) {
    return ports_.later([this, run, sifting] { finish(run, false, sifting->then); });
  }
  for (const std::string& id : removed) {
    const std::uint64_t key = hall::key_of(run->feed.value, run->head.what, id);
    if (run->list->rows.contains(key)) {
      sifting->change.removed.push_back(key);
    }
  }
  write(run, std::move(sifting->change), sifting->then);
}

/// False: the new rows are more than the list may have, and too few of the old ones have ended.
bool Publish::make_room(Run& run, std::vector<std::uint64_t>& removed) const {
  const auto fresh = static_cast<std::size_t>(
      std::count_if(run.written.begin(), run.written.end(), [](const auto& row) { return row.is_new; }));
  const bool is_case = run.head.what == hall::What::cases;
  const std::size_t most = is_case ? rules_.most_cases : rules_.most_records;
  const std::size_t wanted = run.list->rows.size() + fresh;
  if (fresh == 0 || wanted <= most) {
    return true;
  }
  // Some more than needed: to look for them at every slice would cost the loop too much.
  auto oldest = ports_.table.oldest(run.feed, run.head.what, wanted - most + removed_at_once);
  std::erase_if(oldest, [&run](std::uint64_t key) {
    return std::any_of(run.written.begin(), run.written.end(),
                       [key](const Run::OnItsWay& row) { return row.key == key; });
  });
  if (oldest.size() < wanted - most) {
    run.written.clear();
    run.refused = "more than " + std::to_string(most) + " " + std::string(hall::word_of(run.head.what)) +
                  ": no new ones are taken until some are gone";
    return false;
  }
  removed = std::move(oldest);
  return true;
}

void Publish::write(const RunPtr& run, hall::SourceChange change, std::function<void(bool)> then) {
  run->writing = true;
  if (change.cases.empty() && change.records.empty() && change.removed.empty() && !change.cursor) {
    return ports_.later([this, run, then = std::move(then)] { finish(run, !run->dropped, then); });
  }
  change.feed = run->feed.value;
  change.what = run->head.what;
  auto removed = change.removed;
  ports_.table.write(std::move(change), [this, run, removed = std::move(removed),
                                         then = std::move(then)](std::optional<std::uint64_t> version) {
    note(*run, version, removed);
    finish(run, version && !run->dropped, then);
  });
}

void Publish::finish(const RunPtr& run, bool kept, const std::function<void(bool)>& then) {
  run->writing = false;
  if (run->dropped) {
    tell(run, [](bool, const std::string&) {});
  }
  if (kept && is_overdue(*run->list)) {
    // What the journal refuses now is told at the end, and the answer is refused there.
    tell(run, [run, then](bool, const std::string&) { then(!run->dropped); });
  } else {
    then(kept);
  }
  if (const auto next = std::exchange(run->then, nullptr)) {
    next();
  }
}

bool Publish::is_overdue(const List& list) const {
  return is_something(list.untold) && ports_.mono_ms() - list.untold_ms >= tells_after_ms;
}

void Publish::note(Run& run, std::optional<std::uint64_t> version,
                   const std::vector<std::uint64_t>& removed) const {
  const auto written = std::exchange(run.written, {});
  if (!version) {
    return;
  }
  auto& moved = run.list->untold;
  if (!is_something(moved)) {
    run.list->untold_ms = ports_.mono_ms();
  }
  moved.version = *version;
  for (const auto& [key, sum, is_new] : written) {
    ++(is_new ? moved.added : moved.changed);
    const auto [known, is_first] = run.list->rows.try_emplace(key);
    run.seen += is_first ? 1 : 0;
    known->second = {sum, run.answer};
  }
  for (const std::uint64_t key : removed) {
    const auto known = run.list->rows.find(key);
    if (known != run.list->rows.end()) {
      run.seen -= known->second.seen == run.answer ? 1 : 0;
      run.list->rows.erase(known);
      ++moved.removed;
    }
  }
}

std::vector<std::uint64_t> Publish::unseen(const Run& run) {
  std::vector<std::uint64_t> keys;
  if (run.head.full && run.seen != run.list->rows.size()) {
    for (const auto& [key, known] : run.list->rows) {
      if (known.seen != run.answer) {
        keys.push_back(key);
      }
    }
  }
  return keys;
}

void Publish::remove(const RunPtr& run, std::vector<std::uint64_t> keys, std::function<void(bool)> then) {
  if (keys.empty()) {
    return then(true);
  }
  const auto rest = keys.end() - static_cast<std::ptrdiff_t>(std::min(removed_at_once, keys.size()));
  hall::SourceChange change;
  change.removed.assign(rest, keys.end());
  keys.erase(rest, keys.end());
  write(run, std::move(change),
        [this, run, keys = std::move(keys), then = std::move(then)](bool kept) mutable {
          if (kept) {
            remove(run, std::move(keys), then);
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
  remove(run, unseen(*run),
         [this, run, cursor = std::move(cursor), taken = std::move(taken)](bool kept) mutable {
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
  if (!is_something(moved)) {
    return answer(taken, true, {});
  }
  moved.feed = run->feed;
  moved.what = run->head.what;
  moved.total = static_cast<std::uint32_t>(run->list->rows.size());
  ports_.record(moved, [this, taken, moved, list = run->list](bool durable) {
    if (!durable) {
      list->untold_ms = ports_.mono_ms();
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
