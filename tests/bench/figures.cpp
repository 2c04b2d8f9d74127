#include "tests/bench/figures.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace lobby::bench {

void Figures::add(std::chrono::steady_clock::duration taken) {
  ms_.push_back(std::chrono::duration<double, std::milli>(taken).count());
}

void Figures::add(const Figures& others) {
  ms_.insert(ms_.end(), others.ms_.begin(), others.ms_.end());
}

double Figures::percentile(double percent) const {
  auto sorted = ms_;
  std::sort(sorted.begin(), sorted.end());
  const auto place = static_cast<std::size_t>(percent / 100.0 * static_cast<double>(sorted.size()));
  return sorted.empty() ? 0 : sorted[std::min(place, sorted.size() - 1)];
}

Figures bare_inserts(const std::string& folder, int count) {
  sqlite3* db = nullptr;
  if (sqlite3_open((folder + "/floor.db").c_str(), &db) != SQLITE_OK ||
      sqlite3_exec(db,
                   "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                   "CREATE TABLE row(id INTEGER PRIMARY KEY, text TEXT)",
                   nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error("the floor cannot be measured");
  }
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO row(text) VALUES(?)", -1, &insert, nullptr);
  const std::string text(200, 'x');
  Figures figures;
  for (int i = 0; i < count; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    sqlite3_bind_text(insert, 1, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) {
      throw std::runtime_error("the floor cannot be measured");
    }
    sqlite3_reset(insert);
    figures.add(std::chrono::steady_clock::now() - begin);
  }
  sqlite3_finalize(insert);
  sqlite3_close(db);
  return figures;
}

double resident_mb(int pid) {
  std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

}  // namespace lobby::bench
