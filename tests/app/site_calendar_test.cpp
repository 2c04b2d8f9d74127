// The State Council's notices: the shipped ones say what was announced, a wrong one is one sentence.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "daemon/app/json_reader.hpp"
#include "daemon/app/site_file.hpp"
#include "daemon/app/warnings.hpp"
#include "daemon/hall/site.hpp"
#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby;
using namespace lobby::app::cases;

const std::string village = LOBBY_SOURCE_DIR "/config/sites/village.toml";

hall::Instant moment(const std::string& text) {
  const auto at = hall::parse_instant(text + ":00+08:00");
  REQUIRE(at.has_value());
  return *at;
}

const std::string calendar = R"({
 "$schema": "https://example.org/schema.json",
 "year": 2026,
 "papers": ["https://www.gov.cn/x.htm"],
 "days": [
  {"name": "元旦", "date": "2025-12-31", "isOffDay": true},
  {"name": "春节", "date": "2026-02-16", "isOffDay": true},
  {"name": "春节", "date": "2026-02-14", "isOffDay": false}
 ]
}
)";

const std::string site_text = R"(schema = 1
name = "x"
calendar = ["2026.json"]
zone = [{id = "z", name = "z"}]
service = [{id = "s", name = "s", zone = "z", prefix = "A", hours = "h", extended_hours = "e"}]
window = [{id = "w", number = 1, name = "w", zone = "z", services = ["s"]}]
[hours.h]
mon = ["09:00-17:00"]
[hours.e]
mon = ["18:00-19:00"]
)";

}  // namespace

TEST_CASE("the shipped calendar of 2026 is the one that was announced") {
  const auto site = app::read_site(village).hall;
  const auto kind = [&](const std::string& date) { return site.calendar.kind_of(*hall::parse_date(date)); };
  CHECK(kind("2026-02-14") == hall::DayKind::make_up);
  CHECK(kind("2026-02-16") == hall::DayKind::holiday);
  CHECK(kind("2026-09-20") == hall::DayKind::make_up);
  CHECK(kind("2026-10-01") == hall::DayKind::holiday);
  CHECK(kind("2026-10-10") == hall::DayKind::make_up);
  CHECK(kind("2026-03-16") == hall::DayKind::ordinary);
  CHECK(kind("2026-03-14") == hall::DayKind::ordinary);
}

TEST_CASE("the village is open when the calendar says so") {
  const auto site = app::read_site(village).hall;
  const auto open = [&](const std::string& text) {
    return hall::is_open(site, site.services[0], moment(text));
  };
  CHECK(open("2026-03-16T09:00"));        // a Monday
  CHECK_FALSE(open("2026-03-14T09:00"));  // a Saturday
  CHECK(open("2026-02-14T09:00"));        // a Saturday that is worked
  CHECK_FALSE(open("2026-02-14T12:30"));  // with Monday's hours
  CHECK_FALSE(open("2026-02-16T09:00"));  // a Monday of the Spring Festival
  CHECK(open("2026-09-20T17:29"));        // a Sunday that is worked
  CHECK_FALSE(open("2026-09-20T17:30"));
  CHECK_FALSE(open("2026-10-01T09:00"));
  CHECK(open("2026-10-10T14:00"));
  CHECK(open("2027-01-04T09:00"));  // a year without a notice follows the weekday
}

TEST_CASE("a day off is closed, extended hours too, and the later file wins") {
  const Folder folder;
  const auto path = folder.path() / "sites" / "x.toml";
  folder.write("calendars/2026.json", calendar);
  folder.write("calendars/ours.json",
               R"({"year":2026,"days":[{"name":"ours","date":"2026-02-16","isOffDay":false}]})");
  const auto site = app::read_site_text(site_text, path).hall;
  CHECK_FALSE(hall::is_open(site, site.services[0], moment("2026-02-16T10:00")));
  CHECK_FALSE(hall::is_open(site, site.services[0], moment("2026-02-16T18:30")));
  CHECK(hall::is_open(site, site.services[0], moment("2026-02-09T18:30")));
  CHECK(site.calendar.kind_of(*hall::parse_date("2025-12-31")) == hall::DayKind::holiday);
  const auto both =
      app::read_site_text(replaced(site_text, "[\"2026.json\"]", "[\"2026.json\", \"ours.json\"]"), path);
  CHECK(hall::is_open(both.hall, both.hall.services[0], moment("2026-02-16T10:00")));
}

TEST_CASE(
    "a year whose notice is missing is said from 1 December on, and a hall without a calendar is left "
    "alone") {
  const auto village_hall = app::read_site(village).hall;
  const auto year = [&](const std::string& day) {
    return village_hall.calendar.missing_year(*hall::parse_date(day));
  };
  CHECK(year("2026-01-01") == std::nullopt);
  CHECK(year("2026-11-30") == std::nullopt);
  CHECK(year("2026-12-01") == 2027);
  CHECK(year("2026-12-31") == 2027);
  CHECK(year("2027-01-01") == 2027);  // it came, and still nobody added it
  CHECK(year("2027-12-24") == 2027);
  const auto sentence = app::calendar_warning(village_hall, *hall::parse_date("2026-12-01"));
  REQUIRE(sentence.has_value());
  CHECK(sentence->find("calendars/2027.json") != std::string::npos);

  // The end of 2025 stands in the notice of 2026: that is not the notice of 2025.
  const Folder folder;
  const auto path = folder.path() / "sites" / "x.toml";
  folder.write("calendars/2026.json", calendar);
  const auto one_year = app::read_site_text(site_text, path.string());
  CHECK(one_year.hall.calendar.missing_year(*hall::parse_date("2025-12-31")) == 2025);
  CHECK(one_year.hall.calendar.missing_year(*hall::parse_date("2026-03-16")) == std::nullopt);
  CHECK(app::warnings_of(one_year, *hall::parse_date("2026-12-02")).size() == 1);
  const auto none =
      app::read_site_text(replaced(site_text, "calendar = [\"2026.json\"]\n", ""), path.string());
  CHECK(app::warnings_of(none, *hall::parse_date("2026-12-02")).empty());
}

TEST_CASE("a wrong calendar is one sentence with its file and place") {
  const Folder folder;
  const auto path = (folder.path() / "sites" / "x.toml").string();
  const std::vector<Case> wrong = {
      {"no JSON", "\"year\": 2026", "\"year\": 2026 «7»", "JSON"},
      {"cut off", "  {\"name\": \"春节\", \"date\": \"2026-02-14\", \"isOffDay\": false}\n ]\n}\n", "«»",
       "JSON"},
      {"more behind it", " ]\n}\n", " ]\n}\n«{»}", "JSON"},
      {"no object", calendar, "«[]»", "days"},
      {"without days", " \"days\": [", " \"$days\": [", "days", "{\n \"$schema\""},
      {"days that are no list", calendar, R"({"year": 2026, "days": «7»})", "days"},
      {"empty days", calendar, R"({"year": 2026, "days": «[]»})", "0 entries"},
      {"unknown key", "\"papers\"", "«\"paper\"»", ""},
      {"key twice", "\"papers\"", "«\"year\"»: 2026, \"papers\"", "twice"},
      {"escaped key", "\"papers\"", "«\"p\\u0061pers\"»", "unknown key"},
      {"year that is a text", "2026,", "«\"2026\"»,", "year"},
      {"year of another age", "2026,", "«1026»,", "1026"},
      {"papers that are no list", "[\"https://www.gov.cn/x.htm\"]", "«\"x\"»", "papers"},
      {"paper that is no text", "[\"https://www.gov.cn/x.htm\"]", "[\"a\", «7»]", "papers"},
      {"day that is no object", "{\"name\": \"春节\", \"date\": \"2026-02-16\", \"isOffDay\": true}",
       "«\"2026-02-16\"»", "days"},
      {"day without a name", "\"name\": \"春节\", \"date\": \"2026-02-16\"", "\"date\": \"2026-02-16\"",
       "name", "{\"date\""},
      {"name that is no text", "\"元旦\"", "«7»", "name"},
      {"unknown key of a day", "{\"name\": \"元旦\", ", "{\"name\": \"元旦\", «\"off\"»: true, ", ""},
      {"day that is no date", "\"2026-02-16\"", "«\"2026-02-30\"»", ""},
      {"date that is a number", "\"2026-02-16\"", "«20260216»", "date"},
      {"date of another year", "\"2026-02-16\"", "«\"2027-02-16\"»", ""},
      {"off that is a text", "\"2026-02-16\", \"isOffDay\": true", "\"2026-02-16\", \"isOffDay\": «\"true\"»",
       "isOffDay"},
      {"date twice", "{\"name\": \"春节\", \"date\": \"2026-02-14\"",
       "«{\"name\": \"春节\", \"date\": \"2026-02-16\"»", "2026-02-16"},
      {"too deep", "\"元旦\"", "[[[[[[[[[«»1]]]]]]]]]", "JSON"},
      {"too long", "\"元旦\"", "\"" + std::string(app::JsonFile::max_bytes, 'x') + "\"", "longer",
       "{\n \"$schema\""},
  };
  for (const auto& each : wrong) {
    CAPTURE(each.what);
    const auto marked = prepare(calendar, each);
    const auto file = folder.write("calendars/2026.json", marked.text);
    const auto sentence = refusal(site_text, path);
    const auto place = file + ":" + std::to_string(marked.line) + ":";
    CHECK_MESSAGE(sentence.starts_with(place), sentence, " does not start with ", place);
    if (each.word != "JSON") {
      const auto exact = place + std::to_string(marked.column) + ": ";
      CHECK_MESSAGE(sentence.starts_with(exact), sentence, " does not start with ", exact);
    }
    CHECK(sentence.find(each.word.empty() ? marked.word : each.word) != std::string::npos);
    CHECK(sentence.find('\n') == std::string::npos);
  }
  folder.write("calendars/2026.json", calendar);
  CHECK(refusal(site_text, path) == "accepted");
}

TEST_CASE("a calendar that is not there is a sentence at its name") {
  check_all(replaced(site_text, "2026.json", "2024.json"),
            {{"no such file", "\"2024.json\"", "\"2024.json\", «\"1999.json\"»", ""},
             {"twice", "\"2024.json\"", "\"2024.json\", «\"2024.json\"»", ""},
             {"out of the folder", "\"2024.json\"", "«\"../2024.json\"»", ""},
             {"no list", "[\"2024.json\"]", "«\"2024.json\"»", "calendar"}});
}
