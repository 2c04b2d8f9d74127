#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// What windows, services and clerks did in a span of days, in figures; and what of it may be shown.
///
/// A visit is one finished service: a ticket of a package counts at each of its steps, somebody without a
/// ticket counts too. Its day and hour are those of the site's clock when it was finished.
namespace lobby::hall {

enum class StatisticsBy : std::uint8_t { window, service, hour, clerk };
template <>
struct Words<StatisticsBy> {
  static constexpr std::array<std::string_view, 4> text{"window", "service", "hour", "clerk"};
};

struct StatisticsQuery {
  Date from, to;  ///< business dates, both counted
  StatisticsBy by{};
};

/// Durations in seconds. Percentiles by nearest rank: exact, and each of them one that occurred.
struct DurationFigures {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  std::uint32_t p50 = 0, p90 = 0, max = 0;
  friend bool operator==(const DurationFigures&, const DurationFigures&) = default;
};

using Ratings = std::array<std::uint64_t, Words<Score>::text.size()>;  ///< by score, the best first

struct VisitFigures {
  std::string key;  ///< id of window, service or clerk, or the hour as `09`; empty: nobody knew
  std::uint64_t served = 0;
  std::uint64_t no_show = 0;  ///< without those that were brought back
  DurationFigures wait;       ///< of those who were served and had a ticket
  DurationFigures service;    ///< at windows, without holds
  Ratings ratings{};
  friend bool operator==(const VisitFigures&, const VisitFigures&) = default;
};

struct Statistics {
  StatisticsQuery query;
  std::uint64_t seq = 0;           ///< every event up to this one is counted
  std::vector<VisitFigures> rows;  ///< in the order of their keys
  VisitFigures total;
};

std::uint64_t count_of(const Ratings& ratings);
/// 基本满意 is content: only `poor` and `very_poor` are not. In ten thousandths, rounded; 0 without ratings.
std::uint32_t satisfied_share(const Ratings& ratings);

inline constexpr std::uint64_t fewest_to_show = 5;

/// What is not shown of a row.
struct Withheld {
  bool row = false;      ///< none of its figures
  bool ratings = false;  ///< true also when the row is withheld
  friend bool operator==(const Withheld&, const Withheld&) = default;
};

/// One for each row, and at the end one for the total. Ratings of fewer than five are withheld. What leaves
/// the house (`published`) has no figures of fewer than five visits either, and nothing that the total would
/// give away: what is withheld is of two rows at least, together of five visits (or ratings) at least.
std::vector<Withheld> withheld(const Statistics& statistics, bool published);

}  // namespace lobby::hall
