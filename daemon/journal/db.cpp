#include "daemon/journal/db.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace lobby::journal {

bool Database::open(const std::string& file, int flags, const char* vfs) {
  close();
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
  handle_.reset(handle);
  return code == SQLITE_OK;
}

void Database::close() {
  handle_.reset();
}

bool Database::exec(const char* sql) {
  return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

bool Database::integer(const char* sql, std::int64_t& out) {
  Statement statement;
  if (!statement.prepare(*this, sql)) {
    return false;
  }
  Query query{statement};
  const Step step = query.step();
  out = step == Step::row ? query.integer(0) : 0;
  return step != Step::failed;
}

std::string Database::fault() const {
  const char* said = handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory";
  switch (code() & 0xff) {
    case SQLITE_FULL:
      return fmt::format("the disk is full ({})", said);
    case SQLITE_IOERR:
      return fmt::format("the disk fails ({}, code {})", said, code());
    case SQLITE_READONLY:
      return fmt::format("the file cannot be written ({})", said);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return fmt::format("the file is damaged ({})", said);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fmt::format("another program holds the file ({})", said);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return fmt::format("the file cannot be opened ({})", said);
    default:
      return fmt::format("the database refuses ({}, code {})", said, code());
  }
}

bool Statement::prepare(Database& db, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  handle_.reset(handle);
  return code == SQLITE_OK;
}

Query::~Query() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

Query& Query::bind(std::int64_t value) {
  sqlite3_bind_int64(handle_, ++arguments_, value);
  return *this;
}

Query& Query::bind(std::uint64_t value) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return bind(static_cast<std::int64_t>(std::min(value, most)));
}

Query& Query::bind(std::string_view text) {
  // A null pointer would bind NULL instead of the empty text.
  sqlite3_bind_text64(handle_, ++arguments_, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}

Query& Query::bind_blob(std::string_view bytes) {
  sqlite3_bind_blob64(handle_, ++arguments_, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

Query& Query::bind_null() {
  sqlite3_bind_null(handle_, ++arguments_);
  return *this;
}

Step Query::step() {
  switch (sqlite3_step(handle_)) {
    case SQLITE_ROW:
      return Step::row;
    case SQLITE_DONE:
      return Step::done;
    default:
      return Step::failed;
  }
}

std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(handle_, column);
}

std::string_view Query::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return data == nullptr ? std::string_view{} : std::string_view{data, size};
}

}  // namespace lobby::journal
