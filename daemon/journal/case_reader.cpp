#include "daemon/journal/case_reader.hpp"

#include <fmt/format.h>

#include <limits>

#include "daemon/journal/case_file.hpp"

namespace lobby::journal {
namespace {

// The loop thread reads: it never waits long for anyone.
constexpr int case_reader_busy_timeout_ms = 100;

constexpr const char* filtered =
    "(?2 = '' OR shown_status = ?2) AND (?3 = '' OR shown_light = ?3) ORDER BY moved_at DESC, id DESC LIMIT "
    "?4";

}  // namespace

std::optional<std::string> CaseReader::open(const std::string& file, const char* vfs) {
  if (!db_.open(file, SQLITE_OPEN_READONLY, vfs) ||
      !db_.exec("PRAGMA cache_size = -512; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")) {
    return db_.fault();
  }
  sqlite3_busy_timeout(db_.handle(), case_reader_busy_timeout_ms);
  return prepare() && prepare_lists() ? std::nullopt : std::optional(db_.fault());
}

bool CaseReader::prepare() {
  // In the order in which they lie, those of others among them: so a call never looks at more than its share.
  return known_cases_.prepare(
             db_, "SELECT n, key, meaning, feed = ?2 FROM known_case WHERE n >= ?1 ORDER BY n LIMIT ?3") &&
         known_records_.prepare(db_,
                                "SELECT key, key, meaning, feed = ?2 AND what = ?4 FROM record WHERE key >= "
                                "?1 ORDER BY key LIMIT ?3") &&
         oldest_cases_.prepare(db_,
                               "SELECT key FROM approval_case INDEXED BY case_by_time WHERE feed = ?1 AND "
                               "status IN ('not_accepted', 'approved', 'rejected', 'finished', 'returned', "
                               "'withdrawn', 'deemed', 'void') ORDER BY moved_at, id LIMIT ?2") &&
         oldest_records_.prepare(
             db_, "SELECT key FROM record WHERE feed = ?1 AND what = ?3 ORDER BY version LIMIT ?2") &&
         cursor_.prepare(db_, "SELECT cursor FROM cursor WHERE feed = ? AND what = ?") &&
         due_.prepare(db_, fmt::format("SELECT {}, feed FROM approval_case WHERE judge_at <> 0 AND judge_at "
                                       "<= ? ORDER BY judge_at LIMIT ?",
                                       case_columns())) &&
         version_.prepare(db_, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'version'") &&
         records_.prepare(db_, "SELECT id, json, version FROM record WHERE what = ? ORDER BY id LIMIT ?") &&
         count_all_.prepare(db_, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'cases'") &&
         count_suppressed_.prepare(db_, "SELECT count(*) FROM approval_case WHERE suppressed <> 0") &&
         count_accepted_.prepare(db_,
                                 "SELECT count(*) FROM approval_case INDEXED BY case_by_accepting WHERE "
                                 "accepted_at <> '' AND accepted_at >= ? AND accepted_at < ?") &&
         count_finished_.prepare(db_,
                                 "SELECT count(*) FROM approval_case INDEXED BY case_by_finishing WHERE "
                                 "finished_at <> '' AND finished_at >= ? AND finished_at < ?");
}

bool CaseReader::prepare_lists() {
  const auto list = [this](Statement& statement, std::string_view where) {
    return statement.prepare(db_, fmt::format("SELECT {} FROM approval_case {}", case_columns(), where));
  };
  const auto by_time = "INDEXED BY case_by_time WHERE ?1 = 0 AND ";
  const auto since = "INDEXED BY case_by_version WHERE version > ?1 AND ";
  return list(cases_, fmt::format("{} shown_status <> '' AND {}", by_time, filtered)) &&
         list(cases_since_, fmt::format("{} shown_status <> '' AND {}", since, filtered)) &&
         list(all_cases_, fmt::format("{} {}", by_time, filtered)) &&
         list(all_since_, fmt::format("{} {}", since, filtered)) &&
         list(by_number_, "WHERE case_no = ? AND case_no <> '' ORDER BY moved_at DESC LIMIT 1") &&
         list(mismatches_,
              "INDEXED BY case_by_mismatch WHERE mismatch <> 0 ORDER BY moved_at DESC LIMIT ?") &&
         returned_.prepare(
             db_,
             "SELECT applicant_key, matter_name, sum(max(return_count, status = 'returned')) AS "
             "returns, count(*), max(moved_at) FROM approval_case WHERE applicant_key <> '' AND "
             "(return_count > 0 OR status = 'returned') GROUP BY applicant_key, matter_code, "
             "matter_name HAVING returns >= 2 ORDER BY returns DESC, 5 DESC LIMIT ?");
}

std::optional<std::int64_t> CaseReader::each_known(std::string_view feed, hall::What what, std::int64_t place,
                                                   const CaseStore::UseKnown& use) {
  const bool cases = what == hall::What::cases;
  Query query{cases ? known_cases_ : known_records_};
  query.bind(place).bind(feed).bind(std::int64_t{CaseStore::known_at_once});
  if (!cases) {
    query.bind(hall::word_of(what));
  }
  int rows = 0;
  for (; query.step() == Step::row; ++rows) {
    place = query.integer(0);
    if (query.integer(3) != 0) {
      use(query.count(1), query.count(2));
    }
  }
  const bool is_last = rows < CaseStore::known_at_once || place == std::numeric_limits<std::int64_t>::max();
  return is_last ? std::nullopt : std::optional(place + 1);
}

std::vector<std::uint64_t> CaseReader::oldest(std::string_view feed, hall::What what, std::size_t limit) {
  const bool cases = what == hall::What::cases;
  Query query{cases ? oldest_cases_ : oldest_records_};
  query.bind(feed).bind(std::uint64_t{limit});
  if (!cases) {
    query.bind(hall::word_of(what));
  }
  std::vector<std::uint64_t> keys;
  while (query.step() == Step::row) {
    keys.push_back(query.count(0));
  }
  return keys;
}

std::string CaseReader::cursor(std::string_view feed, hall::What what) {
  Query query{cursor_};
  return query.bind(feed).bind(hall::word_of(what)).step() == Step::row ? query.text(0) : std::string();
}

std::vector<CaseStore::DueCase> CaseReader::due(std::int64_t now_ms, std::size_t limit) {
  Query query{due_};
  query.bind(now_ms).bind(std::uint64_t{limit});
  std::vector<CaseStore::DueCase> out;
  while (query.step() == Step::row) {
    int next = 0;
    auto row = read_case(query, next);
    out.push_back({query.text(next), std::move(row)});
  }
  return out;
}

std::uint64_t CaseReader::version() {
  Query query{version_};
  return query.step() == Step::row ? query.count(0) : 0;
}

std::vector<hall::CaseRow> CaseReader::rows(Query& query) {
  std::vector<hall::CaseRow> out;
  while (query.step() == Step::row) {
    int next = 0;
    out.push_back(read_case(query, next));
  }
  return out;
}

hall::CasePage CaseReader::cases(const hall::CaseQuery& wanted) {
  hall::CasePage page;
  // Before the rows: what is written between the two comes again, and is not lost.
  page.version = version();
  Query query{wanted.everything ? (wanted.since ? all_since_ : all_cases_)
                                : (wanted.since ? cases_since_ : cases_)};
  query.bind(wanted.since.value_or(0)).bind(wanted.status).bind(wanted.light);
  query.bind(std::uint64_t{wanted.limit});
  page.cases = rows(query);
  return page;
}

std::optional<hall::CaseRow> CaseReader::find_case(std::string_view case_no) {
  Query query{by_number_};
  auto found = rows(query.bind(case_no));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::uint32_t CaseReader::count(Statement& statement, std::string_view from, std::string_view to) {
  Query query{statement};
  if (!from.empty()) {
    query.bind(from).bind(to);
  }
  return query.step() == Step::row ? static_cast<std::uint32_t>(query.integer(0)) : 0;
}

hall::CaseTotals CaseReader::totals(std::string_view today) {
  const std::uint64_t now = version();
  if (totals_day_ == today && totals_version_ == now) {
    return totals_;
  }
  // Everything that begins with the day sorts before the day and a letter.
  const std::string end = std::string(today) + "~";
  totals_ = {count(count_all_, "", ""), count(count_accepted_, today, end),
             count(count_finished_, today, end), count(count_suppressed_, "", "")};
  totals_day_ = today;
  totals_version_ = now;
  return totals_;
}

std::vector<hall::CaseRow> CaseReader::mismatches(std::size_t limit) {
  Query query{mismatches_};
  return rows(query.bind(std::uint64_t{limit}));
}

std::vector<hall::ReturnedTwice> CaseReader::returned_twice(std::size_t limit) {
  Query query{returned_};
  query.bind(std::uint64_t{limit});
  std::vector<hall::ReturnedTwice> out;
  while (query.step() == Step::row) {
    out.push_back({query.text(0), query.text(1), static_cast<std::uint32_t>(query.integer(2)),
                   static_cast<std::uint32_t>(query.integer(3)), query.text(4)});
  }
  return out;
}

std::vector<hall::Record> CaseReader::records(hall::What what, std::size_t limit) {
  Query query{records_};
  query.bind(hall::word_of(what)).bind(std::uint64_t{limit});
  std::vector<hall::Record> out;
  while (query.step() == Step::row) {
    out.push_back({query.text(0), query.text(1), query.count(2)});
  }
  return out;
}

}  // namespace lobby::journal
