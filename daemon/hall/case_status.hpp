#pragma once

#include <cstdint>

#include "daemon/hall/words.hpp"

/// Where an approval case stands, in the words of every source, and what its clock does there.
namespace lobby::hall {

enum class CaseStatus : std::uint8_t {
  unknown,  ///< a word that no mapping knows: it goes on, as far as anybody can tell
  submitted,
  pre_rejected,
  received,
  correcting,  ///< 补正: the applicant completes the material
  not_accepted,
  accepted,
  reviewing,
  approving,
  suspended,  ///< 特别程序: hearing, inspection, appraisal … (行政许可法 45)
  forwarded,  ///< 转报
  extended,   ///< 延期: runs towards a new day that only the source knows
  approved,
  rejected,
  finished,
  returned,
  withdrawn,
  voided,
  deemed  ///< 超时默认: a department that did not answer has agreed; nobody is overdue
};
template <>
struct Words<CaseStatus> {
  static constexpr std::array<std::string_view, 19> text{
      "unknown",   "submitted", "pre_rejected", "received",  "correcting", "not_accepted", "accepted",
      "reviewing", "approving", "suspended",    "forwarded", "extended",   "approved",     "rejected",
      "finished",  "returned",  "withdrawn",    "void",      "deemed"};
};

enum class ClockPhase : std::uint8_t { not_started, running, stopped, ended };

/// `forwarded_stops`: while a case lies with the superior office, its clock here stands.
constexpr ClockPhase phase_of(CaseStatus status, bool forwarded_stops) {
  switch (status) {
    case CaseStatus::submitted:
    case CaseStatus::pre_rejected:
    case CaseStatus::received:
      return ClockPhase::not_started;
    case CaseStatus::correcting:
    case CaseStatus::suspended:
      return ClockPhase::stopped;
    case CaseStatus::forwarded:
      return forwarded_stops ? ClockPhase::stopped : ClockPhase::running;
    case CaseStatus::unknown:
    case CaseStatus::accepted:
    case CaseStatus::reviewing:
    case CaseStatus::approving:
    case CaseStatus::extended:
      return ClockPhase::running;
    default:
      return ClockPhase::ended;
  }
}

}  // namespace lobby::hall
