#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// The little of SQLite that the journal uses. A connection and its statements belong to one thread; nothing
/// here throws, every call that can fail says so.
namespace lobby::journal {

/// One connection; closed when destroyed, after its statements.
class Database {
 public:
  /// `flags` as of sqlite3_open_v2, without the threading ones. False: fault() says why.
  [[nodiscard]] bool open(const std::string& file, int flags, const char* vfs);
  void close();
  /// Runs statements that answer nothing that matters here.
  [[nodiscard]] bool exec(const char* sql);
  /// The first column of the first row as an integer; false on a fault, 0 when there is no row.
  [[nodiscard]] bool integer(const char* sql, std::int64_t& out);

  sqlite3* handle() const { return handle_.get(); }
  int code() const { return handle_ ? sqlite3_errcode(handle_.get()) : SQLITE_CANTOPEN; }
  /// What the last failed call was about, for people: `the disk is full (database or disk is full)`.
  std::string fault() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

enum class Step : std::uint8_t { row, done, failed };

/// A prepared statement, kept for reuse.
class Statement {
 public:
  [[nodiscard]] bool prepare(Database& db, std::string_view sql);
  void close() { handle_.reset(); }

 private:
  friend class Query;
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// One run of a statement: arguments in order, then steps. Ends the statement's hold on the database when
/// destroyed. Texts given to bind() must live as long as the query.
class Query {
 public:
  explicit Query(Statement& statement) : handle_(statement.handle_.get()) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  Query& bind(std::int64_t value);
  /// SQLite counts to 2^63 - 1; whatever is above it becomes that.
  Query& bind(std::uint64_t value);
  Query& bind(std::string_view text);
  Query& bind_blob(std::string_view bytes);
  Query& bind_null();

  Step step();
  /// For statements without rows.
  [[nodiscard]] bool run() { return step() == Step::done; }

  std::int64_t integer(int column) const;
  std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  /// Text or blob; valid until the next step.
  std::string_view bytes(int column) const;
  std::string text(int column) const { return std::string{bytes(column)}; }

 private:
  sqlite3_stmt* handle_;
  int arguments_ = 0;
};

}  // namespace lobby::journal
