#include <doctest/doctest.h>

#include "daemon/ctl/table.hpp"

using lobby::ctl::printable;
using lobby::ctl::table;
using lobby::ctl::width_of;

TEST_CASE("width is what a terminal uses") {
  CHECK(width_of("A017") == 4);
  CHECK(width_of("社会保险") == 8);
  CHECK(width_of("（重打）") == 8);  // full-width brackets
  CHECK(width_of("Ａ") == 2);
  CHECK(width_of("ｱ") == 1);  // half-width katakana
  CHECK(width_of("é") == 1);
  CHECK(width_of("e\u0301") == 1);  // combining accent
  CHECK(width_of("𠮷") == 2);
  CHECK(width_of("") == 0);
}

TEST_CASE("what is no text becomes harmless") {
  CHECK(printable("a\x1b[31mb\tc") == "a [31mb c");
  CHECK(printable("\xff社\xe7\xa4") == "?社??");
  CHECK(printable("\xc2\x9b"
                  "31m") == " 31m");  // C1 control sequence introducer
  CHECK(printable("\xe2\x80\xae"
                  "abc") == " abc");                    // right-to-left override
  CHECK(printable("\xed\xa0\x80") == "???");            // a surrogate is no character
  CHECK(printable("\xf4\x90\x80\x80") == "????");       // beyond Unicode
  CHECK(printable("\xc0\xaf\xe0\x80\xaf") == "?????");  // overlong forms
}

TEST_CASE("columns align, the last is not padded, short rows are filled up") {
  CHECK(table({{"窗口", "状态"}, {"w12345", "idle"}, {"w1"}}) ==
        "窗口    状态\n"
        "w12345  idle\n"
        "w1\n");
  CHECK(table({}) == "");
}
