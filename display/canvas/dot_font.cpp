#include "display/canvas/dot_font.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "display/canvas/utf8.hpp"

namespace lobby::display {
namespace {

constexpr std::size_t half_width_digits = 32;
constexpr std::size_t full_width_digits = 64;

unsigned hex_value(char digit) {
  if (digit >= '0' && digit <= '9') {
    return static_cast<unsigned>(digit - '0');
  }
  const int letter = (digit | 0x20) - 'a';
  return letter >= 0 && letter < 6 ? static_cast<unsigned>(letter + 10) : 0;
}

Bitmap from_hex(std::string_view digits) {
  const std::size_t per_row = digits.size() / DotFont::height;
  Bitmap glyph(static_cast<int>(per_row * 4), DotFont::height);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const unsigned nibble = hex_value(digits[i]);
    for (int bit = 0; bit < 4; ++bit) {
      const int x = static_cast<int>(i % per_row) * 4 + bit;
      glyph.set(x, static_cast<int>(i / per_row), (nibble >> (3 - bit) & 1U) != 0);
    }
  }
  return glyph;
}

}  // namespace

DotFont::DotFont(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return;
  }
  struct stat about {};
  if (::fstat(file, &about) == 0 && about.st_size > 0) {
    size_ = static_cast<std::size_t>(about.st_size);
    void* const mapped = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    data_ = mapped == MAP_FAILED ? nullptr : static_cast<const char*>(mapped);
  }
  ::close(file);
}

DotFont::~DotFont() {
  if (data_ != nullptr) {
    ::munmap(const_cast<char*>(data_), size_);
  }
}

std::string_view DotFont::find(char32_t code_point) const {
  if (data_ == nullptr) {
    return {};
  }
  const std::string_view text(data_, size_);
  std::size_t low = 0;  // always the start of a line
  std::size_t high = size_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t before = middle == 0 ? std::string_view::npos : text.rfind('\n', middle - 1);
    const std::size_t start = before == std::string_view::npos ? 0 : std::max(before + 1, low);
    const std::size_t end = std::min(text.find('\n', start), size_);
    std::string_view line = text.substr(start, end - start);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return {};
    }
    std::uint32_t found = 0;
    std::from_chars(line.data(), line.data() + colon, found, 16);
    if (found == code_point) {
      line.remove_prefix(colon + 1);
      return line.size() == half_width_digits || line.size() == full_width_digits ? line : std::string_view{};
    }
    if (found < code_point) {
      low = end + 1;
    } else {
      high = start;
    }
  }
  return {};
}

bool DotFont::has(char32_t code_point) const {
  return !find(code_point).empty();
}

int DotFont::width_of(char32_t code_point) const {
  const std::string_view digits = find(code_point);
  const bool wide = digits.empty() ? is_wide(code_point) : digits.size() == full_width_digits;
  return wide ? 16 : 8;
}

Bitmap DotFont::glyph(char32_t code_point) const {
  const std::string_view digits = find(code_point);
  return digits.empty() ? missing_glyph(width_of(code_point), height) : from_hex(digits);
}

int DotFont::width_of(std::string_view utf8) const {
  int width = 0;
  for (const char32_t c : code_points(utf8)) {
    width += width_of(c);
  }
  return width;
}

int DotFont::draw(Bitmap& target, int x, int y, std::string_view utf8) const {
  for (const char32_t c : code_points(utf8)) {
    const Bitmap dots = glyph(c);
    target.draw(dots, x, y);
    x += dots.width();
  }
  return x;
}

Bitmap missing_glyph(int width, int height) {
  Bitmap box(width, height);
  const int edge = std::max(1, height / 16);
  box.fill(edge, edge, width - 2 * edge, height - 2 * edge);
  box.fill(2 * edge, 2 * edge, width - 4 * edge, height - 4 * edge, false);
  return box;
}

bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

}  // namespace lobby::display
