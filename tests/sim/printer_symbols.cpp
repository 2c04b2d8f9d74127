#include <fmt/format.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "tests/sim/printer_model.hpp"

// Pictures: those that the host sends (GS v 0, ESC *, FS 2), QR symbols that the printer draws by itself
// (GS ( k), and what it keeps and prints later (GS ( L, GS 8 L).
namespace lobby::sim {
namespace {

using display::Bitmap;

/// Without a quiet zone: that is the host's, by feeding paper.
Bitmap draw_symbol(const std::string& data, std::uint8_t level, int module) {
  constexpr QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeData(static_cast<int>(data.size()), reinterpret_cast<const unsigned char*>(data.data()), 0,
                        levels[level % 4]),
      QRcode_free);
  if (!code) {
    return {0, 0};
  }
  Bitmap out(code->width * module, code->width * module);
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if ((code->data[y * code->width + x] & 1U) != 0) {
        out.fill(x * module, y * module, module, module);
      }
    }
  }
  return out;
}

/// Of the rows that a picture's head promises, those of which there are dots.
int rows_of(const EscposToken& token, std::size_t head, int stride, int promised) {
  const std::size_t dots = token.bytes.size() - std::min(token.bytes.size(), head);
  return stride == 0 ? 0 : std::min(promised, static_cast<int>(dots) / stride);
}

}  // namespace

void PrinterModel::raster(const EscposToken& token) {
  const int columns = token.byte(4) + token.byte(5) * 256;
  const int height = rows_of(token, 8, columns, token.byte(6) + token.byte(7) * 256);
  const unsigned mode = token.byte(3) & 3U;
  const int across = (mode & 1U) != 0 ? 2 : 1;
  const int down = (mode & 2U) != 0 ? 2 : 1;
  Bitmap image(std::min(columns * 8 * across, shape_.dots), height * down);
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const int source = x / across;
      const auto at = static_cast<std::size_t>(8 + (y / down) * columns + source / 8);
      image.set(x, y, (token.byte(at) >> (7 - source % 8) & 1) != 0);
    }
  }
  print_image(std::move(image), {});
}

/// ESC * stands in the line, between the characters: m 0 and 1 have 8 dots down, 32 and 33 have 24; 0 and 32
/// are of half the density across.
void PrinterModel::bit_image(const EscposToken& token) {
  const std::uint8_t m = token.byte(2);
  const int columns = token.byte(3) + token.byte(4) * 256;
  const int bytes = m >= 32 ? 3 : 1;
  const int across = (m & 1U) != 0 ? 1 : 2;
  const int down = 24 / (bytes * 8);
  if (columns == 0) {
    return;
  }
  Ink ink;
  ink.own = Bitmap(columns * across, 24);
  for (int x = 0; x < columns; ++x) {
    for (int y = 0; y < bytes * 8; ++y) {
      if ((token.byte(static_cast<std::size_t>(5 + x * bytes + y / 8)) >> (7 - y % 8) & 1) != 0) {
        ink.own.fill(x * across, y * down, across, down);
      }
    }
  }
  if (shape_.dialect.mixes_bit_images) {
    add_ink(std::move(ink));
    return;
  }
  if (!line_.empty()) {
    end_row(0);
  }
  add_ink(std::move(ink));
  end_row(0);
}

/// FS 2 and FS ?: a glyph of the host's own for a code, 24 columns of three bytes, until ESC @.
void PrinterModel::own_character(const EscposToken& token) {
  const std::vector<std::uint8_t> code{token.byte(2), token.byte(3)};
  if (token.byte(1) == '?') {
    own_characters_.erase(code);
    return;
  }
  Bitmap glyph(24, 24);
  for (int x = 0; x < 24; ++x) {
    for (int y = 0; y < 24; ++y) {
      glyph.set(x, y, (token.byte(static_cast<std::size_t>(4 + x * 3 + y / 8)) >> (7 - y % 8) & 1) != 0);
    }
  }
  if (own_characters_.size() < 64) {
    own_characters_[code] = std::move(glyph);
  }
}

void PrinterModel::symbol(const EscposToken& token) {
  if (!shape_.dialect.draws_symbols) {
    not_known("1D 28 6B");
    return;
  }
  if (token.byte(5) != 0x31) {
    not_known("1D 28 6B: no QR");
    return;
  }
  const std::uint8_t n = token.byte(7);
  switch (token.byte(6)) {
    case 0x41:  // model: 2 is the only one
      return;
    case 0x43:
      symbol_.module = std::clamp<int>(n, 1, 16);
      return;
    case 0x45:
      symbol_.level = n;
      return;
    case 0x50:
      symbol_.data.assign(token.bytes.begin() + std::min<std::ptrdiff_t>(8, std::ssize(token.bytes)),
                          token.bytes.end());
      return;
    case 0x51:
      if (line_.empty() && !symbol_.data.empty()) {
        print_image(draw_symbol(symbol_.data, symbol_.level, symbol_.module), symbol_.data);
      }
      return;
    case 0x52: {
      const Bitmap drawn = draw_symbol(symbol_.data, symbol_.level, symbol_.module);
      const bool fits = drawn.width() > 0 && drawn.width() <= area();
      const std::string said =
          fmt::format("76{}\037{}\0371\037{}", drawn.width(), drawn.height(), fits ? 0 : 1);
      std::vector<std::uint8_t> block(said.begin(), said.end());
      block.push_back(0x00);
      answer(std::move(block), clock_);
      return;
    }
    default:
      not_known("1D 28 6B: another function");
  }
}

void PrinterModel::stored_picture(const EscposToken& token) {
  const std::size_t at = token.byte(1) == '8' ? 7 : 5;
  const std::uint8_t function = token.byte(at + 1);
  if (function == 0x32 || function == 0x02) {
    print_image(std::exchange(stored_, Bitmap(0, 0)), {});
    return;
  }
  if (function != 0x70) {
    not_known("1D 28 4C: another function");
    return;
  }
  const int width = token.byte(at + 6) + token.byte(at + 7) * 256;
  const int stride = (width + 7) / 8;
  const int height = rows_of(token, at + 10, stride, token.byte(at + 8) + token.byte(at + 9) * 256);
  const int across = token.byte(at + 3) == 2 ? 2 : 1;
  const int down = token.byte(at + 4) == 2 ? 2 : 1;
  stored_ = Bitmap(width * across, height * down);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto byte = token.byte(at + 10 + static_cast<std::size_t>(y * stride + x / 8));
      if ((byte >> (7 - x % 8) & 1) != 0) {
        stored_.fill(x * across, y * down, across, down);
      }
    }
  }
}

/// One that is wider than the paper's printable part is not printed, and nothing is said.
void PrinterModel::print_image(Bitmap image, std::string symbol) {
  const int room = area();
  if (image.width() == 0 || image.height() == 0 || image.width() > room) {
    return;
  }
  if (!line_.empty()) {
    end_row(0);
  }
  const int free = room - image.width();
  const int indent = style_.left + (style_.align == 1 ? free / 2 : style_.align == 2 ? free : 0);
  const int rows = image.height();
  PrintedRow row{0, rows, indent, {}, std::move(image), std::move(symbol)};
  print_row(std::move(row));
}

}  // namespace lobby::sim
