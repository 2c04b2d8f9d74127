#include "daemon/app/sources.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>

#include "tests/fakes/source_life.hpp"

namespace {

using namespace lobby;

constexpr const char* site_text = R"(schema = 1
name = "测试政务服务中心"
zone = [{id = "z", name = "z"}]
service = [{id = "s", name = "s", zone = "z", prefix = "A", hours = "h"}]
window = [{id = "w", number = 1, name = "w", zone = "z", services = ["s"]}]
calendar = ["2026.json"]
feed = [{id = "province", mapping = "native", url = "http://127.0.0.1:9/api/v1/hall", token_file = "TOKEN"}]
[hours.h]
[approvals]
name_refusals = NAMED
)";

struct Folder {
  Folder() {
    path = (std::filesystem::temp_directory_path() / "lobby-sources-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    std::ofstream(path + "/token") << "s3cret-token\n";
    std::filesystem::permissions(path + "/token", std::filesystem::perms::owner_read);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

struct Life : fakes::SourceLife {
  explicit Life(const Folder& folder, const char* named = "false",
                std::optional<std::int64_t> trial_clock_ms = std::nullopt, const char* id = "province")
      : SourceLife(folder.path,
                   app::read_site_text(replaced(replaced(replaced(site_text, "TOKEN", folder.path + "/token"),
                                                         "NAMED", named),
                                                "province", id),
                                       LOBBY_SOURCE_DIR "/config/sites/under-test.toml"),
                   trial_clock_ms) {
    REQUIRE(until([this] { return script != nullptr; }));
  }

  template <class Condition>
  bool until(Condition condition) {
    return loop.until(condition);
  }
  /// A whole answer; true when it was kept.
  bool give(const std::string& what, const std::vector<std::string>& rows, int age_ms = 0) {
    const auto n = std::to_string(rows.size());
    const auto said = [this](const std::string& line) {
      const auto answers = script->written.size();
      script->events.line(line);
      return until([&] { return script->written.size() > answers; }) &&
             script->written.back() == R"({"taken":true})";
    };
    if (!said(R"({"kind":"begin","what":")" + what + R"(","full":true,"rows":)" + n + R"(,"removed":0})")) {
      return false;
    }
    for (const auto& row : rows) {
      script->events.line(row);
    }
    return said(R"({"kind":"end","what":")" + what + R"(","cursor":"after-)" + what + R"(","age_ms":)" +
                std::to_string(age_ms) + R"(,"rows":)" + n +
                R"(,"skipped":0,"unknown_status":0,"bad_values":0,"clock_off_s":0})");
  }
  std::size_t count(std::string_view type) const {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [type](const std::string& line) {
          return line.find("\"" + std::string(type) + "\"") != std::string::npos;
        }));
  }
};

std::string case_line(const std::string& id, const std::string& status, const std::string& limit = "") {
  std::string line = R"({"kind":"case","return_count":0,"suppressed":false)";
  hall::CaseRow row;
  row.id = id;
  row.case_no = "5106820" + id;
  row.query_code = "8251";
  row.status = status;
  row.matter_name = "食品经营许可";
  row.applicant_display = "张**";
  row.accepted_at = "2026-03-16";
  row.promised_limit = limit;
  each_text(row, [&line](const char* name, const std::string& text) {
    line += std::string(",\"") + name + "\":\"" + text + "\"";
  });
  return line + "}";
}

}  // namespace

TEST_CASE("lobby-feed is told what to ask for, by the names of files, never a secret") {
  const Folder folder;
  Life life(folder);
  REQUIRE(life.script->written.size() == 1);
  const auto line = boost::json::parse(life.script->written[0]).as_object();
  CHECK(line.at("feed") == "province");
  CHECK(line.at("token_file").as_string() == folder.path + "/token");
  CHECK(line.at("resources").as_array().size() == 8);
  CHECK(line.at("resources").at(0) == "cases");
  CHECK(line.at("applicant_key").as_string().size() == 64);
  CHECK(line.at("cursors").as_object().empty());
  CHECK(life.script->written[0].find("s3cret") == std::string::npos);
  CHECK_FALSE(line.contains("trial_clock_ms"));
}

TEST_CASE("in a trial lobby-feed is told the hall's time") {
  const Folder folder;
  Life life(folder, "false", 1773622740000);
  const auto line = boost::json::parse(life.script->written[0]).as_object();
  CHECK(line.at("trial_clock_ms") == 1773622740000);
}

TEST_CASE("an answer goes from the line to the list, with our light, and its place survives a restart") {
  const Folder folder;
  {
    Life life(folder);
    CHECK(life.sources.cases({}).cases.empty());
    CHECK(life.sources.age(hall::What::cases).state == hall::Freshness::expired);
    REQUIRE(life.give("cases", {case_line("1", "reviewing", "5 workday"), case_line("2", "finished")}));
    const auto page = life.sources.cases({});
    REQUIRE(page.cases.size() == 2);
    CHECK(page.age.state == hall::Freshness::fresh);
    CHECK(page.totals.accepted_today == 2);
    const auto row = life.sources.find_case("51068201");
    REQUIRE(row);
    CHECK(row->shown_light == "green");
    CHECK(row->own_due == "2026-03-23T17:30:00.000+08:00");
    CHECK(life.count("ApprovalsAdvanced") == 1);
  }
  Life next(folder);
  CHECK(boost::json::parse(next.script->written[0]).at("cursors").at("cases") == "after-cases");
  CHECK(next.sources.cases({}).cases.size() == 2);
  CHECK(next.sources.age(hall::What::cases).state == hall::Freshness::expired);  // who knows how old
  REQUIRE(next.give("cases", {case_line("1", "reviewing", "5 workday"), case_line("2", "finished")}));
  CHECK(next.count("ApprovalsAdvanced") == 0);  // nothing new
}

TEST_CASE("a light changes by itself when its day has come, and that is told") {
  const Folder folder;
  Life life(folder);
  REQUIRE(life.give("cases", {case_line("1", "reviewing", "5 workday"), case_line("2", "reviewing")}));
  const auto light = [&] { return life.sources.find_case("51068201")->shown_light; };
  REQUIRE(light() == "green");
  const auto told = life.count("ApprovalsAdvanced");
  life.now = *hall::parse_instant("2026-03-18T23:59:59+08:00");
  life.sources.tick();
  CHECK(light() == "green");
  life.now = *hall::parse_instant("2026-03-23T17:30:01+08:00");
  life.sources.tick();
  REQUIRE(life.until([&] { return life.count("ApprovalsAdvanced") == told + 1; }));
  CHECK(light() == "red");
  life.sources.tick();
  CHECK(life.sources.find_case("51068202")->shown_light == "grey");
  CHECK(life.count("ApprovalsAdvanced") == told + 1);
}

TEST_CASE("rules that were changed while nobody ran are those of all cases") {
  const Folder folder;
  {
    Life life(folder);
    REQUIRE(life.give("cases", {case_line("1", "rejected")}));
    CHECK(life.sources.cases({}).cases.at(0).shown_status == "finished");
  }
  Life life(folder, "true");
  REQUIRE(life.until([&] {
    life.sources.tick();
    return life.sources.cases({}).cases.at(0).shown_status == "rejected";
  }));
}

TEST_CASE(
    "the days that a source tells count in years of which the site has no calendar, and in those alone") {
  const Folder folder;
  const auto day = [](const std::string& date, const char* off) {
    return R"({"kind":"record","id":")" + date + R"(","row":{"date":")" + date + R"(","off":")" + off +
           R"("}})";
  };
  const auto due_of = [](Life& life, const char* case_no) {
    return life.sources.find_case(case_no)->own_due.substr(0, 10);
  };
  {
    Life life(folder);
    auto line = case_line("1", "reviewing", "5 workday");
    line = replaced(line, "2026-03-16", "2026-12-29");
    REQUIRE(life.give("cases", {line, case_line("2", "reviewing", "5 workday")}));
    CHECK(due_of(life, "51068201") == "2027-01-05");  // New Year's Day taken for a Friday like others
    CHECK(life.sources.find_case("51068201")->estimated);
    CHECK(due_of(life, "51068202") == "2026-03-23");

    // 16 March 2026 is a Monday; the site's own notice goes before what the source says of it.
    REQUIRE(life.give("calendar",
                      {day("2027-01-01", "true"), day("2027-10-01", "true"), day("2026-03-17", "true")}));
    REQUIRE(life.until([&] {
      life.sources.tick();
      return due_of(life, "51068201") != "2027-01-05";
    }));
    CHECK(due_of(life, "51068201") == "2027-01-06");
    CHECK_FALSE(life.sources.find_case("51068201")->estimated);
    CHECK(due_of(life, "51068202") == "2026-03-23");
  }
  // It is known from the start of the next life on.
  Life life(folder);
  REQUIRE(
      life.give("cases", {replaced(case_line("3", "reviewing", "5 workday"), "2026-03-16", "2026-12-29")}));
  CHECK(due_of(life, "51068203") == "2027-01-06");
}

TEST_CASE("openings and notices come through their gates, as the time passes") {
  const Folder folder;
  Life life(folder);
  REQUIRE(
      life.give("bids", {R"({"kind":"record","id":"o","row":{"project_no":"SF-7","project_name":"道路改造",)"
                         R"("open_at":"2026-03-16T09:30:00+08:00","status":"opening","bidder_count":"3",)"
                         R"("open_room":"开标室1"}})"}));
  REQUIRE(
      life.give("notices", {R"({"kind":"record","id":"n","row":{"title":"公示","project_name":"道路改造",)"
                            R"("notice_type":"candidates","status":"candidates_published",)"
                            R"("publish_from":"2026-03-17","publish_to":"2026-03-19",)"
                            R"("candidates":[{"rank":"1","name":"某某公司"}]}})"}));
  CHECK(life.count("BidsAdvanced") == 2);
  const auto today = hall::local_date(life.now);
  auto page = life.sources.bids(today);
  REQUIRE(page.openings.size() == 1);
  CHECK_FALSE(page.openings[0].bidder_count);  // not before the time, whatever the source says
  CHECK(page.notices.empty());
  CHECK(page.age.state == hall::Freshness::fresh);
  CHECK(life.sources.bids({today.days + 1}).openings.empty());
  life.now = *hall::parse_instant("2026-03-16T09:30:00+08:00");
  CHECK(life.sources.bids(today).openings.at(0).bidder_count == 3);
  life.now = *hall::parse_instant("2026-03-17T08:00:00+08:00");
  CHECK(life.sources.bids(today).notices.size() == 1);
  life.now = *hall::parse_instant("2026-03-20T00:00:00+08:00");
  CHECK(life.sources.bids(today).notices.empty());
}

TEST_CASE("matters of the source are in the catalogue at once, and gone when it has them no more") {
  const Folder folder;
  Life life(folder);
  REQUIRE(life.give("matters", {R"({"kind":"record","id":"m","row":{"code":"M-1","name":"首次登记"}})"}));
  CHECK(life.count("CatalogueAdvanced") == 1);
  REQUIRE(life.sources.catalogue().matters.size() == 1);
  // It has a clerk's badges and appointments too, of which nothing was heard.
  CHECK(life.sources.catalogue().age.state == hall::Freshness::expired);
  REQUIRE(life.give("staff", {}));
  REQUIRE(life.give("appointments", {}));
  CHECK(life.sources.catalogue().age.state == hall::Freshness::fresh);
  for (int i = 0; i < 4; ++i) {
    CHECK_FALSE(life.give("matters", {}));  // as after maintenance
    CHECK(life.sources.catalogue().matters.size() == 1);
  }
  REQUIRE(life.give("matters", {}));
  CHECK(life.sources.catalogue().matters.empty());
}

TEST_CASE("a feed that the site has no more takes its rows along") {
  const Folder folder;
  {
    Life life(folder);
    REQUIRE(life.give("cases", {case_line("1", "accepted")}));
    REQUIRE(life.sources.cases({}).cases.size() == 1);
  }
  Life life(folder, "false", std::nullopt, "province-2");
  CHECK(life.sources.cases({}).cases.empty());
  CHECK(life.sources.cases({}).totals.all == 0);
}

TEST_CASE("while its source is silent a case has no colour, and no time gives it one") {
  const Folder folder;
  Life life(folder);
  REQUIRE(life.give("cases", {case_line("1", "accepted", "5 workday")}));
  const auto light = [&](const char* wanted) {
    hall::CaseQuery query;
    query.light = wanted;
    return life.sources.cases(query).cases.size();
  };
  REQUIRE(light("green") == 1);
  CHECK(life.sources.find_case("51068201")->shown_light == "green");
  const auto version = life.sources.version();
  // What it says now it knew eleven minutes ago, and the case would be due long since.
  REQUIRE(life.give("cases", {case_line("1", "accepted", "5 workday")}, 660'000));
  life.now = *hall::parse_instant("2026-04-16T09:30:00+08:00");
  const auto advanced = life.count("ApprovalsAdvanced");
  const auto old = life.sources.version();
  life.sources.tick();
  // Whatever the tick had written would stand before this: only the place in the other list is new.
  REQUIRE(life.give("staff", {}));
  CHECK(life.sources.version() == old + 1);
  CHECK(life.count("ApprovalsAdvanced") == advanced);
  CHECK(life.sources.cases({}).age.state == hall::Freshness::labelled);
  CHECK(light("green") == 0);
  CHECK(light("red") == 0);
  CHECK(light("grey") == 1);
  CHECK(life.sources.find_case("51068201")->shown_light == "grey");
  // It answers that nothing has changed: then the time counts.
  REQUIRE(life.give("cases", {case_line("1", "accepted", "5 workday")}));
  CHECK(life.sources.version() >= version);
  REQUIRE(life.until([&] {
    life.sources.tick();
    return light("red") == 1;
  }));
}

TEST_CASE("a list that is empty after maintenance changes nothing, and the feed says why") {
  const Folder folder;
  Life life(folder);
  std::vector<std::string> rows;
  for (int i = 0; i < 20; ++i) {
    rows.push_back(case_line(std::to_string(i), "accepted"));
  }
  REQUIRE(life.give("cases", rows));
  CHECK_FALSE(life.give("cases", {}));
  CHECK(life.sources.cases({}).cases.size() == 20);
  const auto* feed = life.roster.find({"province"});
  CHECK(feed->state == hall::DeviceState::degraded);
  CHECK(feed->reason == "held back: cases shrank from 20 to 0");
}
