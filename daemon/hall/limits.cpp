#include "daemon/hall/limits.hpp"

#include <charconv>

namespace lobby::hall {

namespace {

bool is_counted(LimitUnit unit) {
  return unit != LimitUnit::none && unit != LimitUnit::immediate;
}

}  // namespace

std::optional<Limit> parse_limit(std::string_view text) {
  if (const auto bare = parse_word<LimitUnit>(text); bare && !is_counted(*bare)) {
    return Limit{0, *bare};
  }
  std::int32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || n < 1 || n > Limit::most || text.front() == '0' || digits == text.size() ||
      text[digits] != ' ') {
    return std::nullopt;
  }
  const auto unit = parse_word<LimitUnit>(text.substr(digits + 1));
  return unit && is_counted(*unit) ? std::optional(Limit{n, *unit}) : std::nullopt;
}

std::string to_text(Limit limit) {
  const std::string unit(to_text(limit.unit));
  return is_counted(limit.unit) ? std::to_string(limit.n) + ' ' + unit : unit;
}

}  // namespace lobby::hall
