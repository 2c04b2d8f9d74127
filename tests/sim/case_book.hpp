#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lobby::sim {

/// One approval case as the provincial system keeps it: names raw, words its own.
struct ApprovalCase {
  std::string guid, case_no, query_code, matter, dept, applicant;
  bool organisation = false;
  std::string status;    ///< 已受理 …
  std::string received;  ///< yyyy-MM-dd or "--"
  std::string area;
  std::uint64_t order = 0;  ///< newest = highest
};

/// The cases of the simulated provincial system. They advance slowly by themselves, by the time given;
/// seeded, so a run repeats. Belongs to one thread at a time.
class CaseBook {
 public:
  using Seconds = std::chrono::seconds;

  /// A few dozen cases of the last weeks before `today`.
  CaseBook(std::chrono::system_clock::time_point today, std::string area, std::uint64_t seed);

  /// One case takes a step every `step`, a new one comes every `arrival`; `elapsed` since the start.
  void advance(Seconds elapsed);
  /// Adds or changes a case by its number; keys of the control API. A sentence when it is refused.
  std::string upsert(const boost::json::object& body);

  /// Newest first; `since` as yyyy-MM-dd leaves out what was received earlier ("--" always stays).
  std::vector<const ApprovalCase*> select(std::string_view keyword, std::string_view area,
                                          std::string_view since) const;
  std::size_t size() const { return cases_.size(); }
  const std::vector<ApprovalCase>& cases() const { return cases_; }

  static constexpr Seconds step{15};
  static constexpr Seconds arrival{60};
  static constexpr std::size_t most = 20'000;

 private:
  void add_one(int days_ago);
  void step_one();
  std::string received_date(int days_ago) const;

  std::chrono::system_clock::time_point today_;
  std::string area_;
  std::mt19937_64 random_;
  std::vector<ApprovalCase> cases_;  ///< oldest first
  std::uint64_t next_ = 1;
  Seconds stepped_{0};
  Seconds arrived_{0};
};

/// A canonical status word (accepted, finished …) as this system writes it; other words stay.
std::string epoint_status(std::string_view word);

}  // namespace lobby::sim
