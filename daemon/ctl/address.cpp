#include "daemon/ctl/address.hpp"

#include <charconv>
#include <cstdint>

namespace lobby::ctl {
namespace {

bool is_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc() && end == digits.data() + digits.size() && port != 0;
}

/// A name, an IPv4 address, or an IPv6 address in brackets.
bool is_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    return host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
  }
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  return !host.empty() && host.find_first_not_of(letters) == std::string_view::npos;
}

}  // namespace

std::optional<std::string> server_address(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (url.ends_with('/') && url.size() > scheme.size()) {
    url.remove_suffix(1);
  }
  if (!url.starts_with(scheme)) {
    return std::nullopt;
  }
  const auto authority = url.substr(scheme.size());
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const bool fits = is_host(authority.substr(0, colon)) &&
                    (colon == std::string_view::npos || is_port(authority.substr(colon + 1)));
  return fits ? std::optional<std::string>(url) : std::nullopt;
}

}  // namespace lobby::ctl
