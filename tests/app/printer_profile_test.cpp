// Printer profiles: what the reader takes, what it refuses and where it points, and what the shipped ones
// claim.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "daemon/app/site_reader.hpp"
#include "daemon/app/warnings.hpp"
#include "drivers/printer/escpos.hpp"
#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby;
using namespace lobby::app::cases;
using printer::Profile;
using Bytes = std::vector<std::uint8_t>;

/// All that a file can say, and nothing that is a default.
const std::string everything = R"(schema = 1
title = "Test"
columns = 40
dots = 512
mm_per_s = 250
cut_ms = 400
init = [0x1B, 0x63, 0x35, 0x01]
cut = [0x1D, 0x56, 0x42, 0x08]
present = [0x1D, 0x65, 0x05]
retract = [0x1D, 0x65, 0x02]
font = "gb18030_b"
rare = "line"
qr = "native"
qr_module = 5
qr_max_bytes = 300
raster = "gs_8_l"
status = "custom_full"
status_on = [0x1D, 0xE0, 0x01]
status_ask = [0x10, 0x04, 0x14]
identifies = true
presenter = "sensor"
confirm = "in_order_status"
paper_out = "enq_2"
)";

const std::string least = "schema = 1\ntitle = \"T\"\ncolumns = 48\ncut = [0x1D, 0x56, 0x42, 0x00]\n";

Profile read(const std::string& text) {
  const Folder folder;
  return app::read_printer_profile(folder.write("some-model.toml", text));
}

std::vector<std::filesystem::path> shipped() {
  std::vector<std::filesystem::path> out;
  for (const auto& file : std::filesystem::directory_iterator(LOBBY_SOURCE_DIR "/config/profiles/printers")) {
    out.push_back(file.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("every key arrives") {
  const auto profile = read(everything);
  CHECK(profile.name == "some-model");
  CHECK(profile.columns == 40);
  CHECK(profile.dots == 512);
  CHECK(profile.mm_per_s == 250);
  CHECK(profile.cut_ms == 400);
  CHECK(profile.init == Bytes{0x1B, 0x63, 0x35, 0x01});
  CHECK(profile.cut == Bytes{0x1D, 0x56, 0x42, 0x08});
  CHECK(profile.present == Bytes{0x1D, 0x65, 0x05});
  CHECK(profile.retract == Bytes{0x1D, 0x65, 0x02});
  CHECK(profile.font == Profile::Font::gb18030_b);
  CHECK(profile.rare == Profile::Rare::line);
  CHECK(profile.qr == Profile::QrBy::native);
  CHECK(profile.qr_module == 5);
  CHECK(profile.qr_max_bytes == 300);
  CHECK(profile.raster == Profile::Raster::gs_8_l);
  CHECK(profile.status == Profile::Status::custom_full);
  CHECK(profile.status_on == Bytes{0x1D, 0xE0, 0x01});
  CHECK(profile.status_ask == Bytes{0x10, 0x04, 0x14});
  CHECK(profile.identifies);
  CHECK(profile.presenter == Profile::Presenter::sensor);
  CHECK(profile.confirm == Profile::Confirm::in_order_status);
  CHECK(profile.paper_out == Profile::PaperOut::enq_2);
}

TEST_CASE("every word of a key is a meaning of its own") {
  const auto status = [](const std::string& word) {
    return read(least + "status = \"" + word + "\"\n").status;
  };
  CHECK(status("none") == Profile::Status::none);
  CHECK(status("dle_eot") == Profile::Status::dle_eot);
  CHECK(status("epson") == Profile::Status::epson);
  CHECK(status("snbc_t080aii") == Profile::Status::snbc_t080aii);
  CHECK(status("snbc_bk_c310") == Profile::Status::snbc_bk_c310);
  CHECK(status("snbc_byte") == Profile::Status::snbc_byte);
  CHECK(status("custom_full") == Profile::Status::custom_full);
  const auto confirm = [](const std::string& word) {
    return read(least + "confirm = \"" + word + "\"\n").confirm;
  };
  CHECK(confirm("none") == Profile::Confirm::none);
  CHECK(confirm("process_id") == Profile::Confirm::process_id);
  CHECK(confirm("esc_v") == Profile::Confirm::esc_v);
  const auto font = [](const std::string& word) { return read(least + "font = \"" + word + "\"\n").font; };
  CHECK(font("gb2312") == Profile::Font::gb2312);
  CHECK(font("gbk") == Profile::Font::gbk);
  CHECK(font("gb18030") == Profile::Font::gb18030);
  const auto paper_out = [](const std::string& word) {
    return read(least + "paper_out = \"" + word + "\"\n").paper_out;
  };
  CHECK(paper_out("resume") == Profile::PaperOut::resume);
  CHECK(paper_out("clear") == Profile::PaperOut::clear);
  CHECK(read(least + "qr = \"raster\"\n").qr == Profile::QrBy::raster);
}

TEST_CASE("what a file does not say is what config/README.md promises, and trusts the printer with little") {
  const auto profile = read(least);
  CHECK(profile.dots == 576);
  CHECK(read("schema = 1\ntitle = \"T\"\ncolumns = 32\ncut = [0x0A]\n").dots == 384);
  CHECK(profile.mm_per_s == 0);
  CHECK(profile.cut_ms == 0);
  CHECK(profile.font == Profile::Font::gbk);
  CHECK(profile.rare == Profile::Rare::in_place);
  CHECK(profile.qr == Profile::QrBy::native);
  CHECK(profile.qr_module == 6);
  CHECK(profile.qr_max_bytes == 1017);
  CHECK(profile.raster == Profile::Raster::gs_v_0);
  CHECK(profile.status == Profile::Status::dle_eot);
  CHECK(!profile.identifies);
  CHECK(profile.presenter == Profile::Presenter::none);
  CHECK(profile.confirm == Profile::Confirm::none);
  CHECK(profile.paper_out == Profile::PaperOut::resume);
  CHECK(profile.init.empty());
  CHECK(profile.status_on.empty());
}

TEST_CASE("what contradicts itself is one sentence with the exact place and a remedy") {
  const std::vector<Case> wrong = {
      {"wider than the paper", "dots = 512", "dots = «479»", "columns"},
      {"a real-time command", "init = [0x1B, 0x63, 0x35, 0x01]", "init = «[0x1B, 0x33, 0x10, 0x04]»",
       "10 04"},
      {"one across two keys", "present = [0x1D, 0x65, 0x05]", "present = «[0x05, 0x1D, 0x65, 0x05]»",
       "10 05"},
      {"one in what takes back", "retract = [0x1D, 0x65, 0x02]", "retract = «[0x10, 0x14, 0x02]»", "10 14"},
      {"out of the Chinese mode", "init = [0x1B, 0x63, 0x35, 0x01]", "init = «[0x1C, 0x26, 0x1B, 0x40]»",
       "garbage"},
      {"out of it by FS .", "init = [0x1B, 0x63, 0x35, 0x01]", "init = «[0x1C, 0x2E]»", "garbage"},
      {"through the last lines", "cut = [0x1D, 0x56, 0x42, 0x08]", "cut = «[0x1D, 0x56, 0x01]»",
       "last lines"},
      {"symbols that it does not make", "qr = \"native\"", "qr = \"raster\"", "qr_max_bytes", "300"},
      {"a question without an answer", "status = \"custom_full\"", "status = \"dle_eot\"", "status_on",
       "[0x1D, 0xE0, 0x01]"},
      {"a report that looks like a proof", "status_on = [0x1D, 0xE0, 0x01]",
       "status_on = «[0x1D, 0x61, 0x0E]»", "take \"status_on\" out"},
      {"an outlet that nobody tells of", "presenter = \"sensor\"", "presenter = «\"sensor\"»", "outlet"},
      {"taken back blindly", "presenter = \"sensor\"", "presenter = \"none\"", "retract",
       "[0x1D, 0x65, 0x02]"},
      {"an answer like any other", "confirm = \"in_order_status\"", "confirm = «\"esc_v\"»", "one byte"},
      {"cleared by nobody", "paper_out = \"enq_2\"", "paper_out = «\"clear\"»", "resume"},
      {"the old key", "status = \"custom_full\"", "status = «true»", "status"},
      {"an unknown word", "font = \"gb18030_b\"", "font = «\"big5\"»", "gb2312"},
      {"too slow to be true", "mm_per_s = 250", "mm_per_s = «501»", "mm_per_s"},
      {"more than one command holds", "qr_max_bytes = 300", "qr_max_bytes = «7089»", "1700"},
  };
  for (const auto& each : wrong) {
    CAPTURE(each.what);
    auto text = everything;
    if (each.what == "one across two keys") {
      text = replaced(text, "cut = [0x1D, 0x56, 0x42, 0x08]", "cut = [0x1D, 0x56, 0x42, 0x10]");
    } else if (each.what == "a report that looks like a proof") {
      text = replaced(replaced(text, "custom_full", "epson"), "presenter = \"sensor\"", "");
      text = replaced(text, "retract = [0x1D, 0x65, 0x02]", "");
    } else if (each.what == "an outlet that nobody tells of") {
      text = replaced(replaced(text, "custom_full", "epson"), "retract = [0x1D, 0x65, 0x02]", "");
    } else if (each.what == "an answer like any other") {
      text = replaced(text, "custom_full", "snbc_byte");
      text = replaced(replaced(text, "presenter = \"sensor\"", ""), "retract = [0x1D, 0x65, 0x02]", "");
    } else if (each.what == "cleared by nobody") {
      text = replaced(least + "status = \"none\"\npaper_out = \"enq_2\"\n", "", "");
    }
    const auto marked = prepare(text, each);
    const Folder folder;
    const auto path = folder.write("some-model.toml", marked.text);
    std::string sentence = "accepted";
    try {
      static_cast<void>(app::read_printer_profile(path));
    } catch (const app::SiteError& error) {
      sentence = error.what();
    }
    const auto place = path + ":" + std::to_string(marked.line) + ":" + std::to_string(marked.column) + ": ";
    CHECK_MESSAGE(sentence.starts_with(place), sentence, " does not start with ", place);
    CHECK_MESSAGE(sentence.find(each.word) != std::string::npos, sentence);
    CHECK_MESSAGE(sentence.find(": ", place.size()) != std::string::npos, sentence, " has no remedy");
  }
}

TEST_CASE("what looks like a contradiction and is none") {
  // Whoever proves his cut may say nothing else of himself.
  CHECK(read(least + "status = \"none\"\nconfirm = \"process_id\"\n").confirm ==
        Profile::Confirm::process_id);
  CHECK(read(least + "present = [0x1D, 0x65, 0x05]\n").present.size() == 3);
  CHECK(read(least + "init = [0x1B, 0x40, 0x1C, 0x26]\n").init.size() == 4);
  const std::string fed =
      "schema = 1\ntitle = \"T\"\ncolumns = 48\ncut = [0x1B, 0x4A, 0x80, 0x1D, 0x56, 0x00]\n";
  CHECK(read(fed).cut.size() == 6);
}

TEST_CASE("the shipped profiles are whole, and print every kind of paper without a real-time command") {
  const auto files = shipped();
  REQUIRE(files.size() >= 9);
  for (const auto& file : files) {
    CAPTURE(file.string());
    const auto profile = app::read_printer_profile(file.string());
    CHECK(profile.name == file.stem());
    const auto encoded =
        printer::escpos::encode(printer::Job{{printer::TextLine{"号"}, printer::Qr{"http://x"},
                                              printer::Picture{16, 1, {0x10, 0x04}}}},
                                profile);
    for (std::size_t i = 1; i < encoded.bytes.size(); ++i) {
      const auto next = encoded.bytes[i];
      const bool acts = encoded.bytes[i - 1] == 0x10 && (next == 0x04 || next == 0x05 || next == 0x14);
      REQUIRE(!acts);
    }
    CHECK(encoded.losses == printer::escpos::Losses{});
  }
}

TEST_CASE("the shipped profiles claim what facts say, and no more") {
  const auto profile = [](const std::string& name) {
    return app::read_printer_profile(LOBBY_SOURCE_DIR "/config/profiles/printers/" + name + ".toml");
  };
  // GS ( H: Epson's alone. GS r: SNBC on a serial port only. Fn 8 clears at Epson's.
  for (const auto& file : shipped()) {
    const auto each = app::read_printer_profile(file.string());
    const bool is_epson = each.name == "epson-tm";
    CHECK_MESSAGE((each.confirm == Profile::Confirm::process_id) == is_epson, each.name);
    CHECK_MESSAGE((each.paper_out == Profile::PaperOut::clear) == is_epson, each.name);
    CHECK_MESSAGE(each.mm_per_s == 0, each.name);
    CHECK_MESSAGE(each.font < Profile::Font::gb18030, each.name);
    // GS e means something at one maker's only.
    CHECK_MESSAGE(each.present.empty() == !each.name.starts_with("custom-"), each.name);
  }
  CHECK(profile("snbc-bt-t080").confirm == Profile::Confirm::none);
  CHECK(profile("snbc-bt-t080-serial").confirm == Profile::Confirm::in_order_status);
  CHECK(profile("snbc-bt-t080aii").status == Profile::Status::snbc_t080aii);
  CHECK(profile("snbc-bk-c310").status == Profile::Status::snbc_bk_c310);
  CHECK(profile("snbc-bk-c310").presenter == Profile::Presenter::sensor);
  CHECK(profile("custom-vkp80").present == Bytes{0x1D, 0x65, 0x05});
  CHECK(profile("custom-vkp80").retract.empty());
  CHECK(profile("custom-kpm").retract == Bytes{0x1D, 0x65, 0x02});
  CHECK(profile("custom-kpm").status_ask == Bytes{0x10, 0x04, 0x14});
  CHECK(profile("generic-80").font == Profile::Font::gbk);
  CHECK(profile("generic-58").dots == 384);
}

TEST_CASE("the fonts of a site: each named one must be one, and missing ones of Debian's are warned of") {
  const std::string site = R"(schema = 1
name = "测试大厅"
zone = [{id = "z", name = "一区"}]
service = [{id = "s", name = "业务", zone = "z", prefix = "A", hours = "h"}]
window = [{id = "w", number = 1, name = "w", zone = "z", services = ["s"]}]
printer = [{id = "p1", profile = "generic-80", link = "tcp:127.0.0.1:9"}]
[hours.h]
mon = ["08:30-12:00"]
[paper]
fonts = ["/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"]
)";
  auto read_site = app::read_site_text(site, name);
  CHECK(read_site.papers.fonts == std::vector<std::string>{"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"});
  check_all(site, {{"no font", "wqy-zenhei.ttc\"]", "wqy-zenhei.ttc\", «\"/etc/passwd\"»]", "/etc/passwd"},
                   {"nothing", "\"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc\"", "«\"/none.ttf\"»",
                    "/none.ttf"}});
  CHECK(app::read_site_text(replaced(site, "\"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc\"", ""), name)
            .papers.fonts.empty());
  const auto today = *hall::parse_date("2026-03-16");
  const auto before = app::warnings_of(read_site, today).size();
  read_site.papers.fonts.emplace_back("/usr/share/fonts/gone.ttf");
  const auto after = app::warnings_of(read_site, today);
  REQUIRE(after.size() == before + 1);
  const auto names_it = [](const std::string& each) {
    return each.find("/usr/share/fonts/gone.ttf") != each.npos;
  };
  CHECK(std::any_of(after.begin(), after.end(), names_it));
}
