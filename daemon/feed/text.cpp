#include "daemon/feed/text.hpp"

#include <cstdint>

#include "daemon/feed/redact.hpp"

namespace lobby::feed {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool is_scalar(char32_t c) {
  return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

/// Length of the sequence that this byte begins, 0 when none begins with it.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return 2;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    return 3;
  }
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/// The code point at `at`, which then stands behind it; `replacement` for a malformed byte.
char32_t decode_one(std::string_view utf8, std::size_t& at) {
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(utf8[at]);
  const std::size_t length = sequence_length(lead);
  if (length == 0 || at + length > utf8.size()) {
    ++at;
    return replacement;
  }
  char32_t c = length == 1 ? lead : static_cast<char32_t>(lead & (0xFFU >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(utf8[at + i]);
    if ((next & 0xC0U) != 0x80U) {
      ++at;
      return replacement;
    }
    c = (c << 6U) | (next & 0x3FU);
  }
  if (!is_scalar(c) || c < smallest[length]) {
    ++at;
    return replacement;
  }
  at += length;
  return c;
}

void encode_one(char32_t c, std::string& out) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (!is_scalar(c)) {
    c = replacement;
  }
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

/// Hangul that was taken apart (as some systems store it) is one writing with what is whole: false when `c`
/// does not go into the last character.
bool join_hangul(std::u32string& out, char32_t c) {
  constexpr char32_t first_syllable = 0xAC00, first_lead = 0x1100, first_vowel = 0x1161, before_tail = 0x11A7;
  constexpr char32_t leads = 19, vowels = 21, tails = 28;
  if (out.empty()) {
    return false;
  }
  const char32_t last = out.back();
  if (last >= first_lead && last < first_lead + leads && c >= first_vowel && c < first_vowel + vowels) {
    out.back() = first_syllable + ((last - first_lead) * vowels + (c - first_vowel)) * tails;
    return true;
  }
  const bool open = last >= first_syllable && last < first_syllable + leads * vowels * tails &&
                    (last - first_syllable) % tails == 0;
  if (open && c > before_tail && c < before_tail + tails) {
    out.back() = last + (c - before_tail);
    return true;
  }
  return false;
}

}  // namespace

std::u32string decode(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    out.push_back(decode_one(utf8, at));
  }
  return out;
}

std::string encode(std::u32string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (const char32_t c : text) {
    encode_one(c, out);
  }
  return out;
}

bool is_utf8(std::string_view text) {
  constexpr std::string_view itself = "\uFFFD";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    if (decode_one(text, at) == replacement && text.substr(before, at - before) != itself) {
      return false;
    }
  }
  return true;
}

bool is_space(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_variation_selector(char32_t c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) || (c >= 0x180B && c <= 0x180D);
}

bool is_invisible(char32_t c) {
  return (c < 0x20 && !is_space(c)) || (c >= 0x7F && c <= 0x9F && c != 0x85) || c == 0xAD || c == 0x34F ||
         c == 0x61C || c == 0x115F || c == 0x1160 || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x3164 || c == 0xFEFF ||
         c == 0xFFA0 || (c >= 0xFFF0 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF) ||
         is_variation_selector(c);
}

int digit_value(char32_t c) {
  if (c >= U'0' && c <= U'9') {
    return static_cast<int>(c - U'0');
  }
  return c >= 0xFF10 && c <= 0xFF19 ? static_cast<int>(c - 0xFF10) : -1;
}

std::u32string tidy(std::u32string_view text, std::size_t limit) {
  std::u32string out;
  bool space = false;
  for (const char32_t c : text) {
    if (is_space(c)) {
      space = !out.empty();
      continue;
    }
    if (is_variation_selector(c) ? out.empty() || space : is_invisible(c)) {
      continue;
    }
    if (!space && join_hangul(out, c)) {
      continue;
    }
    if (out.size() + (space ? 1 : 0) >= limit) {
      break;
    }
    if (space) {
      out.push_back(U' ');
      space = false;
    }
    out.push_back(c);
  }
  return out;
}

std::string sanitise(std::string_view text, std::size_t max_bytes) {
  const std::string clean = encode(redact(tidy(decode(text.substr(0, max_bytes * 4)), max_bytes)));
  std::size_t end = clean.size();
  if (end > max_bytes) {
    end = max_bytes;
    while (end > 0 && (static_cast<unsigned char>(clean[end]) & 0xC0U) == 0x80U) {
      --end;
    }
  }
  return clean.substr(0, end);
}

}  // namespace lobby::feed
