#include "daemon/feed/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "daemon/feed/fold.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

using View = std::u32string_view;

constexpr std::uint32_t largest = 9'999;
constexpr std::size_t longest_text = 200;

struct UnitWord {
  View word;
  std::string_view unit;
};
/// Longer words before those that begin like them.
constexpr UnitWord unit_words[] = {{U"个工作日", "workday"},
                                   {U"工作日", "workday"},
                                   {U"个自然日", "day"},
                                   {U"自然日", "day"},
                                   {U"个日历日", "day"},
                                   {U"日历日", "day"},
                                   {U"个小时", "hour"},
                                   {U"小时", "hour"},
                                   {U"天", "day"},
                                   {U"日", "day"},
                                   {U"workingdays", "workday"},
                                   {U"workingday", "workday"},
                                   {U"workdays", "workday"},
                                   {U"workday", "workday"},
                                   {U"businessdays", "workday"},
                                   {U"wd", "workday"},
                                   {U"calendardays", "day"},
                                   {U"days", "day"},
                                   {U"day", "day"},
                                   {U"hours", "hour"},
                                   {U"hour", "hour"},
                                   {U"d", "day"},
                                   {U"h", "hour"}};

constexpr View immediate_words[] = {U"即办", U"即时", U"当场", U"立等可取", U"immediate"};

/// One letter for all its writings, without white space: 5 Working Days, ５个工作日.
std::u32string plain(std::string_view text) {
  std::u32string out;
  for (const char32_t c : decode(text.substr(0, longest_text * 4))) {
    if (!is_space(c) && !is_invisible(c)) {
      const int digit = digit_value(c);
      out.push_back(digit >= 0 ? static_cast<char32_t>(U'0' + digit) : fold(c));
    }
  }
  return out;
}

/// A number and where the text goes on after it; `end` 0: none begins here.
struct Read {
  std::uint32_t value = 0;
  std::size_t end = 0;
  bool whole = true;
};

Read read_digits(View text, std::size_t at) {
  Read out;
  std::size_t end = at;
  std::uint64_t value = 0;
  for (; end < text.size() && digit_value(text[end]) >= 0; ++end) {
    value =
        std::min<std::uint64_t>(value * 10 + static_cast<std::uint64_t>(digit_value(text[end])), largest + 1);
  }
  if (end == at) {
    return out;
  }
  out.value = static_cast<std::uint32_t>(value);
  if (end + 1 < text.size() && text[end] == U'.' && digit_value(text[end + 1]) >= 0) {
    for (++end; end < text.size() && digit_value(text[end]) >= 0; ++end) {
      out.whole = out.whole && text[end] == U'0';
    }
  }
  out.end = end;
  return out;
}

int chinese_digit(char32_t c) {
  if (c == U'两') {
    return 2;
  }
  const std::size_t place = View(U"零一二三四五六七八九").find(c);
  return place == View::npos ? -1 : static_cast<int>(place);
}

/// 五, 十五, 二十, 一百二十: up to 999.
Read read_numerals(View text, std::size_t at) {
  Read out;
  std::uint32_t digit = 0;
  bool has_digit = false;
  std::size_t end = at;
  for (; end < text.size(); ++end) {
    const int value = chinese_digit(text[end]);
    if (value >= 0) {
      digit = static_cast<std::uint32_t>(value);
      has_digit = true;
    } else if (text[end] == U'十' || text[end] == U'百') {
      out.value += (has_digit ? digit : 1U) * (text[end] == U'十' ? 10U : 100U);
      digit = 0;
      has_digit = false;
    } else {
      break;
    }
  }
  out.value += digit;
  out.end = end == at ? 0 : end;
  return out;
}

Read read_number(View text, std::size_t at) {
  const Read digits = read_digits(text, at);
  return digits.end != 0 ? digits : read_numerals(text, at);
}

std::string_view unit_at(View text, const std::map<std::string, std::string>& more) {
  for (const auto& [word, unit] : more) {
    if (text.starts_with(plain(word))) {
      return unit;
    }
  }
  const auto begins = [text](const UnitWord& one) {
    const std::size_t end = one.word.size();
    const bool goes_on = text.size() > end && is_latin(text[end - 1]) && is_latin(text[end]);
    return text.starts_with(one.word) && !goes_on;
  };
  const auto* const found = std::find_if(std::begin(unit_words), std::end(unit_words), begins);
  return found == std::end(unit_words) ? std::string_view() : found->unit;
}

bool is_immediate(View text) {
  return std::any_of(std::begin(immediate_words), std::end(immediate_words),
                     [text](View word) { return text.find(word) != View::npos; });
}

std::optional<std::string> told(const Read& number, std::string_view unit) {
  if (number.value == 0 && number.whole) {
    return "immediate";
  }
  if (!number.whole || number.value > largest || unit.empty()) {
    return std::nullopt;
  }
  return unit == "immediate" ? std::string(unit) : fmt::format("{} {}", number.value, unit);
}

}  // namespace

std::optional<std::string> read_limit(std::string_view text, std::string_view unit,
                                      const std::map<std::string, std::string>& units) {
  const std::u32string all = plain(text);
  if (all.find_first_of(U"年月") != View::npos) {
    return std::nullopt;
  }
  for (std::size_t at = 0; at < all.size();) {
    const Read number = read_number(all, at);
    if (number.end == 0) {
      ++at;
      continue;
    }
    const View rest = View(all).substr(number.end);
    if (const std::string_view found = unit_at(rest, units); !found.empty()) {
      return told(number, found);
    }
    if (at == 0 && rest.empty()) {
      const std::u32string alone = plain(unit);
      const std::string_view given = unit_at(alone, units);
      return told(number, given.empty() && is_immediate(alone) ? "immediate" : given);
    }
    at = number.end;
  }
  return is_immediate(all) ? std::optional<std::string>("immediate") : std::nullopt;
}

}  // namespace lobby::feed
