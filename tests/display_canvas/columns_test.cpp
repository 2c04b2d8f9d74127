// Text on a printer's grid. The widths are those of facts that Chinese printers share: ASCII 12 dots, any
// other character 24, one of four bytes in GB 18030 too.
#include "display/canvas/columns.hpp"

#include <doctest/doctest.h>

#include "display/canvas/utf8.hpp"

namespace {

using namespace lobby::display;
using Lines = std::vector<std::string>;

int width(std::string_view text) {
  int columns = 0;
  for (const auto c : code_points(text)) {
    columns += c < 0x80 ? 1 : 2;
  }
  return columns;
}

}  // namespace

TEST_CASE("rare characters and Latin take their places") {
  CHECK(size_of("A017").columns == 4);
  CHECK(size_of("不动产").columns == 6);
  CHECK(size_of("𠮷㐀䶮").columns == 6);
  CHECK(size_of("Café").columns == 5);  // é is A8A6 in GB 2312, a full place
  CHECK(size_of("").columns == 0);
  CHECK(size_of("一 B").plain);
  CHECK_FALSE(size_of("一\n二").plain);
  CHECK_FALSE(size_of("\xE4\xB8").plain);
}

TEST_CASE("what is no UTF-8 is never narrower than what stands for it") {
  for (const std::string_view bad :
       {"\xFF", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
        "\xE4\xB8", "\xF0\x9F\x98", "\x80\x80", "\xE4\xE4\xB8\x80"}) {
    CAPTURE(bad);
    CHECK(size_of(bad).columns == width(bad));
  }
}

TEST_CASE("words, numbers and dates are not torn") {
  CHECK(wrap("申请 business licence 一份", 16) == Lines{"申请 business", "licence 一份"});
  CHECK(wrap("取号时间：2026-03-16 09:05:31", 20) == Lines{"取号时间：2026-03-16", "09:05:31"});
  CHECK(wrap("0123456789abcdefghij", 8) == Lines{"01234567", "89abcdef", "ghij"});
}

TEST_CASE("no line begins with a closing mark or ends with an opening one") {
  CHECK(wrap("不动产登记（首次登记）", 10) == Lines{"不动产登记", "（首次登", "记）"});
  CHECK(wrap("不动产登记（首次登记）", 12) == Lines{"不动产登记", "（首次登记）"});
  CHECK(wrap("一二三、四", 6) == Lines{"一二", "三、四"});
}

TEST_CASE("lines break where the text says so") {
  CHECK(wrap("身份证\n户口簿原件\n", 20) == Lines{"身份证", "户口簿原件", ""});
  CHECK(wrap("", 20) == Lines{""});
  CHECK(wrap("a\x1B@b\x7F", 20) == Lines{"a@b"});
}

TEST_CASE("a heading breaks into about equal lines") {
  const auto name = "四川省什邡市人民政府政务服务中心蓥华镇便民服务分中心";  // 26 characters
  CHECK(wrap(name, 32) == Lines{"四川省什邡市人民政府政务服务中心", "蓥华镇便民服务分中心"});
  CHECK(wrap(name, 32, true) == Lines{"四川省什邡市人民政府政务服", "务中心蓥华镇便民服务分中心"});
}

TEST_CASE("no text makes a line too wide, and none is lost") {
  const std::string texts[] = {std::string(400, 'x'), std::string(99, '('), std::string(99, ')'),
                               "（（（（（（（（（（（（（（（（（（（（",
                               "，，，，，，，，，，，，，，，，，，，，"};
  for (const auto& text : texts) {
    for (const int columns : {0, 1, 2, 3, 7, 32}) {
      for (const bool balanced : {false, true}) {
        std::string all;
        for (const auto& line : wrap(text, columns, balanced)) {
          CHECK(width(line) <= std::max(columns, 2));
          all += line;
        }
        CHECK(all == text);
      }
    }
  }
}

TEST_CASE("blanks at a break do not count for an even heading") {
  CHECK(wrap("aaaa bbbb      cccc", 9, true) == Lines{"aaaa bbbb", "cccc"});
}
