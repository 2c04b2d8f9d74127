#include "daemon/feed/dates.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdint>

#include "daemon/hall/time.hpp"

namespace lobby::feed {
namespace {

struct Parts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  bool has_time = false;
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool take_number(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) {
    return false;
  }
  out = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) {
      return false;
    }
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return true;
}

int* part_of(std::string_view letters, Parts& parts) {
  if (letters == "yyyy") {
    return &parts.year;
  }
  if (letters == "MM") {
    return &parts.month;
  }
  if (letters == "dd") {
    return &parts.day;
  }
  if (letters == "HH" || letters == "mm" || letters == "ss") {
    parts.has_time = true;
    return letters == "HH" ? &parts.hour : letters == "mm" ? &parts.minute : &parts.second;
  }
  return nullptr;
}

std::string_view take_letters(std::string_view& format) {
  std::size_t n = 1;
  while (n < format.size() && format[n] == format[0]) {
    ++n;
  }
  const std::string_view letters = format.substr(0, n);
  format.remove_prefix(n);
  return letters;
}

bool take_fraction(std::string_view& text) {
  const std::size_t before = text.size();
  while (!text.empty() && is_digit(text.front())) {
    text.remove_prefix(1);
  }
  return text.size() < before && before - text.size() <= 9;
}

bool match(std::string_view text, std::string_view format, Parts& parts) {
  while (!format.empty()) {
    if (is_letter(format.front()) && format.front() != 'T' && format.front() != 'Z') {
      const std::string_view letters = take_letters(format);
      int* part = part_of(letters, parts);
      if (part != nullptr ? !take_number(text, letters.size(), *part) : !take_fraction(text)) {
        return false;
      }
    } else if (text.empty() || text.front() != format.front()) {
      return false;
    } else {
      text.remove_prefix(1);
      format.remove_prefix(1);
    }
  }
  return text.empty();
}

bool is_real(const Parts& p) {
  const std::chrono::year_month_day date{std::chrono::year(p.year),
                                         std::chrono::month(static_cast<unsigned>(p.month)),
                                         std::chrono::day(static_cast<unsigned>(p.day))};
  return date.ok() && p.year >= 1900 && p.hour < 24 && p.minute < 60 && p.second < 61;
}

std::optional<std::string> from_epoch(std::string_view text, std::int64_t per_second,
                                      std::string_view utc_offset) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  const auto offset = hall::parse_instant("2000-01-01T00:00:00" + std::string(utc_offset));
  // 9999-12-31 at most: what is above is not a time.
  if (error != std::errc() || end != text.data() + text.size() || n <= 0 || n / per_second > 253402000000 ||
      !offset) {
    return std::nullopt;
  }
  return hall::to_text(hall::Instant{n / per_second * 1000, offset->offset_min});
}

}  // namespace

bool is_date_format(std::string_view format) {
  if (format == "rfc3339" || format == "epoch_s" || format == "epoch_ms") {
    return true;
  }
  Parts parts;
  bool year = false;
  bool month = false;
  bool day = false;
  while (!format.empty()) {
    const char first = format.front();
    if (!is_letter(first) || first == 'T' || first == 'Z') {
      format.remove_prefix(1);
      continue;
    }
    const std::string_view letters = take_letters(format);
    if (letters != "S" && part_of(letters, parts) == nullptr) {
      return false;
    }
    year = year || letters == "yyyy";
    month = month || letters == "MM";
    day = day || letters == "dd";
  }
  return year && month && day;
}

std::optional<std::string> read_date(std::string_view text, std::string_view format,
                                     std::string_view utc_offset) {
  if (format == "rfc3339") {
    const auto instant = hall::parse_instant(text);
    return instant ? std::optional(hall::to_text(*instant)) : std::nullopt;
  }
  if (format == "epoch_s" || format == "epoch_ms") {
    return from_epoch(text, format == "epoch_s" ? 1 : 1000, utc_offset);
  }
  Parts p;
  if (!match(text, format, p) || !is_real(p)) {
    return std::nullopt;
  }
  const std::string date = fmt::format("{:04}-{:02}-{:02}", p.year, p.month, p.day);
  if (!p.has_time) {
    return date;
  }
  return fmt::format("{}T{:02}:{:02}:{:02}{}", date, p.hour, p.minute, p.second, utc_offset);
}

}  // namespace lobby::feed
