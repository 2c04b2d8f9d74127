#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "daemon/feed/mapping.hpp"

namespace lobby::feed {

/// What the templates of a mapping are filled with. Holds the secret: never to be logged.
struct Filling {
  std::string token, area, cursor;
  std::uint32_t page = 0, page_size = 0;
  std::string date;  ///< today, yyyy-MM-dd
  std::uint32_t year = 0, days = 0;
};

struct FilledRequest {
  bool post = true;
  std::string target;  ///< path and query
  std::string body;
  std::map<std::string, std::string> headers;  ///< a POST has its Content-Type among them
};

/// The target of the feed's url with the path of a resource behind its own path, and its own query last.
std::string target_of(std::string_view url_target, std::string_view path, const Filling& filling);

/// A POST is the mapping's XML document (text/xml unless a header says another Content-Type) with what fills
/// it escaped, a JSON document, or a form of its top level's texts and numbers where a header of the mapping
/// says Content-Type = "application/x-www-form-urlencoded".
FilledRequest fill(const Request& request, std::string_view target, const Filling& filling);

}  // namespace lobby::feed
