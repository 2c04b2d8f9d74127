#pragma once

#include <optional>

#include "daemon/ctl/client.hpp"
#include "daemon/ctl/run.hpp"

namespace lobby::ctl {

/// Says why an outcome is not the wished one and gives the exit status for it; nothing when all is well.
std::optional<Exit> refusal(const Outcome& outcome, const Settings& settings, Console& console);

}  // namespace lobby::ctl
