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

hall::Date day_of(const TomlFile& file, const toml::table& row, std::string_view key) {
  if (!has(row, key)) {
    return {};
  }
  const auto date = hall::parse_date(get_text(row, key));
  if (!date) {
    file.fail(at(row, key),
              fmt::format("{} is no day: write it as \"2026-03-16\"", in_quotes(get_text(row, key))));
  }
  return *date;
}

void read_agencies(SiteReader& reader) {
  Names ids("agency");
  for (const auto* row : get_rows(reader.file.root(), "agency")) {
    auto id = ids.take(reader.file, *row);
    reader.site.hall.catalogue.agencies.push_back({.id = std::move(id),
                                                   .name = get_text(*row, "name"),
                                                   .licence = get_text(*row, "licence"),
                                                   .promised_limit = get_text(*row, "promised_limit")});
  }
}

void read_notices(SiteReader& reader) {
  const auto& file = reader.file;
  Names ids("notice");
  for (const auto* row : get_rows(file.root(), "notice")) {
    hall::PublicNotice notice;
    notice.id = ids.take(file, *row);
    notice.title = get_text(*row, "title");
    notice.text = get_text(*row, "text");
    notice.unit = get_text(*row, "unit");
    notice.from = day_of(file, *row, "from");
    notice.until = day_of(file, *row, "until");
    if (notice.until != hall::Date{} && notice.until < notice.from) {
      file.fail(at(*row, "until"), fmt::format("{} is before the day from which the notice is shown: correct "
                                               "one of the two",
                                               in_quotes(get_text(*row, "until"))));
    }
    reader.site.hall.catalogue.notices.push_back(std::move(notice));
  }
}

}  // namespace

void read_staff(SiteReader& reader) {
  const auto& root = reader.file.root();
  // A name that is not to be shown does not come further than here.
  const bool by_number = get_boolean(root, "staff_by_number", false);
  reader.site.hall.catalogue.staff_by_number = by_number;
  for (const auto* row : get_rows(root, "staff")) {
    hall::Badge badge;
    badge.staff_no = reader.staff.take(reader.file, *row, "staff_no");
    badge.name = by_number ? "" : get_text(*row, "name");
    badge.title = get_text(*row, "title");
    badge.unit = get_text(*row, "unit");
    badge.photo_ref = get_text(*row, "photo_ref");
    reader.site.hall.catalogue.staff.push_back(std::move(badge));
  }
}

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
  read_agencies(reader);
  read_notices(reader);
}

}  // namespace lobby::app
