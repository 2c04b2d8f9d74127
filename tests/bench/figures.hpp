#pragma once

#include <chrono>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace lobby::bench {

/// Durations of one kind of thing, in milliseconds.
class Figures {
 public:
  void add(std::chrono::steady_clock::duration taken);
  void add(const Figures& others);
  double percentile(double percent) const;  ///< 0…100
  std::size_t count() const { return ms_.size(); }

 private:
  std::vector<double> ms_;
};

/// The floor under every durable answer: 200-byte rows into a bare SQLite WAL/FULL database in this folder,
/// one commit each.
class BareJournal {
 public:
  explicit BareJournal(const std::string& folder);
  ~BareJournal();
  BareJournal(const BareJournal&) = delete;
  BareJournal& operator=(const BareJournal&) = delete;
  void insert(Figures& figures);

 private:
  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};
Figures bare_inserts(const std::string& folder, int count);

/// Resident memory of a process in MB.
double resident_mb(int pid);

}  // namespace lobby::bench
