#include "daemon/feed/redact.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

constexpr std::size_t mobile_digits = 11;

bool is_x(char32_t c) {
  return c == U'X' || c == U'x' || c == 0xFF38 || c == 0xFF58;
}
bool is_joint(char32_t c) {
  return c == U' ' || c == U'-' || c == 0x2010 || c == 0x2011 || c == 0x2013;
}

bool is_mobile(std::u32string_view digits) {
  return digits.size() == mobile_digits && digits[0] == U'1' && digits[1] >= U'3';
}

bool is_birth_date(std::u32string_view d, int latest_year) {
  const auto number = [&d](std::size_t from, std::size_t count) {
    int n = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      n = n * 10 + static_cast<int>(d[i] - U'0');
    }
    return n;
  };
  const int year = number(6, 4);
  const int month = number(10, 2);
  const int day = number(12, 2);
  return year >= 1900 && year <= latest_year && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/// GB 11643: ISO 7064 MOD 11-2 over the first 17 digits.
bool has_check_character(std::u32string_view d) {
  constexpr std::array<int, 17> weight{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    sum += weight[i] * static_cast<int>(d[i] - U'0');
  }
  return U"10X98765432"[sum % 11] == d[17];
}

/// Digits of a group (`138 0000 1234`) with ASCII digits and a capital X; `end` is where the group ends.
struct Group {
  std::u32string digits;
  std::size_t end = 0;
  std::size_t longest = 0;  ///< digits in its longest unbroken run
};

Group read_group(std::u32string_view text, std::size_t at) {
  Group group;
  std::size_t run = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    const int digit = digit_value(text[i]);
    if (digit >= 0) {
      group.digits.push_back(static_cast<char32_t>(U'0' + digit));
      group.longest = std::max(group.longest, ++run);
      group.end = i + 1;
    } else if (is_variation_selector(text[i])) {
      continue;
    } else if (is_joint(text[i]) && run > 0) {
      run = 0;
    } else {
      if (is_x(text[i]) && (group.digits.size() == 17 || run == 17)) {
        group.digits.push_back(U'X');
        group.end = i + 1;
      }
      break;
    }
  }
  return group;
}

bool is_personal(const Group& group) {
  const std::u32string_view d = group.digits;
  if (group.longest >= mobile_digits || is_mobile(d)) {
    return true;
  }
  return d.size() == 18 && is_birth_date(d, 2099);
}

}  // namespace

std::u32string redact(std::u32string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    if (digit_value(text[at]) < 0) {
      out.push_back(text[at++]);
      continue;
    }
    const Group group = read_group(text, at);
    out += is_personal(group) ? std::u32string_view(U"***") : text.substr(at, group.end - at);
    at = group.end;
  }
  return out;
}

bool is_personal_number(std::u32string_view text) {
  constexpr int latest_birth_year = 2014;
  if (text.empty() || digit_value(text[0]) < 0) {
    return false;
  }
  const Group group = read_group(text, 0);
  if (group.end != text.size()) {
    return false;
  }
  if (is_mobile(group.digits)) {
    return true;
  }
  return group.digits.size() == 18 && is_birth_date(group.digits, latest_birth_year) &&
         has_check_character(group.digits);
}

}  // namespace lobby::feed
