#include <doctest/doctest.h>

#include <map>
#include <string>

#include "tests/sim_tests/printer_bench.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

/// Two lines, a picture of 16 rows, a line of four times the size.
Raw ticket() {
  Raw job = initialise + chinese + line_of("hall") + ni_hao + newline +
            raw({0x1D, 0x76, 0x30, 0x00, 0x02, 0x00, 0x10, 0x00});
  job = job + Raw(32, 0xA5);
  return job + raw({0x1D, 0x21, 0x33}) + line_of("A017") + cut;
}

/// Dot rows that pass the head for it: 30 + 30 + 16 + 102, and 120 up to the knife.
constexpr int ticket_rows = 30 + 30 + 16 + (96 + 6) + 120;

/// Every dot row of every printed row, wherever it came out: its number must be 1.
std::map<std::pair<std::uint64_t, int>, int> burnt(const PrinterModel& printer) {
  std::map<std::pair<std::uint64_t, int>, int> times;
  const auto count = [&](const Sheet& sheet) {
    for (const PrintedRow& row : sheet.rows) {
      for (int y = row.skip; y < row.skip + row.height; ++y) {
        ++times[{row.serial, y}];
      }
    }
  };
  for (const auto& piece : printer.torn()) {
    count(piece.sheet);
  }
  for (const auto& sheet : printer.sheets()) {
    count(sheet.sheet);
  }
  count(printer.hanging());
  return times;
}

}  // namespace

TEST_CASE("paper ends at every row: no dot row is lost or doubled, the fence comes only after the reload") {
  Bench whole;
  whole.send(ticket() + ask_id("0001"));
  CHECK(whole.wait(10s) == answer_id("0001"));
  const auto all = burnt(whole.printer);
  CHECK(all.size() == ticket_rows - 120);
  for (int row = 0; row <= ticket_rows; ++row) {
    CAPTURE(row);
    Bench bench;
    bench.printer.end_roll_in(row);
    bench.send(ticket() + ask_id("0001"));
    // The knife needs no paper behind it, but the sensor stops the printer in front of it.
    REQUIRE(bench.wait(60s).empty());
    REQUIRE(bench.printer.state(bench.now) == "paper_out");
    REQUIRE(bench.ask(ask_status(4)) == raw({0x7E}));
    REQUIRE(bench.printer.sheet_count() == 0);
    bench.printer.reload(std::nullopt, bench.now);
    REQUIRE(bench.wait(60s) == answer_id("0001"));
    REQUIRE(burnt(bench.printer) == all);
    REQUIRE(bench.printer.sheet_count() == (row < ticket_rows - 120 ? 1 : 0));
    REQUIRE(bench.printer.torn().size() == (row > 0 ? 1 : 0));
  }
}

TEST_CASE("the end of the paper is told at the row where it is, and the near end before") {
  PrinterModel::Shape shape;
  shape.near_end = 100;
  Bench bench(shape);
  bench.send(raw({0x1D, 0x61, 0x08}));
  bench.wait(0ms);
  bench.printer.end_roll_in(130);
  for (int i = 0; i < 5; ++i) {
    bench.send(line_of("line"));
  }
  // 30 rows a line at 1200 rows a second: after the first there are 100 rows left, after 130 rows none.
  CHECK(bench.wait(24ms).empty());
  CHECK(bench.ask(ask_status(4)) == raw({0x12}));
  CHECK(bench.wait(2ms).empty());
  CHECK(bench.ask(ask_status(4)) == raw({0x1E}));
  CHECK(bench.wait(82ms).empty());
  CHECK(bench.wait(1ms) == raw({0x18, 0x00, 0x0F, 0x00}));
  CHECK(bench.printer.faults().has(Fault::paper_out));
  bench.printer.reload(1'000'000, bench.now);
  CHECK(bench.wait(0ms) == raw({0x10, 0x00, 0x00, 0x00}));
  bench.wait(1s);
  CHECK(bench.printer.torn().at(0).text == std::vector<std::string>{"line", "line", "line", "line"});
  CHECK(bench.printer.hanging().text() == std::vector<std::string>{"line"});
}

TEST_CASE("a roll put in by hand with the cover open brings the printer back whole") {
  Bench bench;
  bench.send(raw({0x1D, 0x61, 0xFF}));
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  bench.printer.inject(Fault::cover_open, 0ms, bench.now);
  bench.wait(0ms);
  bench.printer.reload(std::nullopt, bench.now);
  CHECK(bench.wait(0ms) == raw({0x10, 0x00, 0x00, 0x00}));
  CHECK(bench.printer.state(bench.now) == "idle");
}

TEST_CASE("an opened cover stops inside a row, and the row goes on in its place") {
  Bench bench;
  bench.send(line_of("one") + line_of("two") + cut + ask_id("0003"));
  bench.wait(35ms);
  bench.printer.inject(Fault::cover_open, 0ms, bench.now);
  CHECK(bench.wait(10s).empty());
  bench.printer.clear(std::nullopt, bench.now);
  CHECK(bench.wait(10s) == answer_id("0003"));
  REQUIRE(bench.printer.sheet_count() == 1);
  CHECK(bench.printer.sheets()[0].text == std::vector<std::string>{"one", "two"});
  CHECK(bench.printer.sheets()[0].sheet.rows[1].top == 120 + 30);
  CHECK(bench.printer.torn().empty());
}

TEST_CASE("what heat stops goes on by itself, a broken printer only after power off") {
  Bench bench;
  bench.printer.inject(Fault::hot, 0ms, bench.now);
  bench.send(line_of("x") + ask_id("0001"));
  CHECK(bench.wait(5s).empty());
  CHECK(bench.ask(ask_status(3)) == raw({0x52}));
  bench.printer.clear(Fault::hot, bench.now);
  CHECK(bench.wait(5s) == answer_id("0001"));
  bench.printer.inject(Fault::broken, 0ms, bench.now);
  CHECK(bench.ask(ask_status(3)) == raw({0x32}));
  bench.printer.inject(Fault::power_cycle, 0ms, bench.now);
  bench.wait(2s);
  CHECK(bench.ask(ask_status(3)) == raw({0x12}));
}

TEST_CASE("a host's own glyph stands in its place in the line") {
  Bench bench;
  // Two characters, a glyph of 24 columns of which the first is all black, one character.
  Raw glyph = raw({0x1B, 0x2A, 0x21, 0x18, 0x00, 0xFF, 0xFF, 0xFF});
  glyph = glyph + Raw(69, 0x00);
  bench.send(ascii("ab") + glyph + ascii("c") + newline);
  bench.wait(1s);
  const Sheet hanging = bench.printer.hanging();
  REQUIRE(hanging.rows.size() == 1);
  const PrintedRow& row = hanging.rows[0];
  REQUIRE(row.inks.size() == 4);
  CHECK(row.inks[2].own.width() == 24);
  CHECK(row.inks[2].own.at(0, 23));
  CHECK_FALSE(row.inks[2].own.at(1, 0));
  CHECK(row.text() == "ab〓c");
  CHECK(row.ink_height() == 24);

  lobby::display::OutlineFont font;
  const auto picture = paper_picture({hanging}, 576, font);
  // 24 dots of desk, 32 of margin, two characters of 12; the row is below 24 dots of desk and 120 of white.
  const auto dark = [&](int x, int y) { return picture.at(x, y).red < 0x80; };
  for (int y = 0; y < 24; ++y) {
    CHECK(dark(24 + 32 + 24, 24 + 120 + y));
    CHECK_FALSE(dark(24 + 32 + 24 + 1, 24 + 120 + y));
  }
}

TEST_CASE("a printer that cannot mix prints the glyph on a line of its own; without symbols it prints none") {
  PrinterModel::Shape shape;
  shape.dialect.mixes_bit_images = false;
  shape.dialect.draws_symbols = false;
  Bench bench(shape);
  bench.send(ascii("a") + raw({0x1B, 0x2A, 0x21, 0x01, 0x00, 0xFF, 0xFF, 0xFF}) + line_of("b"));
  bench.send(raw({0x1D, 0x28, 0x6B, 0x04, 0x00, 0x31, 0x50, 0x30, 0x41, 0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31,
                  0x51, 0x30}));
  bench.wait(2s);
  CHECK(bench.printer.hanging().text() == std::vector<std::string>{"a", "〓", "b"});
  CHECK(bench.printer.not_understood().contains("1D 28 6B"));
}

TEST_CASE("a host's own character is used for its code, at the size of the text, until ESC @") {
  Bench bench;
  const Raw define = raw({0x1C, 0x32, 0xFE, 0xA1}) + Raw(72, 0xFF);
  bench.send(chinese + define + raw({0x1D, 0x21, 0x11, 0xFE, 0xA1}) + newline);
  bench.send(initialise + chinese + raw({0xFE, 0xA1}) + newline);
  bench.wait(2s);
  const auto rows = bench.printer.hanging().rows;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].inks[0].own.width() == 24);
  CHECK(rows[0].inks[0].width() == 48);
  CHECK(rows[1].inks[0].own.width() == 0);
}

TEST_CASE("ESC J and ESC d print the line that is begun, and it is part of what they feed") {
  const auto fed = [](const Raw& job) {
    Bench bench;
    bench.send(job + line_of("next"));
    bench.wait(5s);
    const auto rows = bench.printer.hanging().rows;
    return rows.back().top - 120;
  };
  CHECK(fed(ascii("x") + raw({0x1B, 0x4A, 0x18})) == 24);
  CHECK(fed(ascii("x") + raw({0x1B, 0x4A, 0x00})) == 24);  // never less than the characters
  CHECK(fed(ascii("x") + raw({0x1B, 0x4A, 0x64})) == 100);
  CHECK(fed(raw({0x1B, 0x4A, 0x64})) == 100);
  CHECK(fed(ascii("x") + raw({0x1B, 0x64, 0x03})) == 90);
  CHECK(fed(raw({0x1B, 0x64, 0x03})) == 90);
}

TEST_CASE("a symbol's size is told in dots, and whether it fits; the picture that is kept may be doubled") {
  const Raw store = raw({0x1D, 0x28, 0x6B, 0x04, 0x00, 0x31, 0x50, 0x30, 0x41});
  const Raw size = raw({0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x52, 0x30});
  // One letter needs version 1: 21 modules, of 3 dots by default.
  CHECK(Bench().ask(store + size) ==
        raw({0x37, 0x36, '6', '3', 0x1F, '6', '3', 0x1F, 0x31, 0x1F, 0x30, 0x00}));
  const Raw narrow = raw({0x1D, 0x57, 0x3E, 0x00});  // 62 dots
  CHECK(Bench().ask(narrow + store + size) ==
        raw({0x37, 0x36, '6', '3', 0x1F, '6', '3', 0x1F, 0x31, 0x1F, 0x31, 0x00}));

  Bench bench;
  bench.send(raw({0x1D, 0x28, 0x4C, 0x0B, 0x00, 0x30, 0x70, 0x30, 0x02, 0x02, 0x31, 0x08,
                  0x00, 0x01, 0x00, 0x81, 0x1D, 0x28, 0x4C, 0x02, 0x00, 0x30, 0x32}));
  bench.wait(1s);
  const auto image = bench.printer.hanging().rows.at(0).image;
  CHECK(image == lobby::display::Bitmap::from_text("##............##\n##............##\n"));
}

TEST_CASE("a picture whose head promises more than anybody could send has only what was sent") {
  Bench bench;
  bench.send(raw({0x1D, 0x38, 0x4C, 0x0B, 0x00, 0x00, 0x00, 0x30, 0x70, 0x30, 0x01, 0x01, 0x31,
                  0x08, 0x00, 0xFF, 0xFF, 0xFF, 0x1D, 0x28, 0x4C, 0x02, 0x00, 0x30, 0x32}));
  bench.wait(1s);
  CHECK(bench.printer.hanging().rows.at(0).image.height() == 1);
}

TEST_CASE("alignment, margin, area and jumps place what is printed") {
  const auto left = [](const Raw& job) {
    Bench bench;
    bench.send(job);
    bench.wait(5s);
    return bench.printer.hanging().rows.at(0).left;
  };
  const Raw centre = raw({0x1B, 0x61, 0x01});
  const Raw right = raw({0x1B, 0x61, 0x02});
  const Raw margin = raw({0x1D, 0x4C, 0x40, 0x00});  // 64 dots
  const Raw narrow = raw({0x1D, 0x57, 0x00, 0x01});  // 256 dots
  CHECK(left(right + line_of("ab")) == 576 - 24);
  CHECK(left(margin + line_of("ab")) == 64);
  CHECK(left(margin + narrow + centre + line_of("ab")) == 64 + (256 - 24) / 2);
  const Raw picture = raw({0x1D, 0x38, 0x4C, 0x0C, 0x00, 0x00, 0x00, 0x30, 0x70, 0x30, 0x01, 0x01, 0x31,
                           0x10, 0x00, 0x01, 0x00, 0xFF, 0xFF, 0x1D, 0x28, 0x4C, 0x02, 0x00, 0x30, 0x32});
  CHECK(left(picture) == 0);
  CHECK(left(centre + picture) == (576 - 16) / 2);
  CHECK(left(margin + right + picture) == 576 - 16);

  Bench bench;
  bench.send(ascii("ab") + raw({0x1B, 0x24, 0x64, 0x00}) + ascii("c") + newline);
  bench.wait(1s);
  const auto row = bench.printer.hanging().rows.at(0);
  CHECK(row.inks[0].width() + row.inks[1].width() + row.inks[2].width() == 100);
}

TEST_CASE("what a font lacks does not come out as the character") {
  const auto printed = [](PrinterDialect::Font font, const Raw& code) {
    PrinterModel::Shape shape;
    shape.dialect.font = font;
    Bench bench(shape);
    bench.send(chinese + code + newline);
    bench.wait(1s);
    return bench.printer.hanging().text().at(0);
  };
  using Font = PrinterDialect::Font;
  const std::string lacking = "\xEF\xBF\xBD";
  const Raw rong = raw({0xE9, 0x46});               // 镕: GBK, not GB 2312
  const Raw ext_a = raw({0x81, 0x39, 0xEE, 0x39});  // 㐀
  const Raw ext_b = raw({0x95, 0x34, 0xB2, 0x35});  // 𠮷
  CHECK(printed(Font::gb2312, ni_hao) == "你好");
  CHECK(printed(Font::gb2312, rong) == lacking);
  CHECK(printed(Font::gbk, rong) == "镕");
  CHECK(printed(Font::gbk, ext_a) == lacking);
  CHECK(printed(Font::gb18030, ext_a) == "㐀");
  CHECK(printed(Font::gb18030, ext_b) == lacking);
  CHECK(printed(Font::gb18030_b, ext_b) == "𠮷");
}
