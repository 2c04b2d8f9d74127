#include "drivers/window/frame_codec.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <numeric>
#include <utility>

#include "drivers/link/gb18030.hpp"

namespace lobby::window {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Kind = FramePart::Kind;
using link::GbCharacter;

constexpr std::pair<std::string_view, Kind> part_names[] = {
    {"address", Kind::address},
    {"address_inverted", Kind::address_inverted},
    {"address_low6", Kind::address_low6},
    {"address_high6", Kind::address_high6},
    {"count", Kind::count},
    {"length", Kind::length},
    {"text_length_high", Kind::text_length_high},
    {"text_length_low", Kind::text_length_low},
    {"number_high", Kind::number_high},
    {"number_low", Kind::number_low},
    {"sequence", Kind::sequence},
    {"text", Kind::text},
    {"sum8", Kind::sum8},
    {"xor8", Kind::xor8},
    {"crc16", Kind::crc16},
};

constexpr std::uint8_t byte_of(std::size_t value) {
  return static_cast<std::uint8_t>(value & 0xFFU);
}

/// Pairs of hexadecimal digits with spaces between; nullopt: something else.
std::optional<Bytes> hex_bytes(std::string_view text) {
  Bytes out;
  while (!text.ends_with(' ') && !text.empty()) {
    std::uint8_t value = 0;
    const auto word = text.substr(0, text.find(' '));
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
    if (word.size() != 2 || error != std::errc() || end != word.data() + word.size()) {
      return std::nullopt;
    }
    out.push_back(value);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return out.empty() || !text.empty() ? std::nullopt : std::optional(std::move(out));
}

/// The characters that have room, and what of them is none of the sign's.
std::vector<GbCharacter> fitted(const FrameDialect& dialect, const std::string& text, SignFrame& counts) {
  constexpr GbCharacter dash{{'-', 0, 0, 0}, 1, 1, true};
  constexpr GbCharacter space{{' ', 0, 0, 0}, 1, 1, false};
  std::vector<GbCharacter> out;
  int columns = 0;
  bool is_full = false;
  for (auto character : link::to_gb(text, link::GbSet::gbk)) {
    if (dialect.ascii_only && character.size > 1) {
      character = dash;
    }
    is_full = is_full || columns + character.columns > dialect.columns;
    if (is_full) {
      ++counts.cut;
      continue;
    }
    columns += character.columns;
    counts.lost += character.lost ? 1 : 0;
    out.push_back(character);
  }
  if (dialect.fill_columns) {
    out.insert(out.end(), static_cast<std::size_t>(dialect.columns - columns), space);
  }
  return out;
}

void put_character(Bytes& out, const FrameDialect& dialect, const GbCharacter& character) {
  using Form = FrameDialect::Form;
  if (dialect.form == Form::attributed) {
    out.push_back(byte_of(dialect.attribute + (character.size == 1 ? 1U : 0U)));
  }
  for (std::size_t i = 0; i < character.size; ++i) {
    const auto byte = character.bytes[i];
    if (dialect.form == Form::nibbles && character.size > 1) {
      out.push_back(byte_of(byte >> 4U));
      out.push_back(byte & 0x0F);
    } else {
      out.push_back(byte);
    }
  }
  if (dialect.form == Form::zero_after) {
    out.push_back(0);
  }
}

Bytes text_part(const FrameDialect& dialect, const std::vector<GbCharacter>& characters) {
  Bytes out;
  for (const auto& character : characters) {
    put_character(out, dialect, character);
  }
  if (dialect.text_bytes > 0) {
    out.resize(dialect.text_bytes);
  }
  return out;
}

/// 16 bits of what its digits say; what is above is cut off.
std::uint16_t number_in(const std::string& text) {
  return std::accumulate(text.begin(), text.end(), std::uint16_t{0}, [](std::uint16_t number, char c) {
    return c >= '0' && c <= '9' ? static_cast<std::uint16_t>(number * 10 + (c - '0')) : number;
  });
}

bool is_checksum(Kind kind) {
  return kind == Kind::sum8 || kind == Kind::xor8 || kind == Kind::crc16;
}

std::size_t size_of(const FramePart& part, const Bytes& text) {
  switch (part.kind) {
    case Kind::literal:
      return part.bytes.size();
    case Kind::text:
      return text.size();
    case Kind::crc16:
      return 2;
    default:
      return 1;
  }
}

/// What all parts of one frame are made from.
struct Making {
  std::uint16_t address;
  std::uint8_t sequence;
  std::uint8_t page;
  bool blink;
  std::uint16_t number;
  std::size_t characters;
  std::size_t length;
  Bytes text;
};

std::uint8_t single_byte(const FramePart& part, const Making& making) {
  const unsigned address = making.address;
  switch (part.kind) {
    case Kind::address:
      return byte_of(address);
    case Kind::address_inverted:
      return byte_of(255U - address);
    case Kind::address_low6:
      return byte_of(0x80U | (address & 0x3FU));
    case Kind::address_high6:
      return byte_of(0xC0U | (address >> 6U));
    case Kind::count:
      return byte_of(making.characters);
    case Kind::length:
      return byte_of(making.length);
    case Kind::text_length_high:
      return byte_of(making.text.size() >> 8U);
    case Kind::text_length_low:
      return byte_of(making.text.size());
    case Kind::number_high:
      return byte_of(making.number >> 8U);
    case Kind::number_low:
      return byte_of(making.number);
    case Kind::sequence:
      return making.sequence;
    case Kind::blink:
      return part.bytes[making.blink ? 1 : 0];
    case Kind::page:
      return byte_of(part.bytes.front() + std::size_t{making.page});
    default:
      return 0;  // a checksum's place, filled when all else stands
  }
}

void put_part(Bytes& out, const FramePart& part, const Making& making) {
  if (part.kind == Kind::literal) {
    out.insert(out.end(), part.bytes.begin(), part.bytes.end());
  } else if (part.kind == Kind::text) {
    out.insert(out.end(), making.text.begin(), making.text.end());
  } else {
    out.insert(out.end(), size_of(part, making.text), single_byte(part, making));
  }
}

void fill_checksum(Bytes& frame, Kind kind, std::size_t place, std::size_t from) {
  const auto begin = std::min(from, frame.size());
  const auto end = begin <= place ? place : frame.size();
  const auto first = frame.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto last = frame.begin() + static_cast<std::ptrdiff_t>(end);
  if (kind == Kind::sum8) {
    frame[place] = byte_of(std::accumulate(first, last, std::size_t{0}));
  } else if (kind == Kind::xor8) {
    frame[place] = std::accumulate(first, last, std::uint8_t{0},
                                   [](std::uint8_t sum, std::uint8_t byte) { return byte_of(sum ^ byte); });
  } else {
    const auto crc = crc16_xmodem(frame.data() + begin, end - begin);
    frame[place] = byte_of(crc >> 8U);
    frame[place + 1] = byte_of(crc);
  }
}

}  // namespace

std::optional<FramePart> parse_frame_part(std::string_view text) {
  constexpr std::string_view blink = "blink ";
  constexpr std::string_view page = "page ";
  if (text.starts_with(blink)) {
    auto both = hex_bytes(text.substr(blink.size()));
    return both && both->size() == 2 ? std::optional(FramePart{Kind::blink, std::move(*both)}) : std::nullopt;
  }
  if (text.starts_with(page)) {
    auto first = hex_bytes(text.substr(page.size()));
    return first && first->size() == 1 ? std::optional(FramePart{Kind::page, std::move(*first)})
                                       : std::nullopt;
  }
  const auto* named = std::find_if(std::begin(part_names), std::end(part_names),
                                   [&](const auto& each) { return each.first == text; });
  if (named != std::end(part_names)) {
    return FramePart{named->second, {}};
  }
  auto bytes = hex_bytes(text);
  return bytes ? std::optional(FramePart{Kind::literal, std::move(*bytes)}) : std::nullopt;
}

bool has_part(const FrameDialect& dialect, FramePart::Kind kind) {
  return std::any_of(dialect.frame.begin(), dialect.frame.end(),
                     [kind](const FramePart& part) { return part.kind == kind; });
}

SignFrame encode_frame(const FrameDialect& dialect, std::uint16_t address, const SignText& content,
                       std::uint8_t sequence, std::uint8_t page) {
  SignFrame out;
  const auto characters = fitted(dialect, content.text, out);
  Making making{address,
                sequence,
                page,
                content.blink,
                number_in(content.text),
                characters.size(),
                0,
                text_part(dialect, characters)};
  for (const auto& part : dialect.frame) {
    making.length += size_of(part, making.text);
  }
  for (const auto& part : dialect.frame) {
    put_part(out.bytes, part, making);
  }
  std::size_t place = 0;
  for (const auto& part : dialect.frame) {
    if (is_checksum(part.kind)) {
      fill_checksum(out.bytes, part.kind, place, dialect.checksum_from);
    }
    place += size_of(part, making.text);
  }
  return out;
}

std::uint16_t crc16_xmodem(const std::uint8_t* bytes, std::size_t size) {
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < size; ++i) {
    crc ^= std::uint32_t{bytes[i]} << 8U;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 0x8000U) != 0 ? crc << 1U ^ 0x1021U : crc << 1U;
    }
  }
  return static_cast<std::uint16_t>(crc & 0xFFFFU);
}

}  // namespace lobby::window
