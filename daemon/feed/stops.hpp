#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>

#include "daemon/feed/mapping.hpp"

namespace lobby::feed {

/// The times in which the clock of a case stood, as `FROM/TO;FROM/TO;FROM/`: in the order of time, at most
/// 32 (the latest), only the last may be open. One that is open before another ends where that begins. `bad`
/// counts times that cannot be read and those that end before they begin.
std::string read_stops(const boost::json::value& row, const SubList& stops, const Mapping& mapping,
                       std::uint32_t& bad);

}  // namespace lobby::feed
