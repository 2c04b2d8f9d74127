#include "drivers/cctv/xml.hpp"

#include <doctest/doctest.h>

#include "drivers/link/xml_text.hpp"

using namespace lobby::cctv;

TEST_CASE("elements are found by their local names, whatever the name space") {
  const auto xml = Xml::parse(
      "<?xml version=\"1.0\"?><!-- c --><s:Envelope xmlns:s=\"urn:a\"><s:Body><x:A xmlns:x=\"urn:b\" "
      "x:t=\"1\"> "
      "one &amp; two </x:A><A>three</A></s:Body></s:Envelope>");
  REQUIRE(xml);
  CHECK(local_name(xml->root()) == "Envelope");
  CHECK(text_of(child(xml->root(), "Body/A")) == "one & two");
  CHECK(attribute(child(xml->root(), "Body/A"), "t") == "1");
  CHECK(attribute(child(xml->root(), "Body/A"), "u").empty());
  CHECK(children(child(xml->root(), "Body"), "A").size() == 2);
  CHECK(text_of(descendant(xml->root(), "A")) == "one & two");
  CHECK_FALSE(child(xml->root(), "Body/B/C"));
  CHECK(text_of(child(xml->root(), "Body/B/C")).empty());
}

TEST_CASE("what may not be is refused") {
  CHECK_FALSE(Xml::parse(""));
  CHECK_FALSE(Xml::parse("<a>"));
  CHECK_FALSE(Xml::parse("<a/><b/>"));
  CHECK_FALSE(Xml::parse("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"));
  CHECK_FALSE(Xml::parse("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"));
  std::string deep, wide = "<a>";
  for (int i = 0; i < 100'000; ++i) {
    deep += "<a>";
    wide += "<b/>";
  }
  CHECK_FALSE(Xml::parse(deep));
  CHECK_FALSE(Xml::parse(wide + "</a>"));
  std::string nested;
  for (int i = 0; i < Xml::deepest; ++i) {
    nested = "<a>" + nested + "</a>";
  }
  CHECK(Xml::parse(nested));
  CHECK_FALSE(Xml::parse("<a>" + nested + "</a>"));
  CHECK_FALSE(Xml::parse("<a><b/><c>" + nested + "</c></a>"));
}

TEST_CASE("what is put into XML comes out of it as it was") {
  const std::string text = "a<b>&\"c\" \xe8\xaf\x84";
  const auto xml = Xml::parse("<a t=\"" + lobby::link::xml_escaped(text) + "\">" +
                              lobby::link::xml_escaped(text) + "</a>");
  REQUIRE(xml);
  CHECK(text_of(xml->root()) == text);
  CHECK(attribute(xml->root(), "t") == text);
  CHECK(lobby::link::xml_escaped(std::string("a\0\x01z", 4)) == "az");
}

TEST_CASE("whole numbers are whole") {
  CHECK(whole_number("12") == 12);
  CHECK(whole_number("-1") == -1);
  for (const auto* text : {"", "1x", " 1", "99999999999", "1.0"}) {
    CHECK_FALSE(whole_number(text));
  }
}
