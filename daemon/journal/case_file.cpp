#include "daemon/journal/case_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/journal/json_text.hpp"

namespace lobby::journal {
namespace {

constexpr std::int64_t case_application = 0x4c424341;  // "LBCA"
constexpr std::int64_t case_version = 2;
constexpr int case_busy_timeout_ms = 2000;

/// `n`: in the order of arrival, so that what comes together lies together; keys are spread over everything.
/// `moved_at` orders the list of the public; the index holds what it filters by. `key`: hall::key_of();
/// `meaning`: hall::meaning(), in a narrow table of its own that is read whole at the start.
constexpr const char* tables = R"(
CREATE TABLE approval_case(
  n INTEGER PRIMARY KEY,
  key INTEGER NOT NULL,
  feed TEXT NOT NULL,
  {}
  return_count INTEGER NOT NULL,
  suppressed INTEGER NOT NULL,
  overdue_days INTEGER NOT NULL,
  estimated INTEGER NOT NULL,
  mismatch INTEGER NOT NULL,
  judge_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  moved_at TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX case_by_key ON approval_case(key);
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

CREATE TABLE known_case(
  n INTEGER PRIMARY KEY,
  key INTEGER NOT NULL,
  meaning INTEGER NOT NULL,
  feed TEXT NOT NULL) STRICT;

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

/// What the indexes hold that hardly ever changes: an index costs a write of a page for every row, also when
/// nothing of it has changed.
constexpr std::array<std::string_view, 8> steady{"case_no",    "accepted_at",   "finished_at", "judge_at",
                                                 "suppressed", "applicant_key", "matter_code", "matter_name"};

/// All that is written of a case, as it is bound: ?1, ?2 ….
std::vector<std::string> written_columns() {
  std::vector<std::string> out{"key", "feed"};
  hall::CaseRow row;
  const auto add = [&out](const char* name, const std::string&) { out.emplace_back(name); };
  each_text(row, add);
  each_own_text(row, add);
  for (const char* name : {"return_count", "suppressed", "overdue_days", "estimated", "mismatch", "judge_at",
                           "version", "moved_at"}) {
    out.emplace_back(name);
  }
  return out;
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

/// All of written_columns() but the key and the feed.
void bind_case(Query& query, const hall::CaseRow& row, std::uint64_t version) {
  const auto bind = [&query](const char*, const std::string& text) { query.bind(std::string_view(text)); };
  each_text(row, bind);
  each_own_text(row, bind);
  query.bind(std::uint64_t{row.return_count}).bind(std::int64_t{row.suppressed ? 1 : 0});
  query.bind(std::uint64_t{row.overdue_days}).bind(std::int64_t{row.estimated ? 1 : 0});
  query.bind(std::int64_t{row.mismatch ? 1 : 0}).bind(row.judge_at).bind(version);
  query.bind(std::string_view(row.updated_at.empty() ? row.accepted_at : row.updated_at));
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
  sqlite3_busy_timeout(db_.handle(), case_busy_timeout_ms);
  if (things != 0 && (application != case_application || version != case_version)) {
    useless_ = true;
    return "it is of another version";
  }
  // NORMAL: a power cut may take the last writes back, whole; they come again from their source.
  if (!db_.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 8388608;"
                "PRAGMA cache_size = -4096; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;"
                "PRAGMA trusted_schema = OFF") ||
      (things == 0 && !create(db_)) || !prepare()) {
    return refuse();
  }
  sqlite3_wal_hook(
      db_.handle(),
      [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
      },
      &log_pages_);
  std::int64_t last = 0;
  if (!count() ||
      !db_.integer("SELECT max((SELECT coalesce(max(version), 0) FROM approval_case), "
                   "(SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE name = 'version'))",
                   last)) {
    return refuse();
  }
  version_ = static_cast<std::uint64_t>(last);
  return std::nullopt;
}

/// How many there are stands beside them: to count 200,000 rows takes the loop milliseconds.
bool CaseLedger::count() {
  std::int64_t noted = 0;
  return db_.integer("SELECT count(*) FROM approval_case", cases_) &&
         db_.integer("SELECT coalesce(max(CAST(value AS INTEGER)), -1) FROM meta WHERE name = 'cases'",
                     noted) &&
         (noted == cases_ || Query{put_count_}.bind(std::to_string(cases_)).run());
}

bool CaseLedger::prepare() {
  return begin_.prepare(db_, "BEGIN IMMEDIATE") && commit_.prepare(db_, "COMMIT") &&
         rollback_.prepare(db_, "ROLLBACK") && prepare_cases() &&
         know_case_.prepare(db_,
                            "INSERT OR REPLACE INTO known_case(n, key, meaning, feed) VALUES(?, ?, ?, ?)") &&
         forget_case_.prepare(
             db_, "DELETE FROM known_case WHERE n = (SELECT n FROM approval_case WHERE key = ?)") &&
         remove_case_.prepare(db_, "DELETE FROM approval_case WHERE key = ?") &&
         put_record_.prepare(db_,
                             "INSERT OR REPLACE INTO record(key, what, feed, id, json, meaning, version) "
                             "VALUES(?, ?, ?, ?, ?, ?, ?)") &&
         remove_record_.prepare(db_, "DELETE FROM record WHERE key = ?") &&
         put_cursor_.prepare(db_, "INSERT OR REPLACE INTO cursor(feed, what, cursor) VALUES(?, ?, ?)") &&
         put_version_.prepare(db_, "INSERT OR REPLACE INTO meta(name, value) VALUES('version', ?)") &&
         put_count_.prepare(db_, "INSERT OR REPLACE INTO meta(name, value) VALUES('cases', ?)") &&
         put_rules_.prepare(db_, "INSERT OR REPLACE INTO meta(name, value) VALUES('rules', ?)") &&
         make_due_.prepare(db_,
                           "UPDATE approval_case SET judge_at = 1 WHERE (SELECT value FROM meta WHERE name = "
                           "'rules') IS NOT ?");
}

bool CaseLedger::prepare_cases() {
  const auto columns = written_columns();
  std::string same;
  for (const auto column : steady) {
    same += fmt::format("{}{} = ?", same.empty() ? "" : " AND ", column);
  }
  std::vector<std::string> names, marks, all, moving;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    names.push_back(columns[i]);
    marks.push_back(fmt::format("?{}", i + 1));
    if (i < 2) {
      continue;
    }
    all.push_back(fmt::format("{} = ?{}", columns[i], i + 1));
    if (std::find(steady.begin(), steady.end(), columns[i]) == steady.end()) {
      moving.push_back(all.back());
    }
  }
  std::string own;
  hall::CaseRow row;
  each_own_text(row, [&own](const char* name, const std::string&) { own += fmt::format("{} = ?, ", name); });
  const auto place = columns.size() + 1;
  const auto list = [](const std::vector<std::string>& parts) {
    return fmt::to_string(fmt::join(parts, ", "));
  };
  return find_case_.prepare(
             db_,
             fmt::format("SELECT {}, n FROM approval_case INDEXED BY case_by_key WHERE key = ?", same)) &&
         add_case_.prepare(
             db_, fmt::format("INSERT INTO approval_case({}) VALUES({})", list(names), list(marks))) &&
         change_case_.prepare(db_,
                              fmt::format("UPDATE approval_case SET {} WHERE n = ?{}", list(all), place)) &&
         judge_case_.prepare(db_, fmt::format("UPDATE approval_case SET {}overdue_days = ?, estimated = ?, "
                                              "mismatch = ?, judge_at = ?, version = ? WHERE key = ? AND "
                                              "version = ?",
                                              own)) &&
         move_case_.prepare(db_,
                            fmt::format("UPDATE approval_case SET {} WHERE n = ?{}", list(moving), place));
}

void CaseLedger::checkpoint() {
  // What cannot be moved now, while somebody reads, is moved the next time.
  sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  log_pages_ = 0;
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
  const std::int64_t cases = cases_;
  if (!finish(Query{begin_}.run() && write(change, version))) {
    cases_ = cases;
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

bool CaseLedger::keep_only(const std::vector<std::pair<std::string, hall::What>>& sources) {
  constexpr const char* others[] = {
      "DELETE FROM approval_case WHERE 'cases ' || feed NOT IN (SELECT value FROM json_each(?))",
      "DELETE FROM known_case WHERE 'cases ' || feed NOT IN (SELECT value FROM json_each(?))",
      "DELETE FROM record WHERE what || ' ' || feed NOT IN (SELECT value FROM json_each(?))",
      "DELETE FROM cursor WHERE what || ' ' || feed NOT IN (SELECT value FROM json_each(?))"};
  std::string kept = "[";
  for (const auto& [feed, what] : sources) {
    kept += kept.size() > 1 ? "," : "";
    append_json_string(kept, std::string(hall::word_of(what)) + " " + feed);
  }
  kept += "]";
  fault_.clear();
  const auto before = sqlite3_total_changes(db_.handle());
  bool works = Query{begin_}.run();
  for (const char* sql : others) {
    Statement statement;
    works = works && statement.prepare(db_, sql) && Query{statement}.bind(kept).run();
  }
  const bool is_changed = sqlite3_total_changes(db_.handle()) != before;
  if (works && is_changed) {
    ++version_;
    works = Query{put_version_}.bind(std::to_string(version_)).run() && count();
  }
  return finish(works);
}

bool CaseLedger::write(const hall::SourceChange& change, std::uint64_t version) {
  const std::string_view what = hall::word_of(change.what);
  const bool cases = change.what == hall::What::cases;
  const auto keep = change.judged ? &CaseLedger::put_judged : &CaseLedger::put;
  const bool rows = std::all_of(change.cases.begin(), change.cases.end(), [&](const hall::CaseRow& row) {
    return (this->*keep)(change, row, version);
  });
  const bool records =
      std::all_of(change.records.begin(), change.records.end(), [&](const hall::Record& record) {
        Query query{put_record_};
        query.bind(as_integer(key_of(change.feed, change.what, record.id))).bind(what).bind(change.feed);
        query.bind(record.id).bind(record.json);
        return query.bind(as_integer(meaning(record))).bind(version).run();
      });
  const bool removed = std::all_of(change.removed.begin(), change.removed.end(),
                                   [&](std::uint64_t key) { return remove(key, cases); });
  const bool moved =
      !change.cursor || Query{put_cursor_}.bind(change.feed).bind(what).bind(*change.cursor).run();
  const std::string number = std::to_string(version);
  return rows && records && removed && moved && Query{put_version_}.bind(number).run() &&
         Query{put_count_}.bind(std::to_string(cases_)).run();
}

bool CaseLedger::remove(std::uint64_t key, bool is_case) {
  if (!is_case) {
    return Query{remove_record_}.bind(as_integer(key)).run();
  }
  if (!Query{forget_case_}.bind(as_integer(key)).run() || !Query{remove_case_}.bind(as_integer(key)).run()) {
    return false;
  }
  cases_ -= sqlite3_changes(db_.handle());
  return true;
}

bool CaseLedger::put_judged(const hall::SourceChange& change, const hall::CaseRow& row,
                            std::uint64_t version) {
  Query query{judge_case_};
  each_own_text(row, [&query](const char*, const std::string& text) { query.bind(std::string_view(text)); });
  query.bind(std::uint64_t{row.overdue_days}).bind(std::int64_t{row.estimated ? 1 : 0});
  query.bind(std::int64_t{row.mismatch ? 1 : 0}).bind(row.judge_at).bind(version);
  return query.bind(as_integer(key_of(change.feed, change.what, row.id))).bind(row.version).run();
}

bool CaseLedger::put(const hall::SourceChange& change, const hall::CaseRow& row, std::uint64_t version) {
  const auto key = as_integer(key_of(change.feed, change.what, row.id));
  const std::int64_t suppressed = row.suppressed ? 1 : 0;
  std::optional<std::int64_t> place;
  bool is_steady = false;
  {
    Query find{find_case_};
    find.bind(row.case_no).bind(row.accepted_at).bind(row.finished_at).bind(row.judge_at).bind(suppressed);
    find.bind(row.applicant_key).bind(row.matter_code).bind(row.matter_name).bind(key);
    const Step step = find.step();
    if (step == Step::failed) {
      return false;
    }
    if (step == Step::row) {
      is_steady = find.integer(0) != 0;
      place = find.integer(1);
    }
  }
  {
    Query query{!place ? add_case_ : is_steady ? move_case_ : change_case_};
    query.bind(key).bind(change.feed);
    bind_case(query, row, version);
    if (place) {
      query.bind(*place);
    }
    if (!query.run()) {
      return false;
    }
    cases_ += place ? 0 : 1;
  }
  Query known{know_case_};
  known.bind(place.value_or(sqlite3_last_insert_rowid(db_.handle()))).bind(key);
  return known.bind(as_integer(meaning(row))).bind(change.feed).run();
}

}  // namespace lobby::journal
