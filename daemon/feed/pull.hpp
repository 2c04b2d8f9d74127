#pragma once

#include <memory>
#include <variant>

#include "daemon/feed/settings.hpp"
#include "daemon/feed/wire.hpp"

namespace lobby::feed {

/// The one place that speaks HTTP. Connects within 5 s, TLS 1.2 or later, by the interface, proxy and
/// certificates of the settings; a private key that others may read is refused. What an upstream may send is
/// bounded before it is kept: 1 KiB of status line, 64 KiB of headers, 8 MiB of body (decompressed), 20 s
/// between two bytes. Settings must outlive the wire.
std::variant<std::unique_ptr<Wire>, Failure> http_wire(const Settings& settings, Deadline until);

}  // namespace lobby::feed
