#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/hall/time.hpp"

/// What the year's holiday notice says of single days.
namespace lobby::hall {

/// `ordinary`: the notice does not name it; `make_up`: a weekend on which everybody works.
enum class DayKind : std::uint8_t { ordinary, holiday, make_up };

class Calendar {
 public:
  struct Mark {
    Date date;
    bool off = false;  ///< false on a weekend: a make-up working day
    friend bool operator==(const Mark&, const Mark&) = default;
  };

  Calendar() = default;
  /// In any order; of two marks for one day the later one in the list holds. `years`: whose notices these
  /// are.
  explicit Calendar(std::vector<Mark> marks, std::vector<int> years = {});

  DayKind kind_of(Date date) const;
  bool is_empty() const { return marks_.empty(); }
  /// Ascending, one a day.
  const std::vector<Mark>& marks() const { return marks_; }
  /// Whether the notice of this year is here.
  bool knows(int year) const;
  /// The year whose notice is needed on this day and is not here: this one, and from 1 December the next,
  /// when every hall has had it for weeks. Days of such a year are taken for ordinary ones. nullopt: none;
  /// also for a hall that keeps no calendar at all.
  std::optional<int> missing_year(Date today) const;
  const std::vector<int>& years() const { return years_; }
  /// This calendar, and where it says nothing, another's word: days of years whose notice is not here and
  /// that it does not name itself. A year is known by the other's word when that names both of its fixed
  /// ends, 1 January and 1 October: all of a notice, not some days of it.
  Calendar completed_by(const Calendar& other) const;

 private:
  std::vector<Mark> marks_;  ///< ascending, one a day
  std::vector<int> years_;
};

}  // namespace lobby::hall
