#include "daemon/journal/case_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lobby::journal {
namespace {

constexpr std::int64_t case_application = 0x4c424341;  // "LBCA"
constexpr std::int64_t case_version = 1;
constexpr int busy_timeout_ms = 2000;

/// `moved_at` orders the list of the public; the index holds what it filters by. `key`: hall::key_of();
/// `meaning`: hall::meaning().
constexpr const char* tables = R"(
CREATE TABLE approval_case(
  key INTEGER PRIMARY KEY,
  feed TEXT NOT NULL,
  {}
  return_count INTEGER NOT NULL,
  suppressed INTEGER NOT NULL,
  overdue_days INTEGER NOT NULL,
  estimated INTEGER NOT NULL,
  mismatch INTEGER NOT NULL,
  judge_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  meaning INTEGER NOT NULL,
  moved_at TEXT NOT NULL) STRICT;
CREATE INDEX case_known ON approval_case(feed, meaning);
CREATE INDEX case_by_time ON approval_case(moved_at, id, shown_status, shown_light);
CREATE INDEX case_by_version ON approval_case(version);
CREATE INDEX case_by_number ON approval_case(case_no) WHERE case_no <> '';
CREATE INDEX case_by_judging ON approval_case(judge_at) WHERE judge_at <> 0;
CREATE INDEX case_by_accepting ON approval_case(accepted_at) WHERE accepted_at <> '';
CREATE INDEX case_by_finishing ON approval_case(finished_at) WHERE finished_at <> '';
CREATE INDEX case_by_mismatch ON approval_case(moved_at) WHERE mismatch <> 0;
CREATE INDEX case_suppressed ON approval_case(suppressed) WHERE suppressed <> 0;
CREATE INDEX case_returned ON approval_case(applicant_key, matter_code, matter_name)
  WHERE applicant_key <> '' AND (return_count > 0 OR status = 'returned');

CREATE TABLE record(
  key INTEGER PRIMARY KEY,
  feed TEXT NOT NULL,
  what TEXT NOT NULL,
  id TEXT NOT NULL,
  json TEXT NOT NULL,
  meaning INTEGER NOT NULL,
  version INTEGER NOT NULL) STRICT;
CREATE INDEX record_by_kind ON record(what, id);

CREATE TABLE cursor(
  feed TEXT NOT NULL,
  what TEXT NOT NULL,
  cursor TEXT NOT NULL,
  PRIMARY KEY(feed, what)) STRICT, WITHOUT ROWID;

CREATE TABLE meta(
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL) STRICT, WITHOUT ROWID;
)";

std::string text_columns(const char* after_each) {
  std::string out;
  hall::CaseRow row;
  const auto add = [&](const char* name, const std::string&) { out += std::string(name) + after_each; };
  each_text(row, add);
  each_own_text(row, add);
  return out;
}

int count_texts() {
  int count = 0;
  hall::CaseRow row;
  const auto add = [&](const char*, const std::string&) { ++count; };
  each_text(row, add);
  each_own_text(row, add);
  return count;
}

bool create(Database& db) {
  const auto sql = fmt::format(fmt::runtime(tables), text_columns(" TEXT NOT NULL,\n  "));
  const auto marks = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT",
                                 case_application, case_version);
  return db.exec("BEGIN IMMEDIATE") && db.exec(sql.c_str()) && db.exec(marks.c_str());
}

std::int64_t as_integer(std::uint64_t bits) {
  return static_cast<std::int64_t>(bits);
}

}  // namespace

std::string case_columns() {
  return text_columns(", ") +
         "return_count, suppressed, overdue_days, estimated, mismatch, judge_at, version";
}

hall::CaseRow read_case(const Query& query, int& next) {
  hall::CaseRow row;
  const auto take = [&](const char*, std::string& text) { text = query.bytes(next++); };
  each_text(row, take);
  each_own_text(row, take);
  row.return_count = static_cast<std::uint32_t>(query.integer(next++));
  row.suppressed = query.integer(next++) != 0;
  row.overdue_days = static_cast<std::uint32_t>(query.integer(next++));
  row.estimated = query.integer(next++) != 0;
  row.mismatch = query.integer(next++) != 0;
  row.judge_at = query.integer(next++);
  row.version = query.count(next++);
  return row;
}

std::optional<std::string> CaseLedger::refuse() {
  const int code = db_.code() & 0xff;
  useless_ = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  return db_.fault();
}

std::optional<std::string> CaseLedger::open(const std::string& file, const char* vfs) {
  std::int64_t application = 0;
  std::int64_t version = 0;
  std::int64_t things = 0;
  if (!db_.open(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs) ||
      !db_.integer("PRAGMA application_id", application) || !db_.integer("PRAGMA user_version", version) ||
      !db_.integer("SELECT count(*) FROM sqlite_schema", things)) {
    return refuse();
  }
  sqlite3_busy_timeout(db_.handle(), busy_timeout_ms);
  if (things != 0 && (application != case_application || version != case_version)) {
    useless_ = true;
    return "it is of another version";
  }
  // NORMAL: a power cut may take the last writes back, whole; they come again from their source.
  if (!db_.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 8388608;"
                "PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF") ||
      (things == 0 && !create(db_)) || !prepare()) {
    return refuse();
  }
  std::int64_t last = 0;
  if (!db_.integer("SELECT max((SELECT coalesce(max(version), 0) FROM approval_case), "
                   "(SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE name = 'version'))",
                   last)) {
    return refuse();
  }
  version_ = static_cast<std::uint64_t>(last);
  return std::nullopt;
}

bool CaseLedger::prepare() {
  const int texts = count_texts();
  std::string marks = "?";
  for (int i = 0; i < texts + 10; ++i) {
    marks += ", ?";
  }
  return begin_.prepare(db_, "BEGIN IMMEDIATE") && commit_.prepare(db_, "COMMIT") &&
         rollback_.prepare(db_, "ROLLBACK") &&
         put_case_.prepare(
             db_, fmt::format("INSERT OR REPLACE INTO approval_case(key, feed, {}, meaning, moved_at) "
                              "VALUES({})",
                              case_columns(), marks)) &&
         remove_case_.prepare(db_, "DELETE FROM approval_case WHERE key = ?") &&
         put_record_.prepare(db_,
                             "INSERT OR REPLACE INTO record(key, what, feed, id, json, meaning, version) "
                             "VALUES(?, ?, ?, ?, ?, ?, ?)") &&
         remove_record_.prepare(db_, "DELETE FROM record WHERE key = ?") &&
         put_cursor_.prepare(db_, "INSERT OR REPLACE INTO cursor(feed, what, cursor) VALUES(?, ?, ?)") &&
         put_version_.prepare(db_, "INSERT OR REPLACE INTO meta(name, value) VALUES('version', ?)") &&
         put_rules_.prepare(db_, "INSERT OR REPLACE INTO meta(name, value) VALUES('rules', ?)") &&
         make_due_.prepare(db_,
                           "UPDATE approval_case SET judge_at = 1 WHERE (SELECT value FROM meta WHERE name = "
                           "'rules') IS NOT ?");
}

bool CaseLedger::finish(bool written) {
  if (written && Query{commit_}.run()) {
    return true;
  }
  fault_ = db_.fault();
  if (sqlite3_get_autocommit(db_.handle()) == 0) {
    static_cast<void>(Query{rollback_}.run());
  }
  return false;
}

std::optional<std::uint64_t> CaseLedger::store(const hall::SourceChange& change) {
  fault_.clear();
  const std::uint64_t version = version_ + 1;
  if (!finish(Query{begin_}.run() && write(change, version))) {
    return std::nullopt;
  }
  version_ = version;
  return version;
}

bool CaseLedger::judge_all_by(const std::string& rules) {
  fault_.clear();
  return finish(Query{begin_}.run() && Query{make_due_}.bind(rules).run() &&
                Query{put_rules_}.bind(rules).run());
}

bool CaseLedger::write(const hall::SourceChange& change, std::uint64_t version) {
  const std::string_view what = hall::word_of(change.what);
  const bool cases = change.what == hall::What::cases;
  const bool rows = std::all_of(change.cases.begin(), change.cases.end(),
                                [&](const hall::CaseRow& row) { return put(change, row, version); });
  const bool records =
      std::all_of(change.records.begin(), change.records.end(), [&](const hall::Record& record) {
        Query query{put_record_};
        query.bind(as_integer(key_of(change.feed, change.what, record.id))).bind(what).bind(change.feed);
        query.bind(record.id).bind(record.json);
        return query.bind(as_integer(meaning(record))).bind(version).run();
      });
  const bool removed = std::all_of(change.removed.begin(), change.removed.end(), [&](std::uint64_t key) {
    return Query{cases ? remove_case_ : remove_record_}.bind(as_integer(key)).run();
  });
  const bool moved =
      !change.cursor || Query{put_cursor_}.bind(change.feed).bind(what).bind(*change.cursor).run();
  const std::string number = std::to_string(version);
  return rows && records && removed && moved && Query{put_version_}.bind(number).run();
}

bool CaseLedger::put(const hall::SourceChange& change, const hall::CaseRow& row, std::uint64_t version) {
  Query query{put_case_};
  query.bind(as_integer(key_of(change.feed, change.what, row.id))).bind(change.feed);
  const auto bind = [&query](const char*, const std::string& text) { query.bind(std::string_view(text)); };
  each_text(row, bind);
  each_own_text(row, bind);
  query.bind(std::uint64_t{row.return_count}).bind(std::int64_t{row.suppressed ? 1 : 0});
  query.bind(std::uint64_t{row.overdue_days}).bind(std::int64_t{row.estimated ? 1 : 0});
  query.bind(std::int64_t{row.mismatch ? 1 : 0}).bind(row.judge_at).bind(version);
  query.bind(as_integer(meaning(row)));
  return query.bind(std::string_view(row.updated_at.empty() ? row.accepted_at : row.updated_at)).run();
}

}  // namespace lobby::journal
