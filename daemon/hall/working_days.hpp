#pragma once

#include <cstdint>
#include <vector>

#include "daemon/hall/calendar.hpp"
#include "daemon/hall/time.hpp"

/// Counting in working days (行政许可法 82: limits are counted in working days without statutory holidays).
namespace lobby::hall {

/// Monday to Friday, less the days off and more the make-up days (调休) of a calendar. Counting starts on the
/// day after (民法典 201): the day from which one counts is day 0, whether people work on it or not.
///
/// A year whose notice is not there is taken for one without holidays, and what is counted over it says so:
/// `estimated`. A single day that the calendar names is known in any year.
///
/// Every call is a few binary searches over the days that the calendar names. Days beyond ±`horizon` are cut
/// to it, so no argument overflows.
class WorkingDays {
 public:
  static constexpr std::int32_t horizon = 4'000'000;  ///< days since 1970, more than 10,000 years

  struct Due {
    Date date;
    bool estimated = false;
    friend bool operator==(const Due&, const Due&) = default;
  };

  explicit WorkingDays(Calendar calendar);

  bool is_working(Date date) const;
  /// Whether nobody has told us of this day.
  bool is_estimated(Date date) const;
  /// Whether some day of (from, to], in either order, is such a one.
  bool is_estimated(Date from, Date to) const;
  /// The first such day after this one, and the last one before or on it.
  Date next_estimated(Date after) const;
  Date last_estimated(Date until) const;

  /// The n-th working day after the day of acceptance; that day itself for n = 0.
  Due due(Date accepted, std::int32_t n) const { return add(accepted, n < 0 ? 0 : n); }
  /// The n-th working day after `from`; for n < 0 the n-th before it; for 0 `from` itself.
  Due add(Date from, std::int32_t n) const;
  /// Working days in (from, to]; 0 when `to` is not after `from`.
  std::int32_t between(Date from, Date to) const;
  /// Working days that are left after today until `due`, which counts; negative: that many in (due, today].
  std::int32_t left(Date today, Date due) const;

  /// Working days from some fixed day in the past up to and with this one. between() is a difference of two.
  std::int64_t count(Date date) const;
  /// The first day whose count is `n`: a working day.
  Date at_count(std::int64_t n) const;

 private:
  /// A day on which people do not do as its weekday says.
  struct Exception {
    Date date;
    std::int32_t sum = 0;  ///< how much the count up to and with this day differs from Monday to Friday
  };

  std::int32_t correction(Date date) const;
  bool is_named(Date date) const;

  Calendar calendar_;
  std::vector<Exception> exceptions_;  ///< ascending
};

}  // namespace lobby::hall
