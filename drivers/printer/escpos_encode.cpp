#include <algorithm>

#include "drivers/link/gb18030.hpp"
#include "drivers/printer/escpos.hpp"

namespace lobby::printer::escpos {
namespace {

constexpr std::uint8_t lf = 0x0A;
constexpr std::size_t longest_job = 64 * 1024;

link::GbSet set_of(Profile::Font font) {
  switch (font) {
    case Profile::Font::gb2312:
      return link::GbSet::gb2312;
    case Profile::Font::gbk:
      return link::GbSet::gbk;
    default:
      return link::GbSet::gb18030;
  }
}

/// What a line asks for beyond its text. Sent only where it changes: ESC @ has set the first.
struct Style {
  TextLine::Align align = TextLine::Align::left;
  int scale = 1;
  bool bold = false;
};

void add_style(Bytes& out, Style& now, const Style& next) {
  if (next.align != now.align) {
    out.insert(out.end(), {0x1B, 0x61, static_cast<std::uint8_t>(next.align)});
  }
  if (next.scale != now.scale) {
    const auto size = static_cast<std::uint8_t>((next.scale - 1) << 4 | (next.scale - 1));
    out.insert(out.end(), {0x1D, 0x21, size});
  }
  if (next.bold != now.bold) {
    out.insert(out.end(), {0x1B, 0x45, static_cast<std::uint8_t>(next.bold ? 1 : 0)});
  }
  now = next;
}

void add_text(Bytes& out, const TextLine& line, const Profile& profile, int scale) {
  const int room = std::max(2, profile.columns / scale);
  int used = 0;
  for (const auto& character : link::to_gb(line.text, set_of(profile.font))) {
    if (used + character.columns > room) {
      out.push_back(lf);
      used = 0;
    }
    out.insert(out.end(), character.bytes.begin(), character.bytes.begin() + character.size);
    used += character.columns;
  }
  out.push_back(lf);
}

}  // namespace

Bytes encode(const Job& job, const Profile& profile) {
  // ESC @ leaves Chinese mode, so FS & follows it each time.
  Bytes out{0x1B, 0x40, 0x1C, 0x26};
  Style now;
  for (const auto& line : job.lines) {
    Bytes next;
    const int scale = std::clamp(line.scale, 1, 8);
    Style style = now;
    add_style(next, style, {line.align, scale, line.bold});
    add_text(next, line, profile, scale);
    if (out.size() + next.size() + profile.cut.size() > longest_job) {
      break;
    }
    now = style;
    out.insert(out.end(), next.begin(), next.end());
  }
  out.insert(out.end(), profile.cut.begin(), profile.cut.end());
  return out;
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
    default:
      return {};
  }
}

Bytes ask_status(int n) {
  return {0x10, 0x04, static_cast<std::uint8_t>(n)};
}

}  // namespace lobby::printer::escpos
