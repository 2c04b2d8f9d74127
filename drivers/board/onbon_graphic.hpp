#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/board/bytes.hpp"
#include "drivers/board/local_time.hpp"

/// Onbon cards that take pictures: BX-5E/5M/5Q (5G) and BX-6E/6M/6Q (6G). Pure. Source: orders and their
/// heads are equal to what the vendor's own encoder sends; checksums recomputed. What a card answers is known
/// from the vendor's client only (read leniently), and never seen on a card: so is the tail of the status.
namespace lobby::board::onbon {

enum class Generation : std::uint8_t { g5, g6 };

inline constexpr std::uint16_t any_type = 0xFFFE;

/// What stands around an order.
struct Envelope {
  Generation generation = Generation::g6;
  std::uint16_t type = any_type;  ///< as the ping's answer told it
  std::uint16_t sequence = 0;
  std::uint8_t random = 0;
};

struct OnSpan {
  std::uint8_t on_hour = 0, on_minute = 0, off_hour = 0, off_minute = 0;
  friend bool operator==(const OnSpan&, const OnSpan&) = default;
};

enum class BrightnessMode : std::uint8_t { by_hand = 0, by_clock = 1, by_sensor = 2 };

Bytes graphic_ping(const Envelope& envelope);
Bytes graphic_clock(const Envelope& envelope, const LocalTime& time);
Bytes graphic_power(const Envelope& envelope, bool on);
/// At most 255 spans; an empty list cancels the timetable.
Bytes graphic_timetable(const Envelope& envelope, const std::vector<OnSpan>& spans);
/// Levels 0…15 of the half-hours from midnight on.
Bytes graphic_brightness(const Envelope& envelope, BrightnessMode mode,
                         const std::array<std::uint8_t, 48>& half_hours);
Bytes graphic_status(const Envelope& envelope);

struct GraphicAnswer {
  std::uint8_t group = 0, command = 0;  ///< an answer's own command has bit 7, which is left out here
  std::uint16_t error = 0;              ///< see onbon::error_text
  Bytes data;
  bool is_acknowledgement() const { return group == 0xA0 && command == 0; }
  bool is_ok() const { return error == 0 && !(group == 0xA0 && command == 1); }
};

/// Reads a packet of a card, of either generation or the kind F0 of dynamic areas. nullopt: it is none, or a
/// checksum is wrong.
std::optional<GraphicAnswer> parse_graphic_answer(ByteView packet);

/// Of a ping.
struct GraphicIdentity {
  std::uint16_t type = 0;
  std::array<std::uint8_t, 8> firmware{};
  bool is_set_up = false;  ///< false: the vendor's program must set the screen's parameters first
  std::uint16_t width = 0, height = 0;
  std::uint8_t colour = 0;  ///< 1 single, 3 dual, 7 three, 255 full
  std::optional<std::uint8_t> brightness;
  std::optional<bool> on;
};
std::optional<GraphicIdentity> parse_graphic_identity(const GraphicAnswer& answer);

/// Of a status; what stands behind is not verified and not read.
struct GraphicStatus {
  bool on = false;
  BrightnessMode brightness_mode = BrightnessMode::by_hand;
  std::uint8_t brightness = 0;
  std::uint16_t programmes = 0;
};
std::optional<GraphicStatus> parse_graphic_status(const GraphicAnswer& answer);

}  // namespace lobby::board::onbon
