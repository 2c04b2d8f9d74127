#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace lobby::bench {

/// The floor under an answer that is kept: a copy of approvals.db, with its indexes and settings, into which
/// the same rows go as one transaction of prepared upserts.
class BareCases {
 public:
  /// `approvals`: the file that is in use; its copy stands in `folder`.
  BareCases(const std::string& approvals, const std::string& folder);
  ~BareCases();
  BareCases(const BareCases&) = delete;
  BareCases& operator=(const BareCases&) = delete;

  /// Takes the rows over that moved since the last call; only writing them is counted.
  std::chrono::steady_clock::duration follow();
  std::size_t rows() const { return rows_; }  ///< of the last call

 private:
  struct Databases;
  std::unique_ptr<Databases> databases_;
  std::int64_t version_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace lobby::bench
