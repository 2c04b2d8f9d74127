#include "drivers/link/gb18030.hpp"

#include <iconv.h>

#include <memory>
#include <optional>

namespace lobby::link {
namespace {

constexpr GbCharacter missing{{0xA1, 0xFE, 0, 0}, 2, 2, true};  ///< 〓, at the same place in every set
constexpr char32_t no_character = 0xFFFFFFFF;

/// A place in UTF-8 text: takes the next character, or one byte that begins none.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool is_done() const { return text_.empty(); }

  char32_t take() {
    const auto lead = byte(0);
    std::size_t more = 0;
    char32_t value = lead;
    if (lead >= 0xC2 && lead <= 0xDF) {
      more = 1;
      value = lead & 0x1FU;
    } else if ((lead & 0xF0) == 0xE0) {
      more = 2;
      value = lead & 0x0FU;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      value = lead & 0x07U;
    } else if (lead >= 0x80) {
      return skip_one();
    }
    if (text_.size() <= more) {
      return skip_one();
    }
    for (std::size_t i = 1; i <= more; ++i) {
      if ((byte(i) & 0xC0) != 0x80) {
        return skip_one();
      }
      value = value << 6 | (byte(i) & 0x3FU);
    }
    constexpr char32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (value < least[more] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
      return skip_one();
    }
    text_.remove_prefix(more + 1);
    return value;
  }

 private:
  unsigned char byte(std::size_t i) const { return static_cast<unsigned char>(text_[i]); }
  char32_t skip_one() {
    text_.remove_prefix(1);
    return no_character;
  }
  std::string_view text_;
};

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

class Converter {
 public:
  explicit Converter(GbSet set) : to_set_(set == GbSet::gb18030 ? "GB18030" : "GBK", "UCS-4LE") {
    if (set == GbSet::gb2312) {
      from_gb2312_ = std::make_unique<Iconv>("UCS-4LE", "GB2312");
    }
  }

  std::optional<GbCharacter> convert(char32_t c) {
    std::array<char, 4> in{};
    for (std::size_t i = 0; i < in.size(); ++i) {
      in[i] = static_cast<char>(c >> (8 * i) & 0xFFU);
    }
    std::array<char, 4> out{};
    const auto size = to_set_.convert(in, in.size(), out);
    std::array<char, 4> back{};
    // By way of GBK, because glibc's own GB2312 lacks common signs (— and ·) that GB2312 fonts have at the
    // same places.
    const bool is_in_set = size >= 2 && (!from_gb2312_ || from_gb2312_->convert(out, size, back) != 0);
    if (!is_in_set) {
      return std::nullopt;
    }
    GbCharacter character;
    character.size = static_cast<std::uint8_t>(size);
    character.columns = 2;
    for (std::size_t i = 0; i < size; ++i) {
      character.bytes[i] = static_cast<std::uint8_t>(out[i]);
    }
    return character;
  }

 private:
  Iconv to_set_;
  std::unique_ptr<Iconv> from_gb2312_;
};

}  // namespace

std::vector<GbCharacter> to_gb(std::string_view utf8, GbSet set) {
  std::vector<GbCharacter> out;
  std::unique_ptr<Converter> converter;
  for (Reader reader(utf8); !reader.is_done();) {
    const auto c = reader.take();
    if (c < 0x80 && !has_no_image(c)) {
      out.push_back({{static_cast<std::uint8_t>(c), 0, 0, 0}, 1, 1, false});
      continue;
    }
    if (has_no_image(c)) {
      continue;
    }
    if (!converter) {
      converter = std::make_unique<Converter>(set);
    }
    auto character = c == no_character ? std::nullopt : converter->convert(c);
    out.push_back(character.value_or(missing));
  }
  return out;
}

}  // namespace lobby::link
