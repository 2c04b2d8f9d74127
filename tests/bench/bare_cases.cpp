#include "tests/bench/bare_cases.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <vector>

namespace lobby::bench {
namespace {

using Clock = std::chrono::steady_clock;

void must(bool good, const char* what) {
  if (!good) {
    throw std::runtime_error(std::string("the bare table cannot be measured: ") + what);
  }
}

}  // namespace

struct BareCases::Databases {
  ~Databases() {
    for (sqlite3_stmt* statement : {moved, put, begin, commit}) {
      sqlite3_finalize(statement);
    }
    sqlite3_close(source);
    sqlite3_close(copy);
  }
  static sqlite3_stmt* prepare(sqlite3* db, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    must(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK, sqlite3_errmsg(db));
    return statement;
  }
  sqlite3* source = nullptr;
  sqlite3* copy = nullptr;
  sqlite3_stmt* moved = nullptr;
  sqlite3_stmt* put = nullptr;
  sqlite3_stmt* begin = nullptr;
  sqlite3_stmt* commit = nullptr;
};

BareCases::BareCases(const std::string& approvals, const std::string& folder)
    : databases_(std::make_unique<Databases>()) {
  auto& at = *databases_;
  const std::string file = folder + "/bare-approvals.db";
  must(sqlite3_open(approvals.c_str(), &at.source) == SQLITE_OK, "open");
  must(
      sqlite3_exec(at.source, ("VACUUM INTO '" + file + "'").c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
      "copy");
  must(sqlite3_open(file.c_str(), &at.copy) == SQLITE_OK, "open the copy");
  must(sqlite3_exec(at.copy,
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1024",
                    nullptr, nullptr, nullptr) == SQLITE_OK,
       "settings");
  at.moved = Databases::prepare(at.source, "SELECT * FROM approval_case WHERE version > ?");
  std::string marks = "?";
  for (int i = 1; i < sqlite3_column_count(at.moved); ++i) {
    marks += ", ?";
  }
  at.put = Databases::prepare(at.copy, "INSERT OR REPLACE INTO approval_case VALUES(" + marks + ")");
  at.begin = Databases::prepare(at.copy, "BEGIN IMMEDIATE");
  at.commit = Databases::prepare(at.copy, "COMMIT");
  auto* newest = Databases::prepare(at.copy, "SELECT max(version) FROM approval_case");
  must(sqlite3_step(newest) == SQLITE_ROW, "version");
  version_ = sqlite3_column_int64(newest, 0);
  sqlite3_finalize(newest);
}

BareCases::~BareCases() = default;

Clock::duration BareCases::follow() {
  auto& at = *databases_;
  std::vector<std::vector<sqlite3_value*>> rows;
  sqlite3_bind_int64(at.moved, 1, version_);
  while (sqlite3_step(at.moved) == SQLITE_ROW) {
    auto& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(at.moved); ++i) {
      row.push_back(sqlite3_value_dup(sqlite3_column_value(at.moved, i)));
      if (std::string_view(sqlite3_column_name(at.moved, i)) == "version") {
        version_ = std::max<std::int64_t>(version_, sqlite3_column_int64(at.moved, i));
      }
    }
  }
  sqlite3_reset(at.moved);
  rows_ = rows.size();
  const auto begin = Clock::now();
  bool good = sqlite3_step(at.begin) == SQLITE_DONE;
  sqlite3_reset(at.begin);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      sqlite3_bind_value(at.put, static_cast<int>(i) + 1, row[i]);
    }
    good = good && sqlite3_step(at.put) == SQLITE_DONE;
    sqlite3_reset(at.put);
  }
  good = good && sqlite3_step(at.commit) == SQLITE_DONE;
  sqlite3_reset(at.commit);
  const auto taken = Clock::now() - begin;
  for (const auto& row : rows) {
    for (sqlite3_value* value : row) {
      sqlite3_value_free(value);
    }
  }
  must(good, sqlite3_errmsg(at.copy));
  return taken;
}

}  // namespace lobby::bench
