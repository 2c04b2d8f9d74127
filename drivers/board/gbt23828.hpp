#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/board/bytes.hpp"
#include "drivers/board/content.hpp"
#include "drivers/board/gb_text.hpp"

/// Boards of GB/T 23828 and JT/T 431: `02 | escaped (body, CRC-16/XMODEM high byte first) | 03`. Pure.
/// Source: public code. Not verified: the single address of older boards, which answer means yes, the parts
/// of a play list and of the order that carries it, the range of brightness. They are settings.
namespace lobby::board::gbt23828 {

struct Settings {
  std::string destination = "00";  ///< two characters
  std::string source = "00";       ///< empty: older boards, with one address only
  char success = '1';              ///< what an answer begins with that means yes
  /// In front of an uploaded list: a mark, eight zero bytes and the list's name.
  std::string upload_head = std::string("-\0\0\0\0\0\0\0\0", 9) + "play66.lst";
  std::string list_number = "66";  ///< what shows the list that was uploaded
};

/// How a play list is written, by default in characters of 32 dots. `{count}` is the number of items,
/// `{index}` an item's from 0 on, both of three digits; `{rgb}` the colour in three decimal digits each;
/// `{text}` the line in GBK.
struct PlayList {
  std::string head = "[playlist]\r\nitem_no={count}\r\n";
  std::string item = "item{index}=500,1,1,\\C000000\\fh3232\\c{rgb}000{text}\r\n";
  /// Not empty: all lines stand on one page, each by this form in place of the item's `{lines}`; `{y}` is its
  /// upper edge in three digits. Empty: each line is an item.
  std::string line = {};
  int pitch = 0;                   ///< dots from line to line
  std::size_t longest_line = 256;  ///< bytes of GBK
};

Bytes poll(const Settings& settings);
Bytes power(const Settings& settings, bool on);
/// 0…31 for each colour.
Bytes brightness(const Settings& settings, std::uint8_t level);
Bytes upload(const Settings& settings, ByteView list);
Bytes show_list(const Settings& settings);
Bytes read_current(const Settings& settings);

/// An item for each line, or one for all.
Bytes play_list(const PlayList& form, const std::vector<TextLine>& lines, TextLosses& losses);

/// Frames out of a stream of bytes. A head begins anew; bounded.
class FrameSplitter {
 public:
  static constexpr std::size_t longest = 4096;
  /// The body, un-escaped, of the whole and undamaged frame that this byte ends.
  std::optional<Bytes> take(std::uint8_t byte);
  void reset();
  std::uint64_t damaged() const { return damaged_; }

 private:
  Bytes body_;
  bool is_inside_ = false, is_escaped_ = false;
  std::uint64_t damaged_ = 0;
};

struct Answer {
  std::string data;  ///< behind the addresses, with the type where one stands
  bool is_success = false;
};
/// nullopt: too short to have its addresses. Sources disagree whether a type stands in front of an answer:
/// both forms are read.
std::optional<Answer> parse_answer(const Settings& settings, ByteView body);

}  // namespace lobby::board::gbt23828
