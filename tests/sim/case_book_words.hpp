#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace lobby::sim {

/// The canonical words of a case's state.
inline constexpr std::array<std::string_view, 19> case_words{
    "submitted", "pre_rejected", "received",  "correcting", "not_accepted", "accepted", "reviewing",
    "approving", "suspended",    "forwarded", "extended",   "approved",     "rejected", "finished",
    "returned",  "withdrawn",    "void",      "deemed",     "unknown"};

/// Of a word; the last one's for a word that is none.
constexpr std::uint8_t case_word_number(std::string_view word) {
  for (std::size_t i = 0; i < case_words.size(); ++i) {
    if (case_words[i] == word) {
      return static_cast<std::uint8_t>(i);
    }
  }
  return static_cast<std::uint8_t>(case_words.size() - 1);
}

/// The usual way of a case.
inline constexpr std::array<std::string_view, 7> case_way{"submitted", "received", "accepted", "reviewing",
                                                          "approving", "approved", "finished"};

constexpr bool has_ended(std::string_view word) {
  for (const std::string_view end :
       {"not_accepted", "approved", "rejected", "finished", "returned", "withdrawn", "void", "deemed"}) {
    if (word == end) {
      return true;
    }
  }
  return false;
}

constexpr bool is_running(std::string_view word) {
  for (const std::string_view run :
       {"accepted", "reviewing", "approving", "forwarded", "extended", "unknown"}) {
    if (word == run) {
      return true;
    }
  }
  return false;
}

}  // namespace lobby::sim
