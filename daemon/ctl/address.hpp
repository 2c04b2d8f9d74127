#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lobby::ctl {

/// The server's address as `http://HOST[:PORT]`, a slash at its end taken off; nullopt when it is none that
/// this program can reach: no other scheme (it has no TLS), no path, no user, and a port from 1 to 65535.
std::optional<std::string> server_address(std::string_view url);

}  // namespace lobby::ctl
