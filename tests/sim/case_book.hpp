#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/approval_calendar.hpp"
#include "tests/sim/approval_case.hpp"

namespace lobby::sim {

/// The cases of the simulated provincial system. They advance slowly by themselves, by the time given;
/// seeded, so a run repeats. A case that nobody touched is some bytes and is made anew whenever it is looked
/// at: 200,000 of them are no burden. Belongs to one thread at a time.
class CaseBook {
 public:
  using Seconds = std::chrono::seconds;
  using Wall = std::chrono::system_clock::time_point;
  /// A case of the book, good until the book is scaled.
  using Index = std::uint32_t;

  /// A few dozen cases of the last weeks before `today`. `series` begins the case numbers of another book.
  CaseBook(Wall today, std::string area, std::uint64_t seed, std::string series = {});

  /// One case takes a step every `step`, a new one comes every `arrival`; `elapsed` since the start.
  void advance(Seconds elapsed);
  /// Adds or changes a case by its number. Keys are the canonical fields in snake_case, with applicant_name,
  /// applicant_id_no, applicant_phone and deleted; other keys are passed over; an empty text clears. A
  /// sentence when it is refused.
  std::string upsert(const boost::json::object& body);
  /// Makes it `cases` cases: new ones of the last month, or the oldest leave without a word. Whoever holds a
  /// cursor has to begin again. A sentence when it is refused.
  std::string scale(std::size_t cases);
  /// One case moves from the end of the list to its head, as when somebody works on it.
  void shift();

  struct Query {
    std::string keyword, area;
    std::optional<Day> since;  ///< leaves out what was received earlier; undated cases stay
  };
  /// Newest first.
  std::vector<Index> select(const Query& query) const;
  struct Changes {
    std::vector<Index> rows;  ///< oldest change first, with those that were deleted
    std::uint64_t last = 0;   ///< where the next question goes on
    bool more = false;
  };
  Changes changes(std::uint64_t after, std::size_t most) const;
  std::optional<Index> find(std::string_view case_no) const;

  ApprovalCase read(Index index) const;
  bool is_deleted(Index index) const { return slots_[index].deleted; }
  /// The same for somebody outside: its secrets count as told.
  ApprovalCase serve(Index index);
  /// Names, certificate and telephone numbers of people in the cases that were served.
  std::set<std::string> told_secrets() const;

  std::size_t size() const { return live_; }
  std::map<std::string, std::size_t> by_status() const;
  /// Changes when cursors of before have lost their meaning.
  std::uint64_t generation() const { return generation_; }

  static constexpr Seconds step{15};
  static constexpr Seconds arrival{60};
  static constexpr std::size_t most_by_itself = 20'000;
  static constexpr std::size_t most = 500'000;

 private:
  struct Slot {
    std::uint64_t version = 0;
    std::int64_t updated_s = 0;
    std::uint32_t number = 0;  ///< makes the case, with the seed
    std::int32_t own = -1;     ///< of own_; -1: as it is made
    Day day;                   ///< received; orders the list
    std::uint8_t status = 0;   ///< of the canonical words
    bool dated = true, served = false, deleted = false;
  };
  Slot make_slot(Day day);
  void touch(Index index, Wall at);
  void step_one();
  void first_cases();
  void add(Slot slot);
  void set_status(Index index, std::string_view word);
  void forget(Index index);
  ApprovalCase make(const Slot& slot) const;
  Applicant make_applicant(const Slot& slot) const;
  const Applicant& applicant(const Slot& slot, Applicant& made) const;
  void date(ApprovalCase& one, const Slot& slot, ApprovalDice& dice) const;
  void judge(ApprovalCase& one) const;
  /// The case as a text of its own, which may be written to.
  ApprovalCase& own(Index index);
  std::string case_no(const Slot& slot) const;
  std::string_view status_of(const Slot& slot) const;

  const Wall today_;
  const std::string area_, series_;
  const std::uint64_t seed_;
  ApprovalCalendar calendar_;
  ApprovalDice dice_;
  Wall now_;
  std::vector<Slot> slots_;                 ///< oldest first
  std::deque<ApprovalCase> own_;            ///< what somebody wrote
  std::map<std::uint64_t, Index> changed_;  ///< by version
  std::set<std::string> former_;            ///< told secrets that a case has no longer
  std::size_t live_ = 0;
  std::uint32_t next_ = 1;
  std::uint64_t version_ = 0;
  std::uint64_t generation_ = 1;
  std::size_t shifted_ = 0;
  Seconds stepped_{0};
  Seconds arrived_{0};
};

}  // namespace lobby::sim
