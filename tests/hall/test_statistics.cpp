// What of a report may be shown.
#include <doctest/doctest.h>

#include "daemon/hall/statistics.hpp"

namespace statistics_tests {

using namespace lobby::hall;

namespace {

/// Rows of so many visits, each with as many ratings as `ratings` says (all of them, when it says nothing).
Statistics rows_of(const std::vector<std::uint64_t>& visits, std::vector<std::uint64_t> ratings = {}) {
  ratings = ratings.empty() ? visits : std::move(ratings);
  Statistics statistics;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    VisitFigures row;
    row.key = "w" + std::to_string(i);
    row.served = visits[i];
    row.ratings[i % row.ratings.size()] = ratings[i];
    statistics.total.served += visits[i];
    statistics.total.ratings[i % row.ratings.size()] += ratings[i];
    statistics.rows.push_back(row);
  }
  return statistics;
}

/// One letter a row and one for the total: `.` shown, `r` without ratings, `-` withheld.
std::string shown(const Statistics& statistics, bool published) {
  std::string letters;
  for (const auto& one : withheld(statistics, published)) {
    CHECK((!one.row || one.ratings));
    letters += one.row ? '-' : one.ratings ? 'r' : '.';
  }
  return letters;
}

}  // namespace

TEST_CASE("in the house every figure is shown but the ratings of fewer than five") {
  CHECK(shown(rows_of({100, 4, 5, 0}), false) == ".r.r.");
  CHECK(shown(rows_of({100, 90}, {100, 4}), false) == ".r.");
  CHECK(shown(rows_of({1, 2}), false) == "rrr");
  CHECK(shown(rows_of({}), false) == "r");
}

TEST_CASE("what is published has no row of fewer than five visits, and none that the total gives away") {
  CHECK(shown(rows_of({100, 50, 70}), true) == "....");
  // One row alone is total minus the others: the next smallest goes too.
  CHECK(shown(rows_of({100, 4, 70}), true) == ".--.");
  CHECK(shown(rows_of({70, 100, 0}), true) == "-.-.");
  // Two that are three visits together are a cell of three.
  CHECK(shown(rows_of({100, 1, 2, 70}), true) == ".---.");
  CHECK(shown(rows_of({100, 4, 3, 70}), true) == ".--..");
  CHECK(shown(rows_of({3}), true) == "--");
  CHECK(shown(rows_of({8, 3}), true) == "--.");
  CHECK(shown(rows_of({}), true) == "-");
}

TEST_CASE("the ratings of what is published hide behind each other too") {
  CHECK(shown(rows_of({100, 100, 100}, {60, 3, 20}), true) == ".rr.");
  CHECK(shown(rows_of({100, 100, 100}, {60, 2, 4}), true) == ".rr.");
  CHECK(shown(rows_of({100, 100, 100, 100}, {60, 1, 2, 9}), true) == ".rrr.");
  // A row that is withheld hides ratings of others.
  CHECK(shown(rows_of({100, 4, 70, 50}, {50, 4, 3, 40}), true) == ".-r-.");
}

TEST_CASE("the share of the content counts 基本满意") {
  CHECK(satisfied_share({1, 1, 1, 0, 0}) == 10'000);
  CHECK(satisfied_share({0, 0, 0, 3, 2}) == 0);
  CHECK(satisfied_share({1, 0, 1, 1, 0}) == 6'667);
  CHECK(satisfied_share({}) == 0);
}

}  // namespace statistics_tests
