#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>
#include <variant>

#include "display/page/board_style.hpp"
#include "display/page/board_views.hpp"

/// The members of a program and their words, said once for writing and reading.
namespace lobby::display::program {

/// Numbers of the field lie between least and most.
template <class T, class M>
struct Field {
  std::string_view name;
  M T::*member;
  std::int64_t least;
  std::int64_t most;
};

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t last_us = 4'102'444'800'000'000;  ///< the year 2100

template <class T, class M>
constexpr Field<T, M> field(std::string_view name, M T::*member, std::int64_t least = 0,
                            std::int64_t most = last_us) {
  return {name, member, least, most};
}

template <class T>
inline constexpr auto fields_of = nullptr;

template <>
inline constexpr auto fields_of<Age> = std::tuple{field("as_of", &Age::as_of), field("stale", &Age::stale)};

template <>
inline constexpr auto fields_of<CasesView::Row> =
    std::tuple{field("case_no", &CasesView::Row::case_no),     field("matter", &CasesView::Row::matter),
               field("applicant", &CasesView::Row::applicant), field("window", &CasesView::Row::window),
               field("accepted", &CasesView::Row::accepted),   field("limit", &CasesView::Row::limit),
               field("state", &CasesView::Row::state),         field("light", &CasesView::Row::light)};
template <>
inline constexpr auto fields_of<CasesView> = std::tuple{
    field("title", &CasesView::title), field("rows", &CasesView::rows), field("age", &CasesView::age)};

template <>
inline constexpr auto fields_of<TotalsView::Total> =
    std::tuple{field("label", &TotalsView::Total::label), field("count", &TotalsView::Total::count),
               field("unit", &TotalsView::Total::unit)};
template <>
inline constexpr auto fields_of<TotalsView> =
    std::tuple{field("totals", &TotalsView::totals), field("age", &TotalsView::age)};

template <>
inline constexpr auto fields_of<WindowsView::Row> =
    std::tuple{field("window", &WindowsView::Row::window), field("department", &WindowsView::Row::department),
               field("matters", &WindowsView::Row::matters)};
template <>
inline constexpr auto fields_of<WindowsView> =
    std::tuple{field("title", &WindowsView::title), field("rows", &WindowsView::rows)};

template <>
inline constexpr auto fields_of<NoticeView::Entry> =
    std::tuple{field("label", &NoticeView::Entry::label), field("text", &NoticeView::Entry::text)};
template <>
inline constexpr auto fields_of<NoticeView> =
    std::tuple{field("title", &NoticeView::title), field("entries", &NoticeView::entries)};

template <>
inline constexpr auto fields_of<OpeningsView::Row> =
    std::tuple{field("time", &OpeningsView::Row::time),
               field("room", &OpeningsView::Row::room),
               field("project_no", &OpeningsView::Row::project_no),
               field("project", &OpeningsView::Row::project),
               field("section", &OpeningsView::Row::section),
               field("state", &OpeningsView::Row::state),
               field("now", &OpeningsView::Row::now)};
template <>
inline constexpr auto fields_of<OpeningsView> =
    std::tuple{field("title", &OpeningsView::title), field("rows", &OpeningsView::rows),
               field("age", &OpeningsView::age)};

template <>
inline constexpr auto fields_of<RoomView> = std::tuple{
    field("room", &RoomView::room),   field("project", &RoomView::project), field("time", &RoomView::time),
    field("state", &RoomView::state), field("request", &RoomView::request), field("next", &RoomView::next),
    field("busy", &RoomView::busy),   field("age", &RoomView::age)};

template <>
inline constexpr auto fields_of<ResultsView::Row> =
    std::tuple{field("kind", &ResultsView::Row::kind),       field("project", &ResultsView::Row::project),
               field("section", &ResultsView::Row::section), field("winner", &ResultsView::Row::winner),
               field("price", &ResultsView::Row::price),     field("period", &ResultsView::Row::period),
               field("phone", &ResultsView::Row::phone)};
template <>
inline constexpr auto fields_of<ResultsView> = std::tuple{
    field("title", &ResultsView::title), field("rows", &ResultsView::rows), field("age", &ResultsView::age)};

template <>
inline constexpr auto fields_of<CollectView::Row> =
    std::tuple{field("case_tail", &CollectView::Row::case_tail), field("matter", &CollectView::Row::matter),
               field("window", &CollectView::Row::window)};
template <>
inline constexpr auto fields_of<CollectView> = std::tuple{
    field("title", &CollectView::title), field("rows", &CollectView::rows), field("age", &CollectView::age)};

template <>
inline constexpr auto fields_of<HotlinesView::Row> =
    std::tuple{field("number", &HotlinesView::Row::number), field("label", &HotlinesView::Row::label),
               field("label_en", &HotlinesView::Row::label_en)};
template <>
inline constexpr auto fields_of<HotlinesView> =
    std::tuple{field("title", &HotlinesView::title), field("rows", &HotlinesView::rows)};

template <>
inline constexpr auto fields_of<DoorView> = std::tuple{
    field("hall", &DoorView::hall), field("hours", &DoorView::hours), field("open", &DoorView::open),
    field("waiting", &DoorView::waiting), field("note", &DoorView::note)};

template <>
inline constexpr auto fields_of<CallsView::Call> =
    std::tuple{field("ticket", &CallsView::Call::ticket), field("window", &CallsView::Call::window),
               field("case_tail", &CallsView::Call::case_tail), field("at_us", &CallsView::Call::at)};
template <>
inline constexpr auto fields_of<CallsView> =
    std::tuple{field("title", &CallsView::title), field("calls", &CallsView::calls)};

template <>
inline constexpr auto fields_of<TextView> =
    std::tuple{field("title", &TextView::title), field("text", &TextView::text)};
template <>
inline constexpr auto fields_of<EmergencyView> = std::tuple{field("text", &EmergencyView::text)};
template <>
inline constexpr auto fields_of<DefaultView> = std::tuple{field("text", &DefaultView::text)};
template <>
inline constexpr auto fields_of<BlankView> = std::tuple{};
template <>
inline constexpr auto fields_of<SelfTestView> = std::tuple{field("address", &SelfTestView::address)};

template <>
inline constexpr auto fields_of<BoardStyle> =
    std::tuple{field("depth", &BoardStyle::depth),
               field("single", &BoardStyle::single),
               field("size", &BoardStyle::size, 0, 255),
               field("smooth", &BoardStyle::smooth),
               field("dwell_ms", &BoardStyle::dwell, 0, day_ms),
               field("reading_speed", &BoardStyle::reading_speed, 1, 1'000),
               field("least_dwell_ms", &BoardStyle::least_dwell, 0, day_ms),
               field("scroll_speed", &BoardStyle::scroll_speed, 0, 10'000),
               field("roll_speed", &BoardStyle::roll_speed, 0, 10'000),
               field("roll", &BoardStyle::roll),
               field("flash_ms", &BoardStyle::flash, 0, day_ms),
               field("blink_ms", &BoardStyle::blink, 0, day_ms),
               field("call_keep_ms", &BoardStyle::call_keep, 0, day_ms),
               field("light_words", &BoardStyle::light_words)};

/// The words of an enumeration, in its order.
template <class E>
inline constexpr auto words_of = nullptr;
template <>
inline constexpr std::array<std::string_view, 5> words_of<Light> = {"none", "green", "yellow", "red", "grey"};
template <>
inline constexpr std::array<std::string_view, 3> words_of<Depth> = {"single", "dual", "full"};

/// In the order of BoardView.
inline constexpr std::array<std::string_view, 16> kinds = {
    "cases",    "totals", "windows", "notice", "openings",  "room",    "results", "collect",
    "hotlines", "door",   "calls",   "text",   "emergency", "default", "blank",   "self_test"};
static_assert(kinds.size() == std::variant_size_v<BoardView>);

}  // namespace lobby::display::program
