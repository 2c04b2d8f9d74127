#include "daemon/app/bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/hall/lanes.hpp"

namespace lobby::app {
namespace {

std::string duration(std::uint32_t seconds) {
  return seconds % 60 == 0 ? fmt::format("{} min", seconds / 60) : fmt::format("{} s", seconds);
}

std::string sentence_of(const hall::WaitBound& bound) {
  auto out = fmt::format(
      "who has waited {} goes first; then at most one call for each ticket with an earlier place; before "
      "that a full round is {} calls",
      duration(bound.anyone_after_s), bound.round_calls);
  std::vector<std::string_view> exempt;
  exempt.reserve(bound.exempt.size() + 1);
  for (const auto lane : bound.exempt) {
    exempt.push_back(hall::to_text(lane));
  }
  if (bound.complaint_exempt) {
    exempt.push_back(hall::to_text(hall::ServiceKind::complaint));
  }
  return exempt.empty() ? out : fmt::format("{}; not counted: {}", out, fmt::join(exempt, ", "));
}

bool calls_anybody(const hall::Site& site, const hall::Window& window) {
  return std::any_of(site.services.begin(), site.services.end(),
                     [&](const hall::Service& service) { return hall::serves(window, service); });
}

}  // namespace

std::vector<std::string> bounds_of(const SiteFile& site) {
  std::vector<std::pair<std::string, std::string>> rules;  // the sentence, and whose it is
  for (const auto& window : site.hall.windows) {
    if (!calls_anybody(site.hall, window)) {
      continue;
    }
    auto sentence = sentence_of(hall::bound_of(site.hall, window));
    const auto known =
        std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.first == sentence; });
    if (known == rules.end()) {
      rules.emplace_back(std::move(sentence), window.id.value);
    } else {
      known->second += ", " + window.id.value;
    }
  }
  std::vector<std::string> out;
  out.reserve(rules.size());
  for (const auto& [sentence, windows] : rules) {
    out.push_back(fmt::format("windows {}: {}", windows, sentence));
  }
  return out;
}

}  // namespace lobby::app
