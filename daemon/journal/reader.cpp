#include "daemon/journal/reader.hpp"

#include <fmt/format.h>

#include <charconv>

#include "daemon/journal/ledger.hpp"

namespace lobby::journal {
namespace {

// The loop thread reads: it never waits long for anyone.
constexpr int reader_busy_timeout_ms = 100;

constexpr const char* line_columns = R"(seq, at_ms, type, ticket, "window", json)";
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
  return lines(after_, "seq > ?") && lines(history_, "ticket = ?") &&
         press_.prepare(db_, "SELECT value FROM meta WHERE name = 'key:' || ?") &&
         place_.prepare(db_, "SELECT value FROM meta WHERE name = 'outbox:' || ?") &&
         answer_.prepare(db_,
                         "SELECT body_hash, status, answer, at_ms FROM answer "
                         "WHERE account = ? AND path = ? AND key = ? AND at_ms > ?") &&
         snapshots_.prepare(db_, "SELECT seq, state FROM snapshot ORDER BY seq DESC") &&
         last_day_.prepare(db_, "SELECT max(seq) FROM event WHERE type = 'DayOpened'") &&
         last_seq_.prepare(db_, "SELECT max(seq) FROM event") &&
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

std::optional<std::uint64_t> Reader::place(std::string_view reader) {
  Query query{place_};
  if (!next(query.bind(reader))) {
    return std::nullopt;
  }
  const auto text = query.text(0);
  const char* const end = text.data() + text.size();
  std::uint64_t seq = 0;
  const auto parsed = std::from_chars(text.data(), end, seq);
  return parsed.ec == std::errc{} && parsed.ptr == end ? std::optional{seq} : std::nullopt;
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

void Reader::each_after(std::uint64_t seq, const std::function<bool(std::uint64_t, std::string_view)>& use) {
  Query query{tail_};
  query.bind(seq);
  while (next(query) && use(query.count(0), query.bytes(1))) {
  }
}

}  // namespace lobby::journal
