#include "drivers/cctv/device_time.hpp"

#include <fmt/format.h>

namespace lobby::cctv {
namespace {

/// Reads digits and marks off the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}
  bool take(char c) {
    const bool is_there = !text_.empty() && text_.front() == c;
    text_.remove_prefix(is_there ? 1 : 0);
    return is_there;
  }
  /// Exactly `count` digits, else -1, and for good.
  int number(std::size_t count) {
    int out = 0;
    if (text_.size() < count) {
      return fail();
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') {
        return fail();
      }
      out = out * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return out;
  }
  void skip_digits() {
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') {
      text_.remove_prefix(1);
    }
  }
  void expect(char c) {
    if (!take(c)) {
      fail();
    }
  }
  int fail() {
    is_good_ = false;
    return -1;
  }
  bool is_good() const { return is_good_; }
  bool at_end() const { return text_.empty(); }
  char front() const { return text_.empty() ? '\0' : text_.front(); }

 private:
  std::string_view text_;
  bool is_good_ = true;
};

std::optional<std::chrono::minutes> zone(Digits& digits) {
  if (digits.take('Z')) {
    return std::chrono::minutes(0);
  }
  const bool is_east = digits.front() == '+';
  if (!digits.take('+') && !digits.take('-')) {
    return std::nullopt;
  }
  const int hours = digits.number(2);
  static_cast<void>(digits.take(':'));
  const int minutes = digits.number(2);
  if (hours > 14 || minutes > 59) {
    digits.fail();
  }
  const std::chrono::minutes out(hours * 60 + minutes);
  return is_east ? out : -out;
}

}  // namespace

std::optional<UtcTime> utc_of(int year, int month, int day, int hour, int minute, int second) {
  using namespace std::chrono;
  const year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day)));
  if (year < 1970 || year > 9999 || month < 1 || day < 1 || !date.ok() || hour < 0 || hour > 23 ||
      minute < 0 || minute > 59 || second < 0 || second > 60) {
    return std::nullopt;
  }
  return UtcTime(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second);
}

std::optional<WallTime> parse_wall_time(std::string_view text) {
  Digits digits(text);
  const int year = digits.number(4);
  digits.expect('-');
  const int month = digits.number(2);
  digits.expect('-');
  const int day = digits.number(2);
  if (!digits.take('T')) {
    digits.expect(' ');
  }
  const int hour = digits.number(2);
  digits.expect(':');
  const int minute = digits.number(2);
  digits.expect(':');
  const int second = digits.number(2);
  if (digits.take('.')) {
    digits.skip_digits();
  }
  const auto offset = zone(digits);
  const auto shown = utc_of(year, month, day, hour, minute, second);
  if (!digits.is_good() || !digits.at_end() || !shown) {
    return std::nullopt;
  }
  return WallTime{*shown, offset};
}

std::string blank_time(UtcTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string iso_time(UtcTime time) {
  std::string out = blank_time(time);
  out[10] = 'T';
  return out + "Z";
}

std::optional<std::chrono::minutes> parse_posix_zone(std::string_view text) {
  const auto sign = text.find_first_of("+-");
  if (sign == std::string_view::npos || sign + 1 >= text.size()) {
    return std::nullopt;
  }
  const bool is_east = text[sign] == '-';
  text.remove_prefix(sign + 1);
  const auto colon = text.find(':');
  Digits digits(text);
  const int hours = digits.number(colon == 1 || text.size() == 1 ? 1 : 2);
  int minutes = 0;
  if (digits.take(':')) {
    minutes = digits.number(2);
  }
  if (!digits.is_good() || hours > 14 || minutes > 59) {
    return std::nullopt;
  }
  const std::chrono::minutes out(hours * 60 + minutes);
  return is_east ? out : -out;
}

}  // namespace lobby::cctv
