#include "daemon/feed/hide.hpp"

#include <algorithm>
#include <cstddef>

#include "daemon/feed/fold.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

using View = std::u32string_view;

/// Letters of a Latin name that may stand by chance inside a longer word.
constexpr std::size_t longest_chance = 3;

std::u32string fold_each(View text) {
  std::u32string out(text);
  std::transform(out.begin(), out.end(), out.begin(), fold);
  return out;
}

bool is_latin_at(View folded, std::size_t at) {
  return at < folded.size() && is_latin(folded[at]);
}

/// Where the name that begins at `at` ends; `at` when it does not begin there.
std::size_t end_of(View folded, std::size_t at, View name) {
  std::size_t matched = 0;
  std::size_t end = at;
  while (end < folded.size() && matched < name.size()) {
    if (folded[end] == name[matched]) {
      ++matched;
    } else if (matched == 0 || !is_between_letters(folded[end])) {
      return at;
    }
    ++end;
  }
  if (matched < name.size()) {
    return at;
  }
  const bool by_chance = name.size() <= longest_chance && is_latin(name.front());
  if (by_chance && ((at > 0 && is_latin_at(folded, at - 1)) || is_latin_at(folded, end))) {
    return at;
  }
  while (end < folded.size() && (is_variation_selector(folded[end]) || is_mark(folded[end]))) {
    ++end;
  }
  return end;
}

struct Found {
  const Hidden* name = nullptr;
  std::size_t end = 0;
};

Found find_at(View folded, std::size_t at, const std::vector<Hidden>& names) {
  for (const Hidden& hidden : names) {
    if (hidden.name.empty() || folded[at] != hidden.name.front()) {
      continue;
    }
    if (const std::size_t end = end_of(folded, at, hidden.name); end != at) {
      return {&hidden, end};
    }
  }
  return {};
}

std::u32string hide_once(View text, const std::vector<Hidden>& names) {
  const std::u32string folded = fold_each(text);
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const Found found = find_at(folded, at, names);
    if (found.name != nullptr) {
      out += found.name->shown;
      at = found.end;
    } else {
      out.push_back(text[at++]);
    }
  }
  return out;
}

}  // namespace

std::u32string hide_names(View text, const std::vector<Hidden>& names) {
  // What is shown may make a name together with what stands around it.
  constexpr int most_rounds = 3;
  std::u32string out(text);
  for (int round = 0; round < most_rounds && tells_name(out, names); ++round) {
    out = hide_once(out, names);
  }
  return out;
}

bool tells_name(View text, const std::vector<Hidden>& names) {
  if (names.empty()) {
    return false;
  }
  const std::u32string folded = fold_each(text);
  for (std::size_t at = 0; at < folded.size(); ++at) {
    if (find_at(folded, at, names).name != nullptr) {
      return true;
    }
  }
  return false;
}

}  // namespace lobby::feed
