// Every mapping that is shipped, with answers as its system gives them. What must become of them is written
// in *.expected by hand.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/feed/fixtures.hpp"

namespace lobby::feed {
namespace {

constexpr std::string_view applicant_key = "key2026";

Mapping shipped(const std::string& name) {
  return read_mapping(LOBBY_SOURCE_DIR "/config/mappings/" + name + ".toml");
}

/// The fixture `system/file` read as what the mapping of the system says.
std::variant<Answer, AnswerFault> read_fixture(const std::string& system, What what, const std::string& file,
                                               std::string_view area = "") {
  const Mapping mapping = shipped(system);
  const Resource* resource = mapping.find(what);
  REQUIRE(resource != nullptr);
  return read_answer(mapping, *resource, {area, {}, applicant_key}, fixture(system + "/" + file));
}

Answer good(std::variant<Answer, AnswerFault> answer) {
  if (const auto* fault = std::get_if<AnswerFault>(&answer)) {
    FAIL(fault->reason);
  }
  return std::get<Answer>(std::move(answer));
}

TEST_CASE("every shipped mapping is whole") {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(LOBBY_SOURCE_DIR "/config/mappings")) {
    if (entry.path().extension() == ".toml") {
      CAPTURE(entry.path());
      CHECK(read_mapping(entry.path().string()).name == entry.path().stem().string());
      ++count;
    }
  }
  CHECK(count >= 2);
}

/// Nothing of the people in the fixtures of a system may leave.
void check_secrets(const std::string& system) {
  const Mapping mapping = shipped(system);
  std::string inputs;
  std::string outputs;
  for (const auto& entry :
       std::filesystem::directory_iterator(LOBBY_SOURCE_DIR "/tests/feed/fixtures/" + system)) {
    const std::string name = system + "/" + entry.path().filename().string();
    if (entry.path().extension() == ".expected" || name.ends_with("secrets.txt")) {
      continue;
    }
    inputs += fixture(name);
    for (const Resource& resource : mapping.resources) {
      if (!entry.path().filename().string().starts_with(hall::word_of(resource.what))) {
        continue;
      }
      const auto answer = read_answer(mapping, resource, {"", "key", applicant_key}, fixture(name));
      if (const auto* fault = std::get_if<AnswerFault>(&answer)) {
        outputs += fault->reason;
        continue;
      }
      const bool of_staff = resource.what == What::staff;
      for (const Row& row : std::get<Answer>(answer).rows) {
        outputs += of_staff ? "" : row.line;
      }
    }
  }
  for (const std::string& secret : fixture_lines(system + "/secrets.txt")) {
    CAPTURE(secret);
    CHECK(inputs.find(secret) != std::string::npos);
    CHECK(outputs.find(secret) == std::string::npos);
  }
}

TEST_CASE("native: cases with everything that they can have") {
  const Answer answer = good(read_fixture("native", What::cases, "cases.json", "510682"));
  check_cases(answer, "native/cases.expected");
  CHECK(answer.removed == std::vector<std::string>{"c-5"});
  CHECK(answer.outside == std::vector<std::string>{"c-6"});
  CHECK(answer.items == 9);
  CHECK(answer.partial);
  CHECK(answer.has_more);
  CHECK(answer.cursor == "MTc5NTE0MDAwMC05");
  CHECK(answer.server_time_ms == 1795136760000);
  CHECK(answer.counts.skipped == 2);
  CHECK(answer.counts.unknown_status == 1);
  // A count, a date and a unit that are none.
  CHECK(answer.counts.bad_values == 3);
  const decltype(Findings::bad) bad{{"accepted_at", 1}, {"promised_limit", 1}, {"return_count", 1}};
  CHECK(answer.findings.bad == bad);
  const decltype(Findings::unknown) unknown{{"等待盖章", 1}};
  CHECK(answer.findings.unknown == unknown);
}

TEST_CASE("native: the other lists") {
  struct Expected {
    What what;
    std::uint32_t bad, unknown;
  };
  // matters: an address that is none. alerts: fewer than no days. bids: a time without one, a count in words.
  // notices: a price, a date. calendar: a date. appointments: an hour, a code that is a telephone number.
  for (const Expected& expected :
       {Expected{What::matters, 1, 0}, Expected{What::staff, 1, 0}, Expected{What::alerts, 1, 1},
        Expected{What::bids, 2, 1}, Expected{What::notices, 2, 0}, Expected{What::calendar, 1, 0},
        Expected{What::appointments, 2, 1}}) {
    const std::string name(hall::word_of(expected.what));
    CAPTURE(name);
    const Answer answer = good(read_fixture("native", expected.what, name + ".json"));
    check_records(answer, "native/" + name + ".expected");
    CHECK(answer.counts.bad_values == expected.bad);
    CHECK(answer.counts.unknown_status == expected.unknown);
    CHECK(answer.partial == (expected.what != What::bids && expected.what != What::calendar));
  }
  CHECK(good(read_fixture("native", What::matters, "matters.json")).removed ==
        std::vector<std::string>{"m-3"});
}

TEST_CASE("native: a cursor that is too old is no failure of another kind") {
  const auto answer = read_fixture("native", What::cases, "outdated.json");
  REQUIRE(std::holds_alternative<AnswerFault>(answer));
  CHECK(std::get<AnswerFault>(answer).kind == AnswerFault::Kind::outdated);
}

TEST_CASE("native: nobody is named") {
  check_secrets("native");
}

TEST_CASE("kechuang: numbered states, special procedures, cards, and our ticket handed back") {
  const Answer answer = good(read_fixture("kechuang", What::cases, "cases.json", "510682"));
  check_cases(answer, "kechuang/cases.expected");
  CHECK(answer.total == 7);
  CHECK(answer.outside == std::vector<std::string>{"510683202611130001"});
  CHECK(answer.counts.skipped == 1);
  const decltype(Findings::unknown) unknown{{"12", 1}};
  CHECK(answer.findings.unknown == unknown);
  // A unit that nobody listed; a word where the special procedures belong.
  const decltype(Findings::bad) bad{{"promised_limit", 1}, {"stops", 1}};
  CHECK(answer.findings.bad == bad);
  const Answer alerts = good(read_fixture("kechuang", What::alerts, "alerts.json"));
  check_records(alerts, "kechuang/alerts.expected");
  CHECK(alerts.counts.unknown_status == 1);
  CHECK(alerts.counts.bad_values == 2);
  check_secrets("kechuang");
}

TEST_CASE("jeecg: two codes, texts of dictionaries, dates in three forms") {
  const Answer answer = good(read_fixture("jeecg", What::cases, "cases.json"));
  check_cases(answer, "jeecg/cases.expected");
  CHECK(answer.total == 4);
  const decltype(Findings::unknown) unknown{{"线下处理", 1}};
  CHECK(answer.findings.unknown == unknown);
  const decltype(Findings::bad) bad{{"accepted_at", 1}};
  CHECK(answer.findings.bad == bad);
  const auto refused = read_fixture("jeecg", What::cases, "cases_refused.json");
  CHECK(std::get<AnswerFault>(refused).kind == AnswerFault::Kind::unauthorised);
  const auto failed = read_fixture("jeecg", What::cases, "cases_failed.json");
  CHECK(std::get<AnswerFault>(failed).reason == "the upstream reports a failure: code 500");
  check_secrets("jeecg");
}

TEST_CASE("trs: openings and notices of a trading platform, winners in the row itself") {
  CHECK(shipped("trs").find(What::cases) == nullptr);
  const Answer bids = good(read_fixture("trs", What::bids, "bids.json"));
  check_records(bids, "trs/bids.expected");
  CHECK(bids.counts.unknown_status == 1);
  CHECK(bids.counts.bad_values == 1);
  const Answer notices = good(read_fixture("trs", What::notices, "notices.json"));
  check_records(notices, "trs/notices.expected");
  CHECK(notices.total == 4);
  CHECK(notices.counts.skipped == 1);
  const decltype(Findings::unknown) unknown{{"答疑", 1}};
  CHECK(notices.findings.unknown == unknown);
  // A rank in words, an address without a host.
  const decltype(Findings::bad) bad{{"rank", 1}, {"url", 1}};
  CHECK(notices.findings.bad == bad);
  check_secrets("trs");
}

TEST_CASE("a mapping that takes notices says how far their project is: without that none is shown") {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(LOBBY_SOURCE_DIR "/config/mappings")) {
    if (entry.path().extension() != ".toml") {
      continue;
    }
    CAPTURE(entry.path());
    const Mapping mapping = read_mapping(entry.path().string());
    if (const Resource* notices = mapping.find(What::notices)) {
      ++count;
      const auto& fields = notices->fields;
      CHECK(std::any_of(fields.begin(), fields.end(),
                        [](const auto& field) { return field.first == "status"; }));
      const auto& words = notices->status.words;
      for (const char* state : {"candidates_published", "result_published"}) {
        CHECK(std::any_of(words.begin(), words.end(),
                          [state](const auto& pair) { return pair.second == state; }));
      }
    }
  }
  CHECK(count == 2);
}

TEST_CASE("ruoyi: provincial hand-over codes, departments as objects, rows of other areas dropped") {
  const Answer answer = good(read_fixture("ruoyi", What::cases, "cases.json", "510682"));
  check_cases(answer, "ruoyi/cases.expected");
  CHECK(answer.outside == std::vector<std::string>{"303"});
  CHECK(answer.counts.skipped == 1);
  CHECK(answer.counts.unknown_status == 0);
  // An id that is an object; `--` where a limit belongs.
  const decltype(Findings::bad) bad{{"id", 1}, {"promised_limit", 1}};
  CHECK(answer.findings.bad == bad);
  CHECK(std::get<AnswerFault>(read_fixture("ruoyi", What::cases, "cases_refused.json")).kind ==
        AnswerFault::Kind::unauthorised);
  check_secrets("ruoyi");
}

TEST_CASE("asmx: XML in the text of XML") {
  const Answer answer = good(read_fixture("asmx", What::cases, "cases.xml"));
  check_cases(answer, "asmx/cases.expected");
  CHECK(answer.total == 4);
  CHECK(answer.server_time_ms == 1795136760000);
  CHECK(answer.counts.skipped == 1);
  CHECK(answer.counts.unknown_status == 1);
  CHECK(answer.counts.bad_values == 1);
  check_cases(good(read_fixture("asmx", What::cases, "cases_one.xml")), "asmx/cases_one.expected");
  CHECK(good(read_fixture("asmx", What::cases, "cases_none.xml")).items == 0);
  const auto refused = std::get<AnswerFault>(read_fixture("asmx", What::cases, "cases_refused.xml"));
  CHECK(refused.kind == AnswerFault::Kind::unauthorised);
  CHECK(refused.reason == "the upstream refuses the token: 无权");
  check_secrets("asmx");
}

TEST_CASE("asmx-soap: the same in an envelope") {
  const Answer answer = good(read_fixture("asmx-soap", What::cases, "cases.xml"));
  check_cases(answer, "asmx-soap/cases.expected");
  CHECK(answer.total == 4);
  CHECK(good(read_fixture("asmx-soap", What::cases, "cases_none.xml")).items == 0);
  CHECK(std::get<AnswerFault>(read_fixture("asmx-soap", What::cases, "cases_refused.xml")).kind ==
        AnswerFault::Kind::unauthorised);
  check_secrets("asmx-soap");
}

TEST_CASE("holidays: a calendar alone") {
  const Answer answer = good(read_fixture("holidays", What::calendar, "calendar.json"));
  check_records(answer, "holidays/calendar.expected");
  CHECK(answer.counts.bad_values == 0);
}

}  // namespace
}  // namespace lobby::feed
