#pragma once

#include <string>

namespace lobby::feed {

/// The secret in the file, without white space around it. A sentence instead when the file is missing,
/// readable for others (any mode but 0600 and 0400), not a plain file, empty, or longer than 4 KiB.
struct Token {
  std::string text;
  std::string fault;  ///< empty: the token is good
};
Token read_token(const std::string& path);

/// Why a private key's file may not be used: missing, no plain file, readable for others. Empty: it may.
std::string fault_of_key_file(const std::string& path);

}  // namespace lobby::feed
