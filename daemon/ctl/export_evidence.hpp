#pragma once

#include "daemon/ctl/run.hpp"

namespace lobby::ctl {

/// Writes the bundle of an evaluation into a new file. Nothing is left of one that could not be written
/// whole.
Exit export_evidence(const Arguments& given, const Settings& settings, Console& console);

}  // namespace lobby::ctl
