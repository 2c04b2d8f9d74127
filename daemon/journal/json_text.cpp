#include "daemon/journal/json_text.hpp"

#include <array>
#include <cstdint>

namespace lobby::journal {
namespace {

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
}

/// The length of the well-formed UTF-8 sequence at `at`; 0: there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const auto second = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
  if (lead < 0x80) {
    return 1;
  }
  if (!is_continuation(text, at + 1) || lead < 0xc2 || lead > 0xf4) {
    return 0;
  }
  if (lead < 0xe0) {
    return 2;
  }
  if (!is_continuation(text, at + 2)) {
    return 0;
  }
  if (lead < 0xf0) {
    // Too long a form, or half of a surrogate pair.
    const bool wrong = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f);
    return wrong ? 0 : 3;
  }
  const bool wrong = (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
  return wrong || !is_continuation(text, at + 3) ? 0 : 4;
}

void append_escaped(std::string& out, unsigned char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += static_cast<char>(c);
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += hex[c >> 4U];
      out += hex[c & 0xfU];
  }
}

bool is_plain(unsigned char c) {
  return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (is_plain(c)) {
      ++at;
      continue;
    }
    const auto length = sequence_length(text, at);
    if (length > 1) {
      at += length;
      continue;
    }
    out.append(text.substr(done, at - done));
    if (length == 1) {
      append_escaped(out, c);
    } else {
      out += "\xef\xbf\xbd";
    }
    done = ++at;
  }
  out.append(text.substr(done));
  out += '"';
}

}  // namespace lobby::journal
