#pragma once

#include "daemon/feed/explain.hpp"
#include "daemon/feed/settings.hpp"
#include "daemon/feed/source.hpp"

/// Mode "test": what the mapping makes of answers, for each of the lists that the settings want; without a
/// wish of cases, or of the first that the mapping has. For a person at a terminal, not for lobbyd.
namespace lobby::feed {

/// Of an answer in a file, in UTF-8 or GB 18030.
Explained test_file(const Settings& settings, const Mapping& mapping);

/// Of what the system says now, from the start of its lists. Blocks. Nothing is kept.
Explained test_source(const Settings& settings, const Mapping& mapping, Source& source);

}  // namespace lobby::feed
