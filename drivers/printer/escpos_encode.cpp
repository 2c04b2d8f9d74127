#include <algorithm>

#include "drivers/printer/escpos.hpp"
#include "drivers/printer/qr.hpp"
#include "drivers/printer/raster.hpp"

namespace lobby::printer::escpos {
namespace {

constexpr std::uint8_t lf = 0x0A;
constexpr std::size_t longest_job = 64 * 1024;
/// Dots between the lines of plain text: 34 to a line, 24 to a character. A larger line is as high as its
/// characters and would touch the next.
constexpr int leading = 10;

constexpr link::GbSet set_of(Profile::Font font) {
  switch (font) {
    case Profile::Font::gb2312:
      return link::GbSet::gb2312;
    case Profile::Font::gbk:
      return link::GbSet::gbk;
    case Profile::Font::gb18030:
      return link::GbSet::gb18030;
    default:
      return link::GbSet::gb18030_b;
  }
}

/// Writes one job item after the other, and of their style only what changes: ESC @ has set the first.
class Writer {
 public:
  Writer(const Profile& profile, const Glyphs& glyphs)
      : profile_(profile), glyphs_(glyphs), set_(set_of(profile.font)) {
    out_.reserve(1024);
    encoded_.seams.reserve(32);
    // ESC @ leaves Chinese mode, so FS & follows it each time.
    out_.insert(out_.end(), {0x1B, 0x40, 0x1C, 0x26});
    add(profile.init);
  }

  Encoded& encoded() { return encoded_; }
  void add(const Bytes& bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    encoded_.seam();
  }

  void operator()(const TextLine& line) {
    const int scale = std::clamp(line.scale, 1, std::clamp(profile_.columns / 2, 1, 8));
    align(line.align);
    size(scale);
    bold(line.bold);
    text(line.text, std::max(profile_.columns / scale, 2));
    if (scale > 1) {
      feed(leading);
    }
  }

  void operator()(const Qr& qr) {
    const int module = qr_module_dots(qr, profile_);
    if (module == 0) {
      encoded_.losses.symbols += qr.data.empty() ? 0 : 1;
      return;
    }
    size(1);
    align(qr.align);
    feed(quiet_modules * module);
    const int most = std::min(profile_.qr_max_bytes, Profile::qr_greatest_bytes);
    const bool is_native =
        profile_.qr == Profile::QrBy::native && qr.data.size() <= static_cast<std::size_t>(most);
    if (is_native && add_native_qr(out_, qr.data, module)) {
      encoded_.seam();
    } else {
      raster(draw_qr(qr.data, module));
    }
    feed(quiet_modules * module);
  }

  void operator()(const Picture& picture) {
    constexpr int widest = 0xFFFF;
    if (picture.width_dots <= 0 || picture.width_dots > widest || picture.height <= 0) {
      return;
    }
    const int given = (picture.width_dots + 7) / 8;
    const int width = std::min(picture.width_dots, profile_.dots);
    Dots dots;
    dots.stride = (width + 7) / 8;
    dots.height = std::min(picture.height, static_cast<int>(picture.rows.size()) / given);
    for (int y = 0; y < dots.height; ++y) {
      const auto row = picture.rows.begin() + static_cast<std::ptrdiff_t>(y) * given;
      dots.rows.insert(dots.rows.end(), row, row + dots.stride);
      dots.rows.back() = static_cast<std::uint8_t>(dots.rows.back() & 0xFF << (dots.stride * 8 - width));
    }
    align(picture.align);
    raster(dots);
  }

 private:
  void align(Align next) {
    if (next != align_) {
      out_.insert(out_.end(), {0x1B, 0x61, static_cast<std::uint8_t>(next)});
      align_ = next;
    }
  }
  void size(int next) {
    if (next != scale_) {
      out_.insert(out_.end(), {0x1D, 0x21, static_cast<std::uint8_t>((next - 1) << 4 | (next - 1))});
      scale_ = next;
    }
  }
  void bold(bool next) {
    if (next != bold_) {
      out_.insert(out_.end(), {0x1B, 0x45, static_cast<std::uint8_t>(next ? 1 : 0)});
      bold_ = next;
    }
  }
  /// White, whatever the line spacing is: an empty line may be lower than a quiet zone.
  void feed(int dots) {
    out_.insert(out_.end(), {0x1B, 0x4A, static_cast<std::uint8_t>(dots)});
    encoded_.seam();
  }
  void raster(const Dots& dots) {
    encoded_.losses.symbols += add_raster(encoded_, dots, profile_.raster) ? 0 : 1;
  }
  void end_line() {
    out_.push_back(lf);
    encoded_.seam();
  }

  void text(std::string_view utf8, int room) {
    do {
      const auto whole = utf8;
      const auto begin = out_.size();
      out_.resize(begin + 2 * static_cast<std::size_t>(room) + 1);
      const auto line = link::take_gb_line(utf8, set_, room, out_.data() + begin);
      if (line.pictured) {
        out_[begin + line.size] = lf;
        out_.resize(begin + line.size + 1);
        encoded_.seam();
      } else {
        out_.resize(begin);
        rare_line(link::to_gb(whole.substr(0, whole.size() - utf8.size()), set_));
      }
    } while (!utf8.empty() && out_.size() <= longest_job);
  }

  /// A line with characters that the font lacks. At the scale of 1 each is drawn in its place: a bit image of
  /// 24 rows stands in the line like a character, its neighbours stay text, and 77 bytes are sent and not
  /// 2,500. No command sets a larger one beside text: ESC * is never higher than 24 dots. So a larger line is
  /// drawn whole, as large as its text, aligned like it, and as far apart from the next. A user-defined
  /// character (FS 2) would have every size, but many of the clones do not know it, and print another one.
  void rare_line(const std::vector<link::GbCharacter>& line) {
    const bool is_drawn_whole = scale_ > 1 || profile_.rare == Profile::Rare::line;
    if (is_drawn_whole && glyphs_) {
      if (const auto drawn = draw_line(line, scale_, bold_, glyphs_); drawn.dots.height > 0) {
        raster(drawn.dots);
        encoded_.losses.characters += drawn.lost;
        return;
      }
    }
    for (const auto& character : line) {
      if (character.pictured) {
        out_.insert(out_.end(), character.bytes.begin(), character.bytes.begin() + character.size);
      } else if (is_drawn_whole || !drawn_in_place(character)) {
        out_.insert(out_.end(), {0xA1, 0xFE});  // 〓
        ++encoded_.losses.characters;
      }
    }
    end_line();
  }

  bool drawn_in_place(const link::GbCharacter& character) {
    auto glyph = find_glyph(glyphs_, character);
    if (!glyph) {
      return false;
    }
    if (bold_) {
      embolden(*glyph);
    }
    add_bit_image(encoded_, glyph->rows, character.columns * 12);
    return true;
  }

  const Profile& profile_;
  const Glyphs& glyphs_;
  const link::GbSet set_;
  Encoded encoded_;
  Bytes& out_ = encoded_.bytes;
  Align align_ = Align::left;
  int scale_ = 1;
  bool bold_ = false;
};

}  // namespace

Encoded encode(const Job& job, const Profile& profile, const Glyphs& glyphs) {
  Writer writer(profile, glyphs);
  auto& encoded = writer.encoded();
  const auto tail = profile.cut.size() + profile.present.size();
  for (std::size_t i = 0; i < job.items.size(); ++i) {
    const auto bytes = encoded.bytes.size();
    const auto seams = encoded.seams.size();
    const auto losses = encoded.losses;
    std::visit(writer, job.items[i]);
    if (encoded.bytes.size() + tail > longest_job) {
      encoded.bytes.resize(bytes);
      encoded.seams.resize(seams);
      encoded.losses = losses;
      encoded.losses.items = static_cast<unsigned>(job.items.size() - i);
      break;
    }
  }
  writer.add(profile.cut);
  writer.add(profile.present);
  return std::move(encoded);
}

}  // namespace lobby::printer::escpos
