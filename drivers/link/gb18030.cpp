#include "drivers/link/gb18030.hpp"

#include <iconv.h>

#include <optional>

namespace lobby::link {
namespace {

constexpr std::uint32_t missing = 0xA1FE;  ///< 〓, at the same place in every set
constexpr char32_t no_character = 0xFFFFFFFF;

/// Takes the next character off the text, or one byte that begins none.
char32_t take_utf8(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) {
    text.remove_prefix(1);
    return lead;
  }
  if ((lead & 0xF0) == 0xE0 && text.size() >= 3 && (byte(1) & 0xC0) == 0x80 && (byte(2) & 0xC0) == 0x80) {
    const char32_t value = (lead & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    if (value >= 0x800 && (value < 0xD800 || value > 0xDFFF)) {
      text.remove_prefix(3);
      return value;
    }
  } else if (lead >= 0xC2 && lead <= 0xDF && text.size() >= 2 && (byte(1) & 0xC0) == 0x80) {
    const char32_t value = (lead & 0x1FU) << 6 | (byte(1) & 0x3FU);
    text.remove_prefix(2);
    return value;
  } else if (lead >= 0xF0 && lead <= 0xF4 && text.size() >= 4 && (byte(1) & 0xC0) == 0x80 &&
             (byte(2) & 0xC0) == 0x80 && (byte(3) & 0xC0) == 0x80) {
    const char32_t value =
        (lead & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU);
    if (value >= 0x10000 && value <= 0x10FFFF) {
      text.remove_prefix(4);
      return value;
    }
  }
  text.remove_prefix(1);
  return no_character;
}

constexpr std::uint8_t byte_of(std::uint32_t code, unsigned shift) {
  return static_cast<std::uint8_t>(code >> shift & 0xFFU);
}

bool has_no_image(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) || (c >= 0xFE00 && c <= 0xFE0F) ||
         c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF);
}

/// An iconv handle; a minimal system may lack the module, then nothing can be converted.
class Iconv {
 public:
  Iconv(const char* to, const char* from) : handle_(::iconv_open(to, from)) {}
  ~Iconv() {
    if (is_open()) {
      ::iconv_close(handle_);
    }
  }
  Iconv(const Iconv&) = delete;
  Iconv& operator=(const Iconv&) = delete;

  /// The bytes made of `in`; 0 when it cannot be converted exactly.
  std::size_t convert(std::array<char, 4> in, std::size_t in_size, std::array<char, 4>& out) {
    if (!is_open()) {
      return 0;
    }
    char* from = in.data();
    char* to = out.data();
    std::size_t in_left = in_size;
    std::size_t out_left = out.size();
    ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    // Anything but 0 is a failure or a look-alike that iconv chose; neither is the character.
    const bool is_exact = ::iconv(handle_, &from, &in_left, &to, &out_left) == 0 && in_left == 0;
    return is_exact ? out.size() - out_left : 0;
  }

 private:
  /// iconv_open says failure as the pointer -1.
  bool is_open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }
  iconv_t handle_;
};

constexpr std::uint32_t lacking = 0;  ///< the set has no code
constexpr std::uint32_t no_image = 1;

/// The codes of the basic plane, one, two or four bytes in one number, the first of them highest. Read out of
/// iconv once, because it takes longer for a character than a printer's whole line may.
class Table {
 public:
  explicit Table(GbSet set) : codes_(0x10000) {
    Iconv to_set(set >= GbSet::gb18030 ? "GB18030" : "GBK", "UCS-4LE");
    // GB2312 by way of GBK, because glibc's own lacks common signs (— and ·) that GB2312 fonts have at the
    // same places.
    std::optional<Iconv> from_gb2312;
    if (set == GbSet::gb2312) {
      from_gb2312.emplace("UCS-4LE", "GB2312");
    }
    for (char32_t c = 0; c < codes_.size(); ++c) {
      if (has_no_image(c)) {
        codes_[c] = no_image;
      } else if (c < 0xD800 || c > 0xDFFF) {
        codes_[c] = c < 0x80 ? c : code_of(c, to_set, from_gb2312);
      }
    }
  }

  std::uint32_t find(char32_t c) const { return codes_[c]; }

 private:
  static std::uint32_t code_of(char32_t c, Iconv& to_set, std::optional<Iconv>& from_gb2312) {
    const std::array<char, 4> in{static_cast<char>(c & 0xFFU), static_cast<char>(c >> 8U), 0, 0};
    std::array<char, 4> out{};
    std::array<char, 4> back{};
    const auto size = to_set.convert(in, in.size(), out);
    if (size < 2 || (from_gb2312 && from_gb2312->convert(out, size, back) == 0)) {
      return 0;
    }
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < size; ++i) {
      code = code << 8U | static_cast<unsigned char>(out[i]);
    }
    return code;
  }

  std::vector<std::uint32_t> codes_;
};

const Table& table_of(GbSet set) {
  if (set == GbSet::gb2312) {
    static const Table gb2312(GbSet::gb2312);
    return gb2312;
  }
  if (set == GbSet::gbk) {
    static const Table gbk(GbSet::gbk);
    return gbk;
  }
  static const Table gb18030(GbSet::gb18030);
  return gb18030;
}

/// Beyond the basic plane the four bytes of GB18030 count up from 90 30 81 30.
std::uint32_t code_beyond(char32_t c, GbSet set) {
  if (c == no_character) {
    return lacking;
  }
  if (has_no_image(c)) {
    return no_image;
  }
  const auto n = static_cast<std::uint32_t>(c - 0x10000);
  return set < GbSet::gb18030 ? lacking
                              : (0x90 + n / 12600) << 24U | (0x30 + n / 1260 % 10) << 16U |
                                    (0x81 + n / 10 % 126) << 8U | (0x30 + n % 10);
}

/// The characters for private use have codes, and each maker his own pictures of them, or none. Four bytes
/// go to a font only for what the standard asks of it; from another they bring forth nothing, or garbage.
bool is_pictured(char32_t c, std::uint32_t code, GbSet set) {
  if (code <= 0xFFFF) {
    return code != lacking && c - 0xE000 >= 0x1900;
  }
  return (c >= 0x3400 && c <= 0x4DB5) || (set == GbSet::gb18030_b && c >= 0x20000 && c <= 0x2A6D6);
}

std::uint8_t size_of(std::uint32_t code) {
  return code < 0x80 ? 1 : code <= 0xFFFF ? 2 : 4;
}

}  // namespace

GbLine take_gb_line(std::string_view& utf8, GbSet set, int columns, std::uint8_t* out) {
  const auto& table = table_of(set);
  auto text = utf8;  // what is written to `out` might be part of the other one, for all the compiler knows
  auto* to = out;
  int used = 0;
  bool pictured = true;
  while (!text.empty()) {
    auto rest = text;
    const auto c = take_utf8(rest);
    auto code = c < 0x10000 ? table.find(c) : code_beyond(c, set);
    if (code >= 0x20 && code < 0x80) {
      if (used == columns) {
        break;
      }
      ++used;
      *to++ = byte_of(code, 0);
    } else if (code != no_image) {
      if (used + 2 > columns) {
        break;
      }
      used += 2;
      pictured = pictured && is_pictured(c, code, set);
      code = code == lacking ? missing : code;
      if (code > 0xFFFF) {
        *to++ = byte_of(code, 24);
        *to++ = byte_of(code, 16);
      }
      *to++ = byte_of(code, 8);
      *to++ = byte_of(code, 0);
    }
    text = rest;
  }
  utf8 = text;
  return {static_cast<std::size_t>(to - out), used, pictured};
}

std::vector<GbCharacter> to_gb(std::string_view utf8, GbSet set) {
  const auto& table = table_of(set);
  std::vector<GbCharacter> out;
  while (!utf8.empty()) {
    const auto c = take_utf8(utf8);
    const auto found = c < 0x10000 ? table.find(c) : code_beyond(c, set);
    if (found == no_image) {
      continue;
    }
    const auto code = found == lacking ? missing : found;
    GbCharacter character;
    character.size = size_of(code);
    character.columns = character.size == 1 ? 1 : 2;
    character.lost = found == lacking;
    character.pictured = is_pictured(c, found, set);
    character.code_point = c == no_character ? 0xFFFD : c;
    for (std::size_t i = 0; i < character.size; ++i) {
      character.bytes[i] = byte_of(code, 8 * static_cast<unsigned>(character.size - 1 - i));
    }
    out.push_back(character);
  }
  return out;
}

}  // namespace lobby::link
