#include "daemon/feed/redact.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

std::string redacted(std::string_view text) {
  return encode(redact(decode(text)));
}
bool personal(std::string_view text) {
  return is_personal_number(decode(text));
}

TEST_CASE("ID and mobile numbers leave a text, whatever stands around them") {
  CHECK(redacted("身份证510682199001011234补办") == "身份证***补办");
  CHECK(redacted("51068219900101123X") == "***");
  CHECK(redacted("51068219900101123x变更") == "***变更");
  CHECK(redacted("510682900101123") == "***");
  CHECK(redacted("电话13800001234。") == "电话***。");
  CHECK(redacted("+8613800001234") == "+***");
  CHECK(redacted("138 0000 1234") == "***");
  CHECK(redacted("138-0000-1234转") == "***转");
  CHECK(redacted("510682 19900101 1234") == "***");
  CHECK(redacted("１３８００００１２３４") == "***");
  CHECK(redacted("6222021234567890123") == "***");
  CHECK(redacted("51068219900101123413800001234") == "***");
  CHECK(redacted("13800001234,13900001234") == "***,***");
}

TEST_CASE("whatever people put between the digits of a number") {
  for (const char* text :
       {"138.0000.1234", "138—0000—1234", "138——0000——1234", "(138)00001234", "（138）0000-1234",
        "138/0000/1234", "138\u30000000\u30001234", "138\u00a00000\u00a01234", "138_0000_1234",
        "138 - 0000 - 1234", "1 3 8 0 0 0 0 1 2 3 4", "138\u200b0000\u200b1234", "510682 900101 123",
        "510682 19900101 123X", "510682.19900101.1234"}) {
    CAPTURE(text);
    CHECK(redacted(text) == "***");
  }
  CHECK(redacted("+86 138 0000 1234") == "+86 ***");
  CHECK(redacted("窗口3 138 0000 1234") == "窗口3 ***");
  CHECK(redacted("3 138 0000 1234 5") == "3 *** 5");
  CHECK(redacted("3号13800001234-801转") == "3号***-801转");
}

TEST_CASE("a landline with its area code is a number of a person too") {
  for (const char* text :
       {"0838-8201234", "028-86601234", "(0838)8201234", "（028）86601234", "0838 820 1234", "028.8660.1234",
        "08388201234", "0288660123", "010-12345678", "0838—8201234"}) {
    CAPTURE(text);
    CHECK(redacted(text) == "***");
  }
  CHECK(redacted("电话0838-8201234转801") == "电话***转801");
  CHECK(redacted("+86-838-8201234") == "+86-***");
  CHECK(redacted("+86 28 86601234") == "+86 ***");
}

TEST_CASE("other numbers stay") {
  for (const char* text : {"2026-11-20",
                           "2026年11月20日",
                           "第12号",
                           "510682",
                           "12345",
                           "2026-11-20 08:30",
                           "承诺5工作日",
                           "A017",
                           "1-2-3",
                           "",
                           "12-",
                           "X",
                           "2026.03.16-2026.09.30",
                           "2026/03/16 2026/09/30",
                           "001-20261120",
                           "GB 50016-2014",
                           "川建发(2019)123号",
                           "192.168.1.10",
                           "3138 0000 1234",
                           "8201234"}) {
    CHECK(redacted(text) == text);
  }
}

TEST_CASE("a case number that looks like an ID number is none") {
  CHECK_FALSE(personal("510682202611200123"));
  CHECK_FALSE(personal("SF-2026-000123"));
  CHECK_FALSE(personal("510682(2026)000123"));
  CHECK_FALSE(personal("510682201301011234"));  // region, date and serial of an old case
  CHECK_FALSE(personal("990682199001011234"));  // no region
  CHECK(personal("510682199001011234"));        // there were no cases then
  CHECK(personal("510682900101123"));
  CHECK(personal("11010519491231002X"));
  CHECK(personal("１１０１０５１９４９１２３１００２Ｘ"));
  CHECK(personal("13800001234"));
  CHECK(personal("138-0000-1234"));
  CHECK_FALSE(personal(""));
}

TEST_CASE("a sentence for a log is one line, short and without numbers of persons") {
  CHECK(sanitise("a\nb\tc\x01") == "a b c");
  CHECK(sanitise("电话13800001234") == "电话***");
  const std::string cut = sanitise(std::string(500, 'x') + "十");
  CHECK(cut.size() == 200);
  std::string many;
  for (int i = 0; i < 100; ++i) {
    many += "十";
  }
  CHECK(sanitise(many) == many.substr(0, 198));
  CHECK(sanitise("\xff\xfe\x80") == "\uFFFD\uFFFD\uFFFD");
}

}  // namespace
}  // namespace lobby::feed
