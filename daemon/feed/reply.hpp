#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/feed/failure.hpp"
#include "daemon/feed/wire.hpp"

/// What the headers of an answer say.
namespace lobby::feed {

/// nullopt for 200. `now_s`: seconds since 1970, for a Retry-After that is a date.
std::optional<Failure> failure_of_status(const Reply& reply, std::int64_t now_s);

/// Cache-Control: how long the answer stays good, at most 1 h; 0: it does not say.
std::chrono::seconds good_for(std::string_view cache_control);

/// The upstream's clock less ours in milliseconds, 0 when it lies between ours before and after the request.
std::int64_t clock_difference(std::int64_t theirs_ms, std::int64_t sent_ms, std::int64_t received_ms);

/// A Date header, in milliseconds since 1970; nullopt: no HTTP date.
std::optional<std::int64_t> date_ms(std::string_view date);

/// Two clocks that are this far apart are told.
inline constexpr std::int64_t far_apart_ms = 60'000;

}  // namespace lobby::feed
