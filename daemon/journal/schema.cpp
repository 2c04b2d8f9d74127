#include "daemon/journal/schema.hpp"

#include <fmt/format.h>

#include <array>

namespace lobby::journal {
namespace {

// The index on days answers "where did the last day begin" without reading older events.
// In meta: `probe`, what the last trial of the disk wrote; `key:DEVICE`, the last press taken from that
// keypad, as "BOOT NUMBER"; `outbox:ID`, the number of the last event that the outbox is done with.
constexpr const char* version_1 = R"(
CREATE TABLE event(
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  type TEXT NOT NULL,
  ticket INTEGER,
  "window" TEXT,
  json TEXT NOT NULL) STRICT;
CREATE INDEX event_by_ticket ON event(ticket) WHERE ticket IS NOT NULL;
CREATE INDEX event_by_day ON event(seq) WHERE type = 'DayOpened';

CREATE TABLE snapshot(
  seq INTEGER PRIMARY KEY,
  state BLOB NOT NULL) STRICT;

CREATE TABLE answer(
  account TEXT NOT NULL,
  path TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  answer TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(account, path, key)) STRICT, WITHOUT ROWID;
CREATE INDEX answer_by_age ON answer(at_ms);

CREATE TABLE approval_case(
  feed TEXT NOT NULL,
  id TEXT NOT NULL,
  case_no TEXT NOT NULL,
  query_code TEXT NOT NULL,
  matter_name TEXT NOT NULL,
  dept_name TEXT NOT NULL,
  applicant_type TEXT NOT NULL,
  applicant_display TEXT NOT NULL,
  status TEXT NOT NULL,
  status_raw TEXT NOT NULL,
  light TEXT NOT NULL,
  accepted_at TEXT NOT NULL,
  due_promised TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  moved_at TEXT NOT NULL,
  UNIQUE(feed, id)) STRICT;
CREATE INDEX approval_case_by_time ON approval_case(moved_at, id, status, light);
CREATE INDEX approval_case_by_version ON approval_case(version);
CREATE INDEX approval_case_by_number ON approval_case(case_no);

CREATE TABLE feed_cursor(
  feed TEXT PRIMARY KEY,
  cursor TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE meta(
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL) STRICT, WITHOUT ROWID;
)";

/// Step n leads from version n to n + 1.
// Approval cases moved to a file of their own (case_file.cpp); their sources tell them again.
constexpr const char* version_2 = R"(
DROP TABLE approval_case;
DROP TABLE feed_cursor;
)";

constexpr std::array<const char*, schema_version> steps{version_1, version_2};

struct Found {
  std::int64_t application = 0, version = 0, things = 0;
};

std::optional<std::string> unreadable(Database& db) {
  const int code = db.code() & 0xff;
  const char* remedy = code == SQLITE_CORRUPT || code == SQLITE_NOTADB
                           ? "put the last backup in its place, or move it away to begin an empty journal"
                       : code == SQLITE_BUSY || code == SQLITE_LOCKED
                           ? "stop the other program"
                           : "see to it that its directory exists, can be written and has room";
  return fmt::format("{}; {}", db.fault(), remedy);
}

std::optional<std::string> judge(const Found& found) {
  const bool empty = found.application == 0 && found.version == 0 && found.things == 0;
  if (!empty && found.application != application_id) {
    return "this is another program's database; move it away, or give another state directory";
  }
  if (found.version > schema_version) {
    return fmt::format(
        "written by a newer version (schema {}, this one reads up to {}); install that version again, or "
        "give another state directory",
        found.version, schema_version);
  }
  if (found.version < 0 || (!empty && found.version == 0)) {
    return fmt::format("schema {} does not exist; put the last backup in its place", found.version);
  }
  return std::nullopt;
}

bool migrate(Database& db, std::int64_t from) {
  if (!db.exec("BEGIN IMMEDIATE")) {
    return false;
  }
  for (auto version = from; version < schema_version; ++version) {
    if (!db.exec(steps[static_cast<std::size_t>(version)])) {
      return false;
    }
  }
  const auto marks = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT",
                                 application_id, schema_version);
  return db.exec(marks.c_str());
}

}  // namespace

std::optional<std::string> prepare_schema(Database& db) {
  Found found;
  if (!db.integer("PRAGMA application_id", found.application) ||
      !db.integer("PRAGMA user_version", found.version) ||
      !db.integer("SELECT count(*) FROM sqlite_schema", found.things)) {
    return unreadable(db);
  }
  if (auto refusal = judge(found)) {
    return refusal;
  }
  // journal_size_limit: what the log is cut back to after a burst.
  if (!db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 8388608;"
               "PRAGMA cache_size = -512; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")) {
    return unreadable(db);
  }
  if (found.version < schema_version && !migrate(db, found.version)) {
    return unreadable(db);
  }
  return std::nullopt;
}

}  // namespace lobby::journal
