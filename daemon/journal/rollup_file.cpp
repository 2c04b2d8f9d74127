#include "daemon/journal/rollup_file.hpp"

#include <fmt/format.h>

#include <array>

#include "daemon/hall/bytes.hpp"

namespace lobby::journal {
namespace {

constexpr std::int64_t reports_id = 0x4c425250;  // "LBRP"
constexpr std::int64_t reports_version = 1;
constexpr int reports_busy_ms = 2000;

// Keys before dates: a report sums up one key after the other, and never holds more than one.
constexpr const char* reports_schema = R"(
CREATE TABLE mark(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  seq INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  digest INTEGER NOT NULL) STRICT;
CREATE TABLE cell(
  "by" INTEGER NOT NULL,
  key TEXT NOT NULL,
  date INTEGER NOT NULL,
  figures BLOB NOT NULL,
  PRIMARY KEY("by", key, date)) STRICT, WITHOUT ROWID;
)";

std::int64_t code_of(hall::StatisticsBy by) {
  return static_cast<std::int64_t>(by);
}

/// SQLite finds torn pages, this the bits that changed within one.
std::uint64_t seal_of(const CellKey& key, std::string_view figures) {
  std::string all{figures};
  all += key.key;
  put_varint(all, static_cast<std::uint64_t>(key.date.days));
  put_varint(all, static_cast<std::uint64_t>(key.by));
  return hall::checksum(all);
}

constexpr std::size_t seal_size = sizeof(std::uint64_t);

std::uint64_t seal_in(std::string_view sealed) {
  return hall::load<std::uint64_t>(sealed.data() + sealed.size() - seal_size);
}

hall::Date date_of(std::int64_t days) {
  return {static_cast<std::int32_t>(days)};
}

}  // namespace

bool RollupFile::fail() {
  const int code = db_.code() & 0xff;
  damaged_ = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR ||
             code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH;
  fault_ = "reports.db: " + db_.fault();
  return false;
}

bool RollupFile::fail_damaged(const char* how) {
  damaged_ = true;
  fault_ = std::string{"reports.db: "} + how;
  return false;
}

bool RollupFile::has_schema(bool& empty) {
  std::int64_t application = 0;
  std::int64_t version = 0;
  std::int64_t things = 0;
  if (!db_.integer("PRAGMA application_id", application) || !db_.integer("PRAGMA user_version", version) ||
      !db_.integer("SELECT count(*) FROM sqlite_schema", things)) {
    return fail();
  }
  empty = application == 0 && version == 0 && things == 0;
  if (!empty && (application != reports_id || version != reports_version)) {
    return fail_damaged("it is of another version");
  }
  return true;
}

bool RollupFile::prepare() {
  if (!db_.open(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs_)) {
    return fail();
  }
  sqlite3_busy_timeout(db_.handle(), reports_busy_ms);
  bool empty = false;
  // NORMAL: no commit waits for the disk, and a power cut takes the last ones at most.
  if (!has_schema(empty) ||
      !db_.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304;"
                "PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")) {
    return damaged_ ? false : fail();
  }
  if (empty) {
    const auto make = fmt::format("BEGIN; {} PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT",
                                  reports_schema, reports_id, reports_version);
    if (!db_.exec(make.c_str())) {
      return fail();
    }
  }
  Statement check;
  if (!check.prepare(db_, "PRAGMA quick_check(1)")) {
    return fail();
  }
  Query checked{check};
  if (checked.step() != Step::row) {
    return fail();
  }
  if (checked.bytes(0) != "ok") {
    return fail_damaged("the file is damaged");
  }
  return true;
}

bool RollupFile::prepare_statements() {
  const bool made =
      begin_.prepare(db_, "BEGIN IMMEDIATE") && commit_.prepare(db_, "COMMIT") &&
      rollback_.prepare(db_, "ROLLBACK") && mark_.prepare(db_, "SELECT seq, fingerprint, digest FROM mark") &&
      put_mark_.prepare(db_,
                        "INSERT OR REPLACE INTO mark(one, seq, fingerprint, digest) VALUES(1, ?, ?, ?)") &&
      one_.prepare(db_, R"(SELECT figures FROM cell WHERE "by" = ? AND key = ? AND date = ?)") &&
      put_.prepare(db_, R"(INSERT OR REPLACE INTO cell("by", key, date, figures) VALUES(?, ?, ?, ?))") &&
      next_key_.prepare(db_, R"(SELECT key FROM cell WHERE "by" = ? AND key >= ? ORDER BY key LIMIT 1)") &&
      data_version_of_.prepare(db_, "PRAGMA data_version") &&
      all_.prepare(db_, R"(SELECT "by", key, date, figures FROM cell)") &&
      days_.prepare(db_,
                    R"(SELECT date, figures FROM cell WHERE "by" = ? AND key = ? AND date BETWEEN ? AND ?)");
  return made || fail();
}

bool RollupFile::open() {
  for (int attempt = 0; attempt < 2; ++attempt) {
    close();
    damaged_ = false;
    if (prepare() && prepare_statements() && data_version(data_version_) && is_whole()) {
      open_ = true;
      return true;
    }
    if (!damaged_) {
      break;
    }
    discard();
  }
  close();
  return false;
}

bool RollupFile::is_touched() {
  if (!open_) {
    return false;
  }
  int gone = 0;
  sqlite3_file_control(db_.handle(), "main", SQLITE_FCNTL_HAS_MOVED, &gone);
  std::int64_t version = 0;
  return gone != 0 || !data_version(version) || version != data_version_;
}

/// Changes with every commit but our own.
bool RollupFile::data_version(std::int64_t& version) {
  Query query{data_version_of_};
  const bool read = query.step() == Step::row;
  version = read ? query.integer(0) : 0;
  return read || fail();
}

void RollupFile::close() {
  for (Statement* statement : {&begin_, &commit_, &rollback_, &mark_, &put_mark_, &one_, &put_, &next_key_,
                               &days_, &all_, &data_version_of_}) {
    statement->close();
  }
  db_.close();
  open_ = false;
}

void RollupFile::discard() {
  close();
  damaged_ = false;
  sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_);
  for (const char* tail : {"-wal", "-shm", ""}) {
    vfs->xDelete(vfs, (file_ + tail).c_str(), 0);
  }
}

/// Every figure is there, as it was written.
bool RollupFile::is_whole() {
  mark_now_ = {};
  digest_ = 0;
  std::uint64_t expected = 0;
  {
    Query query{mark_};
    const Step step = query.step();
    if (step == Step::failed) {
      return fail();
    }
    if (step == Step::row) {
      mark_now_ = {query.count(0), static_cast<std::uint64_t>(query.integer(1))};
      expected = static_cast<std::uint64_t>(query.integer(2));
    }
  }
  Query query{all_};
  Step step = query.step();
  for (; step == Step::row; step = query.step()) {
    const CellKey key{static_cast<hall::StatisticsBy>(query.integer(0)), query.text(1),
                      date_of(query.integer(2))};
    Cell cell;
    if (!read(query.bytes(3), key, cell)) {
      return false;
    }
    digest_ ^= seal_in(query.bytes(3));
  }
  if (step == Step::failed) {
    return fail();
  }
  return digest_ == expected || fail_damaged("a figure is missing");
}

bool RollupFile::read(std::string_view sealed, const CellKey& key, Cell& cell) {
  if (sealed.size() < seal_size) {
    return fail_damaged("a figure is damaged");
  }
  const auto figures = sealed.substr(0, sealed.size() - seal_size);
  if (seal_in(sealed) != seal_of(key, figures) || !cell.add_bytes(figures)) {
    return fail_damaged("a figure is damaged");
  }
  return true;
}

bool RollupFile::put(const CellKey& key, const Cell& cell, std::uint64_t& digest) {
  Cell sum = cell;
  {
    Query query{one_};
    const Step step = query.bind(code_of(key.by)).bind(key.key).bind(std::int64_t{key.date.days}).step();
    if (step == Step::failed) {
      return fail();
    }
    if (step == Step::row) {
      if (!read(query.bytes(0), key, sum)) {
        return false;
      }
      digest ^= seal_in(query.bytes(0));
    }
  }
  auto bytes = sum.bytes();
  std::array<char, seal_size> seal{};
  hall::store(seal_of(key, bytes), seal.data());
  bytes.append(seal.data(), seal.size());
  digest ^= seal_in(bytes);
  Query query{put_};
  query.bind(code_of(key.by)).bind(key.key).bind(std::int64_t{key.date.days}).bind_blob(bytes);
  return query.run() || fail();
}

bool RollupFile::store(const Rollup& counted, const Mark& mark) {
  if (!Query{begin_}.run()) {
    return fail();
  }
  bool stored = true;
  std::uint64_t digest = digest_;
  for (const auto& [key, cell] : counted.cells()) {
    stored = stored && put(key, cell, digest);
  }
  if (stored) {
    Query query{put_mark_};
    query.bind(mark.seq).bind(static_cast<std::int64_t>(mark.fingerprint));
    stored = query.bind(static_cast<std::int64_t>(digest)).run() || fail();
  }
  stored = stored && (Query{commit_}.run() || fail());
  if (!stored) {
    static_cast<void>(Query{rollback_}.run());
    return false;
  }
  mark_now_ = mark;
  digest_ = digest;
  return true;
}

bool RollupFile::key_from(hall::StatisticsBy by, std::string_view from, std::optional<std::string>& key) {
  key.reset();
  Query query{next_key_};
  const Step step = query.bind(code_of(by)).bind(from).step();
  if (step == Step::row) {
    key = query.text(0);
  }
  return step != Step::failed || fail();
}

bool RollupFile::add_to(Cell& cell, const hall::StatisticsQuery& days, const std::string& key) {
  Query query{days_};
  query.bind(code_of(days.by)).bind(key);
  query.bind(std::int64_t{days.from.days}).bind(std::int64_t{days.to.days});
  Step step = query.step();
  for (; step == Step::row; step = query.step()) {
    if (!read(query.bytes(1), {days.by, key, date_of(query.integer(0))}, cell)) {
      return false;
    }
  }
  return step == Step::done || fail();
}

}  // namespace lobby::journal
