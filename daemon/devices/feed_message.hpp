#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/hall/approval.hpp"

/// Lines of lobby-feed as values; the protocol: feed_lines.hpp.
namespace lobby::devices::feed_lines {

struct Counted {
  std::uint32_t rows = 0, skipped = 0, unknown_status = 0, bad_values = 0;
  std::int64_t clock_off_s = 0;
  std::int64_t age_ms = 0;
};
struct Begin {
  hall::AnswerHead head;
};
struct Case {
  hall::CaseRow row;
};
struct Record {
  hall::Record record;
};
struct Removed {
  std::string id;
};
struct More {};
struct End {
  hall::What what{};
  std::string cursor;
  Counted counted;
  bool whole = true;  ///< false: there is more that was not read
};
struct Fault {
  std::optional<hall::What> what;  ///< nullopt: the source as a whole
  std::string reason;
  std::uint32_t retry_s = 0;
};
struct Fresh {
  hall::What what{};
  Counted counted;
};
using Message = std::variant<Begin, Case, Record, Removed, More, End, Fault, Fresh>;

/// nullopt: no line of the protocol (not JSON, an unknown kind, a field that is missing or of another type, a
/// line or a text beyond its bound).
std::optional<Message> parse(std::string_view line);

}  // namespace lobby::devices::feed_lines
