#include "display/ticket/ticket_face.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "display/canvas/columns.hpp"
#include "display/ticket/paper_fields.hpp"
#include "display/ticket/paper_template.hpp"

namespace lobby::display {
namespace {

using Align = PaperLine::Align;

const PaperTemplate& plain_face() {
  static const std::vector<TemplateLine> lines = {
      {.text = "{hall}", .align = Align::centre, .bold = true},
      {.text = "{zone}", .align = Align::centre},
      {.text = "重打 第{copy}次", .align = Align::centre, .bold = true},
      {.text = "{number}", .align = Align::centre, .scale = 4, .bold = true},
      {.text = "重打 第{copy}次", .align = Align::centre, .bold = true},
      {.text = "{service}", .align = Align::centre},
      {.text = "前面等候：{ahead} 人"},
      {.text = "受理窗口：{windows} 号"},
      {.text = "取号时间：{issued_at}"},
      {.text = "当日有效 | 热线 {hotline} | {serial}"},
  };
  static const PaperTemplate face(PaperKind::ticket, lines);
  return face;
}

}  // namespace

/// Fills the lines of one paper.
class PaperTemplate::Filler {
 public:
  Filler(const TicketPaper& paper, int columns, std::size_t lines)
      : paper_(paper), columns_(std::max(columns, 16)) {
    items_.reserve(lines + 4);
  }

  void add(const Line& line) {
    if (line.when != no_field && !is_known(paper_, line.when)) {
      return;
    }
    switch (line.kind) {
      case Line::Kind::rule:
        add_rule(line.style);
        return;
      case Line::Kind::qr:
        add_qr(line);
        return;
      case Line::Kind::text:
        add_text(line.style, line.parts);
        if (paper_.in_english && !line.parts_en.empty()) {
          add_text(line.style, line.parts_en);
        }
    }
  }

  std::vector<PaperItem> take() { return std::move(items_); }

 private:
  void add_rule(const TemplateLine& style) {
    const int count = columns_ / size_of(style.rule).columns;
    PaperLine line{"", style.align, 1, style.bold};
    line.text.reserve(style.rule.size() * static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      line.text += style.rule;
    }
    items_.emplace_back(std::move(line));
  }

  void add_qr(const Line& line) {
    PaperQr symbol{"", line.style.module, line.style.align};
    if (say(symbol.data, line.parts.front())) {
      items_.emplace_back(std::move(symbol));
    }
  }

  /// Adds nothing when something in the part is not known.
  bool say(std::string& out, const Part& part) {
    const auto before = out.size();
    for (const auto& piece : part) {
      out += piece.words;
      if (piece.field != no_field && !append_field(out, paper_, piece.field)) {
        out.resize(before);
        return false;
      }
    }
    return true;
  }

  /// Parts on as few lines as hold them, none torn that fits on one.
  void add_text(const TemplateLine& style, const std::vector<Part>& parts) {
    std::string line;
    bool any = false;
    for (const auto& part : parts) {
      std::string next;
      if (!say(next, part)) {
        continue;
      }
      if (any && (size_of(line).columns + 2 + size_of(next).columns) * style.scale <= columns_) {
        line.append("  ").append(next);
        continue;
      }
      if (any) {
        put(style, std::move(line));
      }
      line = std::move(next);
      any = true;
    }
    if (any) {
      put(style, std::move(line));
    }
  }

  void put(const TemplateLine& style, std::string text) {
    const auto size = size_of(text);
    int scale = std::clamp(style.scale, 1, 8);
    while (scale > 1 && size.columns * scale > columns_) {
      --scale;
    }
    if (size.plain && size.columns * scale <= columns_) {
      items_.emplace_back(PaperLine{std::move(text), style.align, scale, style.bold});
      return;
    }
    for (auto& line : wrap(text, columns_ / scale, style.align == Align::centre)) {
      items_.emplace_back(PaperLine{std::move(line), style.align, scale, style.bold});
    }
  }

  const TicketPaper& paper_;
  int columns_;
  std::vector<PaperItem> items_;
};

std::vector<PaperItem> PaperTemplate::fill(const TicketPaper& paper, int columns) const {
  Filler filler(paper, columns, lines_.size());
  for (const auto& line : lines_) {
    filler.add(line);
  }
  return filler.take();
}

std::vector<PaperItem> ticket_face(const TicketPaper& paper, int columns) {
  return (paper.face != nullptr ? *paper.face : plain_face()).fill(paper, columns);
}

}  // namespace lobby::display
