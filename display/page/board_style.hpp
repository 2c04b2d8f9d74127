#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "display/canvas/picture.hpp"

namespace lobby::display {

/// What a board's dots can be: one colour; red, green and both (yellow); every colour.
enum class Depth : std::uint8_t { single, dual, full };

/// What text means; the board's depth makes a colour of it.
enum class Ink : std::uint8_t { text, title, head, number, good, warn, bad, dim };

struct BoardStyle {
  Depth depth = Depth::dual;
  Colour single = {255, 0, 0};  ///< of a board with one colour
  /// Height of a line: 16, 24, 32 or 48; 0 by the height of the zone, and what stands alone as large as fits.
  int size = 0;
  bool smooth = false;  ///< soft edges: walls and screens only

  std::chrono::milliseconds dwell{6'000};        ///< of one page of a table
  int reading_speed = 5;                         ///< characters a second; text stays as long as that takes
  std::chrono::milliseconds least_dwell{4'000};  ///< of text, however short
  int scroll_speed = 40;                         ///< dots a second
  int roll_speed = 8;                            ///< dots a second, upwards
  bool roll = false;  ///< rows that do not fit move upwards, instead of page after page

  std::chrono::milliseconds flash{3'000};          ///< how long a new call flashes
  std::chrono::milliseconds blink{400};            ///< half a period of it
  std::chrono::milliseconds call_keep{1'800'000};  ///< how long a call stays
  /// The words beside the lamps: none, green, yellow, red, grey.
  std::array<std::string, 5> light_words = {"", "正常", "临期", "超期", "停计"};
};

Colour colour_of(Ink ink, const BoardStyle& style);

}  // namespace lobby::display
