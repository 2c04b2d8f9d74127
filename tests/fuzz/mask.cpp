// Any bytes as the name of a person: at most two characters of it are shown, each with one variation
// selector, and the length of what is shown says nothing of the rest.
#include <cstdint>
#include <cstdlib>
#include <string_view>

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto name = lobby::feed::decode({reinterpret_cast<const char*>(data), size});
  const lobby::feed::MaskRules rules;
  check_person(name, rules);
  static_cast<void>(lobby::feed::mask_name(name, lobby::feed::Applicant::unknown, rules));
  static_cast<void>(lobby::feed::mask_name(name, lobby::feed::Applicant::org, rules));
  return 0;
}
