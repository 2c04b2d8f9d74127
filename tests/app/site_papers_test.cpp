// Templates of tickets: what the reader takes, what it refuses and where it points.
#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "daemon/app/site_file.hpp"
#include "display/ticket/paper_fields.hpp"
#include "display/ticket/paper_template.hpp"
#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby;
using namespace lobby::app::cases;

const std::string good_site = R"(schema = 1
name = "测试大厅"
zone = [{id = "z", name = "一区"}]
service = [{id = "s", name = "业务", zone = "z", prefix = "A", hours = "h"}]
window = [{id = "w", number = 1, name = "w", zone = "z", services = ["s"]}]
printer = [{id = "p1", profile = "generic-80", link = "tcp:127.0.0.1:9"}]
[hours.h]
mon = ["08:30-12:00"]
[paper]
ticket = "mine"
)";

const std::string good_template = R"(schema = 1
title = "测试"
kind = "ticket"
line = [
  {text = "{number}", align = "centre", scale = 4},
  {text = "重打 第{copy}次", bold = true},
  {rule = "-"},
  {qr = "{link}", module = 5, align = "right"},
]
)";

/// A folder with everything that `good_site` names, but for its template.
struct House {
  Folder folder;
  std::string site = folder.path() / "sites" / "x.toml";
  House() {
    const std::string config = LOBBY_SOURCE_DIR "/config/";
    for (const std::string file : {"profiles/printers/generic-80.toml", "tickets/notice.toml",
                                   "tickets/checkpoint.toml", "tickets/self-test.toml"}) {
      folder.write(file, slurp(config + file));
    }
  }
};

}  // namespace

TEST_CASE("a template of the site's own lays out its tickets") {
  const House house;
  house.folder.write("tickets/mine.toml", good_template);
  const auto site = app::read_site_text(good_site, house.site);
  display::TicketPaper paper;
  paper.face = site.papers.ticket;
  paper.number = "A001";
  paper.copy = 2;
  paper.link = "http://x/1";
  using Align = display::PaperLine::Align;
  const std::vector<display::PaperItem> wanted = {
      display::PaperLine{"A001", Align::centre, 4, false},
      display::PaperLine{"重打 第2次", Align::left, 1, true},
      display::PaperLine{"--------------------------------", Align::left, 1, false},
      display::PaperQr{"http://x/1", 5, Align::right}};
  CHECK(display::ticket_face(paper, 32) == wanted);
}

TEST_CASE("an error in a template names the template's file and line") {
  const House house;
  const std::string number = "{text = \"{number}\", align = \"centre\", scale = 4}";
  const std::vector<Case> wrong = {
      {"unknown key", "scale = 4", "«scal» = 4", ""},
      {"range", "scale = 4", "scale = «9»", "scale"},
      {"choice", "\"centre\"", "«\"center\"»", "left, centre, right"},
      {"type", "bold = true", "bold = «\"yes\"»", "bold"},
      {"unknown name", "{rule = \"-\"}", "{text = «\"{nubmer}\"»}", "nubmer"},
      {"no number", number, "{text = \"x\"}", "{number}", "[\n"},
      {"no mark", "{text = \"重打 第{copy}次\", bold = true},\n", "", "{copy}", "[\n"},
      {"says nothing", "{rule = \"-\"}", "«{bold = true}»", "says nothing"},
      {"two at once", "{rule = \"-\"}", "{text = \"x\", rule = «\"-\"»}", "a line of each"},
      {"another kind", "kind = \"ticket\"", "kind = «\"notice\"»", "notice"},
      {"no line", good_template.substr(good_template.find("line")), "line = «[]»\n", "line"},
      {"no list", good_template.substr(good_template.find("line")), "line = «7»\n", "line"},
  };
  for (const auto& each : wrong) {
    CAPTURE(each.what);
    const auto marked = prepare(good_template, each);
    const auto path = house.folder.write("tickets/mine.toml", marked.text);
    const auto sentence = refusal(good_site, house.site);
    const auto place = path + ":" + std::to_string(marked.line) + ":" + std::to_string(marked.column) + ": ";
    CHECK_MESSAGE(sentence.starts_with(place), sentence, " does not start with ", place);
    CHECK_MESSAGE(sentence.find(each.word) != std::string::npos, sentence);
  }
}

TEST_CASE("a template that is not there is said where it is named") {
  const House house;
  const auto sentence = refusal(good_site, house.site);
  CHECK_MESSAGE(sentence.starts_with(house.site + ":10:10: \"mine\" is not known"), sentence);
  const auto silent = replaced(good_site, "[paper]\nticket = \"mine\"\n", "");
  CHECK_MESSAGE(refusal(silent, house.site).starts_with(house.site + ":1:1: \"standard\" is not known"),
                refusal(silent, house.site));
}

TEST_CASE("a printer may have a template of its own") {
  const House house;
  house.folder.write("tickets/mine.toml", good_template);
  const auto text = replaced(good_site, "127.0.0.1:9\"", "127.0.0.1:9\", ticket = \"mine\"");
  const auto site = app::read_site_text(text, house.site);
  CHECK(site.papers.tickets.at(hall::DeviceId{"p1"}) != nullptr);
  const auto missing = replaced(good_site, "127.0.0.1:9\"", "127.0.0.1:9\", ticket = \"other\"");
  CHECK(refusal(missing, house.site).find("\"other\" is not known") != std::string::npos);
}

TEST_CASE("an address for tickets must be one, without a secret in it") {
  for (const std::string link : {"hall.example/t/", "ftp://hall/", "http://a:b@hall/t/", "http://hall/ t/"}) {
    const auto text = replaced(good_site, "ticket = \"mine\"", "link = \"" + link + "\"");
    CHECK_MESSAGE(refusal(text).find(":10:8: ") != std::string::npos, refusal(text));
  }
}

TEST_CASE("config/README.md names every name that a template may use") {
  const auto readme = slurp(LOBBY_SOURCE_DIR "/config/README.md");
  std::stringstream names(display::field_names());
  for (std::string name; std::getline(names, name, ',');) {
    name = name.substr(name.find_first_not_of(' '));
    CHECK_MESSAGE(readme.find("`" + name + "`") != std::string::npos, name);
  }
}
