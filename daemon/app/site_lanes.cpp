#include <fmt/format.h>

#include <algorithm>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

std::vector<hall::Lane> lanes_of(const TomlFile& file, const toml::table& row, std::string_view key) {
  std::vector<hall::Lane> lanes;
  for (const auto& word : texts_once(file, row, key)) {
    if (const auto lane = hall::parse_word<hall::Lane>(word)) {
      lanes.push_back(*lane);
    }
  }
  return lanes;
}

/// A lane without a place in the order would have no rank.
std::vector<hall::Lane> whole_order(const TomlFile& file, const toml::table& row) {
  auto order = lanes_of(file, row, "order");
  for (const auto word : hall::Words<hall::Lane>::text) {
    if (std::find(order.begin(), order.end(), hall::parse_word<hall::Lane>(word)) == order.end()) {
      file.fail(at(row, "order"), fmt::format("the order lacks the lane {}: name all {} lanes, each once",
                                              in_quotes(word), hall::Words<hall::Lane>::text.size()));
    }
  }
  return order;
}

void read_rule(const TomlFile& file, const toml::table& row, hall::LanesRule& rule) {
  if (has(row, "order")) {
    rule.order = whole_order(file, row);
  }
  rule.preferred_calls = get_u32(row, "preferred_calls", rule.preferred_calls);
  rule.ordinary_calls = get_u32(row, "ordinary_calls", rule.ordinary_calls);
  rule.anyone_after_s = get_u32(row, "anyone_after_s", rule.anyone_after_s);
  rule.exempt = lanes_of(file, row, "exempt");
  rule.complaint_exempt = get_boolean(row, "complaint_exempt", rule.complaint_exempt);
}

hall::Choice choice_of(const SiteReader& reader, const toml::table& row) {
  return {.services = services_of(reader, row, "services"), .lanes = lanes_of(reader.file, row, "lanes")};
}

void read_profile(SiteReader& reader, const toml::table& row) {
  const auto& file = reader.file;
  hall::Profile profile;
  profile.id = reader.profiles.take(file, row);
  const auto anyone_after_s = reader.site.hall.lanes.anyone_after_s;
  for (const auto* when : get_rows(row, "when")) {
    const auto waited_s = get_u32(*when, "waited_s", 0);
    if (waited_s >= anyone_after_s) {
      file.fail(
          at(*when, "waited_s"),
          fmt::format("who has waited {} s goes first anyway, so {} s never matter: make it smaller, or "
                      "raise \"anyone_after_s\" of [lanes]",
                      anyone_after_s, waited_s));
    }
    profile.conditions.push_back({.choice = choice_of(reader, *when), .waited_s = waited_s});
  }
  for (const auto* round : get_rows(row, "round")) {
    hall::ProfileTurn turn{.choice = choice_of(reader, *round)};
    turn.calls = get_u32(*round, "calls", turn.calls);
    profile.turns.push_back(std::move(turn));
  }
  reader.site.hall.profiles.push_back(std::move(profile));
}

}  // namespace

void read_lanes(SiteReader& reader) {
  const auto& root = reader.file.root();
  if (const auto* lanes = root.get("lanes")) {
    read_rule(reader.file, *lanes->as_table(), reader.site.hall.lanes);
  }
  for (const auto* row : get_rows(root, "profiles")) {
    read_profile(reader, *row);
  }
}

}  // namespace lobby::app
