#include "daemon/feed/redact.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

using View = std::u32string_view;

constexpr std::size_t mobile_digits = 11;
constexpr std::size_t id_digits = 18;
constexpr std::size_t old_id_digits = 15;
constexpr std::size_t most_joints = 4;  ///< between two runs of one number, as in `) - (`
constexpr View hidden_number = U"***";

bool is_x(char32_t c) {
  return c == U'X' || c == U'x' || c == 0xFF38 || c == 0xFF58;
}
bool is_joint(char32_t c) {
  constexpr View marks = U"-./()_－．／（）·•・−﹣﹘";
  return is_space(c) || (c >= 0x2010 && c <= 0x2015) || marks.find(c) != View::npos;
}

/// An unbroken run of digits, as ASCII digits.
struct Run {
  std::u32string digits;
  std::size_t begin = 0, end = 0;  ///< places in the text
  bool x = false;                  ///< an X follows, as at the end of an ID number
};

/// Runs that may be parts of one number, from `at` on, where a digit stands.
std::vector<Run> read_group(View text, std::size_t at) {
  std::vector<Run> runs;
  std::size_t joints = 0;
  for (std::size_t i = at; i < text.size() && joints <= most_joints; ++i) {
    const int digit = digit_value(text[i]);
    if (digit >= 0) {
      if (joints > 0 || runs.empty()) {
        runs.push_back({{}, i, i, false});
      }
      runs.back().digits.push_back(static_cast<char32_t>(U'0' + digit));
      runs.back().end = i + 1;
      joints = 0;
    } else if (is_joint(text[i])) {
      ++joints;
    } else if (!is_invisible(text[i])) {
      runs.back().x = joints == 0 && is_x(text[i]);
      break;
    }
  }
  return runs;
}

/// Some runs of a group that follow each other, tried as one number.
struct Candidate {
  std::u32string digits;  ///< of all runs, with the closing X of an ID number
  const Run* runs = nullptr;
  std::size_t count = 0;
  bool after_country = false;  ///< 86 stands before
};

int number_at(View digits, std::size_t from, std::size_t count) {
  int n = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    n = n * 10 + static_cast<int>(digits[i] - U'0');
  }
  return n;
}

bool is_mobile(View digits) {
  return digits.size() == mobile_digits && digits[0] == U'1' && digits[1] >= U'3';
}

/// GB/T 2260: the first two digits of a region.
bool is_region(View digits) {
  constexpr std::array<int, 7> last_of_group{0, 15, 23, 37, 46, 54, 65};
  const int province = number_at(digits, 0, 2);
  const auto group = static_cast<std::size_t>(province / 10);
  const bool mainland =
      group >= 1 && group < last_of_group.size() && province % 10 != 0 && province <= last_of_group[group];
  return mainland || province == 71 || province == 81 || province == 82 || province == 83 || province == 91;
}

bool is_day(View digits, std::size_t month_at) {
  const int month = number_at(digits, month_at, 2);
  const int day = number_at(digits, month_at + 2, 2);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/// GB 11643: ISO 7064 MOD 11-2 over the first 17 digits.
bool has_check_character(View d) {
  constexpr std::array<int, 17> weight{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    sum += weight[i] * static_cast<int>(d[i] - U'0');
  }
  return U"10X98765432"[sum % 11] == d[id_digits - 1];
}

int birth_year(View digits) {
  return number_at(digits, 6, 4);
}
bool is_id(View digits, int latest_year) {
  return digits.size() == id_digits && is_region(digits) && birth_year(digits) >= 1900 &&
         birth_year(digits) <= latest_year && is_day(digits, 10);
}

/// Before 1999, without century and check character.
bool is_old_id(View digits, int earliest_year) {
  return digits.size() == old_id_digits && is_region(digits) && number_at(digits, 6, 2) >= earliest_year &&
         is_day(digits, 8);
}

/// 010 and 02x, or 0 and three digits; without the 0 after the country's code.
bool is_area_code(View digits, bool after_country) {
  if (after_country && digits.front() != U'0') {
    return digits == U"10" || (digits.size() == 2 && digits[0] == U'2') ||
           (digits.size() == 3 && digits[0] >= U'3');
  }
  if (digits.size() < 3 || digits[0] != U'0') {
    return false;
  }
  return digits.size() == 3 ? digits == U"010" || digits[1] == U'2' : digits.size() == 4 && digits[1] >= U'3';
}

/// The area code is a run of its own, or all is one run: dates such as 03.16-2026.09.30 are none.
bool is_landline(const Candidate& number) {
  const auto is_local = [](std::size_t digits) { return digits == 7 || digits == 8; };
  const View first = number.runs->digits;
  const View all = number.digits;
  if (number.count > 1) {
    return is_area_code(first, number.after_country) && is_local(all.size() - first.size());
  }
  return (is_area_code(all.substr(0, 3), false) && is_local(all.size() - 3)) ||
         (all.size() > 4 && is_area_code(all.substr(0, 4), false) && is_local(all.size() - 4));
}

bool is_personal_in_text(const Candidate& number) {
  constexpr int any_year = 2099;
  const bool long_run = number.count == 1 && number.digits.size() >= mobile_digits;
  return long_run || is_mobile(number.digits) || is_id(number.digits, any_year) ||
         is_old_id(number.digits, 0) || is_landline(number);
}

/// In one run, or as people write it: 138 0000 1234.
bool is_written_mobile(const Candidate& number) {
  const bool usual =
      number.count == 3 && number.runs[0].digits.size() == 3 && number.runs[1].digits.size() == 4;
  return is_mobile(number.digits) && (number.count == 1 || usual);
}

bool is_personal_in_number(const Candidate& number) {
  constexpr int last_year_without_cases = 1999;
  constexpr int latest_birth_year = 2014;
  constexpr int earliest_old_year = 30;
  // 86 before it, in one run: +8613800001234.
  const View all = number.digits;
  const bool with_country = number.count == 1 && all.size() == mobile_digits + 2 && all.starts_with(U"86") &&
                            is_mobile(all.substr(2));
  return with_country || is_written_mobile(number) || is_id(all, last_year_without_cases) ||
         (is_id(all, latest_birth_year) && has_check_character(all)) || is_old_id(all, earliest_old_year);
}

struct Match {
  std::size_t runs = 0;  ///< 0: none
  std::size_t end = 0;   ///< in the text, with the X of an ID number
};

/// The longest number of a person that begins with this run.
template <class Judge>
Match longest_number(const std::vector<Run>& runs, std::size_t first, Judge judge) {
  Candidate number;
  number.runs = &runs[first];
  number.after_country = first > 0 && (runs[first - 1].digits == U"86" || runs[first - 1].digits == U"0086");
  Match longest;
  for (std::size_t i = first; i < runs.size() && number.digits.size() <= id_digits; ++i) {
    number.digits += runs[i].digits;
    number.count = i - first + 1;
    const bool with_x = runs[i].x && number.digits.size() == id_digits - 1;
    if (with_x) {
      number.digits.push_back(U'X');
    }
    if (judge(number)) {
      longest = {number.count, runs[i].end + (with_x ? 1 : 0)};
    }
  }
  return longest;
}

/// `(138)00001234`: the bracket before the number goes with the one in it.
void drop_lone_bracket(std::u32string& before, View number) {
  const bool closes = number.find_first_of(U")）") < number.find_first_of(U"(（");
  if (closes && (before.ends_with(U'(') || before.ends_with(U'（'))) {
    before.pop_back();
  }
}

template <class Judge>
std::u32string replace(View text, Judge judge) {
  std::u32string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (digit_value(text[at]) < 0) {
      ++at;
      continue;
    }
    const std::vector<Run> runs = read_group(text, at);
    for (std::size_t i = 0; i < runs.size();) {
      const Match match = longest_number(runs, i, judge);
      if (match.runs != 0) {
        out += text.substr(copied, runs[i].begin - copied);
        drop_lone_bracket(out, text.substr(runs[i].begin, match.end - runs[i].begin));
        out += hidden_number;
        copied = match.end;
      }
      i += std::max<std::size_t>(match.runs, 1);
    }
    at = std::max(runs.back().end, copied);
  }
  out += text.substr(copied);
  return out;
}

}  // namespace

std::u32string redact(View text) {
  return replace(text, is_personal_in_text);
}

std::u32string redact_contact(View text) {
  return replace(text,
                 [](const Candidate& number) { return is_personal_in_text(number) && !is_landline(number); });
}

std::u32string redact_number(View text) {
  return replace(text, is_personal_in_number);
}

bool is_personal_number(View text) {
  return text.find_first_not_of(hidden_number) != View::npos && redact_number(text) == hidden_number;
}

}  // namespace lobby::feed
