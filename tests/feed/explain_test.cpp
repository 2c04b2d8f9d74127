#include "daemon/feed/explain.hpp"

#include <doctest/doctest.h>

#include "tests/feed/fixtures.hpp"

namespace lobby::feed {
namespace {

Explained told(const std::string& system, What what, const std::string& file, std::string_view area = "") {
  const Mapping mapping = read_mapping(LOBBY_SOURCE_DIR "/config/mappings/" + system + ".toml");
  return explain(mapping, what, {area, "k", "k"}, fixture(system + "/" + file));
}

bool has(const Explained& explained, const std::string& part) {
  CAPTURE(explained.text);
  return explained.text.find(part) != std::string::npos;
}

TEST_CASE("an answer is explained: what was mapped, what was not, and why") {
  const Explained native = told("native", What::cases, "cases.json", "510682");
  CHECK(native.readable);
  CHECK(has(native, "cases: 9 rows in the answer, 5 mapped, 1 removed, 1 of another area, 2 skipped\n"));
  CHECK(has(native, "a part of the list: a cursor, there is more\n"));
  CHECK(has(native, "  applicant_display      4  欧阳** | 四川某某建筑有限公司 | 什邡市某某局\n"));
  CHECK(has(native, "  promised_limit         2  5 workday | immediate\n"));
  CHECK(has(native, "  suppressed             1  true\n"));
  CHECK(has(native, "without a value: finished_at\n"));
  CHECK(has(native, "skipped rows\n      1  no id\n      1  not an object\n"));
  CHECK(has(native, "words that the mapping does not list\n      1  等待盖章\n"));
  CHECK(
      has(native,
          "values left out or cut\n      1  accepted_at\n      1  promised_limit\n      1  return_count\n"));
  // What an inquiry is opened with is for nobody's eyes.
  CHECK(has(native, "  query_code             1  (there)\n"));
  CHECK_FALSE(has(native, "448812"));
  for (const std::string& secret : fixture_lines("native/secrets.txt")) {
    CHECK_FALSE(has(native, secret));
  }
}

TEST_CASE("records are explained like cases") {
  const Explained notices = told("trs", What::notices, "notices.json");
  CHECK(
      has(notices, "notices: 4 rows in the answer, 3 mapped, 1 skipped\n  the system says that it has 4\n"));
  CHECK(has(notices, "  candidates             2  [{\"rank\":\"1\",\"name\":\""));
  const Explained matters = told("native", What::matters, "matters.json");
  CHECK(has(matters, "  kind                   2  promised | other\n"));
  CHECK(has(told("holidays", What::calendar, "calendar.json"), "calendar: 3 rows in the answer, 3 mapped\n"));
}

TEST_CASE("an unlisted word that may be a name is not told") {
  const Mapping mapping = epoint_with("name = \"epoint\"", "name = \"epoint\"");
  const auto words = [&mapping](const std::string& status) {
    return explain(
        mapping, What::cases, {},
        R"({"status":{"code":1},"custom":{"code":"1","projectlist":[{"projectguid":"a","applyername":"米小米",
                   "status":")" +
            status + R"("}]}})");
  };
  CHECK(has(words("待制证"), "      1  待制证\n"));
  for (const std::string name : {"张三丰", "欧阳小红", "李 四", "米小米待办", "13812345678"}) {
    CAPTURE(name);
    CHECK(has(words(name), "      1  (long ones, or such as may be names)\n"));
    CHECK_FALSE(has(words(name), name));
  }
  CHECK(has(words("一二三四五六七八九"), "      1  (long ones, or such as may be names)\n"));
}

TEST_CASE("an answer that cannot be read is explained in a sentence") {
  const Explained refused = told("jeecg", What::cases, "cases_refused.json");
  CHECK_FALSE(refused.readable);
  CHECK(refused.text == "cases: refused: the upstream refuses the token: Token失效\n");
  CHECK(told("native", What::cases, "outdated.json").text ==
        "cases: outdated cursor: the upstream wants to be read from the start\n");
  CHECK(told("holidays", What::cases, "calendar.json").text == "the mapping has no cases\n");
  CHECK_FALSE(told("asmx", What::cases, "cases.expected").readable);
}

}  // namespace
}  // namespace lobby::feed
