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
};

struct FilledRequest {
  bool post = true;
  std::string target;  ///< path and query
  std::string body;
  std::map<std::string, std::string> headers;
};

FilledRequest fill(const Request& request, std::string_view target, const Filling& filling);

}  // namespace lobby::feed
