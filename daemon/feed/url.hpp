#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lobby::feed {

/// http://host[:port]/path[?query]
struct Url {
  std::string origin;  ///< scheme://host[:port]
  std::string target;  ///< /path[?query]
  bool tls = false;
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
};
/// nullopt: another scheme, no host, a user name in it, a port that is none, or characters that no URL has.
std::optional<Url> parse_url(std::string_view text);

struct HostPort {
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
};
/// `host:port` or `[address]:port`; without a port the one given, 0: then there must be one.
std::optional<HostPort> parse_host_port(std::string_view text, std::uint16_t otherwise = 0);

/// Only this machine: what is sent there is on no wire.
bool is_loopback(std::string_view host);

}  // namespace lobby::feed
