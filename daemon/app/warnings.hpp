#pragma once

#include <string>
#include <vector>

#include "daemon/app/site_file.hpp"

namespace lobby::app {

/// What is allowed but will disappoint, one sentence each; for --check.
std::vector<std::string> warnings_of(const SiteFile& site);

}  // namespace lobby::app
