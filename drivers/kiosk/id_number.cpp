#include "drivers/kiosk/id_number.hpp"

#include <algorithm>

namespace lobby::kiosk {
namespace {

constexpr std::size_t length = 18;
constexpr std::size_t birth_at = 6;
constexpr std::size_t birth_length = 8;  ///< year, month, day

/// Its digits, without what stands between them.
int number_of(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    number = c >= '0' && c <= '9' ? number * 10 + (c - '0') : number;
  }
  return number;
}

bool is_day(int date) {
  constexpr int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int month = date / 100 % 100;
  const int day = date % 100;
  return date / 10'000 >= 1850 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

}  // namespace

bool is_id_number(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != length || !std::all_of(text.begin(), text.end() - 1, is_digit)) {
    return false;
  }
  // Each digit counts by a power of two modulo 11, worked in from the left; with the check character it is 1.
  int rest = 0;
  for (const char c : text.substr(0, length - 1)) {
    rest = (rest + (c - '0')) * 2 % 11;
  }
  const int check = (12 - rest) % 11;
  const char wanted = check == 10 ? 'X' : static_cast<char>('0' + check);
  const char given = text.back() == 'x' ? 'X' : text.back();
  return given == wanted && is_day(number_of(text.substr(birth_at, birth_length)));
}

bool is_of_age(std::string_view id_number, int years, std::string_view day) {
  return number_of(day) >= number_of(id_number.substr(birth_at, birth_length)) + years * 10'000;
}

}  // namespace lobby::kiosk
