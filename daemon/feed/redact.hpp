#pragma once

#include <string>
#include <string_view>

/// The one place that takes numbers of persons out of text.
///
/// Runs of digits (ASCII and full-width) with white space, hyphens, dashes, dots, slashes or brackets between
/// them are one group. A number of a person begins and ends with a run: `窗口3 138 0000 1234` holds one,
/// `3138 0000 1234` none. A landline without its area code cannot be told from any other number.
namespace lobby::feed {

/// For texts: replaces by `***` runs of 11 and more digits (mobile, bank and ID numbers, with a closing X),
/// and within groups mobile numbers, ID numbers of 18 and 15 digits (a region and a date of birth) and
/// landlines with area code.
std::u32string redact(std::u32string_view text);

/// For fields that are numbers by nature, where dates and serials make runs as long as an ID number: replaces
/// only mobile numbers (one run, or written 3-4-4), ID numbers of 18 digits (a region, a date of birth before
/// 2000, or before 2015 and a true check character) and of 15 digits (a region, a date of birth since 1930).
/// Case numbers of the form region + date + serial carry later dates.
std::u32string redact_number(std::u32string_view text);

/// As redact(), but landlines with area code stay: telephones of offices.
std::u32string redact_contact(std::u32string_view text);

/// Is the whole text a number that redact_number() would replace?
bool is_personal_number(std::u32string_view text);

}  // namespace lobby::feed
