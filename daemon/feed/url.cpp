#include "daemon/feed/url.hpp"

#include <algorithm>
#include <charconv>

namespace lobby::feed {

std::optional<HostPort> parse_host_port(std::string_view text, std::uint16_t otherwise) {
  const bool bracketed = text.starts_with('[');
  const std::size_t close = bracketed ? text.find(']') : text.find(':');
  std::string_view host = text.substr(0, close);
  if (bracketed) {
    host.remove_prefix(1);
  }
  const auto fits = [bracketed](char c) {
    const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || c == '.' || c == '-' || c == '_' || (bracketed && (c == ':' || c == '%'));
  };
  if (host.empty() || host.size() > 253 || !std::all_of(host.begin(), host.end(), fits) ||
      (bracketed && close == std::string_view::npos)) {
    return std::nullopt;
  }
  std::string_view rest = close == std::string_view::npos ? "" : text.substr(close + (bracketed ? 1 : 0));
  HostPort out{std::string(host), otherwise};
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out.port);
    if (error != std::errc() || end != rest.data() + rest.size()) {
      return std::nullopt;
    }
  } else if (!rest.empty()) {
    return std::nullopt;
  }
  return out.port == 0 ? std::nullopt : std::optional(std::move(out));
}

std::optional<Url> parse_url(std::string_view text) {
  constexpr std::uint16_t http = 80;
  constexpr std::uint16_t https = 443;
  const auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
  const std::size_t scheme = text.starts_with("http://") ? 7 : text.starts_with("https://") ? 8 : 0;
  if (scheme == 0 || !std::all_of(text.begin(), text.end(), visible) ||
      text.find_first_of("#\"<>\\^`{|}") != std::string_view::npos) {
    return std::nullopt;
  }
  const bool tls = text.starts_with("https");
  const std::size_t slash = text.find_first_of("/?", scheme);
  const std::string_view host = text.substr(scheme, slash == std::string_view::npos ? slash : slash - scheme);
  auto parts = parse_host_port(host, tls ? https : http);
  if (!parts) {
    return std::nullopt;
  }
  std::string target(slash == std::string_view::npos ? "/" : text.substr(slash));
  if (target.front() == '?') {
    target.insert(target.begin(), '/');
  }
  return Url{std::string(text.substr(0, scheme)) + std::string(host), std::move(target), tls,
             std::move(parts->host), parts->port};
}

bool is_loopback(std::string_view host) {
  const bool v4 = host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
  return v4 || host == "localhost" || host == "::1";
}

}  // namespace lobby::feed
