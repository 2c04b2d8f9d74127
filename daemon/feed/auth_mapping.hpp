#pragma once

#include "daemon/feed/auth.hpp"
#include "daemon/feed/toml_section.hpp"

namespace lobby::feed {

/// The table [auth] of a mapping, read wholly; faults are thrown with their place. Every key is explained in
/// config/mappings/epoint.toml.
Auth read_auth(Section section);

}  // namespace lobby::feed
