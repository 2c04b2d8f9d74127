#pragma once

#include <string>
#include <string_view>

namespace lobby::feed {

/// A name for `text` that tells nothing of it to anybody without the key: `x-` and 128 bits of an
/// HMAC-SHA-256 as letters (digits could look like a telephone number). A plain hash would not do: all
/// telephone numbers are soon tried. Empty when there is no key.
std::string pseudonym(std::string_view key, std::string_view text);

}  // namespace lobby::feed
