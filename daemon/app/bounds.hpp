#pragma once

#include <string>
#include <vector>

#include "daemon/app/site_file.hpp"

namespace lobby::app {

/// How long anyone can be passed over, by hall::bound_of: one sentence for all windows with one rule, in the
/// order of the site file. Windows that call nobody (tenants' own) are left out.
std::vector<std::string> bounds_of(const SiteFile& site);

}  // namespace lobby::app
