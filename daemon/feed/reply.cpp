#include "daemon/feed/reply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "daemon/feed/retry.hpp"

namespace lobby::feed {

std::optional<Failure> failure_of_status(const Reply& reply, std::int64_t now_s) {
  constexpr int too_many = 429;
  const int status = reply.status;
  Failure failure;
  failure.reason = fmt::format("HTTP {}", status);
  if (status == 200) {
    return std::nullopt;
  }
  if (status == 401 || status == 403) {
    failure.kind = Failure::Kind::unauthorised;
    failure.reason = fmt::format("the upstream refuses the token: HTTP {}", status);
    failure.whole_source = true;
  } else if (status == 404) {
    failure.kind = Failure::Kind::missing;
    failure.reason = "HTTP 404: the upstream does not know this address, check the url";
  } else if (status == 410) {
    failure.kind = Failure::Kind::outdated;
    failure.reason = "HTTP 410: the upstream wants to be read from the start";
  } else if (status == too_many || status == 503) {
    failure.kind = Failure::Kind::throttled;
    failure.reason = fmt::format("the upstream asks to wait: HTTP {}", status);
    failure.retry_after = read_retry_after(reply.retry_after, reply.date, now_s);
    failure.whole_source = status == too_many;
  } else if (status >= 300 && status < 400) {
    failure.reason =
        fmt::format("HTTP {}: redirects are not followed, put the final address in the url", status);
  }
  return failure;
}

std::chrono::seconds good_for(std::string_view cache_control) {
  constexpr std::chrono::seconds most{3600};
  constexpr std::string_view key = "max-age=";
  std::string lower(cache_control);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::size_t at = lower.find(key);
  while (at != std::string::npos && at != 0 && lower[at - 1] != ' ' && lower[at - 1] != ',') {
    at = lower.find(key, at + 1);  // s-maxage is for others
  }
  if (at == std::string::npos || lower.find("no-store") != std::string::npos ||
      lower.find("no-cache") != std::string::npos) {
    return std::chrono::seconds(0);
  }
  std::int64_t seconds = 0;
  const char* first = lower.data() + at + key.size();
  const auto [end, error] = std::from_chars(first, lower.data() + lower.size(), seconds);
  if (error == std::errc::result_out_of_range) {
    return *first == '-' ? std::chrono::seconds(0) : most;
  }
  return error == std::errc() ? std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(0), most)
                              : std::chrono::seconds(0);
}

std::int64_t clock_difference(std::int64_t theirs_ms, std::int64_t sent_ms, std::int64_t received_ms) {
  if (theirs_ms > received_ms) {
    return theirs_ms - received_ms;
  }
  return theirs_ms < sent_ms ? theirs_ms - sent_ms : 0;
}

std::optional<std::int64_t> date_ms(std::string_view date) {
  const auto seconds = read_http_date(date);
  return seconds ? std::optional(*seconds * 1000) : std::nullopt;
}

}  // namespace lobby::feed
