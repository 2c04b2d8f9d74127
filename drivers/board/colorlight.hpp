#pragma once

#include <cstdint>
#include <optional>

#include "drivers/board/bytes.hpp"
#include "drivers/board/content.hpp"

/// Colorlight 5A-75 receiver cards, raw Ethernet frames on a link of 1 Gbit/s of their own. Pure. Source:
/// public code. Not verified: the order of colours (reported both ways), what brightness does to firmware 2
/// and 3 (nothing, they say). The geometry of the panels is put into the card once, by its maker's program.
namespace lobby::board::colorlight {

struct Settings {
  bool is_bgr = false;            ///< else red comes first
  bool shows_twice = false;       ///< firmware from 13 on; it flickers for some
  std::uint8_t brightness = 255;  ///< of the show and brightness frames
};

/// What stands where Ethernet has its protocol, in the answers: their type and first byte.
inline constexpr std::uint16_t answer_protocol = 0x0805;

/// The most pixels of one row frame; a longer row takes several.
inline constexpr std::size_t row_pixels = 497;

/// Part of row `y`, from column `x` on: at most row_pixels.
Bytes row_frame(const Settings& settings, int y, int x, ByteView rgb);
Bytes brightness_frame(const Settings& settings);
/// What the rows brought is shown from here on.
Bytes show_frame(const Settings& settings);
Bytes discover_frame(std::uint8_t receiver);

/// What a receiver card says of itself.
struct Receiver {
  std::uint8_t firmware_major = 0, firmware_minor = 0;
  std::uint32_t received_packets = 0;
  std::uint32_t uptime_ms = 0;
};
/// nullopt: a frame of something else.
std::optional<Receiver> parse_receiver(ByteView frame);

}  // namespace lobby::board::colorlight
