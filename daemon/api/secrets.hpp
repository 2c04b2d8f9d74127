#pragma once

#include <string>
#include <string_view>

namespace lobby::api {

/// 256 random bits as 64 hexadecimal digits.
std::string random_secret();

/// 32 bytes.
std::string sha256(std::string_view text);

std::string to_hex(std::string_view bytes);
/// Empty for anything that to_hex() did not write.
std::string from_hex(std::string_view text);

/// In time that does not depend on where they differ.
bool same(std::string_view a, std::string_view b);

/// A password as it is kept: `scrypt$14$8$1$SALT$HASH`. Takes tens of milliseconds and 16 MB: not on the
/// loop.
std::string stretch(std::string_view password);
/// Is it the password behind this line? As slow as stretch(), also for an empty or broken line.
bool is_behind(std::string_view password, std::string_view line);

}  // namespace lobby::api
