#include "daemon/feed/escapes.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

namespace lobby::feed {
namespace {

using View = std::u32string_view;

struct Named {
  View name;
  char32_t meaning;
};
constexpr Named entities[] = {
    {U"amp", U'&'},    {U"lt", U'<'},      {U"gt", U'>'},      {U"quot", U'"'},     {U"apos", U'\''},
    {U"nbsp", 0xA0},   {U"ensp", 0x2002},  {U"emsp", 0x2003},  {U"thinsp", 0x2009}, {U"middot", 0xB7},
    {U"bull", 0x2022}, {U"ndash", 0x2013}, {U"mdash", 0x2014}, {U"hyphen", U'-'},   {U"lpar", U'('},
    {U"rpar", U')'},   {U"period", U'.'},  {U"sol", U'/'},     {U"shy", 0xAD},      {U"zwj", 0x200D},
    {U"zwnj", 0x200C}, {U"lowbar", U'_'},  {U"comma", U','},   {U"colon", U':'},    {U"bsol", U'\\'}};

int hex_value(char32_t c) {
  if (c >= U'0' && c <= U'9') {
    return static_cast<int>(c - U'0');
  }
  const char32_t lower = c | 0x20U;
  return lower >= U'a' && lower <= U'f' ? static_cast<int>(lower - U'a') + 10 : -1;
}

/// All of `digits` as a number; nullopt for none, a stray character, or no code point.
std::optional<char32_t> read_number(View digits, int base) {
  constexpr std::uint32_t last = 0x10FFFF;
  std::uint32_t value = 0;
  for (const char32_t c : digits) {
    const int digit = hex_value(c);
    if (digit < 0 || digit >= base || value > last) {
      return std::nullopt;
    }
    value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
  }
  const bool good = !digits.empty() && value != 0 && value <= last;
  return good ? std::optional(static_cast<char32_t>(value)) : std::nullopt;
}

struct Escape {
  char32_t meaning = 0;
  std::size_t length = 0;
};

/// `text` begins with `&`. The semicolon may be missing after a number.
Escape read_entity(View text) {
  constexpr std::size_t longest = 12;
  if (text.size() > 2 && text[1] == U'#') {
    const bool hex = (text[2] | 0x20U) == U'x';
    const std::size_t from = hex ? 3 : 2;
    std::size_t end = from;
    while (end < text.size() && end < longest && hex_value(text[end]) >= 0 &&
           hex_value(text[end]) < (hex ? 16 : 10)) {
      ++end;
    }
    const auto value = read_number(text.substr(from, end - from), hex ? 16 : 10);
    const bool closed = end < text.size() && text[end] == U';';
    return value ? Escape{*value, end + (closed ? 1 : 0)} : Escape{};
  }
  const std::size_t end = text.substr(0, longest).find(U';');
  if (end == View::npos) {
    return {};
  }
  const View name = text.substr(1, end - 1);
  const auto* found = std::find_if(std::begin(entities), std::end(entities),
                                   [name](const Named& one) { return one.name == name; });
  return found == std::end(entities) ? Escape{} : Escape{found->meaning, end + 1};
}

/// `text` begins with a backslash; a pair of surrogates is one character.
Escape read_backslash(View text) {
  constexpr std::size_t one = 6;
  const auto unit = [&text](std::size_t at) -> std::optional<char32_t> {
    const bool begins = text.size() >= at + one && text[at] == U'\\' && (text[at + 1] | 0x20U) == U'u';
    return begins ? read_number(text.substr(at + 2, 4), 16) : std::nullopt;
  };
  const auto high = unit(0);
  if (!high) {
    return {};
  }
  const bool is_high = *high >= 0xD800 && *high <= 0xDBFF;
  const auto low = is_high ? unit(one) : std::nullopt;
  if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
    return {0x10000 + ((*high - 0xD800) << 10U) + (*low - 0xDC00), 2 * one};
  }
  return {*high, one};
}

std::u32string unescape_once(View text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const View rest = text.substr(at);
    const Escape escape = rest.front() == U'&'    ? read_entity(rest)
                          : rest.front() == U'\\' ? read_backslash(rest)
                                                  : Escape{};
    out.push_back(escape.length != 0 ? escape.meaning : rest.front());
    at += std::max<std::size_t>(escape.length, 1);
  }
  return out;
}

}  // namespace

std::u32string unescape(View text) {
  constexpr int deepest = 4;
  std::u32string out(text);
  for (int depth = 0; depth < deepest && out.find_first_of(U"&\\") != View::npos; ++depth) {
    std::u32string next = unescape_once(out);
    if (next == out) {
      break;
    }
    out = std::move(next);
  }
  return out;
}

}  // namespace lobby::feed
