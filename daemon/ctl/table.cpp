#include "daemon/ctl/table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lobby::ctl {
namespace {

struct Decoded {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool whole = false;
};

Decoded decode(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    return {first, 1, true};
  }
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (bytes == 0 || first > 0xF4 || text.size() < bytes) {
    return {};
  }
  char32_t code = first & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) {
      return {};
    }
    code = code << 6 | (next & 0x3F);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool whole = code >= least[bytes] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return {code, whole ? bytes : 1, whole};
}

struct Range {
  char32_t from, to;
};

/// Wide and full-width blocks of Unicode 15's EastAsianWidth that can stand in a lobby's texts.
constexpr Range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
                          {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
                          {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
                          {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x2FFFD}, {0x30000, 0x3FFFD}};
constexpr Range none[] = {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x2028, 0x202E},
                          {0x2060, 0x2064}, {0x20D0, 0x20FF}, {0x302A, 0x302D},
                          {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}};

template <std::size_t n>
bool within(const Range (&ranges)[n], char32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [code](const Range& range) { return code >= range.from && code <= range.to; });
}

bool is_control(char32_t code) {
  // C0, delete, C1, and the marks that turn the direction of a terminal's text.
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

int width_of(std::string_view utf8) {
  int width = 0;
  while (!utf8.empty()) {
    const Decoded one = decode(utf8);
    utf8.remove_prefix(one.bytes);
    width += within(none, one.code) ? 0 : within(wide, one.code) ? 2 : 1;
  }
  return width;
}

std::string printable(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const Decoded one = decode(utf8);
    if (!one.whole) {
      out += '?';
    } else if (is_control(one.code)) {
      out += ' ';
    } else {
      out += utf8.substr(0, one.bytes);
    }
    utf8.remove_prefix(one.bytes);
  }
  return out;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> cells;
  std::vector<int> widths;
  for (const auto& row : rows) {
    auto& line = cells.emplace_back();
    for (std::size_t column = 0; column < row.size(); ++column) {
      line.push_back(printable(row[column]));
      widths.resize(std::max(widths.size(), column + 1));
      widths[column] = std::max(widths[column], width_of(line.back()));
    }
  }
  std::string out;
  for (const auto& line : cells) {
    std::string text;
    for (std::size_t column = 0; column < line.size(); ++column) {
      text += line[column];
      if (column + 1 < line.size()) {
        text.append(static_cast<std::size_t>(widths[column] - width_of(line[column]) + 2), ' ');
      }
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  return out;
}

}  // namespace lobby::ctl
