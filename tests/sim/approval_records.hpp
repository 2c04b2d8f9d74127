#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/approval_calendar.hpp"
#include "tests/sim/approval_dice.hpp"

namespace lobby::sim {

/// What the provincial system knows beside cases: matters, staff, alerts, bids, notices, appointments and the
/// calendar. Rows are objects in the canonical snake_case and hold what must never be shown as well: mobile
/// numbers, experts, who bids before the opening, candidates before their time. Bids move on by the time
/// given. Belongs to one thread at a time.
class ApprovalRecords {
 public:
  using Wall = std::chrono::system_clock::time_point;
  enum class Kind : std::uint8_t { matter, staff, alert, bid, notice, appointment };
  static constexpr std::size_t kinds = 6;

  ApprovalRecords(Wall today, std::uint64_t seed);

  void advance(Wall now);
  /// "matter" … "appointment", and "day" for the calendar ({date, name, off}). A row is known by its id or by
  /// what is unique of it; keys that are not named stay as they were. {"deleted":true} takes it away. A
  /// sentence when it is refused.
  std::string upsert(std::string_view kind, const boost::json::object& body);

  struct Record {
    std::uint64_t version = 0;
    bool deleted = false;
    bool moves = false;  ///< a bid whose state follows the time
    boost::json::object row;
  };
  const std::vector<Record>& list(Kind kind) const { return lists_[static_cast<std::size_t>(kind)]; }
  const ApprovalCalendar& calendar() const { return calendar_; }

  /// What the row tells that nobody may ever see.
  static std::vector<std::string> secrets_of(const boost::json::object& row);

 private:
  void first_matters();
  void first_staff(ApprovalDice& dice);
  void first_alerts(ApprovalDice& dice);
  void first_bids(ApprovalDice& dice);
  void first_notices();
  void first_appointments(ApprovalDice& dice);
  Record& add(Kind kind, boost::json::object row);
  void touch(Record& record);
  std::string at(int days_on, int hour, int minute) const;

  Day today_;
  Wall now_;
  ApprovalCalendar calendar_;
  std::vector<Record> lists_[kinds];
  std::uint64_t version_ = 0;
};

/// "case_no" as "caseNo", through the whole row; limits ("5 workday") become {"n","unit"}.
boost::json::object to_camel(const boost::json::object& row);

}  // namespace lobby::sim
