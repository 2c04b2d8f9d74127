#include <fmt/format.h>

#include <algorithm>

#include "daemon/feed/fold.hpp"
#include "daemon/feed/mapping_parts.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed::parts {
namespace {

std::u32string short_text(Section& section, std::string_view key, std::u32string otherwise) {
  constexpr std::size_t limit = 4;
  if (!section.has(key)) {
    return otherwise;
  }
  std::u32string text = decode(section.text(key));
  if (text.empty() || text.size() > limit) {
    section.fail_key(key, fmt::format("`{}.{}` must have 1 to {} characters", section.name(), key, limit));
  }
  return text;
}

std::vector<std::u32string> word_list(Section& section, std::string_view key, std::size_t least) {
  std::vector<std::u32string> out;
  for (const std::string& word : section.texts(key)) {
    out.push_back(decode(word));
    if (out.back().size() < least) {
      section.fail_key(
          key, fmt::format("`{}.{}`: a word needs at least {} characters", section.name(), key, least));
    }
  }
  return out;
}

}  // namespace

MaskRules read_mask(std::optional<Section> section) {
  MaskRules out;
  if (!section) {
    return out;
  }
  out.person_rest = short_text(*section, "person_rest", out.person_rest);
  out.latin_rest = short_text(*section, "latin_rest", out.latin_rest);
  out.nobody = short_text(*section, "nobody", out.nobody);
  out.withheld = short_text(*section, "withheld", out.withheld);
  out.sole_trader_in_full = section->one_of("sole_trader", {"mask", "full"}, "mask") == "full";
  out.organisation_words = word_list(*section, "organisation_words", 1);
  out.compound_surnames = word_list(*section, "compound_surnames", 2);
  section->finish();
  return out;
}

Suppress read_suppress(std::optional<Section> section) {
  Suppress out;
  if (!section) {
    return out;
  }
  if (section->has("words")) {
    out.words.clear();
    for (const std::u32string& word : word_list(*section, "words", 2)) {
      out.words.push_back(fold_letters(word));
    }
  }
  static_cast<void>(section->node("words"));
  out.codes = section->texts("codes");
  if (std::find(out.codes.begin(), out.codes.end(), std::string()) != out.codes.end()) {
    section->fail_key("codes", "`suppress.codes` may hold no empty text: every code begins with it");
  }
  section->finish();
  return out;
}

}  // namespace lobby::feed::parts
