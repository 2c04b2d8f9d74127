#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace lobby::feed {

/// What the one line on standard input says.
struct Settings {
  std::string feed;
  std::string url;
  std::string mapping;     ///< path
  std::string token_file;  ///< empty: the upstream wants none
  std::string ca_file;     ///< empty: the system's certificates
  std::string area_code;   ///< empty: every area
  std::uint32_t interval_s = 30;
  std::uint32_t total_s = 60;
  std::string cursor;
};

/// The settings, or one sentence about what is wrong with them (it repeats no value).
std::variant<Settings, std::string> read_settings(std::string_view line);

/// http://host[:port]/path[?query]
struct Url {
  std::string origin;  ///< scheme://host[:port]
  std::string target;  ///< /path[?query]
};
/// nullopt: another scheme, no host, a user name in it, or characters that no URL has.
std::optional<Url> parse_url(std::string_view text);

/// The secret in the file, without white space around it. A sentence instead when the file is missing,
/// readable for others (any mode but 0600 and 0400), not a plain file, empty, or longer than 4 KiB.
struct Token {
  std::string text;
  std::string fault;  ///< empty: the token is good
};
Token read_token(const std::string& path);

}  // namespace lobby::feed
