#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Time is given to the hall, never taken. The hall knows no time zone: whoever gives the time gives the
/// site's offset from UTC at that moment with it.
namespace lobby::hall {

/// A moment, with the site's offset at that moment.
struct Instant {
  std::int64_t utc_ms = 0;      ///< milliseconds since 1970-01-01T00:00:00Z
  std::int32_t offset_min = 0;  ///< local time minus UTC, minutes
  friend auto operator<=>(const Instant& a, const Instant& b) { return a.utc_ms <=> b.utc_ms; }
  friend bool operator==(const Instant&, const Instant&) = default;
};

/// A calendar day in the site's time zone.
struct Date {
  std::int32_t days = 0;  ///< days since 1970-01-01; 0 means "no day yet"
  friend auto operator<=>(const Date&, const Date&) = default;
  friend bool operator==(const Date&, const Date&) = default;
};

Date local_date(Instant at);
/// Minutes since local midnight, 0..1439.
int local_minute(Instant at);
/// 0 = Monday … 6 = Sunday.
int weekday(Date date);

struct YearMonth {
  int year = 0;
  int month = 0;  ///< 1..12
};
YearMonth year_month(Date date);

/// `2026-11-23`.
std::string to_text(Date date);
std::optional<Date> parse_date(std::string_view text);
/// RFC 3339 with milliseconds and offset: `2026-11-23T09:05:31.123+08:00`.
std::string to_text(Instant at);
/// Accepts any RFC 3339 date-time (fraction optional, `Z` or offset); nullopt for anything else.
std::optional<Instant> parse_instant(std::string_view text);

}  // namespace lobby::hall
