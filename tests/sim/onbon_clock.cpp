#include "tests/sim/onbon_clock.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace lobby::sim {
namespace {

constexpr std::int64_t seconds_a_day = 86'400;

std::chrono::year_month_day onbon_date(std::int64_t face) {
  return std::chrono::sys_days(std::chrono::days(face / seconds_a_day));
}

std::uint8_t to_bcd(int value) {
  return static_cast<std::uint8_t>(value / 10 % 10 << 4 | value % 10);
}

}  // namespace

const char* onbon_reason(OnbonError error) {
  switch (error) {
    case OnbonError::none:
      return "none";
    case OnbonError::group:
      return "group";
    case OnbonError::command:
      return "command";
    case OnbonError::busy:
      return "busy";
    case OnbonError::memory:
      return "memory";
    case OnbonError::crc:
      return "crc";
    case OnbonError::no_file:
      return "no_file";
    case OnbonError::time_format:
      return "time_format";
    case OnbonError::file_exists:
      return "file_exists";
    case OnbonError::block_number:
      return "block_number";
    case OnbonError::controller_type:
      return "controller_type";
    case OnbonError::screen_parameter:
      return "screen_parameter";
    case OnbonError::parameter:
      return "parameter";
    case OnbonError::no_area:
      return "no_area";
  }
  return "unknown";
}

std::optional<int> from_bcd(std::uint8_t bcd) {
  const int high = bcd >> 4;
  const int low = bcd & 0xF;
  return high > 9 || low > 9 ? std::nullopt : std::optional(high * 10 + low);
}

OnbonError OnbonClock::set(std::span<const std::uint8_t> bcd, TimePoint now) {
  if (bcd.size() != size) {
    return OnbonError::parameter;
  }
  std::array<int, size> part{};
  for (std::size_t i = 0; i < size; ++i) {
    const auto value = from_bcd(bcd[i]);
    if (!value) {
      return OnbonError::time_format;
    }
    part[i] = *value;
  }
  const auto [year_low, year_high, month, day, hour, minute, second, weekday] = part;
  const std::chrono::year_month_day date(std::chrono::year(year_high * 100 + year_low),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) {
    return OnbonError::time_format;
  }
  const std::chrono::sys_days days(date);
  if (std::chrono::weekday(days).iso_encoding() != static_cast<unsigned>(weekday)) {
    return OnbonError::time_format;
  }
  set_ = days.time_since_epoch().count() * seconds_a_day + hour * 3600 + minute * 60 + second;
  set_at_ = now;
  return OnbonError::none;
}

std::optional<std::int64_t> OnbonClock::face(TimePoint now) const {
  return set_ ? std::optional(*set_ + std::chrono::floor<std::chrono::seconds>(now - set_at_).count())
              : std::nullopt;
}

std::optional<int> OnbonClock::minute_of_day(TimePoint now) const {
  const auto at = face(now);
  return at ? std::optional(static_cast<int>((*at % seconds_a_day + seconds_a_day) % seconds_a_day / 60))
            : std::nullopt;
}

std::string OnbonClock::text(TimePoint now) const {
  const auto at = face(now);
  if (!at) {
    return {};
  }
  const auto date = onbon_date(*at);
  const auto of_day = *at % seconds_a_day;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), of_day / 3600,
                     of_day / 60 % 60, of_day % 60);
}

Bytes OnbonClock::bcd(TimePoint now) const {
  const auto at = face(now);
  if (!at) {
    return Bytes(size, 0);
  }
  const auto date = onbon_date(*at);
  const int of_day = static_cast<int>(*at % seconds_a_day);
  const int year = static_cast<int>(date.year());
  return {to_bcd(year % 100),
          to_bcd(year / 100),
          to_bcd(static_cast<int>(static_cast<unsigned>(date.month()))),
          to_bcd(static_cast<int>(static_cast<unsigned>(date.day()))),
          to_bcd(of_day / 3600),
          to_bcd(of_day / 60 % 60),
          to_bcd(of_day % 60),
          to_bcd(static_cast<int>(std::chrono::weekday(std::chrono::sys_days(date)).iso_encoding()))};
}

}  // namespace lobby::sim
