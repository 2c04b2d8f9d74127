#pragma once

#include "daemon/ctl/run.hpp"

namespace lobby::ctl {

/// Events from the journal, or with `follow` the stream of them: it resumes after a lost connection where it
/// ended, without loss or repeat, and ends only when the server refuses or standard output is closed.
Exit follow_events(const Arguments& given, const Settings& settings, Console& console);

}  // namespace lobby::ctl
