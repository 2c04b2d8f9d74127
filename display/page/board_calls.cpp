#include "display/page/board_calls.hpp"

#include <algorithm>
#include <string_view>

#include "display/canvas/columns.hpp"
#include "display/canvas/fit.hpp"
#include "display/page/sheet_parts.hpp"

namespace lobby::display {
namespace {

bool has_title(const Grid& grid) {
  return grid.rows > 2;
}

bool is_same(const CallsView::Call& a, const CallsView::Call& b) {
  return a.ticket == b.ticket && a.case_tail == b.case_tail;
}

void note(std::optional<Instant>& next, Instant at) {
  next = next ? std::min(*next, at) : at;
}

/// As many words as have room; whom it calls stays longest.
std::string call_text(const CallsView::Call& call, int columns) {
  const bool collects = !call.case_tail.empty();
  std::string_view short_window = call.window;
  constexpr std::string_view word = "窗口";
  if (short_window.ends_with(word)) {
    short_window.remove_suffix(word.size());
  }
  const std::string whom = collects ? "领证" + call.case_tail : call.ticket;
  const std::string polite = collects ? "请尾号" + call.case_tail : "请" + call.ticket;
  const std::string forms[] = {
      polite + "到" + call.window + (collects ? "领取证照" : "办理"),
      polite + "到" + call.window + (collects ? "领证" : ""),
      whom + "到" + call.window,
      whom + "到" + std::string(short_window),
  };
  for (const auto& form : forms) {
    if (size_of(form).columns <= columns) {
      return form;
    }
  }
  return fitted_end(whom, columns);
}

}  // namespace

std::size_t call_places(const Grid& grid) {
  return static_cast<std::size_t>(std::max(1, grid.rows - (has_title(grid) ? 1 : 0)));
}

ShownCalls shown_calls(const CallsView& view, std::size_t places, const BoardStyle& style, Instant now) {
  std::vector<ShownCalls::One> all;
  all.reserve(view.calls.size());
  for (const auto& call : view.calls) {
    all.push_back({&call, call.at});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
  ShownCalls shown;
  std::size_t started = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i >= places) {
      all[i].start = std::max(all[i].start, all[i - places].start + style.flash);
    }
    if (i > 0) {
      all[i].start = std::max(all[i].start, all[i - 1].start);
    }
    if (all[i].start > now) {
      note(shown.next_change, all[i].start);
    } else {
      started = i + 1;
    }
    // One that is to be made later keeps nobody busy yet.
    if (all[i].call->at <= now) {
      shown.busy_until = std::max(shown.busy_until, all[i].start + Instant(style.flash));
    }
  }
  for (std::size_t i = started; i > 0 && shown.calls.size() < places && started - i < places; --i) {
    const auto& one = all[i - 1];
    const auto is_repeated = [&](const auto& newer) { return is_same(*newer.call, *one.call); };
    if (now >= one.start + style.call_keep ||
        std::any_of(shown.calls.begin(), shown.calls.end(), is_repeated)) {
      continue;
    }
    note(shown.next_change, one.start + style.call_keep);
    shown.calls.push_back(one);
  }
  return shown;
}

Sheet sheet_of(const CallsView& view, const Grid& grid, const BoardStyle& style, PageTime time) {
  const auto shown = shown_calls(view, call_places(grid), style, time.now);
  Sheet sheet;
  sheet.next_change = shown.next_change;
  sheet.length = std::max<Instant>(style.dwell, shown.busy_until - time.since);
  if (has_title(grid)) {
    BoardDraft draft;
    draft.title = view.title;
    sheet.lines.push_back(top_line(draft, grid.columns, 0, 1));
  }
  const Instant blink = std::max<Instant>(style.blink, std::chrono::milliseconds(50));
  for (const auto& one : shown.calls) {
    const Instant into = time.now - one.start;
    const bool flashes = into < style.flash;
    const auto half = into / blink;
    if (flashes) {
      sheet.flashes = true;
      note(sheet.next_change, one.start + std::min<Instant>((half + 1) * blink, style.flash));
    }
    SheetLine line;
    if (!flashes || half % 2 == 0) {
      line.push_back({call_text(*one.call, grid.columns), flashes ? Ink::bad : Ink::number, 0});
    }
    sheet.lines.push_back(std::move(line));
  }
  return sheet;
}

}  // namespace lobby::display
