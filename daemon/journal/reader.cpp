#include "daemon/journal/reader.hpp"

#include <fmt/format.h>

#include <charconv>

#include "daemon/journal/ledger.hpp"

namespace lobby::journal {
namespace {

// The loop thread reads: it never waits long for anyone.
constexpr int reader_busy_timeout_ms = 100;

constexpr const char* line_columns = R"(seq, at_ms, type, ticket, "window", json)";
constexpr const char* case_columns =
    "id, case_no, query_code, matter_name, dept_name, applicant_type, applicant_display, status, status_raw, "
    "light, accepted_at, due_promised, finished_at, updated_at, version";
constexpr const char* filtered_newest_first =
    "(?2 = '' OR status = ?2) AND (?3 = '' OR light = ?3) ORDER BY moved_at DESC, id DESC LIMIT ?4";

hall::CaseRow case_row(const Query& query) {
  hall::CaseRow row;
  int column = 0;
  for (std::string* text :
       {&row.id, &row.case_no, &row.query_code, &row.matter_name, &row.dept_name, &row.applicant_type,
        &row.applicant_display, &row.status, &row.status_raw, &row.light, &row.accepted_at, &row.due_promised,
        &row.finished_at, &row.updated_at}) {
    *text = query.text(column++);
  }
  row.version = query.count(column);
  return row;
}

}  // namespace

std::optional<std::string> Reader::open(const std::string& file, const char* vfs) {
  file_ = file;
  if (!db_.open(file, SQLITE_OPEN_READONLY, vfs) ||
      !db_.exec("PRAGMA cache_size = -512; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")) {
    return fmt::format("{}: {}", file, db_.fault());
  }
  sqlite3_busy_timeout(db_.handle(), reader_busy_timeout_ms);
  if (!prepare()) {
    return fmt::format("{}: {}; put the last backup in its place", file, db_.fault());
  }
  return std::nullopt;
}

bool Reader::prepare() {
  const auto lines = [&](Statement& statement, const char* which) {
    return statement.prepare(
        db_, fmt::format("SELECT {} FROM event WHERE {} ORDER BY seq LIMIT ?", line_columns, which));
  };
  const auto rows = [&](Statement& statement, const char* which, const char* how) {
    return statement.prepare(db_,
                             fmt::format("SELECT {} FROM approval_case {} {}", case_columns, which, how));
  };
  return lines(after_, "seq > ?") && lines(history_, "ticket = ?") &&
         rows(cases_, "INDEXED BY approval_case_by_time WHERE ?1 = 0 AND", filtered_newest_first) &&
         rows(cases_since_, "INDEXED BY approval_case_by_version WHERE version > ?1 AND",
              filtered_newest_first) &&
         rows(case_by_number_, "WHERE case_no = ?", "ORDER BY moved_at DESC LIMIT 1") &&
         rows(case_by_id_, "WHERE feed = ? AND id = ?", "") &&
         max_version_.prepare(db_, "SELECT max(version) FROM approval_case") &&
         case_ids_.prepare(db_, "SELECT id FROM approval_case WHERE feed = ? ORDER BY id") &&
         cursor_.prepare(db_, "SELECT cursor FROM feed_cursor WHERE feed = ?") &&
         press_.prepare(db_, "SELECT value FROM meta WHERE name = 'key:' || ?") &&
         answer_.prepare(db_,
                         "SELECT body_hash, status, answer, at_ms FROM answer "
                         "WHERE account = ? AND path = ? AND key = ? AND at_ms > ?") &&
         snapshots_.prepare(db_, "SELECT seq, state FROM snapshot ORDER BY seq DESC") &&
         last_day_.prepare(db_, "SELECT max(seq) FROM event WHERE type = 'DayOpened'") &&
         last_seq_.prepare(db_, "SELECT max(seq) FROM event") &&
         last_advance_.prepare(
             db_, "SELECT json FROM event WHERE type = 'ApprovalsAdvanced' ORDER BY seq DESC LIMIT 1") &&
         tail_.prepare(db_, "SELECT seq, json FROM event WHERE seq > ? ORDER BY seq");
}

bool Reader::next(Query& query) {
  const Step step = query.step();
  if (step == Step::failed) {
    fault_ = fmt::format("{}: {}", file_, db_.fault());
  } else {
    fault_.clear();
  }
  return step == Step::row;
}

std::vector<Line> Reader::lines(Query& query) {
  std::vector<Line> lines;
  while (next(query)) {
    lines.push_back(
        {query.count(0), query.integer(1), query.text(2), query.count(3), query.text(4), query.text(5)});
  }
  return lines;
}

std::uint64_t Reader::one(Query& query) {
  return next(query) ? query.count(0) : 0;
}

std::vector<Line> Reader::after(std::uint64_t seq, std::size_t limit) {
  Query query{after_};
  return lines(query.bind(seq).bind(std::uint64_t{limit}));
}

std::vector<Line> Reader::history(std::uint64_t ticket, std::size_t limit) {
  Query query{history_};
  return lines(query.bind(ticket).bind(std::uint64_t{limit}));
}

std::optional<KeptAnswer> Reader::kept_answer(std::string_view account, std::string_view path,
                                              std::string_view key, std::int64_t now_ms) {
  Query query{answer_};
  if (!next(query.bind(account).bind(path).bind(key).bind(now_ms - answer_lifetime_ms))) {
    return std::nullopt;
  }
  return KeptAnswer{std::string{account},
                    std::string{path},
                    std::string{key},
                    query.text(0),
                    static_cast<int>(query.integer(1)),
                    query.text(2),
                    query.integer(3)};
}

hall::CasePage Reader::cases(const hall::CaseQuery& wanted) {
  hall::CasePage page;
  page.version = max_version();
  Query query{wanted.since ? cases_since_ : cases_};
  query.bind(wanted.since.value_or(0)).bind(wanted.status).bind(wanted.light);
  query.bind(std::uint64_t{wanted.limit});
  while (next(query)) {
    page.cases.push_back(case_row(query));
  }
  return page;
}

std::optional<hall::CaseRow> Reader::find_case(std::string_view case_no) {
  Query query{case_by_number_};
  return next(query.bind(case_no)) ? std::optional{case_row(query)} : std::nullopt;
}

std::optional<hall::CaseRow> Reader::find_case_by_id(std::string_view feed, std::string_view id) {
  Query query{case_by_id_};
  return next(query.bind(feed).bind(id)) ? std::optional{case_row(query)} : std::nullopt;
}

std::vector<std::string> Reader::case_ids(std::string_view feed) {
  Query query{case_ids_};
  query.bind(feed);
  std::vector<std::string> ids;
  while (next(query)) {
    ids.push_back(query.text(0));
  }
  return ids;
}

std::string Reader::cursor(std::string_view feed) {
  Query query{cursor_};
  return next(query.bind(feed)) ? query.text(0) : std::string{};
}

std::optional<hall::KeyPress> Reader::last_press(const hall::DeviceId& device) {
  Query query{press_};
  if (!next(query.bind(device.value))) {
    return std::nullopt;
  }
  const auto text = query.text(0);
  const char* const end = text.data() + text.size();
  hall::KeyPress press{device, 0, 0};
  const auto life = std::from_chars(text.data(), end, press.life);
  if (life.ec != std::errc{} || life.ptr == end || *life.ptr != ' ') {
    return std::nullopt;
  }
  const auto number = std::from_chars(life.ptr + 1, end, press.number);
  return number.ec == std::errc{} && number.ptr == end ? std::optional{press} : std::nullopt;
}

void Reader::each_snapshot(const std::function<bool(std::uint64_t, std::string_view)>& use) {
  Query query{snapshots_};
  while (next(query)) {
    if (use(query.count(0), query.bytes(1))) {
      return;
    }
  }
}

std::uint64_t Reader::last_day() {
  Query query{last_day_};
  return one(query);
}

std::uint64_t Reader::last_seq() {
  Query query{last_seq_};
  return one(query);
}

std::uint64_t Reader::max_version() {
  Query query{max_version_};
  return one(query);
}

std::string Reader::last_advance() {
  Query query{last_advance_};
  return next(query) ? query.text(0) : std::string{};
}

void Reader::each_after(std::uint64_t seq, const std::function<bool(std::uint64_t, std::string_view)>& use) {
  Query query{tail_};
  query.bind(seq);
  while (next(query) && use(query.count(0), query.bytes(1))) {
  }
}

}  // namespace lobby::journal
