#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Frames for other makers' signs that only listen: one encoder, and a table for each dialect. The tables are
/// data (config/profiles/signs); what they say is public code of such halls, tried on no sign yet.
namespace lobby::window {

/// One piece of a frame, in the order of the wire.
struct FramePart {
  enum class Kind : std::uint8_t {
    literal,           ///< `bytes`
    address,           ///< the low byte
    address_inverted,  ///< 255 - address
    address_low6,      ///< 80 | the low six bits
    address_high6,     ///< C0 | what is above the low six bits
    count,             ///< characters of the text, wide and narrow alike
    length,            ///< bytes of the whole frame
    text_length_high,  ///< bytes of the text part
    text_length_low,
    number_high,  ///< the digits of the text as a number of 16 bits
    number_low,
    sequence,  ///< counts the frames
    blink,     ///< `bytes`: steady, blinking
    page,      ///< `bytes`: that of the sign's first page; the next ones count up from it
    text,
    sum8,  ///< the checksums: over what the dialect says
    xor8,
    crc16  ///< XMODEM, high byte first
  };
  Kind kind = Kind::literal;
  std::vector<std::uint8_t> bytes;
};

/// `AA 51`, `blink E0 E1`, `page 0A`, or the name of another part: `address_inverted`. nullopt: it is none.
std::optional<FramePart> parse_frame_part(std::string_view text);

struct FrameDialect {
  enum class Form : std::uint8_t {
    plain,       ///< the bytes of the characters
    attributed,  ///< before each the byte `attribute`, one more before a narrow one
    zero_after,  ///< after each a byte 00
    nibbles      ///< wide ones: each byte as two, high and low half; narrow ones as they are
  };
  std::string name;
  std::vector<FramePart> frame;
  Form form = Form::plain;
  bool ascii_only = false;        ///< else GBK
  std::uint8_t attribute = 0x20;  ///< of Form::attributed: 32 × colour, 1 is red
  int columns = 16;               ///< narrow characters that the sign has room for
  int pages = 1;                  ///< that the sign keeps, and turns by itself, as far as we use them
  bool fill_columns = false;      ///< with spaces: what stood there is overwritten
  std::size_t text_bytes = 0;     ///< the text part is filled up to these with 00
  std::size_t checksum_from = 0;  ///< first byte that it covers; to itself or, from behind it, to the end
  std::chrono::milliseconds pause{100};  ///< of silence after each frame
};

struct SignFrame {
  std::vector<std::uint8_t> bytes;
  std::size_t lost = 0;  ///< characters that the sign has not: 〓 stands there, `-` where only ASCII can
  std::size_t cut = 0;   ///< characters that have no room
};

/// What a sign is told. A text that is too long for it keeps its beginning.
struct SignText {
  std::string text;  ///< UTF-8
  bool blink = false;
  friend bool operator==(const SignText&, const SignText&) = default;
};

/// `page`: of the sign's own, from 0; a dialect without pages has no place for it.
SignFrame encode_frame(const FrameDialect& dialect, std::uint16_t address, const SignText& content,
                       std::uint8_t sequence, std::uint8_t page = 0);
/// Does the dialect say it? Else both look alike, or all pages are one.
bool has_part(const FrameDialect& dialect, FramePart::Kind kind);

/// CRC-16/XMODEM: polynomial 1021, begins with 0, not reflected.
std::uint16_t crc16_xmodem(const std::uint8_t* bytes, std::size_t size);

}  // namespace lobby::window
