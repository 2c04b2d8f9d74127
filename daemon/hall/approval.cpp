#include "daemon/hall/approval.hpp"

#include <algorithm>

namespace lobby::hall {
namespace {

constexpr std::uint64_t start = 0xcbf29ce484222325;

std::uint64_t add(std::uint64_t sum, std::string_view text) {
  constexpr std::uint64_t prime = 0x100000001b3;
  for (const char c : text) {
    sum = (sum ^ static_cast<unsigned char>(c)) * prime;
  }
  return (sum ^ 0xFFU) * prime;  // a separator that UTF-8 never holds
}

/// FNV alone leaves the upper bits of short texts alike.
std::uint64_t mixed(std::uint64_t sum) {
  sum = (sum ^ (sum >> 33U)) * 0xff51afd7ed558ccd;
  sum = (sum ^ (sum >> 33U)) * 0xc4ceb9fe1a85ec53;
  return sum ^ (sum >> 33U);
}

}  // namespace

std::optional<What> what_of(std::string_view word) {
  const auto* const found = std::find(what_words.begin(), what_words.end(), word);
  return found == what_words.end() ? std::nullopt
                                   : std::optional(static_cast<What>(found - what_words.begin()));
}

std::uint64_t meaning(const CaseRow& row) {
  std::uint64_t sum = start;
  each_text(row, [&sum](const char*, const std::string& text) { sum = add(sum, text); });
  return mixed(add(add(sum, std::to_string(row.return_count)), row.suppressed ? "1" : "0"));
}

std::uint64_t meaning(const Record& record) {
  return mixed(add(add(start, record.id), record.json));
}

std::uint64_t key_of(std::string_view feed, What what, std::string_view id) {
  return mixed(add(add(add(start, feed), word_of(what)), id));
}

Age older(const Age& one, const Age& other) {
  if (!one.has_source() || !other.has_source()) {
    return one.has_source() ? one : other;
  }
  const bool is_older = !one.as_of || (other.as_of && *one.as_of < *other.as_of);
  Age age = is_older ? one : other;
  age.state = std::max(one.state, other.state);
  return age;
}

std::string_view word_of(Freshness state) {
  constexpr std::array<std::string_view, 3> words{"fresh", "labelled", "expired"};
  return words[static_cast<std::size_t>(state)];
}

}  // namespace lobby::hall
