#include "daemon/devices/board_pages.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/hall/case_judging.hpp"
#include "daemon/hall/upstream.hpp"

namespace lobby::devices {
namespace {

constexpr int minutes_of_hour = 60;
constexpr int hours_of_day = 24;

/// `24:00` is the end of a day.
std::string clock_text(int minute) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d", minute / minutes_of_hour % (hours_of_day + 1),
                minute % minutes_of_hour);
  return text.data();
}

/// `11-20` of anything that begins with a date.
std::string day_text(std::string_view when) {
  return when.size() >= 10 ? std::string(when.substr(5, 5)) : std::string();
}

/// `10:30`, or with its day where that is another one.
std::string age_text(const hall::Age& age, hall::Instant now) {
  if (!age.as_of) {
    return {};
  }
  const auto day = hall::local_date(*age.as_of);
  return (day == hall::local_date(now) ? "" : day_text(hall::to_text(day)) + " ") +
         clock_text(hall::local_minute(*age.as_of));
}

display::Age age_of(const hall::Age& age, hall::Instant now) {
  return {age_text(age, now), age.stale()};
}

bool is_shown(const hall::Age& age) {
  return age.state != hall::Freshness::expired;
}

/// Grey says that the clock is stopped, so only of a case of which it is: one without a known limit has none.
display::Light light_of(std::string_view word, std::string_view status) {
  using display::Light;
  const bool is_stopped = status == "suspended" || status == "forwarded" || status == "correcting";
  if (word == "grey" && !is_stopped) {
    return Light::none;
  }
  return word == "green"    ? Light::green
         : word == "yellow" ? Light::yellow
         : word == "red"    ? Light::red
         : word == "grey"   ? Light::grey
                            : Light::none;
}

using ShortNames = std::unordered_map<std::string_view, std::string_view>;

/// Of matters that have one, by code.
ShortNames short_names(const hall::Site& site) {
  ShortNames names;
  for (const auto& group : site.catalogue.groups) {
    for (const auto& department : group.departments) {
      for (const auto& matter : department.matters) {
        if (!matter.code.empty() && !matter.short_name.empty()) {
          names.emplace(matter.code, matter.short_name);
        }
      }
    }
  }
  return names;
}

display::CasesView cases(const BoardNews& news, const BoardPlace& place) {
  display::CasesView view;
  view.age = age_of(news.cases.age, news.now);
  if (!is_shown(news.cases.age)) {
    return view;
  }
  const auto names = short_names(news.site);
  for (const auto& row : news.cases.cases) {
    const auto state = hall::public_wording(row.shown_status);
    if (state.empty() || view.rows.size() == place.most_rows) {
      continue;
    }
    display::CasesView::Row out;
    out.case_no = row.case_no;
    const auto name = names.find(row.matter_code);
    out.matter = name == names.end() ? row.matter_name : std::string(name->second);
    out.applicant = row.applicant_display;
    out.window = row.window_no.empty() ? "" : row.window_no + "号";
    out.accepted = day_text(row.accepted_at);
    const auto limit = hall::limit_wording(row.promised_limit);
    out.limit = limit.empty() ? "" : "承诺" + limit;
    out.state = state;
    out.light = light_of(row.shown_light, row.status);
    view.rows.push_back(std::move(out));
  }
  return view;
}

std::uint32_t waiting_in(const hall::HallView& hall, const std::optional<hall::ZoneId>& zone) {
  std::uint32_t waiting = 0;
  for (const auto& service : hall.services) {
    waiting += !zone || service.zone == *zone ? service.waiting : 0;
  }
  return waiting;
}

display::TotalsView totals(const BoardNews& news, const BoardPlace& place) {
  display::TotalsView view;
  view.totals.push_back({"当前等候", std::to_string(waiting_in(news.hall, place.zone)), "人"});
  if (is_shown(news.cases.age)) {
    const auto& counted = news.cases.totals;
    view.totals.push_back({"今日受理", std::to_string(counted.accepted_today), "件"});
    view.totals.push_back({"今日办结", std::to_string(counted.finished_today), "件"});
    view.age = age_of(news.cases.age, news.now);
  }
  return view;
}

std::string window_text(std::uint32_t number) {
  return std::to_string(number) + "号窗口";
}

/// Whose matters are done there; the name of a window that has none.
display::WindowsView::Row window_row(const hall::Site& site, const hall::WindowView& window) {
  display::WindowsView::Row row{window_text(window.number), {}, {}};
  const auto& services = window.services;
  const auto is_served = [&services](const hall::Matter& matter) {
    return std::find(services.begin(), services.end(), matter.service) != services.end();
  };
  for (const auto& group : site.catalogue.groups) {
    for (const auto& department : group.departments) {
      for (const auto& matter : department.matters) {
        if (is_served(matter)) {
          row.department = department.name;
          row.matters.push_back(matter.short_name.empty() ? matter.name : matter.short_name);
        }
      }
    }
  }
  if (row.matters.empty()) {
    row.matters.push_back(window.name);
  }
  return row;
}

bool is_of(const BoardPlace& place, const hall::WindowId& window, const hall::ZoneId& zone) {
  return place.window ? *place.window == window : !place.zone || *place.zone == zone;
}

display::WindowsView windows(const BoardNews& news, const BoardPlace& place) {
  display::WindowsView view;
  for (const auto& window : news.hall.windows) {
    if (!is_of(place, window.id, window.zone)) {
      continue;
    }
    view.rows.push_back(window_row(news.site, window));
  }
  return view;
}

display::NoticeView notices(const BoardNews& news) {
  display::NoticeView view;
  const auto today = hall::local_date(news.now);
  for (const auto& notice : news.site.catalogue.notices) {
    const bool is_over = notice.until.days != 0 && notice.until < today;
    if (today < notice.from || is_over) {
      continue;
    }
    view.entries.push_back({notice.title, notice.text});
  }
  return view;
}

display::OpeningsView openings(const BoardNews& news, const BoardPlace& place) {
  display::OpeningsView view;
  view.age = age_of(news.bids.age, news.now);
  if (!is_shown(news.bids.age)) {
    return view;
  }
  for (const auto& opening : news.bids.openings) {
    if (view.rows.size() == place.most_rows) {
      break;
    }
    display::OpeningsView::Row row;
    row.time = opening.open_at ? clock_text(hall::local_minute(*opening.open_at)) : "";
    row.room = opening.open_room;
    row.project_no = opening.project_no;
    row.project = opening.project_name;
    row.section = opening.section_name.empty() ? opening.section_no : opening.section_name;
    row.state = hall::public_wording(opening.status);
    row.now = opening.status == hall::BidStatus::opening || opening.status == hall::BidStatus::evaluating;
    view.rows.push_back(std::move(row));
  }
  return view;
}

display::RoomView room(const BoardNews& news, const BoardPlace& place) {
  display::RoomView view;
  view.room = place.room;
  const auto& rooms = news.bids.rooms;
  const auto found =
      std::find_if(rooms.begin(), rooms.end(), [&](const auto& each) { return each.name == place.room; });
  if (found == rooms.end() || !is_shown(news.bids.age)) {
    return view;
  }
  view.age = age_of(news.bids.age, news.now);
  view.project = found->project_name;
  if (found->from && found->to) {
    view.time =
        clock_text(hall::local_minute(*found->from)) + "-" + clock_text(hall::local_minute(*found->to));
  }
  const bool is_evaluating = found->state == hall::RoomState::evaluating;
  view.state = is_evaluating ? "评标中" : std::string(hall::public_wording(found->state));
  view.request = is_evaluating ? "请勿打扰" : "";
  view.busy = is_evaluating || found->state == hall::RoomState::opening;
  if (found->next_at) {
    view.next = clock_text(hall::local_minute(*found->next_at)) + " " + found->next_project;
  }
  return view;
}

std::string kind_text(hall::NoticeType type) {
  switch (type) {
    case hall::NoticeType::tender:
      return "招标公告";
    case hall::NoticeType::change:
      return "变更公告";
    case hall::NoticeType::candidates:
      return "候选人公示";
    case hall::NoticeType::result:
      return "中标结果";
    case hall::NoticeType::failed:
      return "流标公告";
    case hall::NoticeType::terminated:
      return "终止公告";
    case hall::NoticeType::contract:
      return "合同公告";
    case hall::NoticeType::other:
      break;
  }
  return "公告";
}

display::ResultsView results(const BoardNews& news, const BoardPlace& place) {
  display::ResultsView view;
  view.title = "公示公告";
  view.age = age_of(news.bids.notices_age, news.now);
  if (!is_shown(news.bids.notices_age)) {
    return view;
  }
  for (const auto& notice : news.bids.notices) {
    if (view.rows.size() == place.most_rows) {
      break;
    }
    display::ResultsView::Row row;
    row.kind = kind_text(notice.type);
    row.project = notice.project_name.empty() ? notice.title : notice.project_name;
    row.section = notice.section_no;
    if (!notice.candidates.empty()) {
      row.winner = notice.candidates.front().name;
      row.price = notice.candidates.front().price;
    }
    if (notice.publish_from && notice.publish_to) {
      row.period =
          day_text(hall::to_text(*notice.publish_from)) + "至" + day_text(hall::to_text(*notice.publish_to));
    }
    row.phone = notice.objection_contact;
    view.rows.push_back(std::move(row));
  }
  return view;
}

display::HotlinesView hotlines(const hall::Site& site) {
  display::HotlinesView view;
  for (const auto& line : site.catalogue.hotlines) {
    view.rows.push_back({line.number, line.label_zh, line.label_en});
  }
  return view;
}

/// `08:30-12:00 13:30-17:30`: when anybody can get a number today.
std::string hours_text(const hall::Site& site, hall::Date today) {
  std::vector<hall::Hours> all;
  for (const auto& service : site.services) {
    if (service.kind != hall::ServiceKind::tenant) {
      const auto hours = hall::hours_of(site, service, today);
      all.insert(all.end(), hours.begin(), hours.end());
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  std::vector<hall::Hours> joined;
  for (const auto& hours : all) {
    if (!joined.empty() && hours.from <= joined.back().to) {
      joined.back().to = std::max(joined.back().to, hours.to);
    } else {
      joined.push_back(hours);
    }
  }
  std::string text;
  for (const auto& hours : joined) {
    text += (text.empty() ? "" : " ") + clock_text(hours.from) + "-" + clock_text(hours.to);
  }
  return text;
}

display::DoorView door(const BoardNews& news) {
  display::DoorView view;
  view.hall = news.site.name;
  view.hours = hours_text(news.site, hall::local_date(news.now));
  view.open = news.hall.open;
  view.waiting = news.hall.open ? std::to_string(waiting_in(news.hall, std::nullopt)) : "";
  return view;
}

display::NoticeView texts(const BoardNews& news, const BoardPlace& place) {
  display::NoticeView view;
  view.title = "通知";
  for (const auto& text : news.texts) {
    if (text.board == place.id && !text.approved_by.empty() && !hall::has_ended(text, news.now)) {
      view.entries.push_back({{}, text.text});
    }
  }
  return view;
}

display::BoardView without_age(display::BoardView view) {
  std::visit(
      [](auto& page) {
        if constexpr (requires { page.age; }) {
          page.age = {};
        }
      },
      view);
  return view;
}

}  // namespace

display::CallsView calls_page(const hall::Site& site, const hall::HallView& hall, const BoardPlace& place) {
  display::CallsView view;
  for (const auto& call : hall.lately_called) {
    const auto* const window = site.find(call.window);
    if (!is_of(place, call.window, window == nullptr ? hall::ZoneId{} : window->zone)) {
      continue;
    }
    view.calls.push_back(
        {call.number, window_text(call.window_number), {}, std::chrono::milliseconds(call.at.utc_ms)});
  }
  return view;
}

display::BoardView board_page(std::string_view page, const BoardNews& news, const BoardPlace& place) {
  if (page == "cases") {
    return cases(news, place);
  }
  if (page == "totals") {
    return totals(news, place);
  }
  if (page == "windows") {
    return windows(news, place);
  }
  if (page == "notices") {
    return notices(news);
  }
  if (page == "openings") {
    return openings(news, place);
  }
  if (page == "room") {
    return room(news, place);
  }
  if (page == "results") {
    return results(news, place);
  }
  if (page == "hotlines") {
    return hotlines(news.site);
  }
  if (page == "texts") {
    return texts(news, place);
  }
  if (page == "door") {
    return door(news);
  }
  return calls_page(news.site, news.hall, place);
}

std::optional<display::BoardView> emergency_page(const std::optional<hall::Emergency>& emergency,
                                                 const std::optional<hall::ZoneId>& zone) {
  if (!emergency) {
    return std::nullopt;
  }
  const auto& zones = emergency->zones;
  const bool is_here = zones.empty() || !zone || std::find(zones.begin(), zones.end(), *zone) != zones.end();
  return is_here ? std::optional<display::BoardView>(display::EmergencyView{emergency->text}) : std::nullopt;
}

std::string_view source_of_page(std::string_view page) {
  if (page == "openings" || page == "results" || page == "room") {
    return "bids";
  }
  if (page == "windows" || page == "notices" || page == "hotlines") {
    return "catalogue";
  }
  return page == "cases" || page == "texts" ? page : std::string_view();
}

bool says_the_same(const display::BoardView& one, const display::BoardView& other) {
  return without_age(one) == without_age(other);
}

}  // namespace lobby::devices
