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

BareJournal::BareJournal(const std::string& folder) {
  if (sqlite3_open((folder + "/floor.db").c_str(), &db_) != SQLITE_OK ||
      sqlite3_exec(db_,
                   "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                   "CREATE TABLE row(id INTEGER PRIMARY KEY, text TEXT)",
                   nullptr, nullptr, nullptr) != SQLITE_OK ||
      sqlite3_prepare_v2(db_, "INSERT INTO row(text) VALUES(?)", -1, &insert_, nullptr) != SQLITE_OK) {
    throw std::runtime_error("the floor cannot be measured");
  }
}

BareJournal::~BareJournal() {
  sqlite3_finalize(insert_);
  sqlite3_close(db_);
}

void BareJournal::insert(Figures& figures) {
  const std::string text(200, 'x');
  const auto begin = std::chrono::steady_clock::now();
  sqlite3_bind_text(insert_, 1, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  if (sqlite3_step(insert_) != SQLITE_DONE) {
    throw std::runtime_error("the floor cannot be measured");
  }
  sqlite3_reset(insert_);
  figures.add(std::chrono::steady_clock::now() - begin);
}

Figures bare_inserts(const std::string& folder, int count) {
  BareJournal floor(folder);
  Figures figures;
  for (int i = 0; i < count; ++i) {
    floor.insert(figures);
  }
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
