#include "display/page/board_draft.hpp"

#include <utility>

namespace lobby::display {
namespace {

Ink ink_of(Light light) {
  switch (light) {
    case Light::green:
      return Ink::good;
    case Light::yellow:
      return Ink::warn;
    case Light::red:
      return Ink::bad;
    case Light::none:
    case Light::grey:
      break;
  }
  return Ink::dim;
}

DraftCell lamp_cell(Light light, const BoardStyle& style) {
  if (light == Light::none) {
    return {};
  }
  return {style.light_words.at(static_cast<std::size_t>(light)), ink_of(light),
          light == Light::grey ? Lamp::ring : Lamp::lit};
}

struct Drafter {
  const BoardStyle& style;

  BoardDraft operator()(const CasesView& view) const {
    BoardDraft out{.title = view.title, .age = &view.age};
    out.columns = {{"办件编号", 8, 8, 0, true}, {"事项名称", 10, 24, 1}, {"申请人", 6, 8, 6},
                   {"窗口", 4, 6, 5},           {"受理", 5, 5, 7},       {"时限", 11, 12, 4},
                   {"状态", 6, 10, 2},          {"亮灯", 6, 6, 3}};
    out.rows.reserve(view.rows.size());
    for (const auto& row : view.rows) {
      out.rows.push_back({{row.case_no, Ink::number},
                          {row.matter},
                          {row.applicant},
                          {row.window},
                          {row.accepted},
                          {row.limit},
                          {row.state},
                          lamp_cell(row.light, style)});
    }
    return out;
  }

  BoardDraft operator()(const TotalsView& view) const {
    BoardDraft out{.age = &view.age};
    for (const auto& total : view.totals) {
      out.alone.push_back(total.label + total.count + total.unit);
    }
    out.alone_ink = Ink::title;
    return out;
  }

  BoardDraft operator()(const WindowsView& view) const {
    BoardDraft out{.title = view.title};
    for (const auto& row : view.rows) {
      std::string text = row.department;
      for (std::size_t i = 0; i < row.matters.size(); ++i) {
        text.append(i != 0 ? "、" : text.empty() ? "" : "：").append(row.matters[i]);
      }
      out.entries.push_back({row.window, std::move(text)});
    }
    return out;
  }

  BoardDraft operator()(const NoticeView& view) const {
    BoardDraft out{.title = view.title};
    for (const auto& entry : view.entries) {
      out.entries.push_back({entry.label, entry.text});
    }
    return out;
  }

  BoardDraft operator()(const OpeningsView& view) const {
    BoardDraft out{.title = view.title, .age = &view.age};
    out.columns = {{"时间", 5, 5, 1},       {"地点", 8, 8, 2}, {"项目编号", 8, 12, 5, true},
                   {"项目名称", 12, 28, 0}, {"标段", 4, 6, 4}, {"状态", 6, 8, 3}};
    for (const auto& row : view.rows) {
      const Ink ink = row.now ? Ink::good : Ink::text;
      out.rows.push_back({{row.time, Ink::number},
                          {row.room, ink},
                          {row.project_no, ink},
                          {row.project, ink},
                          {row.section, ink},
                          {row.state, row.now ? Ink::good : Ink::title}});
    }
    return out;
  }

  BoardDraft operator()(const RoomView& view) const {
    // The name of the room has the whole line while it may.
    BoardDraft out{.title = view.room, .age = view.age.stale ? &view.age : nullptr};
    add(out, "", view.project, Ink::text);
    add(out, "时间", view.time, Ink::number);
    const bool both = !view.state.empty() && !view.request.empty();
    add(out, "状态", view.state + (both ? " " : "") + view.request, view.busy ? Ink::bad : Ink::good);
    add(out, "下一场", view.next, Ink::text);
    return out;
  }

  BoardDraft operator()(const ResultsView& view) const {
    BoardDraft out{.title = view.title, .age = &view.age};
    out.columns = {{"类型", 8, 10, 2}, {"项目名称", 12, 28, 0}, {"标段", 4, 6, 4},      {"中标人", 10, 20, 1},
                   {"报价", 8, 10, 3}, {"公示期", 12, 12, 5},   {"异议电话", 12, 12, 6}};
    for (const auto& row : view.rows) {
      out.rows.push_back({{row.kind, Ink::title},
                          {row.project},
                          {row.section},
                          {row.winner, Ink::good},
                          {row.price, Ink::number},
                          {row.period},
                          {row.phone}});
    }
    return out;
  }

  BoardDraft operator()(const CollectView& view) const {
    BoardDraft out{.title = view.title, .age = &view.age};
    out.columns = {{"编号尾号", 6, 8, 0, true}, {"事项名称", 10, 28, 2}, {"领取窗口", 5, 8, 1}};
    for (const auto& row : view.rows) {
      out.rows.push_back({{row.case_tail, Ink::number}, {row.matter}, {row.window, Ink::good}});
    }
    return out;
  }

  BoardDraft operator()(const HotlinesView& view) const {
    BoardDraft out{.title = view.title};
    for (const auto& row : view.rows) {
      std::string text = row.label;
      text.append(text.empty() || row.label_en.empty() ? "" : " ").append(row.label_en);
      out.entries.push_back({row.number, std::move(text)});
    }
    return out;
  }

  BoardDraft operator()(const DoorView& view) const {
    BoardDraft out{.title = view.hall};
    add(out, "开放时间", view.hours, Ink::text);
    add(out, "当前状态", view.open ? "正在办公" : "非办公时间", view.open ? Ink::good : Ink::bad);
    add(out, "等候人数", view.waiting, Ink::number);
    add(out, "", view.note, Ink::text);
    return out;
  }

  BoardDraft operator()(const TextView& view) const {
    BoardDraft out{.title = view.title};
    if (view.title.empty()) {
      out.alone.push_back(view.text);
    } else {
      out.entries.push_back({"", view.text});
    }
    return out;
  }

  BoardDraft operator()(const EmergencyView& view) const {
    return {.alone = {view.text}, .alone_ink = Ink::bad};
  }
  BoardDraft operator()(const DefaultView& view) const {
    return {.alone = {view.text}, .alone_ink = Ink::title};
  }
  BoardDraft operator()(const SelfTestView& view) const {
    return {.alone = {view.address}, .alone_ink = Ink::number};
  }
  BoardDraft operator()(const CallsView&) const { return {}; }
  BoardDraft operator()(const BlankView&) const { return {}; }

  static void add(BoardDraft& out, const char* label, const std::string& text, Ink ink) {
    if (!text.empty()) {
      out.entries.push_back({label, text, ink});
    }
  }
};

struct Emptiness {
  bool operator()(const CasesView& view) const { return view.rows.empty(); }
  bool operator()(const TotalsView& view) const { return view.totals.empty(); }
  bool operator()(const WindowsView& view) const { return view.rows.empty(); }
  bool operator()(const NoticeView& view) const { return view.entries.empty(); }
  bool operator()(const OpeningsView& view) const { return view.rows.empty(); }
  bool operator()(const RoomView& view) const { return view.room.empty() && view.project.empty(); }
  bool operator()(const ResultsView& view) const { return view.rows.empty(); }
  bool operator()(const CollectView& view) const { return view.rows.empty(); }
  bool operator()(const HotlinesView& view) const { return view.rows.empty(); }
  bool operator()(const DoorView&) const { return false; }
  bool operator()(const CallsView& view) const { return view.calls.empty(); }
  bool operator()(const TextView& view) const { return view.text.empty(); }
  bool operator()(const EmergencyView&) const { return false; }
  bool operator()(const DefaultView&) const { return false; }
  bool operator()(const BlankView&) const { return false; }
  bool operator()(const SelfTestView&) const { return false; }
};

}  // namespace

BoardDraft draft_of(const BoardView& view, const BoardStyle& style) {
  return std::visit(Drafter{style}, view);
}

bool is_empty(const BoardView& view) {
  return std::visit(Emptiness{}, view);
}

}  // namespace lobby::display
