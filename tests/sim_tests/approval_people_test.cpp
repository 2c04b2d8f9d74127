#include "tests/sim/approval_people.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/sim/approval_calendar.hpp"

using namespace lobby::sim;

TEST_CASE("made-up applicants are of every kind that a mask must know") {
  ApprovalDice dice(7);
  std::set<std::string> types;
  bool compound = false, dotted = false, latin = false, single = false, five = false, rare = false;
  for (int i = 0; i < 2000; ++i) {
    const Applicant one = make_applicant(dice, i % 2 == 0);
    types.insert(one.type);
    const std::string& name = one.person;
    CHECK((one.type == "org") == name.empty());
    CHECK((name.empty() || one.name.find(name) != std::string::npos));
    compound = compound || name.starts_with("欧阳") || name.starts_with("诸葛");
    dotted = dotted || name.find("·") != std::string::npos;
    latin = latin || name.starts_with("Anna ");
    single = single || name.size() == 3;
    five = five || name.size() == 15;
    rare = rare || name.find("𠮷") != std::string::npos;
  }
  CHECK(types == std::set<std::string>{"org", "person", "sole_trader"});
  CHECK((compound && dotted && latin && single && five && rare));
}

TEST_CASE("a made-up certificate number has a right check digit") {
  // GB 11643: the weighted sum of all 18 digits leaves 1 when divided by 11; weights are powers of 2.
  ApprovalDice dice(1);
  for (int i = 0; i < 200; ++i) {
    const std::string number = make_id_number(dice);
    REQUIRE(number.size() == 18);
    int rest = 0;
    for (const char digit : number) {
      rest = (rest * 2 + (digit == 'X' ? 10 : digit - '0')) % 11;
    }
    CHECK(rest == 1);
  }
}

TEST_CASE("secrets are the person and the numbers, never an organisation or a single character") {
  CHECK(secrets_of({"person", "张三", "张三", "1", "2"}) == std::vector<std::string>{"张三", "1", "2"});
  CHECK(secrets_of({"person", "李", "李", "1", "2"}) == std::vector<std::string>{"1", "2"});
  CHECK(secrets_of({"org", "某某厂", "", "1", ""}) == std::vector<std::string>{"1"});
  CHECK(secrets_of({"sole_trader", "王二面馆", "王二", "", ""}) == std::vector<std::string>{"王二"});
}

TEST_CASE("the province's calendar knows holidays, worked weekends and the years that are out") {
  const ApprovalCalendar calendar;
  const auto due = [&](const char* from, int workdays) {
    return to_text(calendar.after(*parse_day(from), workdays));
  };
  CHECK(due("2026-02-13", 5) == "2026-02-27");
  CHECK(due("2026-02-14", 1) == "2026-02-24");
  CHECK(due("2026-09-30", 3) == "2026-10-10");
  CHECK(due("2025-12-31", 2) == "2026-01-05");
  CHECK_FALSE(parse_day("2026-02-30"));
  CHECK_FALSE(parse_day("--"));
  CHECK_FALSE(calendar.year(2027));
  const auto year = calendar.year(2026);
  REQUIRE(year);
  CHECK(year->at("days").at(0).at("date") == "2026-01-01");
  CHECK(year->at("days").at(3).at("isOffDay") == false);
}
