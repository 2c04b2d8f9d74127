#include <doctest/doctest.h>

#include <limits>
#include <random>
#include <set>

#include "daemon/hall/numbers.hpp"
#include "tests/hall/a_hall.hpp"

namespace numbers_tests {

using namespace lobby::hall;
using testing::a_service;
using testing::a_window;
using testing::an_issue;
using testing::Hall;

TEST_CASE("a number has at least three digits") {
  CHECK(number_text("A", 1) == "A001");
  CHECK(number_text("A", 42) == "A042");
  CHECK(number_text("A", 999) == "A999");
  CHECK(number_text("A", 1000) == "A1000");
  CHECK(number_text("", 7) == "007");
  CHECK(number_text("社保", 12) == "社保012");
  CHECK(digits_behind("A", "A1000") == 1000);
  CHECK(digits_behind("", "007") == 7);
  for (const char* text : {"A", "A01", "A0100", "B001", "A00x", "A99999999999", "A4294967296"}) {
    CAPTURE(text);
    CHECK(!digits_behind("A", text).has_value());
  }
}

TEST_CASE("a set of numbers behaves like a set") {
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    NumberSet set;
    std::set<std::uint32_t> plain;
    for (int i = 0; i < 120; ++i) {
      const auto n = static_cast<std::uint32_t>(random() % 150);
      set.insert(n);
      plain.insert(n);
    }
    for (std::uint32_t n = 0; n < 152; ++n) {
      CHECK(set.contains(n) == plain.contains(n));
    }
    for (std::uint32_t first = 0; first < 150; first += 11) {
      for (std::uint32_t last = first; last < 150; last += 7) {
        const auto behind = plain.upper_bound(last);
        const bool any = behind != plain.begin() && *std::prev(behind) >= first;
        const auto highest = set.highest(first, last);
        CHECK(highest.has_value() == any);
        CHECK((!any || *highest == *std::prev(behind)));
      }
    }
    CHECK(NumberSet::from_ranges(set.ranges()).has_value());
  }
}

TEST_CASE("the ends of the number line are numbers too") {
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  NumberSet set;
  set.insert(most);
  set.insert(0);
  set.insert(most - 1);
  CHECK(set.contains(most));
  CHECK(set.contains(0));
  CHECK(!set.contains(1));
  CHECK(set.ranges().size() == 2);
  CHECK(!NumberSet::from_ranges({{2, 1}}).has_value());
  CHECK(!NumberSet::from_ranges({{1, 2}, {3, 4}}).has_value());
  CHECK(!NumberSet::from_ranges({{5, 6}, {1, 2}}).has_value());
  CHECK(!NumberSet::from_ranges({{5, most}, {0, 2}}).has_value());
}

TEST_CASE("numbers count up from the first and end with the last") {
  Hall hall;
  hall.site.services = {a_service("short", "D", 8, 11)};
  hall.open_day();
  for (const char* number : {"D008", "D009", "D010", "D011"}) {
    CHECK(hall.number(hall.issue("short")) == number);
  }
  CHECK(hall.refused(an_issue("short")) == "number_range_exhausted");
  hall.now = testing::at("2026-11-24T09:00:00+08:00");
  hall.open_day();
  CHECK(hall.number(hall.issue("short")) == "D008");
}

TEST_CASE("services with one prefix and one range share the sequence, disjoint ranges do not") {
  Hall hall;
  hall.site.services = {a_service("one", "A", 1, 500), a_service("two", "A", 1, 500),
                        a_service("late", "A", 501, 999)};
  hall.open_day();
  CHECK(hall.number(hall.issue("one")) == "A001");
  CHECK(hall.number(hall.issue("late")) == "A501");
  CHECK(hall.number(hall.issue("two")) == "A002");
  CHECK(hall.number(hall.issue("one")) == "A003");
  CHECK(hall.number(hall.issue("late")) == "A502");
}

TEST_CASE("a cancelled number is not used again") {
  Hall hall;
  hall.open_day();
  hall.issue("social");
  hall.must(CancelTicket{hall.issue("social")});
  CHECK(hall.number(hall.issue("social")) == "A003");
}

TEST_CASE("two prefixes that read alike never give one number twice") {
  Hall hall;
  hall.site.services = {a_service("plain", "A", 1001, 1004), a_service("odd", "A1", 1, 4)};
  hall.open_day();
  CHECK(hall.number(hall.issue("odd")) == "A1001");
  CHECK(hall.number(hall.issue("plain")) == "A1002");
  CHECK(hall.number(hall.issue("odd")) == "A1003");
  CHECK(hall.number(hall.issue("plain")) == "A1004");
  CHECK(hall.refused(an_issue("plain")) == "number_range_exhausted");
  CHECK(hall.refused(an_issue("odd")) == "number_range_exhausted");
}

TEST_CASE("a changed range or prefix repeats nothing and renames nobody") {
  Hall hall;
  hall.open_day();
  const TicketId first = hall.issue("social");
  hall.issue("social");
  hall.site.services[0].first = 2;
  CHECK(hall.number(hall.issue("social")) == "A003");
  hall.site.services[0].prefix = "B";
  hall.site.services[0].first = 1;
  CHECK(hall.number(hall.issue("tax")) == "B001");
  CHECK(hall.number(hall.issue("social")) == "B002");
  CHECK(hall.number(first) == "A001");
}

TEST_CASE("the widest range costs no memory and no time") {
  Hall hall;
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  hall.site.services = {a_service("far", "A", most - 1, most)};
  hall.open_day();
  CHECK(hall.number(hall.issue("far")) == "A4294967294");
  CHECK(hall.number(hall.issue("far")) == "A4294967295");
  CHECK(hall.refused(an_issue("far")) == "number_range_exhausted");
  CHECK(encode(hall.state).size() < 1000);
}

}  // namespace numbers_tests
