// The bytes were made by Python: '张三丰𠮷'.encode('gb18030'), '俓'.encode('gbk').
#include "daemon/feed/charset.hpp"

#include <doctest/doctest.h>

namespace lobby::feed {
namespace {

std::string read(std::string body, std::string_view type) {
  auto read = to_utf8(std::move(body), type);
  REQUIRE(std::holds_alternative<std::string>(read));
  return std::get<std::string>(std::move(read));
}

const std::string names = "[\"\xd5\xc5\xc8\xfd\xb7\xe1\x95\x34\xb2\x35\"]";

TEST_CASE("GB 18030 by whatever name it is declared") {
  for (const char* type :
       {"application/json;charset=GBK", "text/html; charset=\"gb2312\"",
        "application/json; CharSet = gb18030", "text/xml;charset=x-gbk;q=1", "text/plain; charset='CP936'"}) {
    CAPTURE(type);
    CHECK(read(names, type) == "[\"张三丰𠮷\"]");
  }
  for (const char* type :
       {"", "application/json", "application/json;charset=utf-8", "text/plain;charset=latin1"}) {
    CAPTURE(type);
    CHECK(read("[\"张\"]", type) == "[\"张\"]");
  }
}

TEST_CASE("a character whose second byte is a backslash does not open an escape") {
  CHECK(read("[\"\x82\x5c\"]", "text/json;charset=gbk") == "[\"俓\"]");
}

TEST_CASE("bytes that are no character become U+FFFD, and nothing behind them is lost") {
  CHECK(read("[\"\xd5\"]", "a/b;charset=gbk") == "[\"\xEF\xBF\xBD\"]");
  CHECK(read("a\xff z", "a/b;charset=gbk") == "a\xEF\xBF\xBD z");
  CHECK(read("a\xd5", "a/b;charset=gbk") == "a\xEF\xBF\xBD");
  std::string longer;
  std::string expected;
  for (int i = 0; i < 30'000; ++i) {
    longer += "\xd5\xc5";
    expected += "张";
  }
  CHECK(read(longer, "a/b;charset=gbk") == expected);
}

TEST_CASE("a byte order mark is stronger than a declaration, and is taken off") {
  CHECK(read("\xEF\xBB\xBF[\"张\"]", "a/b;charset=gbk") == "[\"张\"]");
  CHECK(read("\xEF\xBB\xBF{}", "") == "{}");
}

TEST_CASE("the first line of XML says it where the header does not, and goes") {
  CHECK(read("<?xml version=\"1.0\" encoding=\"GB18030\"?><a>\xd5\xc5</a>", "text/xml") == "<a>张</a>");
  CHECK(read("<?xml version='1.0' encoding='gbk' ?>\n<a>\xd5\xc5</a>", "") == "\n<a>张</a>");
  CHECK(read("<?xml version=\"1.0\" encoding=\"GB18030\"?><a>张</a>", "text/xml;charset=UTF-8") ==
        "<a>张</a>");
  CHECK(read("<?xml version=\"1.0\"?><a>张</a>", "text/xml") == "<a>张</a>");
  CHECK(read("<?xml " + std::string(500, ' ') + "?>", "") == "<?xml " + std::string(500, ' ') + "?>");
}

TEST_CASE("a file is UTF-8, or else GB 18030") {
  const auto file = [](const std::string& body) { return std::get<std::string>(file_to_utf8(body)); };
  CHECK(file(names) == "[\"张三丰𠮷\"]");
  CHECK(file("[\"张三丰𠮷\"]") == "[\"张三丰𠮷\"]");
  CHECK(file("<?xml version=\"1.0\" encoding=\"GBK\"?><a>\xd5\xc5</a>") == "<a>张</a>");
}

}  // namespace
}  // namespace lobby::feed
