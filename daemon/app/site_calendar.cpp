#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/string.hpp>

#include "daemon/app/json_reader.hpp"
#include "daemon/app/site_reader.hpp"

/// The files of `calendars/`: one year's notice of the State Council, `{"year", "papers", "days": [{"name",
/// "date", "isOffDay"}]}`, as it is published for machines.
namespace lobby::app {
namespace {

using Mark = hall::Calendar::Mark;

/// A year has 366 days, and a notice names some forty of them.
constexpr std::size_t most_days = 400;

std::string text_of(const boost::json::value& value) {
  return {value.get_string().data(), value.get_string().size()};
}

/// The members of an object by their keys; nothing unknown, nothing missing. Keys with a `$` are tools' own.
std::map<std::string, JsonNode> members_of(const JsonFile& file, JsonNode object,
                                           std::initializer_list<std::string_view> required,
                                           std::initializer_list<std::string_view> optional) {
  std::map<std::string, JsonNode> out;
  const auto names = [](const auto& list, std::string_view key) {
    return std::find(list.begin(), list.end(), key) != list.end();
  };
  for (auto& member : file.members(object)) {
    if (member.key.starts_with('$')) {
      continue;
    }
    if (!names(required, member.key) && !names(optional, member.key)) {
      file.fail(member.key_at, fmt::format("unknown key {}: remove it or correct it to one of {}",
                                           in_quotes(member.key), fmt::join(required, ", ")));
    }
    out.emplace(std::move(member.key), member.node);
  }
  for (const auto key : required) {
    if (!out.contains(std::string(key))) {
      file.fail(object.at, fmt::format("{} is missing here: add it", in_quotes(key)));
    }
  }
  return out;
}

[[noreturn]] void fail_type(const JsonFile& file, JsonNode node, std::string_view key,
                            std::string_view type) {
  file.fail(node.at, fmt::format("{} must be {}: write it so", in_quotes(key), type));
}

int read_year(const JsonFile& file, JsonNode node) {
  if (!node.value->is_int64()) {
    fail_type(file, node, "year", "a whole number");
  }
  const auto year = node.value->get_int64();
  if (year < 2000 || year > 2100) {
    file.fail(node.at, fmt::format("\"year\" is {}: it must be 2000 to 2100", year));
  }
  return static_cast<int>(year);
}

void check_papers(const JsonFile& file, JsonNode node) {
  if (!node.value->is_array()) {
    fail_type(file, node, "papers", "a list of addresses");
  }
  for (const auto& paper : file.elements(node)) {
    if (!paper.value->is_string()) {
      fail_type(file, paper, "papers", "a list of addresses");
    }
  }
}

/// The end of a December may stand in the notice of the next year.
hall::Date read_date(const JsonFile& file, JsonNode node, int year) {
  if (!node.value->is_string()) {
    fail_type(file, node, "date", "a text like \"2026-02-16\"");
  }
  const auto text = text_of(*node.value);
  const auto date = hall::parse_date(text);
  if (!date) {
    file.fail(node.at, fmt::format("{} is no date: write it as \"2026-02-16\"", in_quotes(text)));
  }
  const bool near = *date >= *hall::parse_date(fmt::format("{}-12-01", year - 1)) &&
                    *date <= *hall::parse_date(fmt::format("{}-01-31", year + 1));
  if (!near) {
    file.fail(node.at, fmt::format("{} is not of the year {}: correct the date or move it to its own file",
                                   in_quotes(text), year));
  }
  return *date;
}

Mark read_day(const JsonFile& file, JsonNode node, int year) {
  if (!node.value->is_object()) {
    fail_type(file, node, "days", "a list of {\"name\", \"date\", \"isOffDay\"}");
  }
  const auto keys = members_of(file, node, {"name", "date", "isOffDay"}, {});
  if (!keys.at("name").value->is_string()) {
    fail_type(file, keys.at("name"), "name", "a text");
  }
  if (!keys.at("isOffDay").value->is_bool()) {
    fail_type(file, keys.at("isOffDay"), "isOffDay", "true or false");
  }
  return {.date = read_date(file, keys.at("date"), year), .off = keys.at("isOffDay").value->get_bool()};
}

/// Adds the days of a file to the marks and gives its year.
int read_file(const std::string& path, std::vector<Mark>& marks) {
  const auto file = JsonFile::read(path);
  const auto root = file.root();
  if (!root.value->is_object()) {
    file.fail(root.at, "a calendar is {\"year\", \"papers\", \"days\"}: write it so");
  }
  const auto keys = members_of(file, root, {"year", "days"}, {"papers"});
  const int year = read_year(file, keys.at("year"));
  if (const auto papers = keys.find("papers"); papers != keys.end()) {
    check_papers(file, papers->second);
  }
  const auto days = keys.at("days");
  if (!days.value->is_array()) {
    fail_type(file, days, "days", "a list of {\"name\", \"date\", \"isOffDay\"}");
  }
  const auto count = days.value->get_array().size();
  if (count == 0 || count > most_days) {
    file.fail(days.at, fmt::format("\"days\" has {} entries: it must have 1 to {}", count, most_days));
  }
  std::set<hall::Date> named;
  for (const auto& node : file.elements(days)) {
    const auto mark = read_day(file, node, year);
    if (!named.insert(mark.date).second) {
      file.fail(node.at, fmt::format("the day {} stands twice: keep only one of the two",
                                     in_quotes(hall::to_text(mark.date))));
    }
    marks.push_back(mark);
  }
  return year;
}

}  // namespace

void read_calendar(SiteReader& reader) {
  const auto& root = reader.file.root();
  texts_once(reader.file, root, "calendar");
  std::vector<Mark> marks;
  std::vector<int> years;
  for (const auto* node : get_elements(root, "calendar")) {
    const auto path = (reader.config_dir / "calendars" / app::text_of(*node)).lexically_normal();
    std::error_code ec;
    if (!std::filesystem::is_regular_file(path, ec)) {
      reader.file.fail(*node, fmt::format("there is no calendar {}: add the file {} or choose another of its "
                                          "folder",
                                          in_quotes(app::text_of(*node)), in_quotes(path.string())));
    }
    years.push_back(read_file(path.string(), marks));
  }
  reader.site.hall.calendar = hall::Calendar(std::move(marks), std::move(years));
}

}  // namespace lobby::app
