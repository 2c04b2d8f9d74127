// Cards that are sent documents: GB/T 23828 signs and Huidu.
#include <doctest/doctest.h>

#include "tests/sim/gbt_card.hpp"
#include "tests/sim/huidu_card.hpp"
#include "tests/sim_boards/frames.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

BoardShape document_shape() {
  BoardShape out;
  out.width = 96;
  out.processing = 0ms;
  out.colour = BoardColour::full;
  return out;
}

/// CRC-16/XMODEM by division of the message's bits.
unsigned xmodem_of(const std::string& text) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < text.size() * 8 + 16; ++i) {
    const unsigned bit =
        i < text.size() * 8 ? static_cast<unsigned char>(text[i / 8]) >> (7 - i % 8) & 1U : 0;
    sum = sum << 1 | bit;
    sum = (sum & 0x10000U) != 0 ? sum ^ 0x11021U : sum;
  }
  return sum;
}

Bytes gbt(std::string body) {
  const unsigned sum = xmodem_of(body);
  body += static_cast<char>(sum >> 8);
  body += static_cast<char>(sum & 0xFF);
  Bytes out{2};
  for (const char c : body) {
    switch (c) {
      case 0x02:
        append(out, {0x1B, 0xE7});
        break;
      case 0x03:
        append(out, {0x1B, 0xE8});
        break;
      case 0x1B:
        append(out, {0x1B, 0x00});
        break;
      default:
        out.push_back(static_cast<std::uint8_t>(c));
    }
  }
  out.push_back(3);
  return out;
}

Bytes list(const std::string& items) {
  return gbt("000039-" + std::string(8, '\0') + "play66.lst" + items);
}

std::string text_of(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

std::unique_ptr<GbtCard> sign() {
  return std::make_unique<GbtCard>(document_shape(), GbtCard::Settings{}, font());
}

/// The data of an answer.
std::string ask(GbtCard& card, const Bytes& frame, std::int64_t ms = 0) {
  const auto answers = card.feed(frame, at_ms(ms));
  REQUIRE(answers.size() == 1);
  std::string plain;
  for (std::size_t i = 1; i + 1 < answers[0].size(); ++i) {
    const bool escapes = answers[0][i] == 0x1B;
    i += escapes ? 1 : 0;
    plain += static_cast<char>(!escapes                ? answers[0][i]
                               : answers[0][i] == 0xE7 ? 2
                               : answers[0][i] == 0xE8 ? 3
                                                       : 0x1B);
  }
  REQUIRE(plain.size() >= 9);
  return plain.substr(6, plain.size() - 8);
}

Bytes huidu(unsigned command, const std::string& payload) {
  Bytes out;
  const std::size_t size = 4 + payload.size();
  append(out, {static_cast<std::uint8_t>(size & 0xFF), static_cast<std::uint8_t>(size >> 8),
               static_cast<std::uint8_t>(command & 0xFF), static_cast<std::uint8_t>(command >> 8)});
  for (const char c : payload) {
    out.push_back(static_cast<std::uint8_t>(c));
  }
  return out;
}

std::string le32(std::size_t value) {
  return {static_cast<char>(value & 0xFF), static_cast<char>(value >> 8 & 0xFF),
          static_cast<char>(value >> 16 & 0xFF), static_cast<char>(value >> 24 & 0xFF)};
}

std::vector<Bytes> xml_packets(const std::string& xml, std::size_t piece = 9200) {
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < xml.size(); i += piece) {
    out.push_back(huidu(0x2003, le32(xml.size()) + le32(i) + xml.substr(i, piece)));
  }
  return out;
}

/// What is answered to it, XML put together again.
std::string tell(HuiduCard& card, const std::vector<Bytes>& packets, std::int64_t ms = 0) {
  std::string out;
  for (const Bytes& packet : packets) {
    for (const Bytes& answer : card.feed(packet, at_ms(ms))) {
      const bool is_xml = answer[2] == 0x04 && answer[3] == 0x20;
      out += is_xml ? text_of(answer).substr(12) : "[" + std::to_string(answer[2] | answer[3] << 8) + "]";
    }
  }
  return out;
}

std::string in(const std::string& guid, const std::string& method, const std::string& inside) {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?><sdk guid=\"" + guid + "\"><in method=\"" + method +
         "\">" + inside + "</in></sdk>";
}

std::string program(const std::string& text, const std::string& more = "") {
  return "<screen><program guid=\"a\"><area><rectangle x=\"16\" y=\"0\" width=\"64\" "
         "height=\"16\"/><resources>"
         "<text singleLine=\"true\"><style align=\"left\" valign=\"middle\"/><string>" +
         text + "</string><font size=\"16\" color=\"#00ff00\"/><effect duration=\"20\"/></text>" + more +
         "</resources></area></program></screen>";
}

/// A session: version and guid.
std::string begin(HuiduCard& card) {
  CHECK(tell(card, {huidu(0x2001, le32(0x01000009))}) == "[8194]");
  const std::string answer =
      tell(card, xml_packets(in("##GUID", "GetIFVersion", "<version value=\"1000000\"/>")));
  CHECK(answer.find("result=\"kSuccess\"") != std::string::npos);
  const std::size_t from = answer.find("guid=\"") + 6;
  return answer.substr(from, answer.find('"', from) - from);
}

}  // namespace

TEST_CASE("a GB/T 23828 sign takes the published poll, and answers as one") {
  const auto card = sign();
  const auto answers = card->feed(hex("02 30 30 30 30 30 31 e9 c9 03"), at_ms(0));
  REQUIRE(answers.size() == 1);
  CHECK(answers[0] == gbt("0000021"));
  CHECK(card->feed(gbt("070001"), at_ms(1)).empty());
  CHECK(refused(*card, "other_sign") == 1);
}

TEST_CASE("a sign stores a play list and shows it when told, item by item") {
  const auto card = sign();
  const auto before = card->pixels(at_ms(0)).bytes();
  CHECK(ask(*card, list("[Playlist]\r\nItem_No=2\r\n"
                        "Item000=200,1,0,\\C016000\\fs1616\\c000255000000\xB1\xB1\\n\xB1\xB1\r\n"
                        "Item001=100,1,0,\\C000000\\fs3232\\c255255000000\xB1\xB1\r\n")) == "1");
  CHECK(card->pixels(at_ms(1)).bytes() == before);
  CHECK(ask(*card, gbt("00004766"), 10) == "1");
  auto shown = card->pixels(at_ms(11));
  CHECK(art(shown, 0, 0, 16, 32).find('G') == std::string::npos);
  CHECK(art(shown, 16, 0, 16, 16).find('G') != std::string::npos);
  CHECK(art(shown, 16, 16, 16, 16) == art(shown, 16, 0, 16, 16));
  // 北 twice as large after 2 s, from the corner, and the first again after 1 s more.
  shown = card->pixels(at_ms(2011));
  CHECK(art(shown, 0, 0, 32, 32).find('Y') != std::string::npos);
  CHECK(art(shown, 0, 0, 96, 32).find('G') == std::string::npos);
  CHECK(art(card->pixels(at_ms(3011)), 16, 0, 16, 16).find('G') != std::string::npos);
  // Not a number; a mark that is none; no item at all.
  for (const char* bad : {"Item000=x,1,0,A", "Item000=200,1,0,\\qA", "Item_No=0"}) {
    CHECK(ask(*card, list(bad), 20) == "0");
  }
}

TEST_CASE("a sign's lamp, brightness and restart") {
  const auto card = sign();
  CHECK(ask(*card, list("Item000=200,1,0,\xB1\xB1")) == "1");
  CHECK(ask(*card, gbt("00004766")) == "1");
  CHECK_FALSE(is_dark(card->pixels(at_ms(1))));
  CHECK(ask(*card, gbt("0000110"), 10) == "1");
  CHECK(is_dark(card->pixels(at_ms(11))));
  CHECK(ask(*card, gbt("0000111"), 12) == "1");
  CHECK(ask(*card, gbt("0000112"), 12) == "0");
  CHECK(ask(*card, gbt("000023313100"), 13) == "1");
  CHECK(ask(*card, gbt("000023323100"), 13) == "0");
  CHECK(ask(*card, gbt("00004767"), 13) == "0");
  CHECK(ask(*card, gbt("000057"), 14) == "1北");
  const auto shown = card->pixels(at_ms(15)).bytes();
  CHECK(ask(*card, gbt("000019"), 20) == "1");
  CHECK(is_dark(card->pixels(at_ms(21))));
  CHECK(card->pixels(at_ms(3021)).bytes() != shown);
}

TEST_CASE("no single wrong bit of a sign's frames shows anything but what was sent") {
  const auto make = [] {
    auto card = sign();
    card->feed(list("Item000=200,1,0,\xD2\xBB"), at_ms(0));
    card->feed(gbt("00004766"), at_ms(1));
    return card;
  };
  const Bytes stored = list("Item000=200,1,0,\\C000002\\fs1616\x1B\xB1\xB1\x02\x03");
  const Bytes shows = gbt("00004766");
  const Flips flips = flip_each_bit(make, {stored, shows}, 0, stored.size() + shows.size());
  flips.tell("GB/T 23828, a list and its show");
  CHECK(flips.wrong == 0);
}

TEST_CASE("Huidu: version, guid, then programmes as XML in pieces") {
  HuiduCard card(document_shape(), font());
  CHECK(tell(card, xml_packets(in("##GUID", "GetIFVersion", ""))) == "[8192]");
  CHECK(refused(card, "no_version") == 1);
  const std::string guid = begin(card);
  CHECK(guid.size() == 36);
  const std::string said = tell(card, xml_packets(in(guid, "AddProgram", program("北A")), 100), 10);
  CHECK(said.find("method=\"AddProgram\" result=\"kSuccess\"") != std::string::npos);
  const auto shown = card.pixels(at_ms(20));
  CHECK(art(shown, 16, 0, 16, 16).find('G') != std::string::npos);
  CHECK(art(shown, 0, 0, 16, 32).find('G') == std::string::npos);
  CHECK(art(shown, 40, 0, 56, 32).find('G') == std::string::npos);
  // Longer than one packet carries.
  std::string notes = "<!--" + std::string(20'000, 'x') + "-->";
  CHECK(tell(card, xml_packets(in(guid, "UpdateProgram", program("南") + notes)), 30).find("kSuccess") !=
        std::string::npos);
  CHECK(card.pixels(at_ms(40)).bytes() != shown.bytes());
  CHECK(card.counts().flips == 2);
}

TEST_CASE("Huidu turns away pieces out of order, another session's guid, and what does not fit") {
  HuiduCard card(document_shape(), font());
  const std::string guid = begin(card);
  const std::string xml = in(guid, "AddProgram", program("北"));
  auto pieces = xml_packets(xml, 100);
  std::swap(pieces[1], pieces[2]);
  CHECK(tell(card, pieces).starts_with("[8192]"));
  CHECK(refused(card, "piece") >= 1);
  CHECK(tell(card, {huidu(0x2003, le32(9201) + le32(0) + std::string(9201, ' '))}) == "[8192]");
  CHECK(tell(card, xml_packets(in("##GUID", "AddProgram", program("北")))) == "[8192]");
  CHECK(refused(card, "guid") == 1);
  CHECK(tell(card, xml_packets(in(guid, "AddProgram",
                                  "<screen><program><area><rectangle x=\"0\" y=\"0\" "
                                  "width=\"97\" height=\"16\"/></area></program></screen>")))
            .find("kInvalidParam") != std::string::npos);
  CHECK(tell(card, xml_packets("<sdk")) == "[8192]");
  CHECK(tell(card, {huidu(0x7777, "")}) == "[8192]");
  CHECK(card.counts().flips == 0);
  // A heartbeat is answered once a second.
  CHECK(tell(card, {huidu(0x5F, ""), huidu(0x5F, "")}, 1000) == "[96]");
  // The connection ends, and the session with it.
  card.hang_up();
  CHECK(tell(card, xml_packets(xml), 2000) == "[8192]");
}

TEST_CASE("Huidu has no checksum: a wrong bit of a packet's head is refused by its lengths") {
  const std::string xml = in("5b0a7d1e-0000-4000-8000-000000000001", "AddProgram", program("北"));
  const auto make = [] {
    auto card = std::make_unique<HuiduCard>(document_shape(), font());
    const std::string guid = begin(*card);
    tell(*card, xml_packets(in(guid, "AddProgram", program("一"))));
    return card;
  };
  const Flips flips = flip_each_bit(make, xml_packets(xml), 0, 12);
  flips.tell("Huidu, head of an XML packet");
  CHECK(flips.bits == 96);
  CHECK(flips.wrong == 0);
}
