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

TEST_CASE("other numbers stay") {
  for (const char* text : {"2026-11-20", "2026年11月20日", "第12号", "0838-8200000", "510682", "12345",
                           "2026-11-20 08:30", "承诺5工作日", "A017", "1-2-3", "", "12-", "X"}) {
    CHECK(redacted(text) == text);
  }
}

TEST_CASE("a case number that looks like an ID number is none") {
  CHECK_FALSE(personal("510682202611200123"));
  CHECK_FALSE(personal("SF-2026-000123"));
  CHECK_FALSE(personal("510682(2026)000123"));
  CHECK_FALSE(personal("510682199001011234"));  // wrong check character
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
