#pragma once

#include <cstdint>
#include <string_view>

/// Numbers of persons, which are never stored, shown or streamed: whatever holds one is not taken. Pure.
namespace lobby::api {

/// What the text is for.
enum class Digits : std::uint8_t {
  are_words,   ///< free text, names: long numbers have no business there
  are_a_code,  ///< a case or slip number, which may have as many digits as an ID number
};

/// Does it hold an ID number of 18 or 15 places or a mobile number, also with spaces, hyphens or dots between
/// the digits, in ASCII or full-width digits? The text is UTF-8.
///
/// In a code, 18 digits are an ID number only with a province and a date of birth before 2015: case numbers
/// of the form region + date + serial look the same and carry dates of later years.
bool holds_personal_number(std::string_view text, Digits digits = Digits::are_words);

}  // namespace lobby::api
