#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/sim_tests/printer_bench.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

TEST_CASE("a ticket's bytes become lines of one sheet") {
  Bench bench;
  bench.send(initialise + chinese + raw({0x1B, 0x61, 0x01}) + ni_hao + newline + raw({0x1D, 0x21, 0x33}) +
             ascii("A017") + newline + raw({0x1D, 0x21, 0x00}) + ascii("No.1 ") + hao + newline + newline +
             cut);
  bench.wait(5s);
  REQUIRE(bench.printer.sheets().size() == 1);
  const auto& sheet = bench.printer.sheets().front();
  CHECK(sheet.text == std::vector<std::string>{"你好", "A017", "No.1 号", ""});
  const auto& rows = sheet.sheet.rows;
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].left == (576 - 2 * 24) / 2);
  CHECK(rows[1].inks[0].width() == 48);
  CHECK(rows[1].inks[0].height() == 96);
  CHECK(rows[1].left == (576 - 4 * 48) / 2);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    CHECK(rows[i].top >= rows[i - 1].top + rows[i - 1].height);
  }
}

TEST_CASE("four-byte characters take two columns; lead bytes never swallow a command") {
  Bench bench;
  bench.send(chinese + raw({0x95, 0x34, 0xB2, 0x35}) + newline);  // 𠮷
  bench.send(raw({0xC4}) + newline + ascii("x") + newline + cut);
  bench.wait(5s);
  REQUIRE(bench.printer.sheets().size() == 1);
  CHECK(bench.printer.sheets()[0].text == std::vector<std::string>{"𠮷", "\xEF\xBF\xBD", "x"});
  CHECK(bench.printer.sheets()[0].sheet.rows[0].inks[0].width() == 24);
}

TEST_CASE("Chinese bytes outside Chinese mode come out as unreadable, as on the real paper") {
  Bench bench;
  bench.send(chinese + hao + newline + initialise + hao + newline + cut);
  bench.wait(5s);
  CHECK(bench.printer.sheets().at(0).text == std::vector<std::string>{"号", "\xEF\xBF\xBD\xEF\xBF\xBD"});
}

TEST_CASE("a line wider than the paper wraps between characters") {
  Bench bench;
  bench.printer = PrinterModel(PrinterModel::Shape{.dots = 384});
  bench.send(ascii(std::string(33, 'x')) + newline + cut);
  bench.wait(5s);
  CHECK(bench.printer.sheets().at(0).text == std::vector<std::string>{std::string(32, 'x'), "x"});
}

TEST_CASE("real-time status answers at once, in the vendor's bits") {
  Bench bench;
  const auto status = [&](int n) { return bench.ask(raw({0x10, 0x04, n})); };
  for (const int n : {1, 2, 3, 4}) {
    CHECK(status(n) == raw({0x12}));
  }
  bench.printer.inject(Fault::paper_low, 0ms, bench.now);
  CHECK(status(4) == raw({0x1E}));
  bench.printer.clear(std::nullopt, bench.now);
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  CHECK(status(1) == raw({0x1A}));
  CHECK(status(2) == raw({0x32}));
  CHECK(status(4) == raw({0x7E}));
  bench.printer.clear(std::nullopt, bench.now);
  bench.printer.inject(Fault::cover_open, 0ms, bench.now);
  CHECK(status(1) == raw({0x1A}));
  CHECK(status(2) == raw({0x16}));
}

TEST_CASE("a status request inside a parameter is eaten, inside an image it is answered") {
  Bench bench;
  CHECK(bench.ask(raw({0x1B, 0x33, 0x10, 0x04, 0x03})).empty());  // ESC 3 10, then two control bytes
  const Raw image = raw({0x1D, 0x76, 0x30, 0x00, 0x01, 0x00, 0x03, 0x00, 0x10, 0x04, 0x01});
  CHECK(bench.ask(image) == raw({0x12}));
  bench.wait(1s);
  const Sheet hanging = bench.printer.hanging();
  REQUIRE(hanging.rows.size() == 1);
  CHECK(hanging.rows[0].image.height() == 3);
  CHECK(hanging.rows[0].image.at(3, 0));  // 0x10
  CHECK(hanging.rows[0].image.at(7, 2));  // 0x01
}

TEST_CASE("the fence behind a ticket answers only when head and knife had the time") {
  Bench bench;
  // Twenty lines of 30 dots and 120 dots to the knife at 1200 dots/s, and 300 ms for the cut.
  Raw job;
  for (int i = 0; i < 20; ++i) {
    job = job + ascii("line") + newline;
  }
  bench.send(job + cut + raw({0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, '0', '0', '4', '2'}));
  CHECK(bench.printer.state(bench.now) == "printing");
  CHECK(bench.wait(899ms).empty());
  CHECK(bench.wait(2ms) == raw({0x37, 0x22, '0', '0', '4', '2', 0x00}));
  CHECK(bench.printer.sheet_count() == 1);
  CHECK(bench.printer.state(bench.now) == "idle");
}

TEST_CASE("GS r waits its turn while DLE EOT overtakes") {
  Bench bench;
  bench.send(ascii("x") + newline + raw({0x1D, 0x72, 0x01}) + raw({0x10, 0x04, 0x01}));
  CHECK(bench.wait(0ms) == raw({0x12}));
  CHECK(bench.wait(30ms) == raw({0x00}));
}

TEST_CASE("without paper the job waits, the fence is silent, and both come when paper is back") {
  Bench bench;
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  bench.send(ascii("late") + newline + cut + raw({0x1D, 0x72, 0x01}));
  CHECK(bench.wait(60s).empty());
  CHECK(bench.printer.sheet_count() == 0);
  bench.printer.clear(std::nullopt, bench.now);
  CHECK(bench.wait(2s) == raw({0x00}));
  CHECK(bench.printer.sheet_count() == 1);
}

TEST_CASE("a stuck knife is an error of its own and goes on after recovery") {
  Bench bench;
  bench.printer.inject(Fault::cutter, 0ms, bench.now);
  bench.send(ascii("x") + newline + cut + raw({0x1D, 0x72, 0x01}));
  CHECK(bench.wait(5s).empty());
  CHECK(bench.printer.state(bench.now) == "cutter");
  CHECK(bench.ask(raw({0x10, 0x04, 0x03})) == raw({0x1A}));
  CHECK(bench.ask(raw({0x10, 0x04, 0x02})) == raw({0x52}));
  bench.printer.clear(std::nullopt, bench.now);
  CHECK(bench.wait(2s).empty());  // the jam is out, and nobody has said to go on
  bench.send(raw({0x10, 0x05, 0x01}));
  CHECK(bench.wait(2s) == raw({0x00}));
  CHECK(bench.printer.sheet_count() == 1);
}

TEST_CASE("clearing the buffers answers 37 25 00 and nothing of the job comes out") {
  Bench bench;
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  bench.send(ascii("never") + newline + cut);
  CHECK(bench.ask(raw({0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08})) ==
        raw({0x37, 0x25, 0x00}));
  bench.printer.clear(std::nullopt, bench.now);
  bench.wait(5s);
  CHECK(bench.printer.sheet_count() == 0);
  CHECK(bench.printer.hanging().rows.empty());
}

TEST_CASE("power off loses the buffer, keeps the paper and forgets the modes") {
  Bench bench;
  bench.send(chinese + ascii("half") + newline + ascii("torn") + newline + ascii("lost") + newline + cut);
  bench.wait(30ms);  // 36 dot rows: a line of 30, and six rows of the next
  bench.printer.inject(Fault::power_cycle, 0ms, bench.now);
  bench.wait(5s);
  CHECK(bench.printer.sheet_count() == 0);
  const Sheet hanging = bench.printer.hanging();
  CHECK(hanging.text() == std::vector<std::string>{"half"});
  REQUIRE(hanging.rows.size() == 2);
  CHECK(hanging.rows[1].height == 6);
  CHECK(bench.printer.counts().resets == 1);
}

TEST_CASE("automatic status tells the change") {
  Bench bench;
  CHECK(bench.ask(raw({0x1D, 0x61, 0xFF})) == raw({0x10, 0x00, 0x00, 0x00}));
  bench.printer.inject(Fault::cover_open, 0ms, bench.now);
  CHECK(bench.wait(0ms) == raw({0x38, 0x00, 0x00, 0x00}));
  bench.printer.clear(std::nullopt, bench.now);
  CHECK(bench.wait(0ms) == raw({0x10, 0x00, 0x00, 0x00}));
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  CHECK(bench.wait(0ms) == raw({0x18, 0x00, 0x0F, 0x00}));
}

TEST_CASE("a cut without feed leaves the last lines on the next sheet, a cut inside a line is ignored") {
  Bench bench;
  for (int i = 0; i < 6; ++i) {
    bench.send(ascii("line " + std::to_string(i)) + newline);
  }
  bench.send(raw({0x1D, 0x56, 0x00}) + ascii("open") + cut + newline + cut);
  bench.wait(10s);
  REQUIRE(bench.printer.sheet_count() == 2);
  // 120 dots lie between head and knife: four lines of 30.
  CHECK(bench.printer.sheets()[0].text == std::vector<std::string>{"line 0", "line 1"});
  CHECK(bench.printer.sheets()[1].text ==
        std::vector<std::string>{"line 2", "line 3", "line 4", "line 5", "open"});
  CHECK(bench.printer.counts().ignored_cuts == 1);
}

TEST_CASE("every form of the cut gives one sheet") {
  for (const Raw& form :
       {raw({0x1D, 0x56, 0x41, 0x10}), raw({0x1D, 0x56, 0x42, 0x00}), raw({0x1D, 0x56, 0x61, 0x00}),
        raw({0x1D, 0x56, 0x62, 0x00}), raw({0x1D, 0x56, 0x67, 0x00}), raw({0x1D, 0x56, 0x68, 0x00})}) {
    Bench bench;
    bench.send(ascii("x") + newline + form + ascii("y") + newline);
    bench.wait(5s);
    CHECK(bench.printer.sheet_count() == 1);
    CHECK(bench.printer.hanging().text() == std::vector<std::string>{"y"});
  }
  for (const Raw& form : {raw({0x1D, 0x56, 0x00}), raw({0x1D, 0x56, 0x30}), raw({0x1D, 0x56, 0x01}),
                          raw({0x1D, 0x56, 0x31}), raw({0x1B, 0x69}), raw({0x1B, 0x6D})}) {
    Bench bench;
    bench.send(ascii("x") + newline + raw({0x1B, 0x64, 0x05}) + form + ascii("y") + newline);
    bench.wait(5s);
    CHECK(bench.printer.sheet_count() == 1);
    CHECK(bench.printer.hanging().text() == std::vector<std::string>{"y"});
  }
}

TEST_CASE("a printer that lies confirms and has printed nothing") {
  Bench bench;
  bench.printer.inject(Fault::lie, 0ms, bench.now);
  CHECK(bench.ask(ascii("x") + newline + cut + raw({0x1D, 0x72, 0x01})) == raw({0x00}));
  bench.wait(5s);
  CHECK(bench.printer.sheet_count() == 0);
}

TEST_CASE("silent prints without a word, slow answers late, garbage answers nonsense") {
  Bench bench;
  bench.printer.inject(Fault::silent, 0ms, bench.now);
  bench.send(ascii("x") + newline + cut + raw({0x1D, 0x72, 0x01, 0x10, 0x04, 0x01}));
  CHECK(bench.wait(5s).empty());
  CHECK(bench.printer.sheet_count() == 1);
  bench.printer.clear(std::nullopt, bench.now);
  bench.printer.inject(Fault::slow, 700ms, bench.now);
  bench.send(raw({0x10, 0x04, 0x01}));
  CHECK(bench.wait(699ms).empty());
  CHECK(bench.wait(1ms) == raw({0x12}));
  bench.printer.clear(std::nullopt, bench.now);
  bench.printer.inject(Fault::garbage, 0ms, bench.now);
  const Raw answers =
      bench.ask(raw({0x10, 0x04, 0x01, 0x10, 0x04, 0x02, 0x10, 0x04, 0x03, 0x10, 0x04, 0x04}));
  CHECK(answers.size() == 4);
  CHECK(answers != raw({0x12, 0x12, 0x12, 0x12}));
}

TEST_CASE("identity answers as block data") {
  Bench bench;
  CHECK(bench.ask(raw({0x1D, 0x49, 0x45})) == raw({0x5F}) + ascii("CHINA GB18030") + raw({0x00}));
  CHECK(bench.ask(raw({0x1D, 0x49, 0x02})) == raw({0x03}));
}

TEST_CASE("any bytes in any portions leave the printer standing") {
  std::uint32_t noise = 1;
  Bench bench;
  for (int round = 0; round < 3000; ++round) {
    Raw portion;
    noise = noise * 1664525U + 1013904223U;
    for (std::uint32_t i = 0; i < noise >> 27; ++i) {
      noise = noise * 1664525U + 1013904223U;
      const auto byte = static_cast<std::uint8_t>(noise >> 24);
      const bool command = (noise >> 20 & 7) == 0;
      portion.push_back(command ? raw({0x1B, 0x1D, 0x1C, 0x10})[byte & 3] : byte);
    }
    bench.send(portion);
    bench.wait(20ms);
  }
  CHECK(bench.printer.counts().bytes > 10'000);
}
