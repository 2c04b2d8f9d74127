#pragma once

#include "daemon/ctl/run.hpp"

namespace lobby::ctl {

/// Asks a line for its units, some addresses at a time: whoever breaks it off leaves little going on in the
/// daemon, and however slow the line is, no request outlasts its time.
Exit scan_line(const Arguments& given, const Settings& settings, Console& console);

}  // namespace lobby::ctl
