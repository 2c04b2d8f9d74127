#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "daemon/feed/strict_json.hpp"

namespace lobby::feed {
namespace {

bool accepts(std::string_view text) {
  return std::holds_alternative<boost::json::value>(parse_strict(text));
}

std::string repeated(std::string_view part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) {
    out += part;
  }
  return out;
}

TEST_CASE("JSON as the standard has it") {
  CHECK(accepts(R"({"a":[1,-2.5e3,true,false,null,"\u4e00\ud842\udfb7"]})"));
  CHECK(accepts("\xEF\xBB\xBF{}"));
  CHECK(accepts(" \r\n\t[] \n"));
  CHECK(accepts(R"({"a":{"a":1},"b":{"a":1}})"));
}

TEST_CASE("what the standard leaves open or forbids is refused") {
  for (const char* text : {"",
                           " ",
                           "{",
                           "{}}",
                           "{} x",
                           "NaN",
                           "[NaN]",
                           "[Infinity]",
                           "[-Infinity]",
                           "[1e999]",
                           "[01]",
                           "[1,]",
                           "{'a':1}",
                           "// c\n{}",
                           R"({"a":1,"a":2})",
                           R"({"\u0061":1,"a":2})",
                           R"(["\ud842"])",
                           R"(["\udfb7"])",
                           R"(["\ud842\ud842"])",
                           "[\"\xff\"]",
                           "[\"\xed\xa0\x80\"]",
                           "[\"\x01\"]",
                           "\xEF\xBB\xBF\xEF\xBB\xBF{}"}) {
    CAPTURE(text);
    CHECK_FALSE(accepts(text));
  }
}

TEST_CASE("nothing grows beyond its bound") {
  CHECK(accepts(repeated("[", 32) + repeated("]", 32)));
  CHECK_FALSE(accepts(repeated("[", 33) + repeated("]", 33)));
  CHECK_FALSE(accepts(repeated("[", 100'000)));
  CHECK(accepts("[\"" + std::string(16 * 1024, 'x') + "\"]"));
  CHECK_FALSE(accepts("[\"" + std::string(16 * 1024 + 1, 'x') + "\"]"));
  CHECK_FALSE(accepts("{\"" + std::string(16 * 1024 + 1, 'x') + "\":1}"));
  CHECK(accepts("[" + repeated("1,", 9'999) + "1]"));
  CHECK_FALSE(accepts("[" + repeated("1,", 10'000) + "1]"));
  CHECK_FALSE(accepts("[" + repeated("[" + repeated("1,", 9'000) + "1],", 60) + "1]"));
  CHECK_FALSE(accepts("[\"" + std::string(9U * 1024 * 1024, 'x') + "\"]"));
}

TEST_CASE("a fault never quotes what was read") {
  const auto fault = parse_strict(R"({"applyername":"张三丰","applyername":"张三丰"})");
  REQUIRE(std::holds_alternative<JsonFault>(fault));
  CHECK(std::get<JsonFault>(fault).reason.find("张三丰") == std::string::npos);
  CHECK(std::get<JsonFault>(fault).reason.find("twice") != std::string::npos);
}

TEST_CASE("pointers lead where RFC 6901 says") {
  auto value = std::get<boost::json::value>(parse_strict(R"({"a":[{"b":1}],"m~n":2,"x/y":3,"":4})"));
  const auto at = [&](std::string_view pointer) {
    const auto* found = find(value, *parse_pointer(pointer));
    return found == nullptr ? std::string("-") : boost::json::serialize(*found);
  };
  CHECK(at("/a/0/b") == "1");
  CHECK(at("/m~0n") == "2");
  CHECK(at("/x~1y") == "3");
  CHECK(at("/") == "4");
  CHECK(at("/a/1") == "-");
  CHECK(at("/a/-1") == "-");
  CHECK(at("/a/x") == "-");
  CHECK(at("/a/0/b/c") == "-");
  CHECK_FALSE(parse_pointer("a"));
  CHECK_FALSE(parse_pointer("/~2"));
  CHECK_FALSE(parse_pointer("/~"));
}

}  // namespace
}  // namespace lobby::feed
