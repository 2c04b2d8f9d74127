// LED boards: what the reader takes, what it refuses and where it points.
#include <doctest/doctest.h>

#include <string>

#include "daemon/app/site_file.hpp"
#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby;
using namespace lobby::app::cases;
using Kind = devices::BoardConfig::Kind;

const std::string good_boards = R"(schema = 1
name = "测试大厅"
zone = [{id = "A", name = "一区"}, {id = "B", name = "二区"}]
service = [{id = "s", name = "业务", zone = "A", prefix = "A", hours = "h"}]
window = [{id = "w", number = 1, name = "w", zone = "A", services = ["s"]}]

[hours.h]
mon = ["08:30-12:00"]

[[board]]
id = "k"
protocol = "onbon_k"
zone = "A"
link = "serial:/dev/led-1"
baud = 57600
address = 7
group = "hall"
brightness_at = ["06:30 100", "18:00 40"]
on_spans = ["07:30-18:30", "22:00-00:30"]

[[board]]
id = "pixels"
protocol = "ddp"
link = "udp:10.0.0.6:4048"
width = 320
height = 96
size = 24
dwell_s = 9
roll = true
brightness = 80
brightness_at = ["20:00 30"]

[[board.part]]
x = 0
y = 0
width = 320
height = 48
pages = ["calls"]

[[board.part]]
x = 0
y = 48
width = 320
height = 48
pages = ["cases", "totals"]

[[board]]
id = "lights"
protocol = "e131"
link = "udp:10.0.0.7:5568"
universe = 11

[[board]]
id = "panel"
protocol = "colorlight"
link = "ether:eth1"
order = "bgr"

[[board]]
id = "text"
protocol = "huidu"
link = "tcp:10.0.0.8:10001"
at_end = "dark"

[[board]]
id = "road"
protocol = "gbt23828"
link = "tcp:10.0.0.9:2000"
text = "下班了"

[[board]]
id = "wall"
protocol = "screen"
width = 1024
height = 64
colour = "full"

[[bus]]
id = "strips"
port = "/dev/strips"
baud = 9600
dialect = "strip69"

[[board]]
id = "strip-1"
protocol = "sign"
profile = "strip69"
bus = "strips"
address = 7
window = "w"

[[board]]
id = "strip-4"
protocol = "sign"
profile = "strip69"
bus = "strips"
address = 20
rows = 4
zone = "B"
pages = ["calls"]

[[bus]]
id = "modbus"
port = "/dev/modbus"

[[board]]
id = "display"
protocol = "sign"
profile = "embedded-art"
bus = "modbus"
address = 9

[[board]]
id = "alone"
protocol = "sign"
profile = "plain-line"
link = "tcp:10.0.0.20:4000"

[[board]]
id = "room-door"
protocol = "onbon_6e"
link = "tcp:10.0.0.10:5005"
room = "开标一室"
)";

const app::BoardSite& board_of(const app::SiteFile& site, const std::string& id) {
  for (const auto& board : site.boards) {
    if (board.wire.id.value == id) {
      return board;
    }
  }
  FAIL("no board " << id);
  return site.boards.front();
}

const std::vector<Case> wrong_boards = {
    {"parts that overlap", "y = 48\n", "y = 47\n", "over another", "[[board.part]]\nx = 0\ny = 47"},
    {"a part that leaves at the right", "x = 0\ny = 48\n", "x = 1\ny = 48\n", "leaves the board of 320 x 96",
     "[[board.part]]\nx = 1"},
    {"a part that leaves below", "y = 48\n", "y = 49\n", "leaves the board of 320 x 96",
     "[[board.part]]\nx = 0\ny = 49"},
    {"a part without pages", "pages = [\"calls\"]\n", "", "pages", "[[board.part]]\nx = 0\ny = 0"},
    {"parts and pages", "roll = true", "roll = true\npages = «[\"calls\"]»", "pages"},
    {"parts of a text card", "protocol = \"ddp\"\nlink = \"udp:10.0.0.6:4048\"",
     "protocol = «\"huidu\"»\nlink = \"tcp:10.0.0.6:4048\"", "lines of text"},
    {"brightness that is none", "\"18:00 40\"", "«\"18:00 bright\"»", "18:00 bright"},
    {"brightness without its time", "\"18:00 40\"", "«\"40\"»", "40"},
    {"brightness between half-hours", "\"18:00 40\"", "«\"18:10 40\"»", "half-hour"},
    {"brightness above all", "\"18:00 40\"", "«\"18:00 101\"»", "101"},
    {"brightness with a sign", "\"18:00 40\"", "«\"18:00 40%\"»", "40%"},
    {"brightness out of order", "\"18:00 40\"", "«\"06:00 40\"»", "too late in the list"},
    {"brightness twice at a time", "\"18:00 40\"", "«\"06:30 40\"»", "too late in the list"},
    {"a span that is none", "\"07:30-18:30\"", "«\"07:30 18:30\"»", "07:30 18:30"},
    {"a span from the end of the day", "\"22:00-00:30\"", "«\"24:00-00:30\"»", "24:00-00:30"},
    {"a span without a moment in it", "\"22:00-00:30\"", "«\"22:00-22:00\"»", "00:00-24:00"},
    {"a span within another", "\"22:00-00:30\"", "«\"08:00-09:00\"»", "overlaps"},
    {"a span around another", "\"22:00-00:30\"", "«\"07:00-19:00\"»", "overlaps"},
    {"a night that ends in the day", "\"22:00-00:30\"", "«\"22:00-07:31\"»", "overlaps"},
    {"an unknown protocol", "\"onbon_6e\"", "«\"onbon_7e\"»", "onbon_7e"},
    {"pixels over TCP", "\"udp:10.0.0.6:4048\"", "«\"tcp:10.0.0.6:4048\"»", "udp:HOST:PORT"},
    {"pixels to nobody", "\"udp:10.0.0.6:4048\"", "«\"udp:10.0.0.6\"»", "udp:HOST:PORT"},
    {"universes over a serial line", "\"udp:10.0.0.7:5568\"", "«\"serial:/dev/led\"»", "udp:HOST:PORT"},
    {"a panel over UDP", "\"ether:eth1\"", "«\"udp:10.0.0.1:5\"»", "ether:INTERFACE"},
    {"a panel without its interface", "\"ether:eth1\"", "«\"ether:\"»", "ether:INTERFACE"},
    {"a Huidu card on a serial line", "\"tcp:10.0.0.8:10001\"", "«\"serial:/dev/led\"»", "tcp:HOST:PORT"},
    {"a card on Ethernet", "\"tcp:10.0.0.10:5005\"", "«\"ether:eth2\"»", "ether:eth2"},
    {"a wall with a link", "id = \"wall\"", "id = \"wall\"\nlink = «\"tcp:10.0.0.4:1\"»", "lobby-screen"},
    {"a board on nothing", "link = \"tcp:10.0.0.10:5005\"\n", "", "hangs on nothing", "\"room-door\""},
    {"two boards on one wire", "\"tcp:10.0.0.9:2000\"", "«\"tcp:10.0.0.8:10001\"»", "text"},
    {"two boards at one controller", "\"udp:10.0.0.7:5568\"\nuniverse = 11",
     "\"udp:10.0.0.7:5568\"\nuniverse = 11\n\n[[board]]\nid = \"more\"\nprotocol = \"e131\"\n"
     "link = «\"udp:10.0.0.7:5568\"»\nuniverse = 11",
     "lights"},
    {"boards whose universes overlap", "\"udp:10.0.0.7:5568\"\nuniverse = 11",
     "\"udp:10.0.0.7:5568\"\nuniverse = 11\n\n[[board]]\nid = \"more\"\nprotocol = \"e131\"\n"
     "link = «\"udp:10.0.0.7:5568\"»\nuniverse = 47",
     "universe 47"},
    {"more universes than there are", "universe = 11", "universe = «63964»", "63999"},
    {"a room without its name", "room = \"开标一室\"", "pages = «[\"room\"]»", "room"},
    {"an unknown page", "[\"cases\", \"totals\"]", "[\"cases\", «\"total\"»]", "total"},
    {"a page twice", "[\"cases\", \"totals\"]", "[\"cases\", «\"cases\"»]", "cases"},
    {"a zone that is none", "zone = \"A\"\nlink", "zone = «\"C\"»\nlink", "C"},
    {"a size that no font has", "size = 24", "size = «20»", "20"},
    {"a board too small to read", "width = 1024", "width = «15»", "15"},
    {"an address of three digits", "link = \"tcp:10.0.0.9:2000\"",
     "link = \"tcp:10.0.0.9:2000\"\naddress = «100»", "100"},
    {"an unknown key", "order = \"bgr\"", "«ordr» = \"bgr\"", ""},
    {"a sign of nobody knows which kind", "protocol = \"sign\"\nprofile = \"embedded-art\"",
     "protocol = «\"sign\"»", "profiles/signs"},
    {"a profile that is not there", "\"embedded-art\"", "«\"embedded-axt\"»", "embedded-axt"},
    {"a sign of digits", "\"embedded-art\"", "«\"dm36\"»", "digits alone"},
    {"a sign of digits on a line of frames", "\"plain-line\"", "«\"number-board\"»", "digits alone"},
    {"a sign of another dialect than its line", "\"embedded-art\"\nbus = \"modbus\"",
     "\"imm9002\"\nbus = «\"modbus\"»", "imm9002"},
    {"a display on a line of strips", "bus = \"modbus\"", "bus = «\"strips\"»", "modbus"},
    {"a display on a link", "bus = \"modbus\"\naddress = 9", "link = «\"tcp:10.0.0.21:4000\"»", "[[bus]]"},
    {"a sign on a link and a bus", "link = \"tcp:10.0.0.20:4000\"",
     "link = «\"tcp:10.0.0.20:4000\"»\nbus = \"strips\"\naddress = 60", "hangs on a link and on a bus"},
    {"a sign without its address", "address = 9\n", "", "no \"address\"", "\"display\""},
    {"a line that is none", "bus = \"modbus\"", "bus = «\"modbus-2\"»", "no bus"},
    {"the broadcast address", "address = 7\nwindow", "address = «0»\nwindow", "1 to 247"},
    {"two signs at one address", "address = 7\nwindow", "address = 20\nwindow", "strip-1", "20\nrows"},
    {"a sign among the rows of another", "address = 7\nwindow", "address = 22\nwindow", "strip-1", "4\nzone"},
    {"rows beyond the last address", "address = 20\nrows = 4", "address = 245\nrows = «4»", "begin lower"},
    {"rows of a card", "protocol = \"huidu\"", "protocol = \"huidu\"\nrows = «2»", "sign"},
    {"a profile of a card", "protocol = \"huidu\"", "protocol = \"huidu\"\nprofile = «\"strip69\"»", "sign"},
    {"a card on a bus", "protocol = \"huidu\"", "protocol = \"huidu\"\nbus = «\"strips\"»", "\"link\""},
    {"a sign in dots", "rows = 4\n", "rows = 4\nwidth = «64»\n", "width"},
    {"a sign of a brightness", "rows = 4\n", "rows = 4\nbrightness = «50»\n", "brightness"},
    {"a speed of a line that is the bus's", "rows = 4\n", "rows = 4\nbaud = «9600»\n", "[[bus]]"},
    {"a window that is none", "window = \"w\"\n", "window = «\"w9\"»\n", "w9"},
    {"a window of another zone", "window = \"w\"\n", "window = \"w\"\nzone = «\"B\"»\n", "zone"},
    {"a name twice", "id = \"road\"", "id = «\"text\"»", "text"},
};

}  // namespace

TEST_CASE("boards are read: what is left out is what such a board usually has") {
  const auto site = app::read_site_text(good_boards, name);
  REQUIRE(site.boards.size() == 12);
  const auto& k = board_of(site, "k");
  CHECK(k.wire.kind == Kind::onbon_k);
  CHECK(std::get<devices::SerialPort>(k.wire.link).path == "/dev/led-1");
  CHECK(k.wire.address == 7);
  CHECK(k.wire.zone->value == "A");
  CHECK(k.wire.playlist.width == 192);
  CHECK(k.wire.playlist.height == 32);
  CHECK(k.wire.playlist.zones.front().items.front().view == "calls");
  // What counts at the end of the day counts from midnight on.
  const auto& percent = k.wire.brightness.percent;
  CHECK(percent[0] == 40);
  CHECK(percent[12] == 40);
  CHECK(percent[13] == 100);
  CHECK(percent[35] == 100);
  CHECK(percent[36] == 40);
  CHECK(percent[47] == 40);

  CHECK(k.wire.on_spans == std::vector<devices::OnSpan>{{450, 1110}, {1320, 30}});
  CHECK(is_lit_at(k.wire.on_spans, 450));
  CHECK_FALSE(is_lit_at(k.wire.on_spans, 1110));
  CHECK(is_lit_at(k.wire.on_spans, 0));
  CHECK_FALSE(is_lit_at(k.wire.on_spans, 30));
  CHECK(board_of(site, "road").wire.on_spans.empty());
  const auto whole = app::read_site_text(good_boards + "on_spans = [\"00:00-24:00\"]\n", name);
  CHECK(is_lit_at(board_of(whole, "room-door").wire.on_spans, 0));
  CHECK(is_lit_at(board_of(whole, "room-door").wire.on_spans, 1439));

  const auto& pixels = board_of(site, "pixels").wire;
  CHECK(pixels.brightness.percent[0] == 80);
  CHECK(pixels.brightness.percent[39] == 80);
  CHECK(pixels.brightness.percent[40] == 30);
  REQUIRE(pixels.playlist.zones.size() == 2);
  CHECK(pixels.playlist.zones[1].area.y == 48);
  CHECK(pixels.playlist.zones[1].items.size() == 2);
  CHECK(pixels.playlist.style.size == 24);
  CHECK(pixels.playlist.style.dwell == std::chrono::seconds(9));
  CHECK(pixels.playlist.style.roll);

  CHECK(board_of(site, "lights").wire.universe == 11);
  CHECK(board_of(site, "panel").wire.is_bgr);
  CHECK(std::get<devices::EthernetPort>(board_of(site, "panel").wire.link).name == "eth1");
  CHECK(board_of(site, "text").wire.rests_dark);
  CHECK(board_of(site, "road").wire.address == 0);
  CHECK(board_of(site, "room-door").wire.address == 1);
  CHECK(board_of(site, "road").wire.playlist.rest.text == "下班了");
  CHECK(std::holds_alternative<devices::VideoOutput>(board_of(site, "wall").wire.link));
  const auto& door = board_of(site, "room-door");
  CHECK(door.room == "开标一室");
  REQUIRE(door.wire.playlist.zones.front().items.size() == 2);
  CHECK(door.wire.playlist.zones.front().items.front().view == "room");
  CHECK(door.wire.playlist.zones.front().items.back().view == "texts");
}

TEST_CASE("boards side by side share a controller when their universes do not meet") {
  // 192 x 32 dots are 37 universes.
  const auto text = replaced(good_boards, "universe = 11",
                             "universe = 11\n\n[[board]]\nid = \"more\"\nprotocol = \"e131\"\n"
                             "link = \"udp:10.0.0.7:5568\"\nuniverse = 48");
  CHECK(app::read_site_text(text, name).boards.size() == 13);
}

TEST_CASE("a board that is wrong is refused in one sentence, at its place, with a remedy") {
  check_all(good_boards, wrong_boards);
}

TEST_CASE(
    "signs are boards of characters: what they are, their profile says, and how long pages stay their line") {
  const auto site = app::read_site_text(good_boards, name);
  const auto& strip = board_of(site, "strip-1").wire;
  CHECK(strip.kind == Kind::sign);
  CHECK(strip.driver() == "strip69");
  REQUIRE(strip.sign() != nullptr);
  CHECK(strip.sign()->line.value == "strips");
  CHECK(strip.sign()->on_bus);
  CHECK(strip.sign()->address == 7);
  CHECK(strip.sign()->columns == 16);
  CHECK(strip.sign()->rows == 1);
  CHECK(strip.sign()->pages() == 2);
  CHECK(strip.window->value == "w");
  CHECK(strip.zone->value == "A");
  CHECK(strip.playlist.width == 128);
  CHECK(strip.playlist.height == 16);
  std::vector<std::string> pages;
  for (const auto& item : strip.playlist.zones.front().items) {
    pages.push_back(item.view);
  }
  CHECK(pages == std::vector<std::string>{"calls", "windows", "texts"});
  CHECK(board_of(site, "strip-4").wire.sign()->rows == 4);
  CHECK(board_of(site, "strip-4").wire.playlist.height == 64);
  CHECK(board_of(site, "display").wire.driver() == "embedded-art");
  CHECK(board_of(site, "display").wire.sign()->pages() == 1);
  CHECK_FALSE(board_of(site, "alone").wire.sign()->on_bus);
  REQUIRE(site.devices.dialect_lines.size() == 2);
  CHECK(site.devices.dialect_lines[1].id.value == "alone");
  CHECK_FALSE(site.devices.dialect_lines[1].is_bus);
  // Five signs of two places: 10 × 0.372 s, and a quarter more.
  CHECK(strip.playlist.style.least_dwell == std::chrono::seconds(5));
  CHECK(strip.playlist.style.dwell == std::chrono::seconds(6));
  CHECK(board_of(site, "alone").wire.playlist.style.least_dwell == std::chrono::seconds(4));
  CHECK(site.devices.absent.empty());
}
