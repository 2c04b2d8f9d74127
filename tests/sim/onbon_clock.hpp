#pragma once

#include <optional>
#include <string>

#include "tests/sim/board_bytes.hpp"
#include "tests/sim/faults.hpp"

namespace lobby::sim {

/// What an Onbon card answers a request with; the numbers are the card's own.
enum class OnbonError : std::uint8_t {
  none = 0x00,
  group = 0x01,
  command = 0x02,
  busy = 0x03,
  memory = 0x04,
  crc = 0x05,
  no_file = 0x06,
  time_format = 0x0E,
  file_exists = 0x0F,
  block_number = 0x10,
  controller_type = 0x11,
  screen_parameter = 0x12,
  parameter = 0x19,
  no_area = 0x1B,
};
/// By its name in the counters: "crc" …
const char* onbon_reason(OnbonError error);

/// The clock of an Onbon card: set as BCD, year low, year high, month, day, hour, minute, second, weekday
/// 1 to 7 from Monday.
class OnbonClock {
 public:
  static constexpr std::size_t size = 8;
  OnbonError set(std::span<const std::uint8_t> bcd, TimePoint now);
  void reset() { set_.reset(); }
  bool is_set() const { return set_.has_value(); }
  /// Minutes since midnight; nullopt: it was never set.
  std::optional<int> minute_of_day(TimePoint now) const;
  /// "2026-03-16 08:55:00"; empty: it was never set.
  std::string text(TimePoint now) const;
  /// As it is set; all 0 when it never was.
  Bytes bcd(TimePoint now) const;

 private:
  /// Seconds since 1970, without a zone: what the card's face says.
  std::optional<std::int64_t> face(TimePoint now) const;

  std::optional<std::int64_t> set_;
  TimePoint set_at_{};
};

/// nullopt: a digit above 9.
std::optional<int> from_bcd(std::uint8_t bcd);

}  // namespace lobby::sim
