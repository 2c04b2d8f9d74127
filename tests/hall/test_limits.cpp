#include <doctest/doctest.h>

#include "daemon/hall/limits.hpp"

namespace limits_tests {

using namespace lobby::hall;

TEST_CASE("a limit is read and written") {
  struct Row {
    const char* text;
    Limit limit;
  };
  for (const Row& row :
       {Row{"", {0, LimitUnit::none}}, Row{"immediate", {0, LimitUnit::immediate}},
        Row{"1 workday", {1, LimitUnit::workday}}, Row{"20 day", {20, LimitUnit::day}},
        Row{"4 hour", {4, LimitUnit::hour}}, Row{"9999 workday", {9999, LimitUnit::workday}}}) {
    CAPTURE(row.text);
    CHECK(parse_limit(row.text) == row.limit);
    CHECK(to_text(row.limit) == row.text);
  }
}

TEST_CASE("anything else is no limit") {
  for (const char* text :
       {"5",           "workday",    "5 workdays", "5  workday", "5workday",  " 5 workday",      "5 workday ",
        "-5 workday",  "+5 workday", "0 day",      "05 day",     "10000 day", "99999999999 day", "5 ",
        "5 immediate", "immediate ", "5 none",     "none",       "5.5 day",   "五 workday",      " "}) {
    CAPTURE(text);
    CHECK(!parse_limit(text).has_value());
  }
}

}  // namespace limits_tests
