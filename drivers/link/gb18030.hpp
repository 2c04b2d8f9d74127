#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

/// Text for Chinese devices: UTF-8 in, one of the GB sets out, whatever the text is.
namespace lobby::link {

/// Each holds the one before; a device's font decides which. GB 18030 has a code for every character there
/// is, a font has pictures of some: of those with four bytes extension A (㐀…䶵) in `gb18030`, extension B
/// (𠀀…𪛖) besides in `gb18030_b`.
enum class GbSet : std::uint8_t { gb2312, gbk, gb18030, gb18030_b };

/// One character as a device of the set wants it.
struct GbCharacter {
  std::array<std::uint8_t, 4> bytes{};
  std::uint8_t size = 0;     ///< 1, 2, or 4 (GB18030 only)
  std::uint8_t columns = 0;  ///< half-width places it takes: 1 for ASCII, else 2
  bool lost = false;         ///< the set lacks it: the bytes are 〓
  bool pictured = true;      ///< a font of the set has a picture of it
  char32_t code_point = 0;   ///< what it was; U+FFFD for what is no UTF-8
};

/// Never fails: what the set lacks, and what is no UTF-8, becomes 〓 (never `?`), one for one. Characters
/// without an image (control characters, variation selectors, zero-width ones) are left out, so no byte of a
/// text can be read as a command.
std::vector<GbCharacter> to_gb(std::string_view utf8, GbSet set);

struct GbLine {
  std::size_t size = 0;  ///< bytes written
  int columns = 0;
  bool pictured = true;  ///< a font of the set has a picture of every character
};

/// The same for a line of paper, and fast: takes off the text what fits into so many columns, at least 2, and
/// writes its codes to `out`, which has room for two bytes a column. At the end of the text `utf8` is empty.
GbLine take_gb_line(std::string_view& utf8, GbSet set, int columns, std::uint8_t* out);

}  // namespace lobby::link
