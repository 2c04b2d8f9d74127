#include "drivers/board/huidu.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/drivers_board/hex.hpp"

namespace huidu_tests {

using namespace lobby;
using namespace lobby::board::huidu;
using board::Bytes;
using tests::hex;

namespace {

std::vector<Packet> split(const Bytes& bytes) {
  PacketSplitter splitter;
  std::vector<Packet> out;
  for (const auto byte : bytes) {
    if (auto packet = splitter.take(byte)) {
      out.push_back(std::move(*packet));
    }
  }
  return out;
}

Packet answer_part(std::size_t total, std::size_t index, std::string_view text) {
  Packet packet{0x2004, {}};
  board::put_le(packet.data, total, 4);
  board::put_le(packet.data, index, 4);
  board::put_text(packet.data, text);
  return packet;
}

}  // namespace

TEST_CASE("the version is asked for, and a heartbeat is answered as public code does it") {
  CHECK(version_ask({}) == hex("08 00 01 20 07 00 00 01"));
  CHECK(heartbeat_reply({}) == hex("04 00 5f 00"));
}

TEST_CASE("a long text goes in parts of 9200 bytes that say where they belong") {
  const std::string xml = std::string(9200, 'a') + "bc";
  const auto bytes = xml_ask({}, xml);
  REQUIRE(bytes.size() == 12 + 9200 + 12 + 2);
  CHECK(Bytes(bytes.begin(), bytes.begin() + 13) == hex("fc 23 03 20 f2 23 00 00 00 00 00 00 61"));
  CHECK(Bytes(bytes.begin() + 9212, bytes.end()) == hex("0e 00 03 20 f2 23 00 00 f0 23 00 00 62 63"));
  Settings parts;
  parts.index_counts_bytes = false;
  const auto counted = xml_ask(parts, xml);
  CHECK(Bytes(counted.begin() + 9212, counted.begin() + 9224) == hex("0e 00 03 20 f2 23 00 00 01 00 00 00"));
}

TEST_CASE("packets are read out of a stream, and a length that cannot be one ends it") {
  const auto packets = split(hex("04 00 5f 00 06 00 00 20 05 00"));
  REQUIRE(packets.size() == 2);
  CHECK(packets[0].command == 0x005F);
  CHECK(packets[1].command == 0x2000);
  CHECK(error_text(packets[1]) == "error 5");
  PacketSplitter splitter;
  for (const auto byte : hex("03 00 04 00 5f 00")) {
    CHECK(!splitter.take(byte).has_value());
  }
  CHECK(splitter.is_lost());
  splitter.reset();
  CHECK(!splitter.is_lost());
}

TEST_CASE("the parts of an answer are put together, and what does not fit is no answer") {
  XmlParts parts;
  CHECK(!parts.take({}, answer_part(5, 0, "abc")).has_value());
  CHECK(parts.take({}, answer_part(5, 3, "de")) == "abcde");
  CHECK(!parts.take({}, answer_part(5, 0, "abc")).has_value());
  CHECK(!parts.take({}, answer_part(5, 4, "e")).has_value());  // one is missing
  CHECK(!parts.take({}, answer_part(5, 3, "de")).has_value());
  CHECK(parts.take({}, answer_part(2, 0, "ok")) == "ok");
  CHECK(!parts.take({}, answer_part(1U << 20U, 0, "x")).has_value());
  CHECK(!parts.take({}, {0x2004, hex("01 00")}).has_value());
}

TEST_CASE("the first question carries the placeholder that the card replaces") {
  const auto xml = xml_interface_version({});
  CHECK(xml.find("guid=\"##GUID\"") != std::string::npos);
  CHECK(xml.find("method=\"GetIFVersion\"") != std::string::npos);
}

TEST_CASE("an answer says whether it was done, and the screen's size") {
  const auto answer = parse_xml_answer(
      "<?xml version=\"1.0\"?>\n<sdk guid=\"f00d\">\n <out method=\"GetDeviceInfo\" result=\"kSuccess\">"
      "<device id=\"A3\"/><screen width=\"192\" height=\"32\" rotation=\"0\"/></out></sdk>");
  REQUIRE(answer.has_value());
  CHECK(answer->guid == "f00d");
  CHECK(answer->method == "GetDeviceInfo");
  CHECK(answer->is_success());
  CHECK(answer->width == 192);
  CHECK(answer->height == 32);
  CHECK(!parse_xml_answer("<sdk guid=\"1\"/>").has_value());
  const auto no = parse_xml_answer("<sdk guid=\"1\"><out method=\"AddProgram\" result=\"kNoMemory\"/></sdk>");
  CHECK(!no->is_success());
  CHECK(no->result == "kNoMemory");
  CHECK(!no->width.has_value());
}

TEST_CASE("a text is a line below a line, and says nothing to the XML around it") {
  TextScreen screen;
  screen.width = 192;
  screen.height = 33;
  const auto xml = xml_text("f00d", screen, {{"请A001 <到> \"3\"&\n号", {255, 0, 0}}, {"窗口", {0, 255, 0}}});
  CHECK(xml.find("guid=\"f00d\"") != std::string::npos);
  CHECK(xml.find("<string>请A001 &lt;到&gt; &quot;3&quot;&amp;号</string>") != std::string::npos);
  CHECK(xml.find("y=\"0\" width=\"192\" height=\"16\"") != std::string::npos);
  CHECK(xml.find("y=\"16\" width=\"192\" height=\"17\"") != std::string::npos);
  CHECK(xml.find("color=\"#ff0000\"") < xml.find("color=\"#00ff00\""));
}

TEST_CASE("the other orders say what they mean") {
  CHECK(xml_power("1", true).find("OpenScreen") != std::string::npos);
  CHECK(xml_power("1", false).find("CloseScreen") != std::string::npos);
  CHECK(xml_brightness("1", 0).find("value=\"1\"") != std::string::npos);  // 0 would be off
  CHECK(xml_clock("1", {2026, 3, 16, 9, 5, 31, 1}).find("2026-03-16 09:05:31") != std::string::npos);
  CHECK(xml_device_info("1").find("GetDeviceInfo") != std::string::npos);
}

}  // namespace huidu_tests
