#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lobby::feed {

/// RFC 3986: everything but unreserved characters as %XX.
std::string percent_encoded(std::string_view text);
/// %XX and + decoded; a % that is no escape stays.
std::string percent_decoded(std::string_view text);

/// The pairs of a query as they stand, in order; a pair without `=` has an empty value.
std::vector<std::pair<std::string_view, std::string_view>> query_pairs(std::string_view query);
/// Of /path?query: what stands behind the question mark.
std::string_view query_of(std::string_view target);
std::string_view path_of(std::string_view target);
/// One more pair for the query of a target, encoded.
void add_to_query(std::string& target, std::string_view key, std::string_view value);

}  // namespace lobby::feed
