#include "daemon/hall/time.hpp"

#include <algorithm>
#include <limits>

namespace lobby::hall {

namespace {

constexpr std::int64_t minutes_per_day = 1440;
constexpr std::int64_t ms_per_minute = 60'000;

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}
constexpr std::int64_t floor_mod(std::int64_t a, std::int64_t b) {
  return a % b + (a % b < 0 ? b : 0);
}

struct Civil {
  std::int64_t year = 0;
  int month = 0;
  int day = 0;
};

// Proleptic Gregorian calendar by eras of 400 years, years counted from March.
constexpr std::int64_t days_from(Civil civil) {
  const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = (civil.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

constexpr Civil civil_from(std::int64_t days) {
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = floor_div(shifted, 146097);
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  const int calendar_month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  return {.year = year_of_era + era * 400 + (calendar_month <= 2 ? 1 : 0),
          .month = calendar_month,
          .day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1)};
}

constexpr int days_in_month(std::int64_t year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

// Minutes first: no sum can overflow, whatever the milliseconds.
std::int64_t local_minutes(Instant at) {
  return floor_div(at.utc_ms, ms_per_minute) + at.offset_min;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value < 0 ? -value : value);
  if (value < 0) {
    out += '-';
  }
  if (digits.size() < width) {
    out.append(width - digits.size(), '0');
  }
  out += digits;
}

/// Reads fixed-width fields from the front of a text; one miss and it is bad for good.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      value = value * 10 + digit();
    }
    return value;
  }
  int digit() {
    if (!next_is_digit()) {
      good_ = false;
      return 0;
    }
    const int value = text_.front() - '0';
    text_.remove_prefix(1);
    return value;
  }
  bool next_is_digit() const { return !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; }
  bool take(char wanted) {
    if (text_.empty() || text_.front() != wanted) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }
  bool take_either(char one, char other) { return take(one) || take(other); }
  void need(bool condition) { good_ = good_ && condition; }
  bool good() const { return good_; }
  bool done() const { return good_ && text_.empty(); }

 private:
  std::string_view text_;
  bool good_ = true;
};

std::int64_t scan_days(Scanner& scan) {
  Civil civil;
  civil.year = scan.digits(4);
  scan.need(scan.take('-'));
  civil.month = scan.digits(2);
  scan.need(scan.take('-'));
  civil.day = scan.digits(2);
  scan.need(civil.month >= 1 && civil.month <= 12 && civil.day >= 1);
  scan.need(scan.good() && civil.day <= days_in_month(civil.year, civil.month));
  return scan.good() ? days_from(civil) : 0;
}

std::int64_t scan_fraction_ms(Scanner& scan) {
  if (!scan.take('.')) {
    return 0;
  }
  scan.need(scan.next_is_digit());
  std::int64_t ms = 0;
  for (int weight = 100; scan.good() && scan.next_is_digit(); weight /= 10) {
    ms += weight * scan.digit();
  }
  return ms;
}

std::int32_t scan_offset(Scanner& scan) {
  if (scan.take_either('Z', 'z')) {
    return 0;
  }
  const bool west = scan.take('-');
  scan.need(west || scan.take('+'));
  const int hours = scan.digits(2);
  scan.need(scan.take(':'));
  const int minutes = scan.digits(2);
  scan.need(hours <= 23 && minutes <= 59);
  return (west ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

Date local_date(Instant at) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  return {static_cast<std::int32_t>(std::clamp(floor_div(local_minutes(at), minutes_per_day), -most, most))};
}

int local_minute(Instant at) {
  return static_cast<int>(floor_mod(local_minutes(at), minutes_per_day));
}

int weekday(Date date) {
  constexpr std::int64_t thursday = 3;  // 1970-01-01
  return static_cast<int>(floor_mod(date.days + thursday, 7));
}

YearMonth year_month(Date date) {
  const Civil civil = civil_from(date.days);
  return {.year = static_cast<int>(civil.year), .month = civil.month};
}

std::string to_text(Date date) {
  const Civil civil = civil_from(date.days);
  std::string out;
  append_padded(out, civil.year, 4);
  out += '-';
  append_padded(out, civil.month, 2);
  out += '-';
  append_padded(out, civil.day, 2);
  return out;
}

std::optional<Date> parse_date(std::string_view text) {
  Scanner scan(text);
  const std::int64_t days = scan_days(scan);
  if (!scan.done()) {
    return std::nullopt;
  }
  return Date{static_cast<std::int32_t>(days)};
}

std::string to_text(Instant at) {
  std::string out = to_text(local_date(at));
  const int minute = local_minute(at);
  const std::int64_t ms = floor_mod(at.utc_ms, ms_per_minute);
  const std::int64_t offset = at.offset_min < 0 ? -std::int64_t{at.offset_min} : at.offset_min;
  out += 'T';
  append_padded(out, minute / 60, 2);
  out += ':';
  append_padded(out, minute % 60, 2);
  out += ':';
  append_padded(out, ms / 1000, 2);
  out += '.';
  append_padded(out, ms % 1000, 3);
  out += at.offset_min < 0 ? '-' : '+';
  append_padded(out, offset / 60, 2);
  out += ':';
  append_padded(out, offset % 60, 2);
  return out;
}

std::optional<Instant> parse_instant(std::string_view text) {
  Scanner scan(text);
  const std::int64_t days = scan_days(scan);
  scan.need(scan.take_either('T', 't'));
  const int hour = scan.digits(2);
  scan.need(scan.take(':'));
  const int minute = scan.digits(2);
  scan.need(scan.take(':'));
  const int second = scan.digits(2);
  const std::int64_t ms = scan_fraction_ms(scan);
  const std::int32_t offset = scan_offset(scan);
  if (!scan.done() || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  const std::int64_t utc_minutes = days * minutes_per_day + hour * 60 + minute - offset;
  const bool leap_second = second == 60;
  if (leap_second && floor_mod(utc_minutes, minutes_per_day) != minutes_per_day - 1) {
    return std::nullopt;
  }
  return Instant{utc_minutes * ms_per_minute + second * 1000 + ms, offset};
}

}  // namespace lobby::hall
