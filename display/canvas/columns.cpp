#include "display/canvas/columns.hpp"

#include <algorithm>

#include "display/canvas/utf8.hpp"

namespace lobby::display {
namespace {

constexpr std::u32string_view closing = U"，。、；：？！）》」』】〕〉”’%…—,.;:?!)]}";
constexpr std::u32string_view opening = U"（《「『【〔〈“‘([{";

int places_of(char32_t c) {
  return c < 0x80 ? 1 : 2;
}

/// Bytes of the UTF-8 character that the text begins with; 0 when it begins with none.
std::size_t character_at(const unsigned char* text, std::size_t size) {
  const unsigned lead = text[0];
  const std::size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || wanted > size) {
    return 0;
  }
  const unsigned second = text[1];
  const unsigned least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < least || second > most) {
    return 0;
  }
  for (std::size_t i = 2; i < wanted; ++i) {
    if ((text[i] & 0xC0U) != 0x80U) {
      return 0;
    }
  }
  return wanted;
}

bool is_of_word(char32_t c) {
  return c > U' ' && c < 0x7F;
}

bool may_break(std::u32string_view text, std::size_t at) {
  const char32_t before = text[at - 1];
  const char32_t after = text[at];
  if (before == U' ' || after == U' ') {
    return true;
  }
  return !(is_of_word(before) && is_of_word(after)) && closing.find(after) == closing.npos &&
         opening.find(before) == opening.npos;
}

/// How many characters of the text go on a line: all that fit, less those that belong to the next.
std::size_t line_of(std::u32string_view text, int columns) {
  int used = 0;
  std::size_t fits = 0;
  while (fits < text.size() && used + places_of(text[fits]) <= columns) {
    used += places_of(text[fits]);
    ++fits;
  }
  if (fits == text.size()) {
    return fits;
  }
  for (std::size_t at = fits; at > 0; --at) {
    if (may_break(text, at)) {
      return at;
    }
  }
  return std::max<std::size_t>(fits, 1);  // one word that is longer than the line
}

std::u32string_view without_blanks(std::u32string_view text) {
  while (!text.empty() && text.front() == U' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == U' ') {
    text.remove_suffix(1);
  }
  return text;
}

std::vector<std::u32string_view> lines_of(std::u32string_view text, int columns) {
  std::vector<std::u32string_view> lines;
  text = without_blanks(text);
  while (!text.empty()) {
    const auto size = line_of(text, columns);
    lines.push_back(without_blanks(text.substr(0, size)));
    text = without_blanks(text.substr(size));
  }
  return lines;
}

void add_paragraph(std::vector<std::string>& out, std::u32string_view text, int columns, bool balanced) {
  auto lines = lines_of(text, columns);
  if (balanced && lines.size() > 1) {
    int all = 0;
    for (const auto c : text) {
      all += places_of(c);
    }
    const int count = static_cast<int>(lines.size());
    int room = std::clamp((all + count - 1) / count, 2, columns);
    auto even = lines_of(text, room);
    while (even.size() > lines.size() && room < columns) {
      even = lines_of(text, ++room);
    }
    lines = std::move(even);
  }
  if (lines.empty()) {
    out.emplace_back();
  }
  for (const auto& line : lines) {
    out.push_back(to_utf8(line));
  }
}

}  // namespace

TextSize size_of(std::string_view utf8) {
  TextSize size;
  const auto* text = reinterpret_cast<const unsigned char*>(utf8.data());
  for (std::size_t i = 0; i < utf8.size();) {
    if (text[i] < 0x80) {
      size.columns += 1;
      size.plain = size.plain && text[i] >= 0x20 && text[i] != 0x7F;
      i += 1;
      continue;
    }
    const auto bytes = character_at(text + i, utf8.size() - i);
    size.columns += 2;
    size.plain = size.plain && bytes != 0;
    i += std::max<std::size_t>(bytes, 1);
  }
  return size;
}

std::vector<std::string> wrap(std::string_view utf8, int columns, bool balanced) {
  columns = std::max(columns, 2);
  std::vector<std::string> out;
  std::u32string paragraph;
  for (const auto c : code_points(utf8)) {
    if (c == U'\n') {
      add_paragraph(out, paragraph, columns, balanced);
      paragraph.clear();
    } else if (c >= 0x20 && c != 0x7F) {
      paragraph.push_back(c);
    }
  }
  add_paragraph(out, paragraph, columns, balanced);
  return out;
}

}  // namespace lobby::display
