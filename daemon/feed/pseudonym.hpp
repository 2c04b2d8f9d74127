#pragma once

#include <string>
#include <string_view>

namespace lobby::feed {

/// A name for `text` that tells nothing of it to anybody without the key: `x-` and 128 bits of an
/// HMAC-SHA-256 as letters (digits could look like a telephone number). A plain hash would not do: all
/// telephone numbers are soon tried. Empty when there is no key.
std::string pseudonym(std::string_view key, std::string_view text);

/// By what an applicant is known: 128 bits of an HMAC-SHA-256 of the certificate number, as 32 hexadecimal
/// digits. How the number is written (spaces, full-width, small x) makes no difference. Empty when there is
/// no key, or when the text is no whole number: masked, shorter than 6 characters or longer than 32.
std::string applicant_sum(std::string_view key, std::string_view certificate);

}  // namespace lobby::feed
