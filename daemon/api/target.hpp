#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The target of a request: `/path/with%20escapes?name=value`. Pure.
namespace lobby::api {

struct Target {
  /// Decoded, so that a path has one spelling; `/` and `%` within a segment stay escaped.
  std::string path;
  std::vector<std::string> segments;  ///< decoded; of `/` none
  std::vector<std::pair<std::string, std::string>> query;
};

/// nullopt for what does not begin with `/`, has a broken escape, a control character, or text that is not
/// UTF-8: what passes may be shown to people.
std::optional<Target> parse_target(std::string_view target);

/// Is it UTF-8 without control characters?
bool is_clean_text(std::string_view text);
/// Characters, not bytes, of a text in UTF-8.
std::size_t length(std::string_view text);

}  // namespace lobby::api
