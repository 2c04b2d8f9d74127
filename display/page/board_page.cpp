#include "display/page/board_page.hpp"

#include <algorithm>

#include "display/canvas/columns.hpp"
#include "display/page/board_room.hpp"
#include "display/page/board_sheet.hpp"
#include "display/page/self_test.hpp"

namespace lobby::display {
namespace {

struct Painter {
  Canvas& canvas;
  const BoardRoom& room;
  const BoardStyle& style;

  void span(const SheetSpan& span, int x, int y) const {
    const int size = room.lettering.size;
    const Colour colour = colour_of(span.ink, style);
    x += span.column * (size / 2);
    if (span.lamp != Lamp::none) {
      const int lamp = size * 5 / 8;
      const int edge = (size - lamp) / 2;
      canvas.lamp(x + edge, y + edge, lamp, colour);
      if (span.lamp == Lamp::ring) {
        const int rim = std::max(1, lamp / 6);
        canvas.lamp(x + edge + rim, y + edge + rim, lamp - 2 * rim, {});
      }
      x += size;
    }
    canvas.text(x, y, span.text, room.lettering, colour);
  }

  void line(const SheetLine& line, int x, int y) const {
    for (const auto& one : line) {
      span(one, x, y);
    }
  }
};

void paint(Canvas& canvas, const Sheet& sheet, const BoardRoom& room, const BoardStyle& style) {
  const int size = room.lettering.size;
  const int still = static_cast<int>(sheet.lines.size());
  int pitch = sheet.centred ? size : room.grid.pitch;
  int top = room.top;
  if (sheet.spread && still > 0) {
    pitch = std::clamp(canvas.height() / still, size, size * 3 / 2);
    top = (pitch - size) / 2;
  }
  if (sheet.centred) {
    top = std::max(0, canvas.height() - still * pitch) / 2;
  }
  const Painter painter{canvas, room, style};
  for (int i = 0; i < still; ++i) {
    painter.line(sheet.lines[static_cast<std::size_t>(i)], room.left, top + i * pitch);
  }
  if (sheet.moving.empty()) {
    return;
  }
  const int above = still * pitch;
  Canvas moving = canvas.part({0, above, canvas.width(), canvas.height() - above});
  const Painter below{moving, room, style};
  const int x = room.left - sheet.shift_x;
  for (std::size_t i = 0; i < sheet.moving.size(); ++i) {
    below.line(sheet.moving[i], x, room.top + static_cast<int>(i) * pitch - sheet.shift_y);
  }
}

Sheet sheet_of_view(const BoardView& view, const BoardDraft& draft, const Grid& grid, const BoardStyle& style,
                    PageTime time) {
  if (std::holds_alternative<BlankView>(view)) {
    return {};
  }
  const auto* const calls = std::get_if<CallsView>(&view);
  return calls != nullptr ? sheet_of(*calls, grid, style, time) : sheet_of(draft, grid, style, time);
}

}  // namespace

PageResult draw_page(Picture& picture, Rect zone, const BoardView& view, const BoardStyle& style,
                     PageTime time, Glyphs& glyphs) {
  PageResult result;
  Canvas canvas(picture, glyphs, result.missing, zone);
  canvas.fill({0, 0, zone.width, zone.height}, {});
  if (zone.empty()) {
    return result;
  }
  const auto draft = draft_of(view, style);
  const auto room = room_of(zone, view, draft, style);
  if (std::holds_alternative<SelfTestView>(view)) {
    const auto state = test_state(style, zone.width, zone.height, time);
    if (state.step == TestStep::address) {
      paint(canvas, sheet_of(draft, room.grid, style, time), room, style);
    }
    draw_test(canvas, state, style);
    result.length = state.length;
    result.next_change = state.next_change;
    return result;
  }
  const auto sheet = sheet_of_view(view, draft, room.grid, style, time);
  paint(canvas, sheet, room, style);
  result.length = sheet.length;
  result.next_change = sheet.next_change;
  return result;
}

TextPage lines(const BoardView& view, int columns, int rows, const BoardStyle& style, PageTime time) {
  const Grid grid{std::max(2, columns), std::max(1, rows), 0, 0};
  auto sheet = sheet_of_view(view, draft_of(view, style), grid, style, time);
  TextPage page;
  page.length = sheet.length;
  page.next_change = sheet.next_change;
  page.flashes = sheet.flashes;
  for (auto& line : sheet.lines) {
    std::sort(line.begin(), line.end(), [](const auto& a, const auto& b) { return a.column < b.column; });
    TextLine& out = page.lines.emplace_back();
    int used = 0;
    for (auto& span : line) {
      std::string text(static_cast<std::size_t>(std::max(0, span.column - used)), ' ');
      text.append(span.lamp == Lamp::lit ? "●" : span.lamp == Lamp::ring ? "○" : "").append(span.text);
      used = std::max(used, span.column) + size_of(span.text).columns + (span.lamp == Lamp::none ? 0 : 2);
      out.push_back({std::move(text), span.ink});
    }
  }
  return page;
}

}  // namespace lobby::display
