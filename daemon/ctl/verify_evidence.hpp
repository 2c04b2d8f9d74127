#pragma once

#include "daemon/ctl/run.hpp"

namespace lobby::ctl {

/// Is a bundle whole, and was it signed by the key that is given? The status is evidence::Finding, or `usage`
/// when a file cannot be read.
Exit verify_evidence(const Arguments& given, const Settings& settings, Console& console);

}  // namespace lobby::ctl
