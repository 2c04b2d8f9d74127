#include "daemon/journal/bookkeeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace lobby::journal {

bool Bookkeeper::fail(std::string sentence) {
  fault_ = std::move(sentence);
  return false;
}

bool Bookkeeper::open_file() {
  if (file_.is_open()) {
    return true;
  }
  unwritten_.clear();
  counted_ = {};
  if (!file_.open()) {
    return fail(file_.fault());
  }
  counted_ = file_.mark();
  return true;
}

/// Both files open, and of one another.
bool Bookkeeper::make_ready() {
  if (!journal_.is_open() && !journal_.open(directory_ + "/journal.db", vfs_)) {
    return fail(journal_.fault());
  }
  // What somebody else put in its place goes too: it must not meet the log of the former one.
  if (file_.is_damaged() || file_.is_touched()) {
    file_.discard();
  }
  bool is_of_this = true;
  if (!open_file()) {
    return false;
  }
  if (!is_of_this_journal(is_of_this)) {
    return fail(journal_.fault());
  }
  if (!is_of_this) {
    file_.discard();
  }
  return open_file();
}

bool Bookkeeper::is_of_this_journal(bool& is) {
  is = true;
  if (counted_.seq == 0) {
    return true;
  }
  std::optional<std::uint64_t> print;
  const bool read = journal_.fingerprint(counted_.seq, print);
  is = print == counted_.fingerprint;
  return read;
}

/// Counts up to this event, or nothing.
bool Bookkeeper::count(std::uint64_t last) {
  Rollup batch;
  const bool read = journal_.each(counted_.seq, last, [&](const hall::Event& event) {
    const auto* reinstated = std::get_if<hall::TicketReinstated>(&event.body);
    std::optional<hall::Event> ending;
    if (reinstated != nullptr && !journal_.ending_before(event.seq, reinstated->ticket, ending)) {
      return false;
    }
    // What ended as notified was served, and stays so.
    ending ? batch.take_back(*ending) : batch.add(event);
    return true;
  });
  std::optional<std::uint64_t> print;
  if (!read || !journal_.fingerprint(last, print)) {
    return fail(journal_.fault());
  }
  if (!print) {
    return fail(fmt::format("journal.db: event {} is missing", last));
  }
  unwritten_.add(batch);
  counted_ = {last, *print};
  return true;
}

Bookkeeper::Caught Bookkeeper::catch_up(const std::function<bool()>& go_on) {
  std::uint64_t last = 0;
  behind_ = false;
  if (!make_ready()) {
    return Caught::failed;
  }
  if (!journal_.last_seq(last)) {
    fail(journal_.fault());
    return Caught::failed;
  }
  while (counted_.seq < last) {
    if (!go_on()) {
      behind_ = true;
      return Caught::interrupted;
    }
    if (!count(std::min(last, counted_.seq + sizes_.batch))) {
      return Caught::failed;
    }
    if (counted_.seq - file_.mark().seq >= sizes_.most_unwritten && !write()) {
      return Caught::failed;
    }
  }
  fault_.clear();
  return Caught::up;
}

bool Bookkeeper::write() {
  if (!file_.is_open() || counted_ == file_.mark()) {
    return true;
  }
  if (!file_.store(unwritten_, counted_)) {
    return fail(file_.fault());
  }
  unwritten_.clear();
  return true;
}

std::variant<hall::Statistics, hall::Refusal> Bookkeeper::report(const hall::StatisticsQuery& query,
                                                                 const std::function<bool()>& go_on) {
  constexpr auto code = hall::Refused::storage_failed;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto caught = catch_up(go_on);
    if (caught == Caught::interrupted) {
      return hall::Refusal{code,
                           fmt::format("the figures are being counted anew, {} events so far; try again "
                                       "in a minute",
                                       counted_.seq)};
    }
    hall::Statistics statistics;
    if (caught == Caught::up && sum_up(query, statistics)) {
      if (statistics.rows.size() > sizes_.most_rows) {
        return hall::Refusal{hall::Refused::bad_request,
                             fmt::format("more than {} rows; ask for fewer days", sizes_.most_rows)};
      }
      return statistics;
    }
    if (!file_.is_damaged()) {
      break;
    }
  }
  return hall::Refusal{code, "no figures: " + fault_};
}

/// From `key` on, in the file or among what is not written yet.
bool Bookkeeper::next_key(const hall::StatisticsQuery& query, std::optional<std::string>& key) {
  const auto from = *std::exchange(key, std::nullopt);
  if (!file_.key_from(query.by, from, key)) {
    return fail(file_.fault());
  }
  const auto& cells = unwritten_.cells();
  const auto it = cells.lower_bound({query.by, from, {std::numeric_limits<std::int32_t>::min()}});
  if (it != cells.end() && it->first.by == query.by && (!key || it->first.key < *key)) {
    key = it->first.key;
  }
  return true;
}

void Bookkeeper::add_unwritten(const hall::StatisticsQuery& query, const std::string& key, Cell& cell) const {
  const auto& cells = unwritten_.cells();
  for (auto it = cells.lower_bound({query.by, key, query.from});
       it != cells.end() && it->first <= CellKey{query.by, key, query.to}; ++it) {
    cell.add(it->second);
  }
}

bool Bookkeeper::sum_up(const hall::StatisticsQuery& query, hall::Statistics& statistics) {
  statistics.query = query;
  statistics.seq = counted_.seq;
  Cell total;
  std::optional<std::string> key{""};
  while (next_key(query, key)) {
    if (!key || statistics.rows.size() > sizes_.most_rows) {
      statistics.total = total.figures("");
      return true;
    }
    Cell cell;
    if (!file_.add_to(cell, query, *key)) {
      return fail(file_.fault());
    }
    add_unwritten(query, *key, cell);
    if (!cell.empty()) {
      total.add(cell);
      statistics.rows.push_back(cell.figures(*key));
    }
    // No text lies between this and the key.
    *key += '\0';
  }
  return false;
}

}  // namespace lobby::journal
