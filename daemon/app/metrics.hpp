#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace lobby::app {

/// Prometheus lines of what the hall recorded: events since the start by type, the last durable event, and
/// how many of all `seq` the reports have `counted`.
std::string metrics_text(const std::map<std::string, std::uint64_t>& events_by_type, std::uint64_t seq,
                         std::uint64_t counted);

}  // namespace lobby::app
