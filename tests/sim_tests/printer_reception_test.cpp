#include <doctest/doctest.h>

#include <string>

#include "tests/sim_tests/printer_bench.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t buffer_size = 4096;  // and the two bounds below: TM-T88III, facts of its manual
constexpr std::size_t full_at = 128;

PrinterModel::Shape serial_shape() {
  PrinterModel::Shape shape;
  shape.flow_bytes = true;
  return shape;
}

/// Lines of ten bytes that all wait: there is no paper.
Raw lines(std::size_t bytes) {
  Raw out;
  while (out.size() < bytes) {
    out = out + line_of("123456789");
  }
  out.resize(bytes);
  return out;
}

}  // namespace

TEST_CASE(
    "XOFF comes with 128 bytes left, XON with 256, and what comes beyond the buffer is lost and counted") {
  Bench bench(serial_shape());
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  // The first line is in the machine, and waits for paper there.
  CHECK(bench.ask(lines(buffer_size - full_at - 1)).empty());
  CHECK_FALSE(bench.printer.is_holding_off());
  CHECK(bench.ask(ascii("x")) == raw({0x13}));
  CHECK(bench.printer.room() == full_at);
  bench.send(Raw(full_at, 'y'));
  CHECK(bench.printer.room() == 0);
  CHECK(bench.printer.counts().lost == 0);
  bench.send(Raw(3, 'z'));
  CHECK(bench.printer.counts().lost == 3);

  bench.printer.reload(std::nullopt, bench.now);
  Raw said;
  while (said.empty()) {
    const auto next = bench.printer.next(bench.now);
    REQUIRE(next);
    bench.now = *next;
    bench.printer.advance(bench.now);
    said = bench.printer.take_answers(bench.now);
  }
  CHECK(said == raw({0x11}));
  // A line has ten bytes, and is taken out at once as soon as the one before is printed.
  CHECK(bench.printer.room() >= 256);
  CHECK(bench.printer.room() < 256 + 10);
  CHECK(bench.wait(60s).empty());
  const auto text = bench.printer.hanging().text();
  CHECK(text.front() == "123456789");
  for (const std::string& line : text) {
    CHECK(line.find('z') == std::string::npos);
  }
}

TEST_CASE("XON waits for the 256th byte") {
  for (const std::size_t before : {254U, 255U}) {
    Bench bench(serial_shape());
    bench.printer.inject(Fault::paper_out, 0ms, bench.now);
    // NULs do nothing and take no time; the line feed behind them does.
    Raw bytes(before, 0x00);
    bytes.push_back(0x0A);
    bytes.resize(buffer_size, 'y');
    CHECK(bench.ask(bytes) == raw({0x13}));
    bench.printer.reload(std::nullopt, bench.now);
    CHECK(bench.wait(0ms) == (before + 1 < 256 ? Raw() : raw({0x11})));
  }
}

TEST_CASE("an answer that was not out yet goes with the power") {
  Bench bench;
  bench.printer.inject(Fault::slow, 5000ms, bench.now);
  CHECK(bench.ask(ask_status(1)).empty());
  bench.printer.inject(Fault::power_cycle, 0ms, bench.now);
  CHECK(bench.wait(60s).empty());
}

TEST_CASE("a full buffer still hears real-time commands, and they take no room in it") {
  Bench bench(serial_shape());
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  bench.send(lines(buffer_size));
  bench.wait(0ms);
  REQUIRE(bench.printer.room() == 0);
  for (int round = 0; round < 100; ++round) {
    CHECK(bench.ask(ask_status(4)) == raw({0x7E}));
  }
  CHECK(bench.printer.counts().lost == 0);
  CHECK(bench.ask(clear_buffers) == raw({0x11, 0x37, 0x25, 0x00}));
  CHECK(bench.printer.room() == buffer_size);
}

TEST_CASE("a real-time command overtakes the job that it stands behind, byte by byte or whole") {
  const Raw job = line_of("long") + line_of("enough") + raw({0x1D, 0x72, 0x01});
  Bench whole;
  CHECK(whole.ask(job + ask_status(1)) == raw({0x12}));
  Bench split;
  split.send(job);
  for (const int byte : {0x10, 0x04}) {
    CHECK(split.ask(raw({byte})).empty());
  }
  CHECK(split.ask(raw({0x02})) == raw({0x12}));
  CHECK(split.wait(1s) == raw({0x00}));
}

TEST_CASE("real-time commands are heard inside data and eaten by plain parameters") {
  const Raw picture = raw({0x1D, 0x38, 0x4C, 0x0D, 0x00, 0x00, 0x00, 0x30, 0x70, 0x30,
                           0x01, 0x01, 0x31, 0x18, 0x00, 0x01, 0x00, 0x10, 0x04, 0x04});
  CHECK(Bench().ask(picture) == raw({0x12}));
  const Raw bits = raw({0x1B, 0x2A, 0x21, 0x01, 0x00, 0x10, 0x04, 0x01});
  CHECK(Bench().ask(bits) == raw({0x12}));
  const Raw symbol = raw({0x1D, 0x28, 0x6B, 0x06, 0x00, 0x31, 0x50, 0x30, 0x10, 0x04, 0x01});
  CHECK(Bench().ask(symbol) == raw({0x12}));
  for (const Raw& eaten : {raw({0x1B, 0x61, 0x10, 0x04, 0x01}), raw({0x1D, 0x21, 0x10, 0x04, 0x01}),
                           raw({0x1D, 0x4C, 0x00, 0x10, 0x04, 0x01}), raw({0x1B, 0x10, 0x04, 0x01})}) {
    CHECK(Bench().ask(eaten).empty());
  }
}

TEST_CASE("clearing in the middle of a picture ends the picture, and what follows is text again") {
  Bench bench;
  bench.send(line_of("before") + raw({0x1D, 0x76, 0x30, 0x00, 0x48, 0x00, 0x80, 0x00}) + Raw(1000, 0xFF));
  CHECK(bench.ask(clear_buffers) == raw({0x37, 0x25, 0x00}));
  bench.send(initialise + line_of("after") + cut);
  bench.wait(5s);
  REQUIRE(bench.printer.sheet_count() == 1);
  CHECK(bench.printer.sheets()[0].text == std::vector<std::string>{"after"});
}

TEST_CASE("a torn character swallows no command") {
  Bench bench;
  CHECK(bench.ask(chinese + raw({0x95, 0x34}) + ask_status(1)) == raw({0x12}));
  CHECK(bench.ask(raw({0x95, 0x34, 0xB2}) + ask_status(1)) == raw({0x12}));
  bench.send(newline + cut);
  bench.wait(2s);
  CHECK(bench.printer.sheet_count() == 1);
}

TEST_CASE("ids of cleared data never come; the next one does") {
  Bench bench;
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  bench.send(line_of("first") + cut + ask_id("0001"));
  CHECK(bench.ask(clear_buffers) == raw({0x37, 0x25, 0x00}));
  bench.printer.reload(std::nullopt, bench.now);
  CHECK(bench.wait(10s).empty());
  bench.send(line_of("second") + cut + ask_id("0002"));
  CHECK(bench.wait(10s) == answer_id("0002"));
  REQUIRE(bench.printer.sheet_count() == 1);
  CHECK(bench.printer.sheets()[0].text == std::vector<std::string>{"second"});
}

TEST_CASE("what comes while the buffers are being cleared is thrown away too") {
  PrinterModel::Shape shape;
  shape.clear_time = 50ms;
  Bench bench(shape);
  bench.send(clear_buffers + line_of("too early"));
  CHECK(bench.wait(49ms).empty());
  CHECK(bench.wait(1ms) == raw({0x37, 0x25, 0x00}));
  bench.send(line_of("in time"));
  bench.wait(1s);
  CHECK(bench.printer.hanging().text() == std::vector<std::string>{"in time"});
}

TEST_CASE("DLE ENQ 2 does nothing for want of paper: the job is kept and printed") {
  Bench bench;
  bench.printer.inject(Fault::paper_out, 0ms, bench.now);
  bench.send(line_of("kept") + cut + ask_id("0007"));
  CHECK(bench.ask(raw({0x10, 0x05, 0x02, 0x10, 0x05, 0x01})).empty());
  bench.printer.reload(std::nullopt, bench.now);
  CHECK(bench.wait(5s) == answer_id("0007"));
  CHECK(bench.printer.sheets().at(0).text == std::vector<std::string>{"kept"});
}

TEST_CASE("a jammed knife: ENQ helps only when the jam is out; 1 goes on, 2 throws the rest away") {
  const auto jammed = [] {
    Bench bench;
    bench.printer.inject(Fault::cutter, 0ms, bench.now);
    bench.send(line_of("x") + cut + ask_id("0001"));
    CHECK(bench.wait(5s).empty());
    CHECK(bench.ask(raw({0x10, 0x05, 0x01}) + ask_status(3)) == raw({0x1A}));
    CHECK(bench.wait(5s).empty());
    CHECK(bench.ask(ask_status(3)) == raw({0x1A}));
    return bench;
  };
  Bench on = jammed();
  on.printer.clear(std::nullopt, on.now);
  CHECK(on.ask(ask_status(3)) == raw({0x1A}));
  CHECK(on.ask(raw({0x10, 0x05, 0x01}) + ask_status(3)) == raw({0x12}));
  CHECK(on.wait(5s) == answer_id("0001"));
  CHECK(on.printer.sheet_count() == 1);

  Bench away = jammed();
  CHECK(away.ask(raw({0x10, 0x05, 0x02}) + ask_status(3)) == raw({0x1A}));
  away.printer.clear(std::nullopt, away.now);
  CHECK(away.ask(raw({0x10, 0x05, 0x02}) + ask_status(3)) == raw({0x12}));
  CHECK(away.wait(5s).empty());
  CHECK(away.printer.sheet_count() == 0);
  CHECK(away.printer.hanging().text() == std::vector<std::string>{"x"});
}

TEST_CASE("power off: ids, buffers and automatic status are gone, a second of silence, then XON") {
  Bench bench(serial_shape());
  CHECK(bench.ask(raw({0x1D, 0x61, 0xFF})) == raw({0x10, 0x00, 0x00, 0x00}));
  bench.send(line_of("lost") + cut + ask_id("0001"));
  bench.printer.inject(Fault::power_cycle, 0ms, bench.now);
  CHECK(bench.printer.state(bench.now) == "booting");
  CHECK(bench.ask(ask_status(1)).empty());
  CHECK(bench.wait(999ms).empty());
  bench.send(line_of("nobody listens"));
  CHECK(bench.printer.counts().lost == 3 + 15);
  CHECK(bench.wait(1ms) == raw({0x11}));
  CHECK(bench.ask(ask_status(1)) == raw({0x12}));
  bench.printer.inject(Fault::cover_open, 0ms, bench.now);
  CHECK(bench.wait(10s).empty());  // it reports by itself no more
  bench.printer.clear(std::nullopt, bench.now);
  CHECK(bench.wait(10s).empty());
  CHECK(bench.printer.sheet_count() == 0);
}

TEST_CASE("a printer that hangs hears nothing at once, and all of it when it goes on") {
  Bench bench;
  bench.printer.inject(Fault::freeze, 0ms, bench.now);
  CHECK(bench.printer.room() == 0);
  bench.send(line_of("late") + ask_status(1));
  CHECK(bench.wait(60s).empty());
  bench.send(Raw(5000, 'x'));
  CHECK(bench.printer.counts().lost == 5000 + 8 - buffer_size);
  bench.printer.clear(Fault::freeze, bench.now);
  CHECK(bench.wait(0ms) == raw({0x12}));
}
