#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>

#include "daemon/feed/mapping.hpp"

namespace lobby::feed {

/// One field of a row as text, through its transforms except the mask. Empty: no value. `bad` counts values
/// that had to be left out.
std::string read_field(const boost::json::value& row, const Field& field, const Mapping& mapping,
                       std::uint32_t& bad);

}  // namespace lobby::feed
