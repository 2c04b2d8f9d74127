#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/board/bytes.hpp"
#include "drivers/board/content.hpp"
#include "drivers/board/gb_text.hpp"
#include "drivers/board/local_time.hpp"

/// Onbon BX-5K/6K cards, which hold the font and take GBK text. Pure. Source: public code; the checksums of
/// the published frames hold. Not verified on a card: brightness and clear, the unit of a page's stay, the
/// break between lines, what an answer looks like (read leniently).
namespace lobby::board::onbon {

/// Whom a frame is for.
struct KTarget {
  static constexpr std::uint16_t any_screen = 0xFFFE;
  enum class Check : std::uint8_t { crc16 = 0, sum16 = 1, none = 2 };
  std::uint16_t screen = 1;
  std::uint8_t device_type = 0xFE;  ///< any; 51 BX-5K1, 61 BX-6K1
  bool dynamic_first = false;       ///< dynamic areas may lie over the programme
  Check check = Check::crc16;
  bool answers = true;  ///< false where others hang on the same line, and to any_screen
};

/// What a card does with an area that nobody renews.
enum class RunMode : std::uint8_t {
  loop = 0,
  hold = 1,           ///< once, the last page stays
  loop_or_blank = 2,  ///< blank when it is not renewed within `timeout`
  loop_or_logo = 3,   ///< the logo page then
  once = 4,           ///< then nothing
  counted = 5         ///< `timeout` times
};

/// A text area, in pixels of the screen. The numbers of moves are those of the card.
struct KArea {
  std::uint8_t number = 0;
  std::uint8_t type = 0;
  std::uint16_t x = 0, y = 0, width = 0, height = 0;
  std::uint8_t line_spacing = 0;
  RunMode run_mode = RunMode::loop_or_blank;
  std::chrono::duration<std::uint16_t> timeout{60};
  enum class Align : std::uint8_t { start = 0, end = 1, centre = 2 };
  Align horizontal = Align::start, vertical = Align::start;
  bool single_line = false;
  bool automatic_wrap = true;
  std::uint8_t move = 1;           ///< 1 static, 2 fast, 3 left, 4 right, 5 up, 6 down
  std::uint8_t speed = 0;          ///< 0 is the fastest
  std::uint8_t stay = 10;          ///< probably of half a second
  std::string font;                ///< in-band, `\FE001`; empty: the card's own
  bool colours = true;             ///< in-band `\C1`…`\C3`; false for a screen of one colour
  std::string line_break = "\\n";  ///< between two lines; not verified
  std::size_t longest_text = 1024;
};

/// Bytes 3 and 4 of the text order's head.
struct KTextHead {
  std::uint8_t process = 0;  ///< 0 keep, 1 clear the area and begin it anew
  std::uint8_t second = 0;
};

/// What an area says, in GBK with the card's in-band orders.
Bytes k_text(const KArea& area, const std::vector<TextLine>& lines, TextLosses& losses);

Bytes k_ping(const KTarget& target);
Bytes k_clear(const KTarget& target);
Bytes k_clock(const KTarget& target, const LocalTime& time);
/// `level` 1…16, `half_hours` the same, from midnight on.
Bytes k_brightness(const KTarget& target, std::uint8_t level, const std::array<std::uint8_t, 48>& half_hours);
/// One area with what it says, the bytes of k_text().
Bytes k_show(const KTarget& target, const KTextHead& head, const KArea& area, ByteView text);
/// Removes areas; an empty list removes all of them.
Bytes k_delete_areas(const KTarget& target, ByteView numbers);

struct KAnswer {
  std::uint8_t group = 0, command = 0;
  std::uint8_t error = 0;  ///< see onbon::error_text
  Bytes data;
  bool is_ok() const { return error == 0 && !(group == 0xA0 && command == 0x01); }
};

/// Reads a packet of a card. nullopt: it is none, or its checksum is wrong.
std::optional<KAnswer> parse_k_answer(ByteView packet);

}  // namespace lobby::board::onbon
