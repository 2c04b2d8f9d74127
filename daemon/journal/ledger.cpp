#include "daemon/journal/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/journal/schema.hpp"

namespace lobby::journal {
namespace {

constexpr int busy_timeout_ms = 2000;
constexpr std::int64_t prune_every_ms = 60'000;
constexpr std::int64_t prune_at_most = 200;  ///< answers in one go, so that no commit waits for a big one

}  // namespace

std::optional<std::string> Ledger::open() {
  for (auto* statement : {&begin_, &commit_, &rollback_, &add_event_, &add_answer_, &prune_answers_,
                          &put_press_, &put_place_, &add_snapshot_, &prune_snapshots_, &put_probe_}) {
    statement->close();
  }
  if (!db_.open(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs_)) {
    return fmt::format("{}: {}; see to it that its directory exists and can be written", file_, db_.fault());
  }
  sqlite3_busy_timeout(db_.handle(), busy_timeout_ms);
  if (auto refusal = prepare_schema(db_)) {
    return fmt::format("{}: {}", file_, *refusal);
  }
  // Own hook instead of the automatic checkpoint, which would run inside a commit that someone waits for.
  sqlite3_wal_hook(
      db_.handle(),
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Ledger*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  std::int64_t last = 0;
  if (!prepare() || !db_.integer("SELECT max(seq) FROM event", last)) {
    return fmt::format("{}: {}; put the last backup in its place", file_, db_.fault());
  }
  last_seq_ = static_cast<std::uint64_t>(last);
  return std::nullopt;
}

bool Ledger::prepare() {
  return begin_.prepare(db_, "BEGIN IMMEDIATE") && commit_.prepare(db_, "COMMIT") &&
         rollback_.prepare(db_, "ROLLBACK") &&
         add_event_.prepare(
             db_, "INSERT INTO event(seq, at_ms, type, ticket, \"window\", json) VALUES(?, ?, ?, ?, ?, ?)") &&
         add_answer_.prepare(db_,
                             "INSERT OR REPLACE INTO answer(account, path, key, body_hash, status, answer, "
                             "at_ms) VALUES(?, ?, ?, ?, ?, ?, ?)") &&
         prune_answers_.prepare(db_,
                                "DELETE FROM answer WHERE (account, path, key) IN (SELECT account, path, key "
                                "FROM answer WHERE at_ms <= ? ORDER BY at_ms LIMIT ?)") &&
         put_press_.prepare(db_, "INSERT OR REPLACE INTO meta(name, value) VALUES('key:' || ?, ?)") &&
         put_place_.prepare(db_, "INSERT OR REPLACE INTO meta(name, value) VALUES('outbox:' || ?, ?)") &&
         add_snapshot_.prepare(db_, "INSERT OR REPLACE INTO snapshot(seq, state) VALUES(?, ?)") &&
         prune_snapshots_.prepare(db_,
                                  "DELETE FROM snapshot WHERE seq NOT IN "
                                  "(SELECT seq FROM snapshot ORDER BY seq DESC LIMIT 2)") &&
         // Random bytes: equal ones would not be written again.
         put_probe_.prepare(db_,
                            "INSERT OR REPLACE INTO meta(name, value) VALUES('probe', randomblob(65536))");
}

bool Ledger::fail() {
  if (fault_.empty()) {
    fault_ = fmt::format("{}: {}", file_, db_.fault());
  }
  return false;
}

bool Ledger::finish(bool written) {
  if (written && (Query{commit_}.run() || fail())) {
    return true;
  }
  // SQLite rolls back by itself after some faults.
  if (sqlite3_get_autocommit(db_.handle()) == 0) {
    static_cast<void>(Query{rollback_}.run());
  }
  return false;
}

bool Ledger::store(const std::vector<const Batch*>& batches) {
  fault_.clear();
  if (!Query{begin_}.run()) {
    return fail();
  }
  std::uint64_t last = last_seq_;
  const bool written =
      std::all_of(batches.begin(), batches.end(), [&](const Batch* batch) { return write(*batch, last); });
  if (!finish(written)) {
    return false;
  }
  last_seq_ = last;
  return true;
}

bool Ledger::write(const Batch& batch, std::uint64_t& last) {
  for (const Line& line : batch.events) {
    if (line.seq != last + 1) {
      fault_ = fmt::format("{}: event {} does not follow event {}", file_, line.seq, last);
      return false;
    }
    if (!write(line)) {
      return fail();
    }
    last = line.seq;
  }
  for (const KeptAnswer& answer : batch.answers) {
    if (!write(answer)) {
      return fail();
    }
  }
  for (const hall::KeyPress& press : batch.presses) {
    if (!write(press)) {
      return fail();
    }
  }
  for (const Place& place : batch.places) {
    if (!write(place)) {
      return fail();
    }
  }
  return true;
}

bool Ledger::write(const Line& line) {
  Query query{add_event_};
  query.bind(line.seq).bind(line.at_ms).bind(line.type);
  line.ticket == 0 ? query.bind_null() : query.bind(line.ticket);
  line.window.empty() ? query.bind_null() : query.bind(std::string_view{line.window});
  return query.bind(line.json).run();
}

bool Ledger::write(const KeptAnswer& answer) {
  Query query{add_answer_};
  query.bind(answer.account).bind(answer.path).bind(answer.key).bind_blob(answer.body_hash);
  query.bind(std::int64_t{answer.status}).bind(answer.answer).bind(answer.at_ms);
  return query.run() && prune_answers(answer.at_ms);
}

bool Ledger::write(const hall::KeyPress& press) {
  const auto value = fmt::format("{} {}", press.life, press.number);
  return Query{put_press_}.bind(press.device.value).bind_blob(value).run();
}

bool Ledger::write(const Place& place) {
  return Query{put_place_}.bind(place.reader).bind_blob(std::to_string(place.seq)).run();
}

bool Ledger::prune_answers(std::int64_t now_ms) {
  // A clock that was set back must not put this off.
  if (now_ms < next_prune_ms_ && now_ms > next_prune_ms_ - prune_every_ms) {
    return true;
  }
  if (!Query{prune_answers_}.bind(now_ms - answer_lifetime_ms).bind(prune_at_most).run()) {
    return false;
  }
  next_prune_ms_ = sqlite3_changes(db_.handle()) < prune_at_most ? now_ms + prune_every_ms : 0;
  return true;
}

bool Ledger::store_snapshot(std::uint64_t seq, std::string_view state) {
  fault_.clear();
  if (!Query{begin_}.run()) {
    return fail();
  }
  const bool written =
      (Query{add_snapshot_}.bind(seq).bind_blob(state).run() && Query{prune_snapshots_}.run()) || fail();
  return finish(written);
}

bool Ledger::probe() {
  fault_.clear();
  if (auto refusal = open()) {
    fault_ = *refusal;
    return false;
  }
  if (!Query{begin_}.run()) {
    return fail();
  }
  return finish(Query{put_probe_}.run() || fail());
}

void Ledger::checkpoint() {
  sqlite3_wal_checkpoint_v2(db_.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  // Whatever is left, the next commit tells the size again: no retry without new work.
  log_pages_ = 0;
}

}  // namespace lobby::journal
