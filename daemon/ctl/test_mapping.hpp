#pragma once

#include "daemon/ctl/run.hpp"

namespace lobby::ctl {

/// What a mapping makes of an answer, a saved one or the one that a system gives now: by the lobby-feed
/// beside this program, else of the path. `refused` when the answer cannot be read.
Exit test_mapping(const Arguments& given, const Settings& settings, Console& console);

}  // namespace lobby::ctl
