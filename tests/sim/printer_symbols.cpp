#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "tests/sim/printer_model.hpp"

// What a printer draws by itself, or keeps and prints later: QR symbols (GS ( k) and stored pictures (GS ( L,
// GS 8 L).
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

}  // namespace

void PrinterModel::symbol(const EscposToken& token, TimePoint now) {
  if (token.byte(5) != 0x31) {
    not_understood_.insert("1D 28 6B: no QR");
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
        print_image(draw_symbol(symbol_.data, symbol_.level, symbol_.module), symbol_.data, now);
      }
      return;
    default:
      not_understood_.insert("1D 28 6B: another function");
  }
}

void PrinterModel::stored_picture(const EscposToken& token, TimePoint now) {
  const std::size_t at = token.byte(1) == '8' ? 7 : 5;
  const std::uint8_t function = token.byte(at + 1);
  if (function == 0x32 || function == 0x02) {
    print_image(std::exchange(stored_, Bitmap(0, 0)), {}, now);
    return;
  }
  if (function != 0x70) {
    not_understood_.insert("1D 28 4C: another function");
    return;
  }
  const int width = token.byte(at + 6) + token.byte(at + 7) * 256;
  const int height = token.byte(at + 8) + token.byte(at + 9) * 256;
  const std::size_t stride = (static_cast<std::size_t>(width) + 7) / 8;
  stored_ = Bitmap(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto byte =
          token.byte(at + 10 + static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x / 8));
      stored_.set(x, y, (byte >> (7 - x % 8) & 1) != 0);
    }
  }
}

/// One that is wider than the paper's printable part is not printed, and nothing is said.
void PrinterModel::print_image(Bitmap image, std::string symbol, TimePoint now) {
  const int room = shape_.dots - style_.left;
  if (image.width() == 0 || image.width() > room) {
    return;
  }
  const int free = room - image.width();
  const int indent = style_.left + (style_.align == 1 ? free / 2 : style_.align == 2 ? free : 0);
  const int rows = image.height();
  if (!faults_.has(Fault::lie)) {
    rows_.push_back({head_, rows, indent, {}, std::move(image), std::move(symbol)});
  }
  feed_paper(rows, now);
}

}  // namespace lobby::sim
