#include <fmt/format.h>

#include <algorithm>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

/// Where a department stands: its group, and its place there. Rows may come in any order, pointers would not
/// stay.
using Places = std::map<std::string, std::pair<std::size_t, std::size_t>>;

/// What fits on a button of a kiosk and on the bar above a window.
void check_short_name(const TomlFile& file, const toml::table& row) {
  constexpr std::ptrdiff_t most = 8;
  const auto name = get_text(row, "short_name");
  const auto characters = std::count_if(
      name.begin(), name.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  if (characters > most) {
    file.fail(at(row, "short_name"), fmt::format("the short name {} has {} characters: at most {} fit",
                                                 in_quotes(name), characters, most));
  }
}

hall::Matter matter_of(const SiteReader& reader, const toml::table& row) {
  const auto& file = reader.file;
  hall::Matter matter;
  matter.code = get_text(row, "code");
  matter.name = get_text(row, "name");
  check_short_name(file, row);
  matter.short_name = get_text(row, "short_name");
  matter.service.value = get_text(row, "service");
  reader.services.require(file, at(row, "service"), matter.service.value);
  matter.promised_limit = get_text(row, "promised_limit");
  matter.statutory_limit = get_text(row, "statutory_limit");
  matter.fee = get_text(row, "fee");
  matter.guide_url = get_text(row, "guide_url");
  if (!matter.guide_url.empty()) {
    check_url(file, at(row, "guide_url"), "a guide is public: take user and password out");
  }
  matter.stages = texts_once(file, row, "stages");
  matter.sample_forms = texts_once(file, row, "sample_forms");
  matter.modes = texts_once(file, row, "modes");
  return matter;
}

void read_groups(SiteReader& reader, const toml::table& table) {
  const auto& file = reader.file;
  auto& groups = reader.site.hall.catalogue.groups;
  Names group_ids("group");
  std::map<std::string, std::size_t> group_places;
  for (const auto* row : get_rows(table, "groups")) {
    const auto id = group_ids.take(file, *row);
    group_places[id] = groups.size();
    groups.push_back({.id = id, .name = get_text(*row, "name"), .departments = {}});
  }
  Names department_ids("department");
  Places places;
  for (const auto* row : get_rows(table, "departments")) {
    const auto id = department_ids.take(file, *row);
    const auto group = get_text(*row, "group");
    group_ids.require(file, at(*row, "group"), group);
    auto& departments = groups[group_places[group]].departments;
    places[id] = {group_places[group], departments.size()};
    departments.push_back(
        {.id = id, .name = get_text(*row, "name"), .phone = get_text(*row, "phone"), .matters = {}});
  }
  Names codes("matter");
  for (const auto* row : get_rows(table, "matters")) {
    codes.take(file, *row, "code");
    const auto department = get_text(*row, "department");
    department_ids.require(file, at(*row, "department"), department);
    const auto [group, place] = places[department];
    groups[group].departments[place].matters.push_back(matter_of(reader, *row));
  }
}

}  // namespace

void read_catalogue(SiteReader& reader) {
  const auto& root = reader.file.root();
  if (const auto* table = root.get("catalogue")) {
    read_groups(reader, *table->as_table());
  }
  for (const auto* row : get_rows(root, "hotlines")) {
    reader.site.hall.catalogue.hotlines.push_back({.number = get_text(*row, "number"),
                                                   .label_zh = get_text(*row, "label_zh"),
                                                   .label_en = get_text(*row, "label_en")});
  }
}

}  // namespace lobby::app
