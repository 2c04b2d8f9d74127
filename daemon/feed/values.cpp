#include "daemon/feed/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>

#include "daemon/feed/redact.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string trimmed(std::string_view text, std::size_t limit) {
  return encode(tidy(decode(text.substr(0, limit * 4)), limit));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

/// `9:30`, `09:30`, `0930`, then the end or seconds.
std::optional<std::string> clock_at(std::string_view text) {
  std::size_t hour_digits = 0;
  while (hour_digits < text.size() && hour_digits < 2 && is_digit(text[hour_digits])) {
    ++hour_digits;
  }
  const std::string_view rest = text.substr(hour_digits);
  const bool colon = rest.starts_with(':');
  const std::string_view minutes = rest.substr(colon ? 1 : 0);
  if (hour_digits == 0 || (!colon && hour_digits != 2) || minutes.size() < 2 || !is_digit(minutes[0]) ||
      !is_digit(minutes[1])) {
    return std::nullopt;
  }
  const std::string_view after = minutes.substr(2);
  int hour = 0;
  int minute = 0;
  std::from_chars(text.data(), text.data() + hour_digits, hour);
  std::from_chars(minutes.data(), minutes.data() + 2, minute);
  if ((!after.empty() && !after.starts_with(':')) || hour > 24 || minute > 59 ||
      (hour == 24 && minute != 0)) {
    return std::nullopt;
  }
  return fmt::format("{:02}:{:02}", hour, minute);
}

}  // namespace

std::optional<std::string> read_count(std::string_view text) {
  constexpr std::uint32_t largest = 99'999;
  const std::string plain = trimmed(text, 32);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  const std::string_view rest(end, static_cast<std::size_t>(plain.data() + plain.size() - end));
  const bool fraction =
      rest.size() > 1 && rest.front() == '.' && std::all_of(rest.begin() + 1, rest.end(), is_digit);
  if (error != std::errc() || value > largest || (!rest.empty() && !fraction)) {
    return std::nullopt;
  }
  return fmt::format("{}", value);
}

std::optional<std::string> read_flag(std::string_view text) {
  constexpr std::array<std::string_view, 6> yes{"true", "1", "y", "yes", "是", "启用"};
  constexpr std::array<std::string_view, 6> no{"false", "0", "n", "no", "否", "停用"};
  const std::string plain = lower(trimmed(text, 16));
  if (std::find(yes.begin(), yes.end(), plain) != yes.end()) {
    return "true";
  }
  return std::find(no.begin(), no.end(), plain) != no.end() ? std::optional<std::string>("false")
                                                            : std::nullopt;
}

std::optional<std::string> read_clock(std::string_view text) {
  const std::string plain = trimmed(text, 40);
  const std::size_t date_end = plain.find_first_of(" T");
  const bool dated = date_end != std::string::npos && date_end >= 8 && is_digit(plain.front());
  return clock_at(std::string_view(plain).substr(dated ? date_end + 1 : 0));
}

std::optional<std::string> read_price(std::string_view text) {
  constexpr std::size_t longest = 64;
  constexpr std::u32string_view marks =
      U"0123456789.,+-/()% ，．（）￥¥$‰％元万亿角分整人民币／费率下浮优惠每年月日平方米吨";
  const std::string plain = trimmed(text, longest);
  const std::u32string letters = decode(plain);
  const auto digits =
      std::count_if(letters.begin(), letters.end(), [](char32_t c) { return digit_value(c) >= 0; });
  const bool all_known = std::all_of(letters.begin(), letters.end(), [&](char32_t c) {
    return digit_value(c) >= 0 || marks.find(c) != std::u32string_view::npos;
  });
  // 13800000000.00 is an amount, 138.0000.1234 is none.
  const bool decimal = std::count(letters.begin(), letters.end(), U'.') == 1;
  constexpr std::ptrdiff_t most_digits = 17;
  if (digits == 0 || digits > most_digits || !all_known || (!decimal && redact_number(letters) != letters)) {
    return std::nullopt;
  }
  return plain;
}

std::optional<std::string> read_url(std::string_view text) {
  constexpr std::size_t longest = 500;
  const std::string plain = trimmed(text, longest + 1);
  const std::size_t scheme = plain.starts_with("http://") ? 7 : plain.starts_with("https://") ? 8 : 0;
  const bool visible = std::all_of(plain.begin(), plain.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (scheme == 0 || !visible || plain.size() > longest || plain.size() == scheme ||
      plain.find_first_of("\"<>\\^`{|}") != std::string::npos) {
    return std::nullopt;
  }
  const std::string host = plain.substr(scheme, plain.find_first_of("/?#", scheme) - scheme);
  const std::u32string letters = decode(plain);
  if (host.empty() || host.find('@') != std::string::npos || redact_number(letters) != letters) {
    return std::nullopt;
  }
  return plain;
}

}  // namespace lobby::feed
