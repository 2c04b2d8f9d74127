#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "daemon/feed/failure.hpp"

namespace lobby::feed {

/// When to ask again. `jitter` is given by the caller, uniform in [-1, 1]: delays spread by ±20 %.
class Retry {
 public:
  explicit Retry(std::chrono::seconds interval) : interval_(interval) {}

  /// The interval, or as long as the answer stays good when that is longer: then never sooner.
  std::chrono::milliseconds after_success(double jitter, std::chrono::seconds good_for = {});
  /// Trouble: 1, 2, 4 … 300 s. A refused token: one quick retry, then every 5 min, so that no account is
  /// locked. A wrong address: 10 min. Throttled: what the upstream asked, at most 1 h, never sooner. A cursor
  /// that is too old once more: the interval.
  std::chrono::milliseconds after(const Failure& failure, double jitter);

 private:
  std::chrono::milliseconds grow(double jitter);
  std::chrono::seconds interval_;
  unsigned troubles_ = 0;
  unsigned refusals_ = 0;
};

/// Seconds since 1970; nullopt: not in the form of RFC 9110, `Fri, 20 Nov 2026 01:00:00 GMT`.
std::optional<std::int64_t> read_http_date(std::string_view text);

/// The value of a Retry-After header: seconds, or an HTTP date, which is compared with the answer's own Date
/// (a board's clock may be wrong), else with `now` (seconds since 1970). At most 1 h; nullopt for anything
/// else.
std::optional<std::chrono::seconds> read_retry_after(std::string_view value, std::string_view date,
                                                     std::int64_t now);

}  // namespace lobby::feed
