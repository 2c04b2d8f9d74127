#include "tests/sim/case_book.hpp"

#include <doctest/doctest.h>

#include "tests/sim/wall_clock.hpp"

using namespace lobby::sim;

namespace {

CaseBook make_book() {
  return {*parse_rfc3339("2026-03-16T09:00:00+08:00"), "510682", 5};
}

}  // namespace

TEST_CASE("cases move forward slowly and new ones come") {
  CaseBook book = make_book();
  CHECK(book.size() == 48);
  const auto before = book.by_status()["finished"];
  book.advance(std::chrono::minutes(10));
  CHECK(book.size() == 58);
  book.advance(std::chrono::minutes(60));
  CHECK(book.by_status()["finished"] > before);
  CHECK(book.size() == 108);
  book.advance(std::chrono::minutes(30));  // time does not run back
  CHECK(book.size() == 108);
}

TEST_CASE(
    "a case holds together: due by the working days, ended ones have an end, stops have one but the open") {
  const CaseBook book = make_book();
  const ApprovalCalendar calendar;
  int counted = 0, overdue = 0, open_stops = 0;
  for (const CaseBook::Index index : book.select({})) {
    const ApprovalCase one = book.read(index);
    CHECK_FALSE(one.id.empty());
    CHECK(one.case_no.size() <= 64);
    const Limit limit = parse_limit(one.promised_limit);
    if (!one.accepted_at.empty() && limit.unit == "workday" && one.status != "extended") {
      const Day due = calendar.after(*parse_day(one.accepted_at), limit.n);
      CHECK(one.due_promised == to_text(due) + "T17:00:00+08:00");
      ++counted;
    }
    overdue += one.card == "yellow" ? 1 : 0;
    open_stops += !one.stops.empty() && one.stops.back().to.empty() ? 1 : 0;
    CHECK((one.light == "grey") == (one.status == "suspended" || one.status == "correcting"));
    CHECK((one.status != "finished" || !one.finished_at.empty()));
  }
  CHECK(counted > 5);
  CHECK(overdue > 0);
  CHECK(open_stops > 0);
}

TEST_CASE("a book tells every change once, in order, and what was deleted") {
  CaseBook book = make_book();
  CaseBook::Changes all = book.changes(0, 30);
  CHECK(all.rows.size() == 30);
  CHECK(all.more);
  all = book.changes(all.last, 30);
  CHECK(all.rows.size() == 18);
  CHECK_FALSE(all.more);
  CHECK(book.changes(all.last, 30).rows.empty());
  const std::string case_no = book.read(3).case_no;
  CHECK(book.find(case_no) == 3U);
  CHECK(book.upsert({{"case_no", case_no}, {"status", "suspended"}, {"stops", "2026-03-16/"}}).empty());
  CHECK(book.upsert({{"case_no", "NEW-1"}, {"return_count", 2}}).empty());
  CaseBook::Changes news = book.changes(all.last, 30);
  REQUIRE(news.rows.size() == 2);
  CHECK(book.read(news.rows[0]).stops.at(0).from == "2026-03-16");
  CHECK(book.read(news.rows[1]).return_count == 2);
  CHECK(book.upsert({{"case_no", case_no}, {"deleted", true}}).empty());
  news = book.changes(news.last, 30);
  REQUIRE(news.rows.size() == 1);
  CHECK(book.read(news.rows[0]).deleted);
  CHECK(book.size() == 48);
  // Who begins from nothing never hears of it.
  CHECK(book.changes(0, 100).rows.size() == 48);
}

TEST_CASE(
    "a book of 200,000 cases is made at once, each with a number of its own; shrinking keeps the rest") {
  CaseBook book = make_book();
  const std::string newest = book.read(book.select({})[0]).case_no;
  const auto generation = book.generation();
  CHECK(book.upsert({{"case_no", "MINE-1"}, {"applicant_name", "张三"}}).empty());
  CHECK(book.scale(200'000).empty());
  CHECK(book.size() == 200'000);
  CHECK(book.generation() != generation);
  CHECK(book.find(newest));
  CHECK(book.read(*book.find("MINE-1")).applicant.name == "张三");
  std::set<std::string> ids;
  for (const CaseBook::Index index : book.select({})) {
    if (index % 100 == 0) {
      ids.insert(book.read(index).id);
    }
  }
  CHECK(ids.size() == 2'000);
  CHECK(book.scale(30).empty());
  CHECK(book.size() == 30);
  CHECK(book.find("MINE-1"));
  CHECK(book.scale(0).empty());
  CHECK(book.select({}).empty());
  CHECK_FALSE(book.scale(500'001).empty());
}

TEST_CASE("what a book told is remembered, what it kept to itself is not") {
  CaseBook book = make_book();
  CHECK(book.told_secrets().empty());
  CHECK(book.upsert({{"case_no", "A"}, {"applicant_name", "诸葛二"}, {"applicant_id_no", "SIMID1"}}).empty());
  CHECK(book.upsert({{"case_no", "B"}, {"applicant_name", "某某厂"}, {"applicant_type", "org"}}).empty());
  book.serve(*book.find("A"));
  book.serve(*book.find("B"));
  CHECK(book.told_secrets() == std::set<std::string>{"诸葛二", "SIMID1"});
  CHECK(book.upsert({{"case_no", "A"}, {"applicant_name", "欧阳三"}}).empty());
  CHECK(book.told_secrets() == std::set<std::string>{"诸葛二", "欧阳三", "SIMID1"});
}
