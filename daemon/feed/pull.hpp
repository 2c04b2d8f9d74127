#pragma once

#include <variant>

#include "daemon/feed/failure.hpp"
#include "daemon/feed/page_walk.hpp"
#include "daemon/feed/settings.hpp"

namespace lobby::feed {

/// Asks the upstream for everything it has, page by page, and blocks until it is there, has failed, or
/// settings.total_s have passed; all of it counts, or nothing. Nothing beyond the bounds of strict_json.hpp
/// is kept while it arrives. Redirects are not followed.
std::variant<Pulled, Failure> pull(const Settings& settings, const Mapping& mapping);

}  // namespace lobby::feed
