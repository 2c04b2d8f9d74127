// Reading targets, bodies and text: the pure part.
#include <doctest/doctest.h>

#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/router.hpp"
#include "daemon/api/target.hpp"

using namespace lobby::api;

TEST_CASE("a target is a path and a query") {
  const auto target = parse_target("/api/v1/windows/w%201/open?a=1&b=x+y%2B&&c#d");
  REQUIRE(target);
  CHECK(target->path == "/api/v1/windows/w 1/open");
  CHECK(target->segments == std::vector<std::string>{"api", "v1", "windows", "w 1", "open"});
  CHECK(target->query ==
        std::vector<std::pair<std::string, std::string>>{{"a", "1"}, {"b", "x y+"}, {"c", ""}});
  CHECK(parse_target("/")->segments.empty());
  CHECK(parse_target("/a%2Fb")->segments == std::vector<std::string>{"a/b"});
  CHECK(parse_target("/")->path == "/");
  CHECK(parse_target("/%61%2fb/%252F?x")->path == "/a%2Fb/%252F");
  CHECK(parse_target("/a/b/")->path == "/a/b/");
  for (const char* bad :
       {"", "a", "*", "http://x/", "/%", "/%4", "/%4g", "/%00", "/%0a", "/%ff", "/?a=%zz", "/%c3%28"}) {
    CHECK_MESSAGE(!parse_target(bad), bad);
  }
}

TEST_CASE("clean text") {
  for (const char* good : {"", "abc", "张三", "é", "😀", "a b"}) {
    CHECK_MESSAGE(is_clean_text(good), good);
  }
  for (const char* bad : {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\xf8\x88\x80\x80\x80", "\x1b[0m", "\x7f", "\xc2\x85", "a\tb"}) {
    CHECK(!is_clean_text(bad));
  }
  CHECK(length("张三ab") == 4);
}

TEST_CASE("numbers") {
  CHECK(parse_number("0") == 0U);
  CHECK(parse_number("18446744073709551615") == 18446744073709551615U);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "18446744073709551616"}) {
    CHECK_MESSAGE(!parse_number(bad), bad);
  }
}

TEST_CASE("text in JSON is escaped") {
  std::string out;
  put(out, "a\"b\\c\n张\x01");
  CHECK(out == "\"a\\\"b\\\\c\\u000a张\\u0001\"");
}

TEST_CASE("a fault names the first thing wrong, and what is unknown only when all else is right") {
  BodyFields fields(R"({"a":1,"z":2})");
  fields.text("a", Need::required, 5);
  CHECK(fields.finish()->detail == "field `a` must be a string");
  BodyFields unknown(R"({"a":"x","z":2})");
  unknown.text("a", Need::required, 5);
  CHECK(unknown.finish()->detail == "unknown field `z`");
  BodyFields longer(R"({"a":"一二三四五六"})");
  longer.text("a", Need::optional, 5);
  CHECK(longer.finish()->detail == "field `a` is longer than 5 characters");
  BodyFields twice("{}{}");
  CHECK(twice.finish()->detail.starts_with("the body is not JSON"));
}

TEST_CASE("a request is examined without a hall") {
  Request request;
  request.method = Method::post;
  request.target = "/api/v1/windows/w1/call";
  request.body = R"({"ticket":5})";
  CHECK(std::holds_alternative<const Route*>(examine(request, Role::clerk)));
  request.body = R"({"ticket":"5"})";
  CHECK(std::get<Problem>(examine(request, Role::clerk)).code == "bad_request");
  request.target = "/api/v1/windows";
  CHECK(std::get<Problem>(examine(request, Role::clerk)).status == 404);
}
