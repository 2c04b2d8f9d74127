#include "display/page/program.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "tests/display_page/board_samples.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

/// Every kind with every member filled with words of its own, so that none can stand for another.
std::map<std::string, BoardView, std::less<>> every_page() {
  CasesView cases{"标题", {}, {"09:30", true}};
  for (const auto light : {Light::none, Light::green, Light::yellow, Light::red, Light::grey}) {
    cases.rows.push_back({"a", "b", "c", "d", "e", "f", "g", light});
  }
  return {
      {"cases", cases},
      {"totals", TotalsView{{{"a", "b", "c"}, {"d", "e", "f"}}, {"10:00", true}}},
      {"windows", WindowsView{"t", {{"a", "b", {"c", "d"}}, {"e", "f", {}}}}},
      {"notice", NoticeView{"t", {{"a", "b"}, {"", "c"}}}},
      {"openings", OpeningsView{"t", {{"a", "b", "c", "d", "e", "f", true}}, {"11:00", true}}},
      {"room", RoomView{"a", "b", "c", "d", "e", "f", true, {"11:30", true}}},
      {"results", ResultsView{"t", {{"a", "b", "c", "d", "e", "f", "g"}}, {"12:00", true}}},
      {"collect", CollectView{"t", {{"a", "b", "c"}}, {"13:00", true}}},
      {"hotlines", HotlinesView{"t", {{"a", "b", "c"}}}},
      {"door", DoorView{"a", "b", true, "c", "d"}},
      {"calls", CallsView{"t", {{"a", "b", "c", 1'774'310'400'000'001us}, {"d", "e", "f", 7us}}}},
      {"text", TextView{"a", "引号\" 反斜\\ 换行\n 四字节𠮷"}},
      {"emergency", EmergencyView{"a"}},
      {"default", DefaultView{"a"}},
      {"blank", BlankView{}},
      {"self_test", SelfTestView{"a"}},
  };
}

BoardProgram every_field() {
  BoardProgram program;
  program.board = "wall-1";
  program.version = 17'000'000'000'000'000'001U;
  program.now = 1'774'310'400'000'000us;
  program.at = 1'774'310'400'500'000us;
  program.valid_for = 12s;
  program.brightness = 80;
  program.power = false;
  auto& list = program.playlist;
  list.width = 1024;
  list.height = 64;
  list.zones = {{{0, 0, 1000, 64}, {{"cases"}, {"totals", 5s}}}, {{1000, 1, 24, 63}, {}}};
  list.rest.text = "休息";
  list.style = {Depth::full, {1, 2, 3}, 24,   true, 1ms, 2,   3ms,
                4,           5,         true, 6ms,  7ms, 8ms, {"a", "b", "c", "d", "e"}};
  program.views.pages = every_page();
  program.views.over_all = EmergencyView{"请撤离"};
  return program;
}

/// A program of one zone, as JSON to be spoilt.
json::object small_json() {
  return json::parse(
             R"({"board":"w","version":1,"now_us":5,"at_us":null,"valid_for_ms":10000,"width":64,"height":16,
    "zones":[{"area":[0,0,64,16],"items":[{"page":"p","dwell_ms":null}]}],
    "pages":{"p":{"kind":"text","title":"","text":"a"}},"over_all":null})")
      .as_object();
}

std::optional<BoardProgram> read_json(const json::value& value) {
  return read_program(json::serialize(value));
}

void put(json::value& all, std::string_view pointer, const json::value& value) {
  const auto slash = pointer.rfind('/');
  json::value& parent = all.at_pointer(pointer.substr(0, slash));
  const auto last = pointer.substr(slash + 1);
  if (parent.is_array()) {
    parent.as_array().at(static_cast<std::size_t>(std::stoi(std::string(last)))) = value;
  } else {
    parent.as_object()[last] = value;
  }
}

/// The small program with the value at the pointer put in place of what is there.
bool is_read_with(std::string_view pointer, std::string_view value) {
  json::value all = small_json();
  put(all, pointer, json::parse(value));
  return read_json(all).has_value();
}

bool is_read_without(std::string_view member) {
  json::object all = small_json();
  REQUIRE(all.erase(member) == 1);
  return read_json(all).has_value();
}

json::array many(std::size_t count, const json::value& one) {
  return json::array(count, one);
}

}  // namespace

TEST_CASE("a program comes back as it was written, with every kind and every member") {
  const auto program = every_field();
  const std::string text = write_program(program);
  CHECK(text.find('\n') == std::string::npos);
  const auto read = read_program(text);
  REQUIRE(read);
  CHECK(read->board == "wall-1");
  CHECK(read->version == 17'000'000'000'000'000'001U);
  CHECK(read->now == 1'774'310'400'000'000us);
  CHECK(read->at == 1'774'310'400'500'000us);
  CHECK(read->valid_for == 12s);
  CHECK(read->brightness == 80);
  CHECK_FALSE(read->power);
  CHECK(read->playlist.width == 1024);
  CHECK(read->playlist.zones.size() == 2);
  CHECK(read->playlist.zones[1].area == Rect{1000, 1, 24, 63});
  CHECK(read->playlist.zones[0].items[1].dwell == 5s);
  CHECK_FALSE(read->playlist.zones[0].items[0].dwell);
  CHECK(read->playlist.rest.text == "休息");
  CHECK(read->playlist.style.single == Colour{1, 2, 3});
  CHECK(read->playlist.style.light_words[4] == "e");
  const auto& pages = read->views.pages;
  CHECK(std::get<CasesView>(pages.at("cases")).rows[3].light == Light::red);
  CHECK(std::get<WindowsView>(pages.at("windows")).rows[0].matters[1] == "d");
  CHECK(std::get<CallsView>(pages.at("calls")).calls[0].at == 1'774'310'400'000'001us);
  CHECK(std::get<TextView>(pages.at("text")).text == "引号\" 反斜\\ 换行\n 四字节𠮷");
  CHECK(std::get<EmergencyView>(*read->views.over_all).text == "请撤离");
  // Each member has a word of its own in every_field(): the same text again means that none was lost.
  CHECK(write_program(*read) == text);
}

TEST_CASE("each kind and each word stands in the program as the daemon and the wall agreed") {
  const auto all = json::parse(write_program(every_field())).as_object();
  for (const auto& [name, page] : all.at("pages").as_object()) {
    CHECK(page.at("kind").as_string() == name);
  }
  CHECK(all.at("pages").as_object().size() == 16);
  const auto has = [&](std::string_view pointer, std::string_view value) {
    CHECK_MESSAGE(all.at("style").as_object().size() == 14, "a member of the style has no word");
    CHECK(json::serialize(json::value(all).at_pointer(pointer)) == value);
  };
  has("/style", R"({"depth":"full","single":[1,2,3],"size":24,"smooth":true,"dwell_ms":1,"reading_speed":2,)"
                R"("least_dwell_ms":3,"scroll_speed":4,"roll_speed":5,"roll":true,"flash_ms":6,"blink_ms":7,)"
                R"("call_keep_ms":8,"light_words":["a","b","c","d","e"]})");
  has("/zones/0",
      R"({"area":[0,0,1000,64],"items":[{"page":"cases","dwell_ms":null},{"page":"totals","dwell_ms":5000}]})");
  has("/pages/cases/rows/1",
      R"({"case_no":"a","matter":"b","applicant":"c","window":"d","accepted":"e","limit":"f",)"
      R"("state":"g","light":"green"})");
  has("/pages/cases/age", R"({"as_of":"09:30","stale":true})");
  has("/pages/calls/calls/1", R"({"ticket":"d","window":"e","case_tail":"f","at_us":7})");
  has("/pages/room",
      R"({"kind":"room","room":"a","project":"b","time":"c","state":"d","request":"e","next":"f","busy":true,"age":{"as_of":"11:30","stale":true}})");
  has("/pages/openings/rows/0",
      R"({"time":"a","room":"b","project_no":"c","project":"d","section":"e","state":"f","now":true})");
  has("/pages/blank", R"({"kind":"blank"})");
  has("/over_all", R"({"kind":"emergency","text":"请撤离"})");
  has("/at_us", "1774310400500000");
}

TEST_CASE("what is left out keeps its default, what is not known is passed over") {
  auto all = small_json();
  CHECK(read_json(all));
  all["from_the_future"] = {{"a", 1}};
  all["pages"].as_object()["p"].as_object()["font"] = "song";
  all["zones"].as_array()[0].as_object()["shade"] = nullptr;
  all["style"] = {{"glow", 1}, {"roll", true}};
  const auto read = read_json(all);
  REQUIRE(read);
  CHECK(read->power);
  CHECK(read->brightness == 100);
  CHECK_FALSE(read->at);
  CHECK_FALSE(read->views.over_all);
  CHECK(read->playlist.style.roll);
  CHECK(read->playlist.style.dwell == 6s);
  CHECK(read->playlist.rest.text == "欢迎光临");
  for (const char* member :
       {"board", "version", "now_us", "valid_for_ms", "width", "height", "zones", "pages"}) {
    CAPTURE(member);
    CHECK_FALSE(is_read_without(member));
  }
}

TEST_CASE("a member of another type, an unknown kind and a number beyond its bounds are refused") {
  for (const auto& [pointer, good, bad] : std::initializer_list<std::array<const char*, 3>>{
           {"/board", R"("x")", "1"},
           {"/version", "0", "-1"},
           {"/version", "18446744073709551615", "1.5"},
           {"/now_us", "0", "-1"},
           {"/at_us", "4102444800000000", "4102444800000001"},
           {"/valid_for_ms", "86400000", "86400001"},
           {"/brightness", "100", "101"},
           {"/brightness", "0", "-1"},
           {"/power", "false", "0"},
           {"/width", "4096", "4097"},
           {"/width", "64", "0"},
           {"/height", "4096", "4097"},
           {"/height", "16", "16.0"},
           {"/style", "{}", "[]"},
           {"/style", R"({"depth":"dual"})", R"({"depth":"grey"})"},
           {"/style", R"({"size":0})", R"({"size":256})"},
           {"/style", R"({"reading_speed":1})", R"({"reading_speed":0})"},
           {"/style", R"({"light_words":["","a","b","c","d"]})", R"({"light_words":["","a","b","c"]})"},
           {"/style", R"({"single":[0,0,255]})", R"({"single":[0,0,256]})"},
           {"/rest", R"("")", "null"},
           {"/zones", "[]", "{}"},
           {"/zones/0/area", "[0,0,64,16]", "[0,0,65,16]"},
           {"/zones/0/area", "[63,15,1,1]", "[63,15,1,2]"},
           {"/zones/0/area", "[0,0,1,1]", "[0,0,1,0]"},
           {"/zones/0/area", "[1,0,1,1]", "[-1,0,1,1]"},
           {"/zones/0/area", "[0,0,1,1]", "[0,0,1]"},
           {"/zones/0/items", "[]", "null"},
           {"/zones/0/items/0", R"({"page":"q"})", R"({"dwell_ms":5})"},
           {"/zones/0/items/0/dwell_ms", "1", "0"},
           {"/pages", "{}", "[]"},
           {"/pages/p", R"({"kind":"blank"})", R"({"kind":"bank"})"},
           {"/pages/p", R"({"kind":"blank"})", R"({"text":"a"})"},
           {"/pages/p", R"({"kind":"cases","rows":[{"light":"red"}]})",
            R"({"kind":"cases","rows":[{"light":"blue"}]})"},
           {"/pages/p", R"({"kind":"calls","calls":[{"at_us":0}]})",
            R"({"kind":"calls","calls":[{"at_us":-1}]})"},
           {"/pages/p", R"({"kind":"text","text":"a"})", R"({"kind":"text","text":7})"},
           {"/over_all", R"({"kind":"blank"})", "true"},
       }) {
    CAPTURE(pointer);
    CAPTURE(bad);
    CHECK(is_read_with(pointer, good));
    CHECK_FALSE(is_read_with(pointer, bad));
  }
}

TEST_CASE("nothing is read beyond the bounds") {
  const auto with = [](std::string_view pointer, const json::value& value) {
    json::value all = small_json();
    put(all, pointer, value);
    return read_json(all).has_value();
  };
  const auto zone = small_json().at("zones").at(0);
  CHECK(with("/zones", many(64, zone)));
  CHECK_FALSE(with("/zones", many(65, zone)));
  CHECK(with("/zones/0/items", many(64, {{"page", "p"}})));
  CHECK_FALSE(with("/zones/0/items", many(65, {{"page", "p"}})));
  const auto pages = [](int count) {
    json::object all;
    for (int i = 0; i < count; ++i) {
      all[std::to_string(i)] = {{"kind", "blank"}};
    }
    return all;
  };
  CHECK(with("/pages", pages(256)));
  CHECK_FALSE(with("/pages", pages(257)));
  CHECK(with("/pages/p", {{"kind", "cases"}, {"rows", many(2'000, json::object())}}));
  CHECK_FALSE(with("/pages/p", {{"kind", "cases"}, {"rows", many(2'001, json::object())}}));
  CHECK_FALSE(with("/pages/p", {{"kind", "windows"}, {"rows", many(1, {{"matters", many(2'001, "a")}})}}));

  const auto deep = [](int depth) {
    json::value inner = 1;
    for (int i = 0; i < depth; ++i) {
      inner = json::array({inner});
    }
    return inner;
  };
  CHECK(with("/more", deep(15)));  // itself one deeper
  CHECK_FALSE(with("/more", deep(16)));

  std::string text = json::serialize(small_json());
  CHECK(read_program(text + std::string(ProgramBounds::bytes - text.size(), ' ')));
  CHECK_FALSE(read_program(text + std::string(ProgramBounds::bytes - text.size() + 1, ' ')));
  CHECK_FALSE(read_program(text + "x"));
  CHECK_FALSE(read_program(text.substr(0, text.size() - 1)));
  CHECK_FALSE(read_program(""));
  CHECK_FALSE(read_program("[]"));
  CHECK_FALSE(read_program("{\"board\":\"\xff\"}"));
}

TEST_CASE("what cannot be read is not written: long lists and bytes that are no text") {
  auto program = *read_json(small_json());
  program.views.pages["p"] = CasesView{"t", std::vector<CasesView::Row>(2'500), {}};
  program.views.pages["q"] = TextView{"", "a\xff\xe4\xb8"};
  const auto read = read_program(write_program(program));
  REQUIRE(read);
  CHECK(std::get<CasesView>(read->views.pages.at("p")).rows.size() == 2'000);
  CHECK(std::get<TextView>(read->views.pages.at("q")).text.starts_with("a\xEF\xBF\xBD"));
}
