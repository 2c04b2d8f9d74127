// Any bytes as the name of a person: at most two characters of it are shown, each with one variation
// selector, and the length of what is shown says nothing of the rest. Whatever the type: no part of a
// person's name is in what is shown, nor left in another text that holds the name.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/feed/fold.hpp"
#include "daemon/feed/hide.hpp"
#include "daemon/feed/mask.hpp"
#include "daemon/feed/text.hpp"

namespace {

void require(bool good) {
  if (!good) {
    std::abort();
  }
}

std::size_t characters(std::u32string_view text) {
  std::size_t count = 0;
  for (const char32_t c : text) {
    count += lobby::feed::is_variation_selector(c) ? 0 : 1;
  }
  return count;
}

void check_person(std::u32string_view name, const lobby::feed::MaskRules& rules) {
  const auto masked = lobby::feed::mask_name(name, lobby::feed::Applicant::person, rules);
  std::u32string_view shown = masked.shown;
  require(!masked.is_org);
  if (shown == rules.nobody) {
    return;
  }
  // A `*` of the name itself, before the shorter rest, looks like the longer one.
  const bool latin = shown.ends_with(rules.latin_rest) && shown.size() > rules.latin_rest.size();
  const std::size_t rest = latin ? rules.latin_rest.size() : rules.person_rest.size();
  require(shown.ends_with(rules.person_rest) && shown.size() > rest);
  shown.remove_suffix(rest);
  require(shown.size() <= 4 && characters(shown) >= 1 && characters(shown) <= 2);
  require(name.find(shown[0]) != std::u32string_view::npos);
}

/// The runs of letters of a name, told apart more simply than the mask does.
void check_told(std::u32string_view name, const lobby::feed::Masked& masked) {
  std::u32string letters;
  for (const char32_t c : std::u32string(name) + U",") {
    if (lobby::feed::is_letter(c)) {
      letters.push_back(c);
    } else if (!lobby::feed::is_between_letters(c)) {
      const bool two = lobby::feed::fold_letters(letters).size() >= 2;
      const bool hidden = lobby::feed::tells_name(letters, masked.hidden);
      const auto rest = lobby::feed::hide_names(U"关于" + letters + U"的申请", masked.hidden);
      require(!two || !hidden || rest.find(letters) == std::u32string::npos);
      letters.clear();
    }
  }
}

void check_any(std::u32string_view name, lobby::feed::Applicant type, const lobby::feed::MaskRules& rules) {
  const auto masked = lobby::feed::mask_name(name, type, rules);
  require(!masked.shown.empty());
  require(!lobby::feed::tells_name(masked.shown, masked.hidden));
  for (const auto& hidden : masked.hidden) {
    require(hidden.name.size() >= 2);
    require(lobby::feed::tells_name(hidden.name, masked.hidden));
  }
  check_told(name, masked);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto name = lobby::feed::decode({reinterpret_cast<const char*>(data), size});
  const lobby::feed::MaskRules rules;
  check_person(name, rules);
  using lobby::feed::Applicant;
  for (const auto type : {Applicant::person, Applicant::unknown, Applicant::org, Applicant::sole_trader}) {
    check_any(name, type, rules);
  }
  return 0;
}
