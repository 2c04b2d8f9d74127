#include "display/ticket/ticket_face.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "display/canvas/utf8.hpp"

namespace lobby::display {
namespace {

using Align = PaperLine::Align;

/// Half-width places: a printer's Chinese font draws everything but ASCII in two.
int width_of(char32_t c) {
  return c < 0x80 ? 1 : 2;
}

class Face {
 public:
  explicit Face(int columns) : columns_(std::max(columns, 16)) {}

  void rule() {
    lines_.push_back({std::string(static_cast<std::size_t>(columns_), '-'), Align::left, 1, false});
  }
  void blank() { lines_.push_back({}); }

  /// Nothing for an empty text.
  void add(std::string_view text, Align align = Align::left, int scale = 1, bool bold = false) {
    const int room = columns_ / scale;
    PaperLine line{"", align, scale, bold};
    int used = 0;
    for (const auto c : code_points(text)) {
      if (used + width_of(c) > room) {
        lines_.push_back(line);
        line.text.clear();
        used = 0;
      }
      append_utf8(line.text, c);
      used += width_of(c);
    }
    if (!line.text.empty()) {
      lines_.push_back(std::move(line));
    }
  }

  /// The parts on as few lines as hold them, none torn that fits on one.
  void add_parts(std::initializer_list<std::string> parts) {
    std::string line;
    for (const auto& part : parts) {
      if (part.empty()) {
        continue;
      }
      std::string joined = line;
      joined.append(line.empty() ? "" : "  ").append(part);
      if (width_of_text(joined) <= columns_) {
        line = joined;
      } else {
        add(line);
        line = part;
      }
    }
    add(line);
  }

  std::vector<PaperLine> take() { return std::move(lines_); }

 private:
  static int width_of_text(std::string_view text) {
    int width = 0;
    for (const auto c : code_points(text)) {
      width += width_of(c);
    }
    return width;
  }

  int columns_;
  std::vector<PaperLine> lines_;
};

}  // namespace

std::vector<PaperLine> ticket_face(const TicketPaper& paper, int columns) {
  const int number_scale = columns >= 48 ? 4 : 3;
  Face face(columns);
  face.add(paper.hall_name, Align::centre, 1, true);
  face.add(paper.zone_name, Align::centre);
  face.rule();
  face.add(paper.number, Align::centre, number_scale, true);
  if (paper.copy > 0) {
    face.add("重打 第" + std::to_string(paper.copy) + "次", Align::centre, 2, true);
  }
  face.add(paper.service_name, Align::centre, 1, true);
  face.blank();
  face.add("前面等候：" + std::to_string(paper.ahead) + " 人");
  if (!paper.windows.empty()) {
    face.add("受理窗口：" + paper.windows + " 号");
  }
  face.add("取号时间：" + paper.issued_at);
  face.rule();
  face.add("请在等候区留意叫号和屏幕提示");
  face.add_parts({"当日有效", paper.hotline.empty() ? "" : "热线 " + paper.hotline, paper.serial});
  return face.take();
}

}  // namespace lobby::display
