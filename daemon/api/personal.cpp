#include "daemon/api/personal.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace lobby::api {
namespace {

constexpr std::size_t id_size = 18, old_id_size = 15, mobile_size = 11;

/// Takes the character at the front of a text in UTF-8.
char32_t take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  char32_t code = size == 1 ? first : first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size && i < text.size(); ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  text.remove_prefix(std::min(size, text.size()));
  return code;
}

/// ASCII for a digit, or the X that may close an ID number; 0 for anything else.
char digit_of(char32_t c) {
  constexpr char32_t wide_zero = 0xff10, wide_nine = 0xff19;
  if (c >= U'0' && c <= U'9') {
    return static_cast<char>(c);
  }
  if (c >= wide_zero && c <= wide_nine) {
    return static_cast<char>('0' + (c - wide_zero));
  }
  return c == U'X' || c == U'x' || c == 0xff38 || c == 0xff58 ? 'X' : '\0';
}

/// What people, and those who would get round this, put between the digits of one number.
bool is_joint(char32_t c) {
  constexpr std::u32string_view joints = U" -._·\u00a0\u2002\u2003\u2009\u2212\u3000\uff0d\uff0e\ufeff";
  return joints.find(c) != std::u32string_view::npos || (c >= 0x200b && c <= 0x200d) ||
         (c >= 0x2010 && c <= 0x2015);
}

/// Digits that stand together; the X that may close an ID number is a run of its own.
using Run = std::string;

/// Runs with a few joints at most between one and the next.
std::vector<std::vector<Run>> groups_of(std::string_view text) {
  constexpr int most_joints = 3;
  std::vector<std::vector<Run>> groups;
  int joints = most_joints + 1;
  bool in_run = false;
  while (!text.empty()) {
    const char32_t c = take_character(text);
    const char digit = digit_of(c);
    if (digit == '\0' || (digit == 'X' && joints > most_joints)) {
      joints = is_joint(c) ? joints + 1 : most_joints + 1;
      in_run = false;
      continue;
    }
    if (joints > most_joints) {
      groups.emplace_back();
    }
    if (!in_run || digit == 'X') {
      groups.back().emplace_back();
    }
    groups.back().back() += digit;
    joints = digit == 'X' ? most_joints + 1 : 0;
    in_run = digit != 'X';
  }
  return groups;
}

bool is_day(std::string_view month_and_day) {
  const int month = std::stoi(std::string(month_and_day.substr(0, 2)));
  const int day = std::stoi(std::string(month_and_day.substr(2)));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool is_province(std::string_view number) {
  constexpr std::array<std::string_view, 35> codes{"11", "12", "13", "14", "15", "21", "22", "23", "31",
                                                   "32", "33", "34", "35", "36", "37", "41", "42", "43",
                                                   "44", "45", "46", "50", "51", "52", "53", "54", "61",
                                                   "62", "63", "64", "65", "71", "81", "82", "83"};
  return std::find(codes.begin(), codes.end(), number.substr(0, 2)) != codes.end();
}

bool is_mobile(std::string_view digits) {
  for (const std::string_view prefix : {"0086", "86", "0"}) {
    if (digits.size() == mobile_size + prefix.size() && digits.starts_with(prefix)) {
      digits.remove_prefix(prefix.size());
    }
  }
  return digits.size() == mobile_size && digits[0] == '1' && digits[1] >= '3' && digits.back() != 'X';
}

bool is_id(std::string_view digits, int last_year) {
  if (digits.size() != id_size) {
    return false;
  }
  const int year = std::stoi(std::string(digits.substr(6, 4)));
  return year >= 1900 && year <= last_year && is_day(digits.substr(10, 4));
}

bool is_old_id(std::string_view digits) {
  return digits.size() == old_id_size && digits.back() != 'X' && is_province(digits) &&
         is_day(digits.substr(8, 4));
}

/// Whole runs that follow one another, put together.
struct Sequence {
  std::string digits;
  bool one_run = false;
  bool all = false;  ///< of their group
};

bool is_personal_in_words(const Sequence& sequence) {
  constexpr int last_year = 2099;
  const auto& digits = sequence.digits;
  return (sequence.one_run && digits.size() >= id_size) || is_mobile(digits) || is_old_id(digits) ||
         is_id(digits, last_year);
}

/// The parts of a code are no digits of one number, unless the whole code is that number.
bool is_personal_in_code(const Sequence& sequence) {
  constexpr int last_year = 2014;
  const auto& digits = sequence.digits;
  return ((sequence.one_run || sequence.all) && (is_mobile(digits) || is_old_id(digits))) ||
         (is_id(digits, last_year) && is_province(digits));
}

bool holds_one(const std::vector<Run>& runs, Digits kind) {
  for (std::size_t first = 0; first < runs.size(); ++first) {
    Sequence sequence;
    for (std::size_t next = first; next < runs.size() && sequence.digits.size() < id_size; ++next) {
      sequence.digits += runs[next];
      sequence.one_run = next == first;
      sequence.all = first == 0 && next + 1 == runs.size();
      if (kind == Digits::are_words ? is_personal_in_words(sequence) : is_personal_in_code(sequence)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

bool holds_personal_number(std::string_view text, Digits digits) {
  const auto groups = groups_of(text);
  return std::any_of(groups.begin(), groups.end(),
                     [digits](const std::vector<Run>& runs) { return holds_one(runs, digits); });
}

}  // namespace lobby::api
