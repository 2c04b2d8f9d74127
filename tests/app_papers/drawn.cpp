#include "tests/app_papers/drawn.hpp"

#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "display/canvas/png.hpp"
#include "display/canvas/utf8.hpp"

namespace lobby::app::testing {
namespace {

using display::Bitmap;
using display::PaperLine;
using display::PaperQr;

constexpr int line_spacing = 30;
constexpr int quiet_modules = 4;

display::OutlineFont& font() {
  static display::OutlineFont wenquanyi;
  return wenquanyi;
}

Bitmap qr_symbol(const std::string& data, int module) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(data.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
  Bitmap out(code->width * module, code->width * module);
  for (int i = 0; i < code->width * code->width; ++i) {
    if ((code->data[i] & 1U) != 0) {
      out.fill(i % code->width * module, i / code->width * module, module, module);
    }
  }
  return out;
}

int left_of(PaperLine::Align align, int width, int dots) {
  return align == PaperLine::Align::left ? 0 : (dots - width) / (align == PaperLine::Align::centre ? 2 : 1);
}

int add(sim::Sheet& sheet, const PaperLine& line, int top, int dots) {
  sim::PrintedRow row;
  row.top = top;
  row.height = 24 * line.scale;
  int width = 0;
  for (const auto c : display::code_points(line.text)) {
    sim::Ink ink;
    ink.character = c;
    ink.wide = c >= 0x80;
    ink.width_scale = ink.height_scale = static_cast<std::uint8_t>(line.scale);
    ink.bold = line.bold;
    width += ink.width();
    row.inks.push_back(ink);
  }
  row.left = left_of(line.align, width, dots);
  sheet.rows.push_back(std::move(row));
  return std::max(line_spacing, 24 * line.scale);
}

int add(sim::Sheet& sheet, const PaperQr& symbol, int top, int dots) {
  sim::PrintedRow row;
  row.image = qr_symbol(symbol.data, symbol.module);
  row.top = top + quiet_modules * symbol.module;
  row.height = row.image.height();
  row.left = left_of(symbol.align, row.image.width(), dots);
  sheet.rows.push_back(std::move(row));
  return sheet.rows.back().height + 2 * quiet_modules * symbol.module;
}

}  // namespace

sim::Sheet sheet_of(const std::vector<display::PaperItem>& items, int columns) {
  sim::Sheet sheet;
  int top = 16;
  for (const auto& item : items) {
    top += std::visit([&](const auto& each) { return add(sheet, each, top, columns * 12); }, item);
  }
  sheet.height = top + 100;  // from the head to the cutter
  return sheet;
}

std::string picture_of(const std::vector<sim::Sheet>& sheets, int columns) {
  return display::png(sim::paper_picture(sheets, columns * 12, font()));
}

}  // namespace lobby::app::testing
