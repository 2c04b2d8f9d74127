#include "daemon/feed/retry.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <string>

namespace lobby::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds longest_trouble{300};
constexpr seconds refused_pause{300};
constexpr seconds missing_pause{600};
constexpr seconds longest_asked{3600};

milliseconds spread(seconds delay, double jitter) {
  constexpr double share = 0.2;
  const double factor = 1.0 + share * std::clamp(jitter, -1.0, 1.0);
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(milliseconds(delay).count()) * factor));
}

}  // namespace

std::optional<std::int64_t> read_http_date(std::string_view text) {
  std::tm when{};
  const std::string copy(text);
  const char* end = strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &when);
  return end != nullptr && *end == '\0' ? std::optional<std::int64_t>(timegm(&when)) : std::nullopt;
}

milliseconds Retry::after_success(double jitter, seconds good_for) {
  troubles_ = 0;
  refusals_ = 0;
  // Never sooner than the upstream says, and not all at the end of it.
  return std::max(spread(interval_, jitter),
                  good_for > interval_ ? spread(good_for, std::abs(jitter)) : seconds(0));
}

milliseconds Retry::grow(double jitter) {
  constexpr unsigned most_doublings = 9;
  const seconds delay = std::min(longest_trouble, seconds(1U << std::min(troubles_, most_doublings)));
  ++troubles_;
  return spread(delay, jitter);
}

milliseconds Retry::after(const Failure& failure, double jitter) {
  switch (failure.kind) {
    case Failure::Kind::unauthorised:
      return ++refusals_ == 1 && !failure.tried_again ? spread(seconds(1), jitter)
                                                      : spread(refused_pause, std::max(jitter, 0.0));
    case Failure::Kind::missing:
      return spread(missing_pause, jitter);
    case Failure::Kind::throttled:
      if (failure.retry_after) {
        return std::max(milliseconds(std::clamp(*failure.retry_after, seconds(1), longest_asked)),
                        spread(seconds(1), jitter));
      }
      return grow(jitter);
    case Failure::Kind::outdated:
      return spread(interval_, jitter);
    case Failure::Kind::trouble:
      break;
  }
  return grow(jitter);
}

std::optional<seconds> read_retry_after(std::string_view value, std::string_view date, std::int64_t now) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (end != value.data() + value.size() || value.empty() || error != std::errc()) {
    const auto until = read_http_date(value);
    if (!until) {
      const bool huge = error == std::errc::result_out_of_range && end == value.data() + value.size();
      return huge && value.front() != '-' ? std::optional(longest_asked) : std::nullopt;
    }
    n = *until - read_http_date(date).value_or(now);
  } else if (n < 0) {
    return std::nullopt;
  }
  return seconds(std::clamp<std::int64_t>(n, 0, longest_asked.count()));
}

}  // namespace lobby::feed
