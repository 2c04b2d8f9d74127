#pragma once

#include <string>
#include <string_view>

/// The one place that takes numbers of persons out of text.
namespace lobby::feed {

/// Replaces by `***`: runs of 11 and more digits (mobile, bank and ID numbers, with a closing X), and mobile
/// and ID numbers written with single spaces or hyphens between groups. ASCII and full-width digits.
std::u32string redact(std::u32string_view text);

/// For fields that are numbers by nature (case numbers look like ID numbers): is the whole text a mobile
/// number, or an ID number with a true check character and a birth date before 2015? Case numbers of the form
/// region + date + serial carry dates of later years.
bool is_personal_number(std::u32string_view text);

}  // namespace lobby::feed
