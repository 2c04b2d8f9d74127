#include "tests/app_papers/drawn.hpp"

#include <doctest/doctest.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "daemon/devices/paper_glyphs.hpp"
#include "display/canvas/png.hpp"
#include "display/canvas/utf8.hpp"
#include "tests/sim/escpos_tokens.hpp"

namespace lobby::app::testing {
namespace {

using display::Bitmap;
using display::PaperLine;
using display::PaperQr;
using sim::EscposToken;

constexpr int line_spacing = 34;  ///< a sixth of an inch
constexpr int head_to_cutter = 100;

printer::Align align_of(PaperLine::Align align) {
  return static_cast<printer::Align>(align);
}

printer::Job job_of(const std::vector<display::PaperItem>& items) {
  printer::Job job;
  for (const auto& item : items) {
    if (const auto* line = std::get_if<PaperLine>(&item)) {
      job.items.emplace_back(printer::TextLine{line->text, align_of(line->align), line->scale, line->bold});
    } else if (const auto* symbol = std::get_if<PaperQr>(&item)) {
      job.items.emplace_back(printer::Qr{symbol->data, symbol->module, align_of(symbol->align)});
    }
  }
  return job;
}

devices::PaperGlyphs& fonts() {
  static devices::PaperGlyphs glyphs;
  return glyphs;
}

Bitmap bitmap_of(const printer::escpos::Glyph& glyph, bool bold) {
  Bitmap out(24, 24);
  for (int y = 0; y < 24; ++y) {
    const auto row = glyph.rows[static_cast<std::size_t>(y)];
    for (int x = 0; x < 24; ++x) {
      out.set(x, y, ((bold ? row | row >> 1U : row) >> (31 - x) & 1U) != 0);
    }
  }
  return out;
}

/// Which character a bit image shows: one of those that names are feared for.
char32_t read_image(const Bitmap& image) {
  for (const auto character : U"𠮷㐀䶮镕喆曌éÉÈ") {
    const auto glyph = character != 0 ? fonts().find(character, 2) : std::nullopt;
    if (glyph && (bitmap_of(*glyph, false) == image || bitmap_of(*glyph, true) == image)) {
      return character;
    }
  }
  return U'□';
}

/// The printer, as far as a ticket needs it.
class Head {
 public:
  explicit Head(int dots) : dots_(dots) {}

  void take(const EscposToken& token) {
    if (token.kind == EscposToken::Kind::character) {
      line_.push_back(Piece{{token.character, token.wide, scale_, scale_, bold_, false, false}, {}});
      return;
    }
    switch (token.code()) {
      case 0x0A:
        end_line();
        return;
      case 0x1B40:
      case 0x1C26:
      case 0x1B63:  // panel keys, paper sensor
        return;
      case 0x1B61:
        align_ = token.byte(2);
        return;
      case 0x1B45:
        bold_ = token.byte(2) != 0;
        return;
      case 0x1B4A:
        y_ += token.byte(2);
        return;
      case 0x1D21:
        scale_ = static_cast<std::uint8_t>((token.byte(2) & 7) + 1);
        return;
      case 0x1B2A:
        line_.push_back(Piece{{}, bit_image(token)});
        return;
      case 0x1D76:
        image(raster(token, 8, token.byte(4) + token.byte(5) * 256), "[image]");
        return;
      case 0x1D28:
        symbol(token);
        return;
      case 0x1D56:
        y_ += head_to_cutter;
        return;
      default:
        ++burnt.unknown;
    }
  }

  Burnt burnt;
  int height() const { return y_; }

 private:
  struct Piece {
    sim::Ink ink;
    Bitmap image;
    int width() const { return image.width() > 0 ? image.width() : ink.width(); }
  };

  int left_of(int width) const { return align_ == 0 ? 0 : (dots_ - width) / (align_ == 1 ? 2 : 1); }

  void end_line() {
    BurntLine line{"", y_, 24 * scale_, 0, 0};
    for (const auto& piece : line_) {
      line.width += piece.width();
    }
    line.left = left_of(line.width);
    int x = line.left;
    for (const auto& piece : line_) {
      sim::PrintedRow row;
      row.top = y_;
      row.height = line.height;
      row.left = x;
      if (piece.image.width() > 0) {
        row.image = piece.image;
      } else {
        row.inks = {piece.ink};
      }
      const char32_t character = piece.image.width() > 0 ? read_image(piece.image) : piece.ink.character;
      line.text += display::to_utf8(std::u32string_view(&character, 1));
      burnt.sheet.rows.push_back(std::move(row));
      x += piece.width();
    }
    burnt.lines.push_back(line);
    line_.clear();
    y_ += std::max(line_spacing, line.height);
  }

  /// Columns of three bytes, the uppermost dot in the highest bit.
  static Bitmap bit_image(const EscposToken& token) {
    const int width = token.byte(3) + token.byte(4) * 256;
    Bitmap out(width, 24);
    for (int x = 0; x < width; ++x) {
      for (int y = 0; y < 24; ++y) {
        out.set(x, y, (token.byte(static_cast<std::size_t>(5 + x * 3 + y / 8)) >> (7 - y % 8) & 1) != 0);
      }
    }
    return token.byte(2) == 33 ? out : Bitmap();
  }

  static Bitmap raster(const EscposToken& token, int begin, int stride) {
    const int rows = token.byte(6) + token.byte(7) * 256;
    Bitmap out(stride * 8, rows);
    for (int y = 0; y < rows; ++y) {
      for (int x = 0; x < stride * 8; ++x) {
        out.set(x, y,
                (token.byte(static_cast<std::size_t>(begin + y * stride + x / 8)) >> (7 - x % 8) & 1) != 0);
      }
    }
    return out;
  }

  void image(Bitmap bitmap, std::string text) {
    sim::PrintedRow row;
    row.top = y_;
    row.height = bitmap.height();
    row.left = left_of(bitmap.width());
    burnt.lines.push_back({std::move(text), y_, bitmap.height(), row.left, bitmap.width()});
    y_ += bitmap.height();
    row.image = std::move(bitmap);
    burnt.sheet.rows.push_back(std::move(row));
  }

  /// GS ( k, cn 49.
  void symbol(const EscposToken& token) {
    if (token.byte(2) != 'k' || token.byte(5) != 49) {
      ++burnt.unknown;
      return;
    }
    switch (token.byte(6)) {
      case 67:
        module_ = token.byte(7);
        return;
      case 69:
        level_ = static_cast<QRecLevel>(token.byte(7) - 48);
        return;
      case 80:
        stored_.assign(token.bytes.begin() + 8, token.bytes.end());
        return;
      case 81:
        image(drawn_symbol(), "[QR " + stored_ + "]");
        return;
      default:
        return;
    }
  }

  Bitmap drawn_symbol() const {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeData(static_cast<int>(stored_.size()),
                          reinterpret_cast<const unsigned char*>(stored_.data()), 0, level_),
        QRcode_free);
    Bitmap out(code->width * module_, code->width * module_);
    for (int i = 0; i < code->width * code->width; ++i) {
      if ((code->data[i] & 1U) != 0) {
        out.fill(i % code->width * module_, i / code->width * module_, module_, module_);
      }
    }
    return out;
  }

  const int dots_;
  int y_ = 16;
  std::uint8_t align_ = 0, scale_ = 1;
  bool bold_ = false;
  std::vector<Piece> line_;
  std::string stored_;
  int module_ = 3;
  QRecLevel level_ = QR_ECLEVEL_L;
};

}  // namespace

const BurntLine& Burnt::line(const std::string& wanted) const {
  const auto found =
      std::find_if(lines.begin(), lines.end(), [&](const BurntLine& each) { return each.text == wanted; });
  REQUIRE_MESSAGE(found != lines.end(), "no line says ", wanted);
  return *found;
}

std::string Burnt::text() const {
  std::string out;
  for (const auto& each : lines) {
    out += each.text;
  }
  return out;
}

printer::Profile paper_profile(int columns) {
  printer::Profile profile;
  profile.columns = columns;
  profile.dots = columns * 12;
  profile.font = printer::Profile::Font::gb2312;
  profile.cut = {0x1D, 0x56, 0x42, 0x00};
  return profile;
}

Burnt burn(const std::vector<display::PaperItem>& items, const printer::Profile& profile) {
  const auto glyphs = [](char32_t character, int columns) { return fonts().find(character, columns); };
  auto encoded = printer::escpos::encode(job_of(items), profile, glyphs);
  sim::EscposTokens tokens;
  std::vector<EscposToken> all;
  for (const auto byte : encoded.bytes) {
    tokens.feed(byte, all);
  }
  Head head(profile.dots);
  for (const auto& token : all) {
    head.take(token);
  }
  auto burnt = std::move(head.burnt);
  burnt.sheet.height = head.height();
  burnt.encoded = std::move(encoded);
  return burnt;
}

std::string picture_of(const std::vector<Burnt>& papers, int columns) {
  static display::OutlineFont wenquanyi;
  std::vector<sim::Sheet> sheets;
  for (const auto& paper : papers) {
    sheets.push_back(paper.sheet);
  }
  return display::png(sim::paper_picture(sheets, columns * 12, wenquanyi));
}

}  // namespace lobby::app::testing
