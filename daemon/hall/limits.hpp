#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/hall/words.hpp"

/// How long a matter may take (办理时限), as an approval system promises it or a statute sets it.
namespace lobby::hall {

/// `workday` 工作日, `day` 自然日, `hour` 小时 of working time, `immediate` 即办件: while the applicant
/// waits.
enum class LimitUnit : std::uint8_t { none, workday, day, hour, immediate };
template <>
struct Words<LimitUnit> {
  static constexpr std::array<std::string_view, 5> text{"", "workday", "day", "hour", "immediate"};
};

struct Limit {
  static constexpr std::int32_t most = 9999;

  std::int32_t n = 0;  ///< 1..most; 0 for `none` and `immediate`
  LimitUnit unit = LimitUnit::none;
  friend bool operator==(const Limit&, const Limit&) = default;
};

/// "5 workday", "20 day", "4 hour", "immediate", and "" for none; one space, no signs, no leading zeros.
/// nullopt for anything else, "0 day" too.
std::optional<Limit> parse_limit(std::string_view text);
/// The text that parse_limit() reads back.
std::string to_text(Limit limit);

}  // namespace lobby::hall
