#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/sim_tests/printer_bench.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

using Dialect = PrinterDialect;
using Status = PrinterDialect::Status;

PrinterModel::Shape shape_of(Status status) {
  PrinterModel::Shape shape;
  shape.dialect.status = status;
  return shape;
}

/// What a printer of this form says when asked with `request`, with nothing wrong and with one fault each.
void check_table(const PrinterModel::Shape& shape, const Raw& request, const Raw& idle,
                 const std::vector<std::pair<Fault, Raw>>& table) {
  CHECK(Bench(shape).ask(request) == idle);
  for (const auto& [fault, expected] : table) {
    CAPTURE(to_text(fault));
    Bench bench(shape);
    bench.printer.inject(fault, 0ms, bench.now);
    if (fault == Fault::cutter) {
      bench.send(line_of("x") + cut);
      bench.wait(5s);
    }
    CHECK(bench.ask(request) == expected);
  }
}

}  // namespace

// Every expected byte below is put together by hand from the makers' tables in the facts about printers.

TEST_CASE("DLE EOT 1 to 4, Epson's bits") {
  const auto shape = shape_of(Status::dle_eot);
  const Raw all = ask_status(1) + ask_status(2) + ask_status(3) + ask_status(4);
  check_table(shape, all, raw({0x12, 0x12, 0x12, 0x12}),
              {{Fault::paper_low, raw({0x12, 0x12, 0x12, 0x1E})},
               {Fault::paper_out, raw({0x1A, 0x32, 0x12, 0x7E})},
               {Fault::cover_open, raw({0x1A, 0x16, 0x12, 0x12})},
               {Fault::cutter, raw({0x1A, 0x52, 0x1A, 0x12})},
               {Fault::jam, raw({0x1A, 0x52, 0x16, 0x12})},
               {Fault::hot, raw({0x1A, 0x52, 0x52, 0x12})},
               {Fault::broken, raw({0x1A, 0x52, 0x32, 0x12})}});
  CHECK(Bench(shape).ask(raw({0x1D, 0x61, 0xFF})).empty());
}

TEST_CASE("automatic status, Epson's four bytes") {
  check_table(shape_of(Status::epson), raw({0x1D, 0x61, 0xFF}), raw({0x10, 0x00, 0x00, 0x00}),
              {{Fault::paper_low, raw({0x10, 0x00, 0x03, 0x00})}});
  const std::vector<std::pair<Fault, Raw>> changes{{Fault::paper_out, raw({0x18, 0x00, 0x0F, 0x00})},
                                                   {Fault::cover_open, raw({0x38, 0x00, 0x00, 0x00})},
                                                   {Fault::jam, raw({0x18, 0x04, 0x00, 0x00})},
                                                   {Fault::hot, raw({0x18, 0x40, 0x00, 0x00})},
                                                   {Fault::broken, raw({0x18, 0x20, 0x00, 0x00})}};
  for (const auto& [fault, expected] : changes) {
    CAPTURE(to_text(fault));
    Bench bench(shape_of(Status::epson));
    bench.ask(raw({0x1D, 0x61, 0x0E}));
    bench.printer.inject(fault, 0ms, bench.now);
    CHECK(bench.wait(0ms) == expected);
  }
  Bench bench(shape_of(Status::epson));
  bench.ask(raw({0x1D, 0x61, 0x0E}));
  bench.printer.inject(Fault::cutter, 0ms, bench.now);
  bench.send(line_of("x") + cut);
  CHECK(bench.wait(5s) == raw({0x18, 0x08, 0x00, 0x00}));
}

TEST_CASE("automatic status tells changes only, and only of what was asked for") {
  Bench bench;
  bench.ask(raw({0x1D, 0x61, 0x04}));  // errors
  bench.printer.inject(Fault::paper_low, 0ms, bench.now);
  CHECK(bench.wait(0ms).empty());
  bench.printer.inject(Fault::paper_low, 0ms, bench.now);
  CHECK(bench.wait(0ms).empty());
  bench.printer.inject(Fault::jam, 0ms, bench.now);
  CHECK(bench.wait(0ms) == raw({0x18, 0x04, 0x03, 0x00}));
  CHECK(bench.ask(raw({0x10, 0x04, 0x01})) == raw({0x1A}));
  bench.printer.clear(Fault::jam, bench.now);
  CHECK(bench.wait(0ms) == raw({0x10, 0x00, 0x03, 0x00}));
  CHECK(bench.ask(raw({0x1D, 0x61, 0x00})).empty());
  bench.printer.inject(Fault::jam, 0ms, bench.now);
  CHECK(bench.wait(1s).empty());
}

TEST_CASE("SNBC BT-T080AII: bits where Epson's are fixed, and the printing bit falls at the end of the job") {
  auto shape = shape_of(Status::snbc_t080aii);
  shape.dialect.presenter = true;
  Bench bench(shape);
  CHECK(bench.ask(raw({0x1D, 0x61, 0xFF})) == raw({0x10, 0x00, 0x00, 0x00}));
  bench.send(line_of("x") + line_of("y") + cut);
  CHECK(bench.wait(400ms) == raw({0x10, 0x00, 0x40, 0x00}));  // printing; 50 ms, 100 ms to the knife, 300 ms
  CHECK(bench.wait(1s) == raw({0x10, 0x80, 0x40, 0x00, 0x10, 0x80, 0x00, 0x00}));
  CHECK(bench.printer.take(bench.now));
  CHECK(bench.wait(0ms) == raw({0x10, 0x00, 0x00, 0x00}));
  bench.printer.inject(Fault::jam, 0ms, bench.now);
  CHECK(bench.wait(0ms) == raw({0x18, 0x04, 0x00, 0x00}));
  check_table(shape_of(Status::snbc_t080aii), ask_status(3), raw({0x12}),
              {{Fault::jam, raw({0x16})}, {Fault::cover_open, raw({0x52})}, {Fault::hot, raw({0x52})}});
}

TEST_CASE("SNBC BK-C310: six bytes to the request that the profile names, and none of Epson's") {
  auto shape = shape_of(Status::snbc_bk_c310);
  shape.dialect.status_ask = raw({0x10, 0x04, 0x05});
  check_table(shape, raw({0x10, 0x04, 0x05}), raw({0, 0, 0, 0, 0, 0}),
              {{Fault::paper_low, raw({0x01, 0, 0, 0, 0, 0})},
               {Fault::paper_out, raw({0x05, 0, 0, 0, 0x06, 0})},
               {Fault::cover_open, raw({0x02, 0, 0, 0, 0, 0})},
               {Fault::hot, raw({0x08, 0, 0, 0, 0, 0})},
               {Fault::cutter, raw({0x10, 0, 0, 0, 0, 0})},
               {Fault::jam, raw({0x20, 0x02, 0, 0, 0, 0})}});
  CHECK(Bench(shape).ask(ask_status(1) + ask_status(4)).empty());
  shape.dialect.presenter = true;
  Bench bench(shape);
  bench.send(line_of("x") + cut);
  bench.wait(2s);
  CHECK(bench.ask(raw({0x10, 0x04, 0x05})) == raw({0, 0x01, 0, 0, 0, 0}));
}

TEST_CASE("SNBC's short frames come by themselves when nobody knows how to ask for them") {
  Bench bench(shape_of(Status::snbc_bk_c310));
  CHECK(bench.wait(1s).empty());
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  CHECK(bench.wait(0ms) == raw({0x05, 0, 0, 0, 0x06, 0}));
  bench.printer.inject(Fault::power_cycle, 0ms, bench.now);
  CHECK(bench.wait(2s) == raw({0x05, 0, 0, 0, 0x06, 0}));
  bench.printer.reload(std::nullopt, bench.now);
  CHECK(bench.wait(0ms) == raw({0, 0, 0, 0, 0, 0}));
}

TEST_CASE("SNBC's one byte") {
  auto shape = shape_of(Status::snbc_byte);
  shape.dialect.status_ask = ask_status(1);
  check_table(shape, ask_status(1), raw({0x00}),
              {{Fault::cover_open, raw({0x01})},
               {Fault::paper_out, raw({0x12})},
               {Fault::cutter, raw({0x04})},
               {Fault::hot, raw({0x08})},
               {Fault::paper_low, raw({0x10})},
               {Fault::jam, raw({0x20})}});
}

TEST_CASE("Custom's FULL status, asked for and by itself") {
  auto shape = shape_of(Status::custom_full);
  shape.dialect.presenter = true;
  check_table(shape, raw({0x10, 0x04, 0x14}), raw({0x10, 0x0F, 0x00, 0x00, 0x00, 0x00}),
              {{Fault::paper_out, raw({0x10, 0x0F, 0x05, 0x00, 0x00, 0x00})},
               {Fault::paper_low, raw({0x10, 0x0F, 0x04, 0x00, 0x00, 0x00})},
               {Fault::cover_open, raw({0x10, 0x0F, 0x00, 0x03, 0x00, 0x00})},
               {Fault::hot, raw({0x10, 0x0F, 0x00, 0x00, 0x01, 0x00})}});
  Bench bench(shape);
  CHECK(bench.ask(raw({0x1D, 0xE0, 0x01})) == raw({0x10, 0x01, 0x00}));
  bench.printer.inject(Fault::cover_open, 0ms, bench.now);
  CHECK(bench.wait(0ms).empty());  // not in the byte that was asked for
  bench.printer.clear(std::nullopt, bench.now);
  bench.send(line_of("x") + cut);
  CHECK(bench.wait(2s) == raw({0x10, 0x01, 0x20}));
  CHECK(bench.printer.take(bench.now));
  CHECK(bench.wait(0ms) == raw({0x10, 0x01, 0x00}));
  bench.printer.end_roll_in(80 * 123);
  CHECK(bench.ask(raw({0x1D, 0xE1})) == ascii("123cm"));
}

TEST_CASE("a printer answers only the orders that its profile says it knows") {
  const Raw all = ask_id("0001") + raw({0x1D, 0x72, 0x01}) + raw({0x1B, 0x76});
  const auto says = [&](Dialect::Confirm confirm) {
    PrinterModel::Shape shape;
    shape.dialect.confirm = confirm;
    return Bench(shape).ask(all);
  };
  CHECK(says(Dialect::Confirm::process_id) == answer_id("0001") + raw({0x00, 0x00}));
  CHECK(says(Dialect::Confirm::in_order_status) == raw({0x00, 0x00}));
  CHECK(says(Dialect::Confirm::esc_v) == raw({0x00}));
  CHECK(says(Dialect::Confirm::none).empty());

  PrinterModel::Shape plain;
  plain.dialect.clears = false;
  plain.dialect.identifies = false;
  Bench bench(plain);
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  CHECK(bench.ask(line_of("kept") + clear_buffers + raw({0x1D, 0x49, 0x42})).empty());
  bench.printer.reload(std::nullopt, bench.now);
  bench.wait(1s);
  CHECK(bench.printer.hanging().text() == std::vector<std::string>{"kept"});
  CHECK(Bench(shape_of(Status::none)).ask(ask_status(1) + raw({0x1D, 0x61, 0xFF})).empty());
}

TEST_CASE("offline responses come once when the printer stops") {
  Bench bench;
  bench.send(raw({0x1D, 0x28, 0x48, 0x03, 0x00, 0x31, 0x30, 0x01}));
  bench.printer.inject(Fault::cover_open, 0ms, bench.now);
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  CHECK(bench.wait(0ms) == raw({0x37, 0x23, 0x00}));
  bench.printer.clear(std::nullopt, bench.now);
  bench.send(raw({0x1D, 0x28, 0x48, 0x03, 0x00, 0x31, 0x30, 0x02}));
  bench.printer.inject(Fault::cover_open, 0ms, bench.now);
  const Raw with_cause = bench.wait(0ms);
  REQUIRE(with_cause.size() == 4);
  CHECK(with_cause[2] >= 0x40);
  CHECK(with_cause[2] <= 0x7F);
}

TEST_CASE("identity: firmware, maker, model, serial number and font as block data") {
  for (const int n : {65, 66, 67, 68, 69}) {
    const Raw block = Bench().ask(raw({0x1D, 0x49, n}));
    REQUIRE(block.size() > 2);
    CHECK(block.front() == 0x5F);
    CHECK(block.back() == 0x00);
  }
  for (const int n : {1, 2, 3, 49, 50, 51}) {
    const Raw one = Bench().ask(raw({0x1D, 0x49, n}));
    REQUIRE(one.size() == 1);
    CHECK((one[0] & 0x90) == 0);
  }
}

TEST_CASE("a presenter holds the ticket until it is taken, taken back or pushed out") {
  PrinterModel::Shape shape;
  shape.dialect.presenter = true;
  shape.dialect.retract = raw({0x1D, 0x65, 0x02});
  Bench bench(shape);
  using Fate = FinishedSheet::Fate;
  const auto fate = [&](std::size_t at) { return bench.printer.sheets().at(at).fate; };
  const auto print = [&] {
    bench.send(line_of("x") + cut);
    bench.wait(2s);
  };
  CHECK_FALSE(bench.printer.take(bench.now));
  print();
  CHECK(bench.printer.outlet().has_paper());
  CHECK(fate(0) == Fate::presented);
  bench.wait(600s);
  CHECK(bench.printer.outlet().has_paper());
  print();
  CHECK(fate(0) == Fate::ejected);
  CHECK(bench.printer.take(bench.now));
  CHECK(fate(1) == Fate::taken);
  print();
  bench.send(raw({0x1D, 0x65, 0x02}));
  bench.wait(2s);
  CHECK_FALSE(bench.printer.outlet().has_paper());
  CHECK(fate(2) == Fate::retracted);
  CHECK_FALSE(bench.printer.take(bench.now));
  bench.send(raw({0x1D, 0x52, 0x31, 0x03}));  // Citizen: back by itself after three seconds
  print();
  CHECK(fate(3) == Fate::presented);
  CHECK(bench.ask(raw({0x1D, 0x65, 0x06})) == raw({0x08}));  // b3: a ticket at the output
  bench.wait(3s);
  CHECK(fate(3) == Fate::retracted);
  CHECK(bench.ask(raw({0x1D, 0x65, 0x06})) == raw({0x00}));
}

TEST_CASE("a printer that waits to be told to present keeps the ticket inside until then") {
  PrinterModel::Shape shape;
  shape.dialect.presenter = true;
  shape.dialect.present = raw({0x1D, 0x65, 0x03, 0x0C});
  Bench bench(shape);
  bench.send(line_of("x") + cut);
  bench.wait(10s);
  CHECK_FALSE(bench.printer.outlet().has_paper());
  CHECK_FALSE(bench.printer.take(bench.now));
  bench.send(raw({0x1D, 0x65, 0x03, 0x0C}));
  bench.wait(1s);
  CHECK(bench.printer.outlet().has_paper());
}

TEST_CASE("somebody takes each ticket after a while, unless nobody does") {
  PrinterModel::Shape shape;
  shape.dialect.presenter = true;
  shape.taken_after = 1500ms;
  Bench bench(shape);
  bench.send(line_of("x") + cut);
  bench.wait(1s);  // 25 ms and 100 ms of paper, 300 ms of the knife
  CHECK(bench.printer.outlet().has_paper());
  bench.wait(1s);
  CHECK(bench.printer.outlet().counts().taken == 1);
  bench.printer.inject(Fault::untaken, 0ms, bench.now);
  bench.send(line_of("y") + cut);
  bench.wait(600s);
  CHECK(bench.printer.outlet().has_paper());
}

TEST_CASE("lies: another id, an earlier one, a status that is always well") {
  const auto lying = [](PrinterModel::Lie lie) {
    Bench bench;
    bench.printer.inject(Fault::lie, 0ms, bench.now);
    bench.printer.lie_by(lie);
    return bench;
  };
  Bench later = lying(PrinterModel::Lie::later);
  later.send(line_of("x") + cut + ask_id("0007"));
  CHECK(later.wait(5s) == answer_id("0008"));
  CHECK(later.printer.sheet_count() == 1);
  Bench earlier = lying(PrinterModel::Lie::earlier);
  earlier.send(line_of("x") + cut + ask_id("0007"));
  CHECK(earlier.wait(5s) == answer_id("0006"));
  Bench status = lying(PrinterModel::Lie::status);
  status.printer.inject(Fault::paper_out, 0ms, status.now);
  CHECK(status.ask(ask_status(1) + ask_status(4)) == raw({0x12, 0x12}));
  status.send(line_of("x") + cut + ask_id("0007"));
  CHECK(status.wait(5s).empty());
}

TEST_CASE("every profile that is shipped makes a printer that hands out a ticket") {
  int profiles = 0;
  for (const auto& file : std::filesystem::directory_iterator(LOBBY_SOURCE_DIR "/config/profiles/printers")) {
    CAPTURE(file.path().string());
    const PrinterShape shape = read_printer_shape(file.path().string(), PrinterShape());
    CHECK(shape.dialect.font != Dialect::Font::any);  // it was read
    Bench bench(shape);
    bench.send(initialise + chinese + ni_hao + newline + cut + shape.dialect.present);
    bench.wait(10s);
    REQUIRE(bench.printer.sheet_count() == 1);
    CHECK(bench.printer.sheets()[0].text == std::vector<std::string>{"你好"});
    CHECK(bench.printer.outlet().has_paper() == shape.dialect.presenter);
    CHECK(bench.printer.not_understood().empty());
    ++profiles;
  }
  CHECK(profiles >= 2);
}

TEST_CASE("the profile's words are read; old words, missing and unknown ones leave the printer as it was") {
  const auto read = [](const std::string& toml) { return parse_printer_shape(toml, PrinterShape()); };
  CHECK(read("status = true").dialect.status == Status::epson);
  CHECK(read("status = false").dialect.status == Status::none);
  CHECK(read("").dialect.status == Status::epson);
  CHECK(read("status = \"nobody's\"").dialect.status == Status::epson);
  CHECK(read("status = = 1").dots == 576);
  const auto custom = read(
      "columns = 32\nmm_per_s = 200\ncut_ms = 500\nstatus = \"custom_full\"\nconfirm = \"none\"\n"
      "presenter = \"sensor\"\nretract = [0x1D, 0x65, 0x02]\npaper_out = \"resume\"\nfont = \"gbk\"\n");
  CHECK(custom.dots == 384);
  CHECK(custom.dots_per_second == 1600);
  CHECK(custom.cut_time == 500ms);
  CHECK(custom.dialect.status == Status::custom_full);
  CHECK(custom.dialect.confirm == Dialect::Confirm::none);
  CHECK(custom.dialect.presenter);
  CHECK(custom.dialect.retract == raw({0x1D, 0x65, 0x02}));
  CHECK_FALSE(custom.dialect.clears);
  CHECK_FALSE(custom.dialect.recovers);
  CHECK(custom.dialect.font == Dialect::Font::gbk);
  CHECK(read("status = \"epson\"\nconfirm = \"process_id\"").dialect.clears);
  CHECK_FALSE(read("status = \"dle_eot\"\nconfirm = \"in_order_status\"").dialect.clears);
}
