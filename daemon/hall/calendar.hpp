#pragma once

#include <cstdint>
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
  /// In any order; of two marks for one day the later one in the list holds.
  explicit Calendar(std::vector<Mark> marks);

  DayKind kind_of(Date date) const;
  bool is_empty() const { return marks_.empty(); }

 private:
  std::vector<Mark> marks_;  ///< ascending, one a day
};

}  // namespace lobby::hall
