// Whatever comes to the simulated printer, and whatever happens to it meanwhile: it stays within its buffer
// and comes to rest, no dot row of a line is printed twice, and every piece of paper can be drawn.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <utility>

#include "tests/sim/printer_model.hpp"

namespace {

using namespace lobby::sim;

struct Story {
  PrinterModel printer;
  TimePoint now{};
  std::set<std::pair<std::uint64_t, int>> burnt;

  void hold(bool promise) const {
    if (!promise) {
      std::abort();
    }
  }
  void happens(std::uint8_t what) {
    constexpr Fault faults[] = {Fault::paper_out,   Fault::cover_open, Fault::cutter, Fault::freeze,
                                Fault::power_cycle, Fault::jam,        Fault::lie,    Fault::untaken};
    if ((what & 0x10) != 0) {
      printer.clear(std::nullopt, now);
    } else if ((what & 0x08) != 0) {
      printer.end_roll_in(what & 7);
    } else {
      printer.inject(faults[what & 7], milliseconds(0), now);
    }
  }
  void rest() {
    printer.clear(std::nullopt, now);
    printer.end_roll_in(std::nullopt);
    for (int step = 0; step < 1'000'000; ++step) {
      printer.advance(now);
      printer.take_answers(now);
      const auto next = printer.next(now);
      if (!next) {
        return;
      }
      now = *next;
      // Error recovery by hand, where a knife waits for it.
      if (printer.state(now) == "cutter") {
        printer.receive(std::initializer_list<std::uint8_t>{0x10, 0x05, 0x01}, now);
      }
    }
    std::abort();
  }
  void count(const Sheet& sheet) {
    for (const PrintedRow& row : sheet.rows) {
      for (int y = row.skip; y < row.skip + row.height; ++y) {
        hold(burnt.emplace(row.serial, y).second);
      }
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) {
    return 0;
  }
  PrinterModel::Shape shape;
  shape.buffer = 256;
  shape.flow_bytes = (data[0] & 0x80) != 0;
  shape.dialect.status = static_cast<PrinterDialect::Status>(data[0] % 7);
  shape.dialect.presenter = (data[0] & 0x40) != 0;
  Story story{PrinterModel(shape), {}, {}};
  for (std::size_t i = 1; i < size; ++i) {
    // FF and a byte: something happens, or time passes; FF FF is FF.
    if (data[i] == 0xFF && i + 1 < size && data[++i] != 0xFF) {
      story.now += milliseconds(data[i] & 0x60);
      story.happens(data[i]);
      continue;
    }
    story.printer.receive(std::span(data + i, 1), story.now);
    story.hold(story.printer.waiting() <= shape.buffer);
  }
  story.rest();
  for (const auto& piece : story.printer.torn()) {
    story.count(piece.sheet);
  }
  for (const auto& sheet : story.printer.sheets()) {
    story.count(sheet.sheet);
  }
  story.count(story.printer.hanging());
  return 0;
}
