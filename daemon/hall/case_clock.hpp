#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/hall/case_status.hpp"
#include "daemon/hall/limits.hpp"
#include "daemon/hall/running_time.hpp"
#include "daemon/hall/work_clock.hpp"
#include "daemon/hall/working_days.hpp"

/// The light and the card of an approval case: judged from what its source says, by the source's word first,
/// and by our own count where it says nothing. Where both speak and differ, staff are told, not the public.
namespace lobby::hall {

enum class Light : std::uint8_t { grey, green, yellow, red };
template <>
struct Words<Light> {
  static constexpr std::array<std::string_view, 4> text{"grey", "green", "yellow", "red"};
};
/// In the order of their weight. Not the lights: a yellow light is about to be late, a yellow card (黄牌) is
/// late already. `warning` is 预警.
enum class Card : std::uint8_t { none, warning, yellow, red };
template <>
struct Words<Card> {
  static constexpr std::array<std::string_view, 4> text{"", "warning", "yellow", "red"};
};
enum class LightSource : std::uint8_t { own, upstream };
template <>
struct Words<LightSource> {
  static constexpr std::array<std::string_view, 2> text{"own", "upstream"};
};
/// How a source counts. `date`: whole days, a limit of n working days ends with the hours of the n-th.
/// `minutes`: n full days of working time from the moment of acceptance. `hours`: the same, and the hour in
/// which it ends is still given.
enum class Rounding : std::uint8_t { date, hours, minutes };
template <>
struct Words<Rounding> {
  static constexpr std::array<std::string_view, 3> text{"date", "hours", "minutes"};
};

struct ClockRules {
  Rounding rounding = Rounding::date;
  std::vector<WorkSpan> hours{{510, 720}, {810, 1050}};  ///< of an ordinary working day
  std::int32_t yellow_days = 2;                          ///< working days left with which the light is yellow
  bool forwarded_stops = false;                          ///< 转报: the clock stands
  bool stage_warns = true;       ///< a stage past its due day is a yellow light and a warning
  std::int32_t notify_days = 5;  ///< working days to say what is missing, else accepted (行政许可法 32)
  std::int32_t red_card_days = 0;  ///< days over the promise that are a red card before the statute; 0: none
  std::int32_t stop_red_days = 1;  ///< working days a 特别程序 may be past its limit with a yellow card
  friend bool operator==(const ClockRules&, const ClockRules&) = default;
};

/// What a source says of one case. Days and moments may be mixed; a moment at local midnight is a day.
struct CaseTimes {
  CaseStatus status = CaseStatus::unknown;
  std::optional<When> applied, accepted, finished;  ///< a mere day of acceptance or of the end: its close
  std::optional<When> due_promised, due_statutory;  ///< the source's; a day lasts to its close
  std::optional<When> stage_due;
  Limit promised, statutory;
  std::vector<Stop> stops;
  Limit stop_limit;            ///< applied for with the 特别程序 that goes on
  std::optional<Light> light;  ///< the source's; nullopt: it says nothing
  std::optional<Card> card;
};

struct Verdict {
  Light light = Light::grey;
  Card card = Card::none;
  bool severe = false;  ///< red, and the statutory limit is exceeded
  LightSource light_source = LightSource::own;
  std::optional<Instant> due_promised, due_statutory;  ///< the source's, else ours; the last moment in time
  /// Working days that ran, and that are left to the promise (to the statute where there is none). Negative:
  /// so many over. In `date` today counts as used from its first minute; else full days of working time.
  std::optional<std::int32_t> used, left;
  std::int32_t overdue_days = 0;  ///< one as soon as it is over
  bool estimated = false;         ///< counted over a year without its calendar, or from a day without hour
  /// For staff: our due day or light is another than the source's, or its status and stops contradict.
  bool mismatch = false;
  std::optional<Instant> notify_due;  ///< of a case that was received
  bool deemed_accepted = false;       ///< nobody said in time what is missing
  /// When any of the above changes if nothing else happens; and when something other than `used`, `left` and
  /// `overdue_days` does. nullopt: never.
  std::optional<Instant> next_change, next_turn;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// Rules:
/// - Not started: grey. Ended: grey; a yellow or red card is kept, as it was at the end. Stopped: grey; what
///   was late before the stop keeps its card. A stop that covers `now` counts although the status runs.
/// - Running: red when the promise or the statute is exceeded, yellow with `yellow_days` or fewer left, else
///   green; grey without any limit. A promise in hours or 即办 has no yellow: it would be so from the start.
/// - Cards: 预警 with a yellow light, 黄牌 when the promise is exceeded, 红牌 when the statute is; a 特别程序
///   (`suspended`) past its limit is 黄牌, and 红牌 more than `stop_red_days` later. The source's card wins.
/// - Limits: working days from the day after acceptance (民法典 201); calendar days the same, and the last
/// one
///   moves off a day off (民法典 203); hours are working time; 即办 is the working day of acceptance. Stops
///   put all of them off. The source's due days are taken to have been put off already.
/// - `extended` has no due day but the source's; and of a stopped case whose stop is not told nothing is
///   counted.
class CaseClock {
 public:
  CaseClock(WorkingDays days, ClockRules rules);

  /// `stale`: the source has not been heard of for too long, its lights are grey.
  Verdict judge(const CaseTimes& times, Instant now, bool stale) const;

  const WorkingDays& days() const { return days_; }
  const ClockRules& rules() const { return rules_; }

 private:
  WorkingDays days_;
  ClockRules rules_;
};

}  // namespace lobby::hall
