#include "daemon/feed/values.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <string>

#include "daemon/feed/limits.hpp"
#include "daemon/feed/pseudonym.hpp"
#include "daemon/feed/redact.hpp"
#include "daemon/feed/stops.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

std::string limit(std::string_view text, std::string_view unit = "") {
  return read_limit(text, unit).value_or("-");
}

TEST_CASE("limits as people write them") {
  CHECK(limit("5个工作日") == "5 workday");
  CHECK(limit("5 workday") == "5 workday");
  CHECK(limit("承诺办结时限：5个工作日（特别程序除外）") == "5 workday");
  CHECK(limit("自受理之日起二十个工作日内") == "20 workday");
  CHECK(limit("十五日") == "15 day");
  CHECK(limit("一百二十天") == "120 day");
  CHECK(limit("两个工作日") == "2 workday");
  CHECK(limit("２０ 个 工作日") == "20 workday");
  CHECK(limit("20自然日") == "20 day");
  CHECK(limit("4小时") == "4 hour");
  CHECK(limit("4个小时") == "4 hour");
  CHECK(limit("10 Working Days") == "10 workday");
  CHECK(limit("20d") == "20 day");
  CHECK(limit("3 documents") == "-");
  CHECK(limit("5.0工作日") == "5 workday");
  CHECK(limit("2.5天") == "-");
  for (const char* text : {"即办件", "当场办结", "即时办理", "0个工作日", "0.0天", "immediate"}) {
    CAPTURE(text);
    CHECK(limit(text) == "immediate");
  }
  for (const char* text :
       {"", "--", "1个月", "3月15日前", "2026年3月15日", "三年", "工作日", "若干天", "10000天", "-"}) {
    CAPTURE(text);
    CHECK(limit(text) == "-");
  }
}

TEST_CASE("a number alone has the unit that stands elsewhere, or none") {
  CHECK(limit("5", "workday") == "5 workday");
  CHECK(limit(" 5.0 ", "工作日") == "5 workday");
  CHECK(limit("5", "天") == "5 day");
  CHECK(limit("5", "即办") == "immediate");
  CHECK(limit("0", "workday") == "immediate");
  CHECK(limit("5") == "-");
  CHECK(limit("5", "月") == "-");
  CHECK(limit("-5", "workday") == "-");
  CHECK(limit("4小时", "workday") == "4 hour");
  const std::map<std::string, std::string> codes{{"1", "workday"}, {"2", "day"}, {"3", "immediate"}};
  CHECK(read_limit("5", "2", codes) == "5 day");
  CHECK(read_limit("5", "3", codes) == "immediate");
  CHECK(read_limit("5", "9", codes) == std::nullopt);
}

TEST_CASE("counts, flags and times of the day") {
  CHECK(read_count("7") == "7");
  CHECK(read_count(" 007 ") == "7");
  CHECK(read_count("1.5") == "1");
  CHECK(read_count("99999") == "99999");
  for (const char* text : {"", "-1", "100000", "七", "7家", "1.", "1e3", "13812345678"}) {
    CAPTURE(text);
    CHECK_FALSE(read_count(text));
  }
  for (const char* text : {"true", "TRUE", "1", "是", "Y"}) {
    CHECK(read_flag(text) == "true");
  }
  for (const char* text : {"false", "0", "否", "n"}) {
    CHECK(read_flag(text) == "false");
  }
  CHECK_FALSE(read_flag("2"));
  for (const char* text :
       {"9:30", "09:30", "0930", "09:30:59", "2026-11-20 09:30:00", "2026-11-20T09:30:00+08:00"}) {
    CAPTURE(text);
    CHECK(read_clock(text) == "09:30");
  }
  CHECK(read_clock("24:00") == "24:00");
  for (const char* text : {"", "9", "930", "24:01", "09:60", "9点半", "2026-11-20", "a09:30"}) {
    CAPTURE(text);
    CHECK_FALSE(read_clock(text));
  }
}

TEST_CASE("amounts and addresses hold nothing else") {
  for (const char* text : {"12345678.90元", "￥1,234,567.00", "138000000.00", "13800000000.00", "98.5%",
                           "下浮3.2%", "1234.56万元"}) {
    CAPTURE(text);
    CHECK(read_price(text) == text);
  }
  for (const char* text : {"", "待定", "13812345678", "138-1234-5678", "138.1234.5678", "510682199001011234",
                           "张三丰100元", "100元 联系13812345678"}) {
    CAPTURE(text);
    CHECK_FALSE(read_price(text));
  }
  for (const char* text : {"http://h/a?b=c#d", "https://example.invalid:8443/"}) {
    CHECK(read_url(text) == text);
  }
  for (const char* text : {"", "ftp://h/", "javascript:alert(1)", "https://", "https:///x", "https://u:p@h/",
                           "https://h/a b", "https://h/张", "https://h/13812345678", "https://h/\"x"}) {
    CAPTURE(text);
    CHECK_FALSE(read_url(text));
  }
  CHECK_FALSE(read_url("https://h/" + std::string(500, 'x')));
}

TEST_CASE("telephones of offices stay, those of people go") {
  const auto contact = [](std::string_view text) { return encode(redact_contact(decode(text))); };
  CHECK(contact("0838-8201234") == "0838-8201234");
  CHECK(contact("(0838)8201234转801") == "(0838)8201234转801");
  CHECK(contact("08388201234") == "08388201234");
  CHECK(contact("0838-8201234/13812345678") == "0838-8201234/***");
  CHECK(contact("手机138 1234 5678") == "手机***");
  CHECK(contact("+8613812345678") == "+***");
  CHECK(contact("510682199001011234") == "***");
}

TEST_CASE("an applicant is known by a keyed sum, however the number is written") {
  // openssl dgst -sha256 -hmac key2026
  const std::string sum = "3f7c5943027fbce210f8fa376b1a66b4";
  for (const char* text : {"51068219900101123X", "51068219900101123x", " 510682 19900101 123X ",
                           "５１０６８２１９９００１０１１２３Ｘ"}) {
    CAPTURE(text);
    CHECK(applicant_sum("key2026", text) == sum);
  }
  CHECK(applicant_sum("key2027", "51068219900101123X") != sum);
  for (const char* text :
       {"", "5106**********123X", "张三丰", "12345", "510682199001011230510682199001011230"}) {
    CAPTURE(text);
    CHECK(applicant_sum("key2026", text).empty());
  }
  CHECK(applicant_sum("", "51068219900101123X").empty());
}

/// The stops of a row `{"s": …}` and how many values were bad.
std::string stops(const std::string& json, std::uint32_t bad = 0) {
  const Field from{{{"f"}},
                   {Trim{}, Nulls{{"--"}}, DateFormats{{"yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "rfc3339"}}}};
  Field to = from;
  to.from = {{"t"}};
  const SubList rules{{{"s"}, {"other"}}, {{"from", from}, {"to", to}}};
  std::uint32_t counted = 0;
  const auto told = read_stops(boost::json::parse(R"({"s":)" + json + "}"), rules, {}, counted);
  CHECK(counted == bad);
  return told;
}

TEST_CASE("stops are told in the order of time, and only the last may be open") {
  CHECK(stops("[]") == "");
  CHECK(stops("null") == "");
  CHECK(stops("\"\"") == "");
  CHECK(stops(R"([{"f":"2026-03-10","t":"2026-03-12"},{"f":"2026-03-02 09:00:00","t":"2026-03-03"}])") ==
        "2026-03-02T09:00:00+08:00/2026-03-03;2026-03-10/2026-03-12");
  CHECK(stops(R"([{"f":"2026-03-02"},{"f":"2026-03-10","t":"--"}])") == "2026-03-02/2026-03-10;2026-03-10/");
  CHECK(stops(R"({"f":"2026-03-02","t":null})") == "2026-03-02/");
  CHECK(stops(R"("[{\"f\":\"2026-03-02\"}]")") == "2026-03-02/");
  CHECK(stops(R"([{"f":"2026-03-02T08:00:00+08:00","t":"2026-03-02"}])", 1) == "");
  CHECK(stops(R"([{"t":"2026-03-02"},{"f":"x","t":"2026-03-02"},{"f":{}},"x",{}])", 3) == "");
  CHECK(stops("7", 1) == "");
  CHECK(stops("\"not JSON\"", 1) == "");
  std::string many = "[";
  for (int day = 10; day < 50; ++day) {
    many += R"({"f":"20)" + std::to_string(day) + R"(-01-01","t":"20)" + std::to_string(day) + R"(-01-02"},)";
  }
  many.back() = ']';
  const std::string told = stops(many);
  CHECK(told.starts_with("2018-01-01/2018-01-02;"));
  CHECK(std::count(told.begin(), told.end(), '/') == 32);
}

}  // namespace
}  // namespace lobby::feed
