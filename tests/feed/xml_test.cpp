#include "daemon/feed/xml.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/feed/rows.hpp"
#include "tests/feed/fixtures.hpp"

namespace lobby::feed {
namespace {

std::string converted(std::string_view text) {
  const auto value = parse_xml(text);
  if (const auto* fault = std::get_if<JsonFault>(&value)) {
    return fault->reason;
  }
  return boost::json::serialize(std::get<boost::json::value>(value));
}

bool refused(std::string_view text) {
  return std::holds_alternative<JsonFault>(parse_xml(text));
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    out += part;
  }
  return out;
}

TEST_CASE("XML becomes a value that pointers lead through") {
  CHECK(converted("<r><a>1</a><b/><c>x</c><c>y</c></r>") == R"({"r":{"a":"1","b":"","c":["x","y"]}})");
  CHECK(converted("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"GB18030\"?>\n<r>张</r>\n") ==
        R"({"r":"张"})");
  CHECK(converted(R"(<s:Envelope xmlns:s="urn:x"><s:Body a:id="1" b='2'>t</s:Body></s:Envelope>)") ==
        R"({"Envelope":{"Body":{"@id":"1","@b":"2","#text":"t"}}})");
  CHECK(converted("<r><a><![CDATA[{\"x\":\"<&>\"}]]></a></r>") == R"({"r":{"a":"{\"x\":\"<&>\"}"}})");
  CHECK(converted("<r>1 &lt; 2 &amp;&#x4e09;&#19977;<!-- 注 --></r>") == R"({"r":"1 < 2 &三三"})");
  CHECK(converted(R"(<r xmlns:xsi="i"><a xsi:nil="true"/><b xsi:nil="false">1</b></r>)") ==
        R"({"r":{"a":null,"b":{"@nil":"false","#text":"1"}}})");
  CHECK(converted("<r>\n  <a>\n</a>\n</r>") == R"({"r":{"a":""}})");
  CHECK(converted("<r>x<a/>y</r>") == R"({"r":{"a":"","#text":"xy"}})");
  CHECK(converted("<r> x </r>") == R"({"r":" x "})");
  CHECK(converted("<?pi x?><r/>") == R"({"r":""})");
}

TEST_CASE("nothing is defined, included or expanded") {
  const std::string bomb = R"(<!DOCTYPE r [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>)";
  CHECK(converted(bomb).find("document type") != std::string::npos);
  CHECK(refused(R"(<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>)"));
  CHECK(refused(R"(<!DOCTYPE r><r/>)"));
  CHECK(converted("<r>&b;&nbsp;</r>") == R"({"r":"&b;&nbsp;"})");
}

TEST_CASE("what is malformed is refused without being quoted") {
  for (const char* text :
       {"", " ", "x", "<r>", "<r></s>", "<r a=1/>", "<r a=\"1\" a=\"2\"/>", "<a/><b/>", "<r><", "<r/><!",
        "<r>\xff</r>", "<r>\xed\xa0\x80</r>", "<r>&#xD800;</r>", "<r a=\"&#xDFFF;\"/>"}) {
    CAPTURE(text);
    CHECK(refused(text));
  }
  CHECK(converted("<r><name>张三丰</nam></r>").find("张三丰") == std::string::npos);
}

TEST_CASE("XML has bounds like JSON") {
  CHECK_FALSE(refused(repeated("<a>", 32) + repeated("</a>", 32)));
  CHECK(refused(repeated("<a>", 33) + repeated("</a>", 33)));
  CHECK(refused(repeated("<a>", 200'000)));
  CHECK(refused(repeated("<a>", 200'000) + repeated("</a>", 200'000)));
  CHECK_FALSE(refused("<r>" + std::string(16 * 1024, 'x') + "</r>"));
  CHECK(refused("<r>" + std::string(16 * 1024 + 1, 'x') + "</r>"));
  CHECK(refused("<r a=\"" + std::string(16 * 1024 + 1, 'x') + "\"/>"));
  CHECK_FALSE(refused("<r>" + repeated("<i/>", 10'000) + "</r>"));
  CHECK(refused("<r>" + repeated("<i/>", 10'001) + "</r>"));
  CHECK(refused("<r>" + repeated("<l>" + repeated("<i/>", 9'000) + "</l>", 60) + "</r>"));
  CHECK(refused("<r>" + repeated("<i/>", 1'000'000) + "</r>"));
  CHECK(refused("<r>" + std::string(9U * 1024 * 1024, ' ') + "</r>"));
  std::string keys;
  for (int i = 0; i < 1001; ++i) {
    keys += "<k" + std::to_string(i) + "/>";
  }
  CHECK(refused("<r>" + keys + "</r>"));
}

/// Ids of the rows of an answer by a mapping whose table [answer] is given, or what is wrong with it.
std::string ids(const std::string& answer, const std::string& body) {
  const Mapping mapping = parse_mapping(
      "schema = 1\nname = \"m\"\n[answer]\n" + answer + "\n[matters.field.id]\nfrom = [\"/id\", \"/@id\"]\n",
      "m.toml");
  const auto read = read_answer(mapping, mapping.resources.front(), {}, body);
  if (const auto* fault = std::get_if<AnswerFault>(&read)) {
    return fault->reason;
  }
  std::string out = "|";
  for (const Row& row : std::get<Answer>(read).rows) {
    out += row.id + "|";
  }
  return out;
}

TEST_CASE("a list of one row or none is a list in XML") {
  const std::string shape = "format = \"xml\"\nitems = \"/r/rows/row\"";
  CHECK(ids(shape, "<r><rows><row><id>1</id></row><row id='2'/></rows></r>") == "|1|2|");
  CHECK(ids(shape, "<r><rows><row><id>1</id></row></rows></r>") == "|1|");
  CHECK(ids(shape, "<r><rows/></r>") == "|");
  CHECK(ids(shape, "<r><rows><row/></rows></r>") == "|");
  CHECK(ids(shape, "<r><error/></r>") == "the answer has no list where the mapping expects the rows");
  CHECK(ids(shape, "<r></r") == "the answer is not the XML that is allowed: it is malformed");
  CHECK(ids(shape, "{}") == "the answer is not the XML that is allowed: it holds no element");
  CHECK(ids(shape, "<!doctype html><html><body>请登录</body></html>") ==
        "the answer is a login page, not XML");
  CHECK(ids("items = \"/rows\"", R"({"rows":{"id":1}})") ==
        "the answer has no list where the mapping expects the rows");
}

TEST_CASE("XML in a text of JSON, and JSON in an element of XML") {
  CHECK(ids("unwrap = [\"/data\"]\nitems = \"/data/rows/row\"",
            R"({"data":"<?xml version=\"1.0\"?><rows><row><id>1</id></row></rows>"})") == "|1|");
  CHECK(ids("unwrap = [\"/data\"]\nitems = \"/data/rows/row\"", R"({"data":"<rows>"})") ==
        "inside a text that should hold XML: the answer is not the XML that is allowed: it is malformed");
  const std::string soap =
      "format = \"xml\"\nunwrap = [\"/Envelope/Body/out\"]\nitems = \"/Envelope/Body/out/rows\"";
  CHECK(
      ids(soap, R"(<s:Envelope><s:Body><out>{"rows":[{"id":"1"},{"id":"2"}]}</out></s:Body></s:Envelope>)") ==
      "|1|2|");
  CHECK(ids(soap, R"(<s:Envelope><s:Body><out>{"rows":[</out></s:Body></s:Envelope>)")
            .starts_with("inside a text"));
}

}  // namespace
}  // namespace lobby::feed
