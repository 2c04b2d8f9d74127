#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/app/site_file.hpp"
#include "daemon/hall/board.hpp"

namespace lobby::app {

/// What is allowed but will disappoint, one sentence each; for --check on the day `today`.
std::vector<std::string> warnings_of(const SiteFile& site, hall::Date today);

/// The sentence for a year whose holiday notice ought to be here and is not.
std::optional<std::string> calendar_warning(const hall::Site& site, hall::Date today);

/// The sentence for a board whose hand-written words are older than the catalogue.
std::string reminder_warning(const hall::DeviceId& board, const hall::BoardReminder& reminder);

}  // namespace lobby::app
