#include <algorithm>

#include "drivers/printer/escpos.hpp"
#include "drivers/printer/qr.hpp"
#include "drivers/printer/raster.hpp"

namespace lobby::printer::escpos {
namespace {

constexpr std::uint8_t lf = 0x0A;
constexpr std::size_t longest_job = 64 * 1024;

constexpr link::GbSet set_of(Profile::Font font) {
  switch (font) {
    case Profile::Font::gb2312:
      return link::GbSet::gb2312;
    case Profile::Font::gbk:
      return link::GbSet::gbk;
    default:
      return link::GbSet::gb18030;
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
    const int scale = std::clamp(line.scale, 1, 8);
    align(line.align);
    size(scale);
    bold(line.bold);
    text(line.text, std::max(profile_.columns / scale, 2));
  }

  void operator()(const Qr& qr) {
    const int module = qr_module_dots(qr, profile_);
    if (module == 0) {
      encoded_.losses.symbols += qr.data.empty() ? 0 : 1;
      return;
    }
    size(1);
    align(qr.align);
    out_.push_back(lf);  // a line of white above and below: the quiet zone
    if (profile_.qr != Profile::QrBy::native || !add_native_qr(out_, qr.data, module)) {
      add_raster(encoded_, draw_qr(qr.data, module), profile_.raster);
    }
    out_.push_back(lf);
    encoded_.seam();
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
    add_raster(encoded_, dots, profile_.raster);
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

  void text(std::string_view utf8, int room) {
    do {
      const auto whole = utf8;
      const auto begin = out_.size();
      out_.resize(begin + 2 * static_cast<std::size_t>(room) + 1);
      const auto line = link::take_gb_line(utf8, set_, room, out_.data() + begin);
      if (line.is_basic) {
        out_[begin + line.size] = lf;
        out_.resize(begin + line.size + 1);
        encoded_.seam();
      } else {
        out_.resize(begin);
        rare_line(whole.substr(0, whole.size() - utf8.size()));
      }
    } while (!utf8.empty() && out_.size() <= longest_job);
  }

  /// What the font lacks is drawn together with its whole line. A user-defined character (FS 2) would be
  /// shorter, but many of the clones do not know it, and print another one in its place; a raster line needs
  /// nothing beyond what a logo needs, and is right at every scale and in every column.
  /// Beyond the basic plane no font is trusted: its four bytes may print as nothing.
  void rare_line(std::string_view utf8) {
    const auto line = link::to_gb(utf8, set_);
    if (glyphs_) {
      if (const auto dots = draw_line(line, scale_, bold_, glyphs_); dots.height > 0) {
        add_raster(encoded_, dots, profile_.raster);
        return;
      }
    }
    for (const auto& character : line) {
      if (character.lost || character.code_point > 0xFFFF) {
        out_.insert(out_.end(), {0xA1, 0xFE});  // 〓
        ++encoded_.losses.characters;
      } else {
        out_.insert(out_.end(), character.bytes.begin(), character.bytes.begin() + character.size);
      }
    }
    out_.push_back(lf);
    encoded_.seam();
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

FenceId fence_id(std::uint32_t n) {
  n %= fence_ids;
  FenceId id{};
  for (std::size_t i = id.size(); i-- > 0; n /= 94) {
    id[i] = static_cast<std::uint8_t>(0x21 + n % 94);
  }
  return id;
}

Bytes fence(Profile::Confirm confirm, const FenceId& id) {
  switch (confirm) {
    case Profile::Confirm::process_id:
      return {0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, id[0], id[1], id[2], id[3]};
    case Profile::Confirm::in_order_status:
      return {0x1D, 0x72, 0x01};
    case Profile::Confirm::esc_v:
      return {0x1B, 0x76};
    default:
      return {};
  }
}

Bytes ask_status(int n) {
  return {0x10, 0x04, static_cast<std::uint8_t>(n)};
}

}  // namespace lobby::printer::escpos
