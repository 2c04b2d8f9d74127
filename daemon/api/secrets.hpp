#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lobby::api {

/// 256 random bits as 64 hexadecimal digits.
std::string random_secret();

/// So many decimal digits, all equally likely; at most 18.
std::string random_digits(unsigned count);

/// Overwrites what the text held, also where the compiler sees that nobody reads it again.
void wipe(std::string& text);
void wipe(char* text, std::size_t size);

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
