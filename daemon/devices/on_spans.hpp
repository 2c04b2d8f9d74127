#pragma once

#include <algorithm>
#include <vector>

/// When a board is lit. Pure.
namespace lobby::devices {

/// Minutes of a day. From `from` until before `to`; when that is not later, until then on the next day.
struct OnSpan {
  int from = 0, to = 0;
  friend bool operator==(const OnSpan&, const OnSpan&) = default;
};
inline constexpr int minutes_of_day = 24 * 60;

constexpr bool is_within(const OnSpan& span, int minute) {
  const bool is_over_midnight = span.to <= span.from;
  return is_over_midnight ? minute >= span.from || minute < span.to : minute >= span.from && minute < span.to;
}

/// No spans at all: always.
inline bool is_lit_at(const std::vector<OnSpan>& spans, int minute) {
  return spans.empty() || std::any_of(spans.begin(), spans.end(),
                                      [minute](const auto& span) { return is_within(span, minute); });
}

/// How many minutes after this one, at which it is dark, a span begins.
inline int minutes_until_lit(const std::vector<OnSpan>& spans, int minute) {
  int least = minutes_of_day;
  for (const auto& span : spans) {
    least = std::min(least, (span.from - minute + minutes_of_day) % minutes_of_day);
  }
  return least;
}

}  // namespace lobby::devices
