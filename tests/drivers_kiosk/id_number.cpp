#include "drivers/kiosk/id_number.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lobby;

// 11010519491231002X and 440524188001010014 are the examples that GB 11643-1999 itself gives.

TEST_CASE("the standard's own examples are numbers of cards, with a small x too") {
  CHECK(kiosk::is_id_number("11010519491231002X"));
  CHECK(kiosk::is_id_number("11010519491231002x"));
  CHECK(kiosk::is_id_number("440524188001010014"));
}

TEST_CASE("a wrong digit anywhere, two that changed places, and what only looks like a number are refused") {
  const std::string good = "440524188001010014";
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      auto wrong = good;
      wrong[i] = digit;
      CHECK(kiosk::is_id_number(wrong) == (wrong == good));
    }
  }
  for (std::size_t i = 0; i + 1 < good.size(); ++i) {
    auto swapped = good;
    std::swap(swapped[i], swapped[i + 1]);
    CHECK(kiosk::is_id_number(swapped) == (swapped == good));
  }
  for (const auto* wrong : {"", "X", "4405241880010100140", "44052418800101001", "44052418800101001 ",
                            "X40524188001010014", "110105194912310029"}) {
    CAPTURE(std::string(wrong));
    const bool taken = kiosk::is_id_number(wrong);
    CHECK_FALSE(taken);
  }
}

TEST_CASE("somebody is of age from the birthday on") {
  const std::string number = "11010519491231002X";
  CHECK_FALSE(kiosk::is_of_age(number, 60, "2009-12-30"));
  CHECK(kiosk::is_of_age(number, 60, "2009-12-31"));
  CHECK(kiosk::is_of_age(number, 60, "2026-03-16"));
  CHECK_FALSE(kiosk::is_of_age(number, 80, "2026-03-16"));
}
