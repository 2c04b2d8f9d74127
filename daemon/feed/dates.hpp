#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lobby::feed {

/// Is it a format that read_date() knows? Letters yyyy MM dd HH mm ss, S (a fraction of any length) and other
/// characters as they are; or the words rfc3339, epoch_s, epoch_ms.
bool is_date_format(std::string_view format);

/// The whole text by that format: a date as `2026-11-20`, a time as `2026-11-20T08:30:00+08:00`. nullopt:
/// another form, or no day of the calendar. `utc_offset` is given to times that carry none.
std::optional<std::string> read_date(std::string_view text, std::string_view format,
                                     std::string_view utc_offset);

}  // namespace lobby::feed
