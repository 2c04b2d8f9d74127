#include "daemon/app/board_wiring.hpp"

#include <algorithm>
#include <utility>

#include "daemon/app/links.hpp"
#include "daemon/app/log.hpp"
#include "daemon/app/warnings.hpp"
#include "daemon/devices/board_pages.hpp"
#include "daemon/hall/board_reminder.hpp"
#include "daemon/hall/upstream.hpp"

namespace lobby::app {

namespace {

devices::Boards::Ports ports_of(const BoardWiring::House& house) {
  auto& io = house.io;
  return {[&io](const devices::BoardConfig& board) { return link_to(io, board); },
          [&io](const devices::BoardConfig& board) { return datagrams_to(io, board); }, house.now,
          &house.dialect_lines, house.find_bus};
}

std::vector<devices::BoardConfig> wires_of(const SiteFile& file) {
  std::vector<devices::BoardConfig> wires;
  wires.reserve(file.boards.size());
  for (const auto& board : file.boards) {
    wires.push_back(board.wire);
  }
  return wires;
}

devices::BoardPlace place_of(const BoardSite& board, const display::PlaylistZone& zone) {
  constexpr int least_height_of_table = 48;
  constexpr std::size_t most_in_one_line = 12;
  devices::BoardPlace place{board.wire.zone, board.room, board.wire.id, board.wire.window};
  if (zone.area.height < least_height_of_table) {
    place.most_rows = most_in_one_line;
  }
  return place;
}

/// Boards of one place say the same, but for their own texts: each page is made once.
std::string name_of(const std::string& page, const devices::BoardPlace& place) {
  return page + (page == "texts" ? place.id.value : "") + '\n' + (place.zone ? place.zone->value : "") +
         '\n' + (place.window ? place.window->value : "") + '\n' + place.room + '\n' +
         std::to_string(place.most_rows);
}

bool is_call(const hall::Event& event) {
  return std::holds_alternative<hall::TicketCalled>(event.body) ||
         std::holds_alternative<hall::TicketRecalled>(event.body) ||
         std::holds_alternative<hall::TicketResumed>(event.body);
}

bool is_news(const hall::Event& event) {
  return std::holds_alternative<hall::ApprovalsAdvanced>(event.body) ||
         std::holds_alternative<hall::BidsAdvanced>(event.body) ||
         std::holds_alternative<hall::TextApproved>(event.body) ||
         std::holds_alternative<hall::TextWithdrawn>(event.body);
}

bool is_alarm(const hall::Event& event) {
  return std::holds_alternative<hall::EmergencyShown>(event.body) ||
         std::holds_alternative<hall::EmergencyCleared>(event.body);
}

/// Somebody may still be called, or is at a window: the hall's hours do not end before that.
bool is_somebody_here(const hall::HallView& hall, const std::optional<hall::ZoneId>& zone) {
  std::set<std::string_view> waited_for;
  for (const auto& service : hall.services) {
    if (service.waiting > 0) {
      waited_for.insert(service.id.value);
    }
  }
  return std::any_of(hall.windows.begin(), hall.windows.end(), [&](const hall::WindowView& window) {
    const bool is_open = window.state != hall::WindowState::closed && (!zone || window.zone == *zone);
    return is_open && (window.ticket || std::any_of(window.services.begin(), window.services.end(),
                                                    [&waited_for](const hall::ServiceId& service) {
                                                      return waited_for.contains(service.value);
                                                    }));
  });
}

hall::HandPages hand_pages(const devices::BoardConfig& board) {
  const auto has = [&board](std::string_view page) {
    const auto& zones = board.playlist.zones;
    return std::any_of(zones.begin(), zones.end(), [page](const display::PlaylistZone& zone) {
      return std::any_of(zone.items.begin(), zone.items.end(),
                         [page](const auto& item) { return item.view == page; });
    });
  };
  return {has("texts"), has("notices")};
}

bool has_new_calls(const display::BoardViews& before, const display::BoardViews& now) {
  const auto was = before.pages.find("calls");
  const auto is = now.pages.find("calls");
  return is != now.pages.end() && (was == before.pages.end() || was->second != is->second);
}

}  // namespace

BoardWiring::BoardWiring(House house)
    : house_(std::move(house)),
      wires_(wires_of(house_.file)),
      boards_(house_.executor, wires_, ports_of(house_), house_.roster),
      days_(house_.file.hall.calendar),
      site_(house_.file.hall) {}

/// Whoever asked for it gets his answer first; what comes together is told together.
void BoardWiring::on_event(const hall::Event& event) {
  const bool was_quiet = !called_ && !moved_;
  called_ = called_ || is_call(event);
  moved_ = moved_ || is_news(event) || is_alarm(event);
  if (was_quiet && (called_ || moved_)) {
    house_.executor.post([this, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) {
        when_durable([this] { catch_up(); });
      }
    });
  }
}

void BoardWiring::catch_up() {
  if (std::exchange(called_, false)) {
    tell_calls();
  }
  if (std::exchange(moved_, false)) {
    tell_all();
  }
}

/// Only where somebody is called: the other pages are left as they are.
void BoardWiring::tell_calls() {
  const auto hall = hall::hall_view(house_.file.hall, house_.registrar.state(), house_.now());
  for (const auto& board : house_.file.boards) {
    auto& told = told_[board.wire.id.value];
    const auto page = told.pages.find("calls");
    if (page == told.pages.end()) {
      continue;
    }
    auto calls = devices::calls_page(house_.file.hall, hall,
                                     {board.wire.zone, board.room, board.wire.id, board.wire.window});
    if (page->second != display::BoardView(calls)) {
      page->second = std::move(calls);
      boards_.show(board.wire.id, told, true);
    }
  }
}

void BoardWiring::tick() {
  if (house_.file.boards.empty()) {
    return;
  }
  if (!std::exchange(is_catalogue_told_, true)) {
    house_.registrar.report(hall::ReportCatalogue{hall::catalogue_mark(house_.file.hall)}, "");
  }
  when_durable([this] {
    tell_all();
    publish();
    look_at_words();
  });
}

/// What is not on the disk yet may still be taken back.
void BoardWiring::when_durable(std::function<void()> then) {
  house_.registrar.when_durable([then = std::move(then), alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) {
      then();
    }
  });
}

void BoardWiring::note(const hall::DeviceId& board, const display::BoardViews& before,
                       const display::BoardViews& now) {
  const auto add = [&](std::string_view source) {
    new_boards_.insert(board.value);
    new_sources_.emplace(source);
  };
  for (const auto& [page, view] : now.pages) {
    const auto source = devices::source_of_page(page);
    const auto old = before.pages.find(page);
    const bool same =
        old == before.pages.end() ? display::is_empty(view) : devices::says_the_same(old->second, view);
    if (!source.empty() && !same) {
      add(source);
    }
  }
  if (before.over_all != now.over_all) {
    add("emergency");
  }
}

/// Once a second at most, for all boards together.
void BoardWiring::publish() {
  if (new_boards_.empty()) {
    return;
  }
  hall::ReportPublished report;
  for (const auto& wire : wires_) {
    if (new_boards_.contains(wire.id.value)) {
      report.boards.push_back(wire.id);
    }
  }
  report.sources.assign(new_sources_.begin(), new_sources_.end());
  new_boards_.clear();
  new_sources_.clear();
  house_.registrar.report(std::move(report), "");
}

void BoardWiring::look_at_words() {
  const auto now = house_.now();
  std::map<std::string, hall::BoardReminder> found;
  for (const auto& wire : wires_) {
    auto words = hall::old_words(house_.file.hall, house_.registrar.state(), wire.id, hand_pages(wire), now);
    if (!words) {
      continue;
    }
    const auto due =
        days_.due(hall::local_date(words->since), static_cast<std::int32_t>(house_.file.publish_days)).date;
    hall::BoardReminder reminder{words->since, due, std::move(words->texts), words->notices};
    const auto known = reminders_.find(wire.id.value);
    if (known == reminders_.end() || known->second.since != reminder.since) {
      log(Priority::warning, reminder_warning(wire.id, reminder));
    }
    found.emplace(wire.id.value, std::move(reminder));
  }
  reminders_ = std::move(found);
}

std::vector<hall::BoardState> BoardWiring::states() const {
  auto states = boards_.states();
  for (auto& state : states) {
    if (const auto found = reminders_.find(state.id.value); found != reminders_.end()) {
      state.reminder = found->second;
    }
  }
  return states;
}

/// The rows only when something was written since; how old they are, always.
void BoardWiring::look_at_sources() {
  // Lamps are grey while the source is silent.
  const auto age = house_.sources.age(hall::What::cases);
  std::tuple now{house_.sources.version(), hall::to_text(hall::local_date(house_.now())), age.stale()};
  if (cases_version_ != now) {
    hall::CaseQuery newest;
    newest.limit = static_cast<std::uint32_t>(devices::BoardPlace{}.most_rows);
    cases_ = house_.sources.cases(newest);
    site_.catalogue = hall::completed(house_.file.hall.catalogue, house_.sources.catalogue());
    cases_version_ = std::move(now);
  }
  cases_.age = age;
}

void BoardWiring::tell_all() {
  look_at_sources();
  const auto now = house_.now();
  const auto& state = house_.registrar.state();
  const auto hall = hall::hall_view(house_.file.hall, state, now);
  const auto bids = house_.sources.bids(hall::local_date(now));
  const devices::BoardNews news{site_, hall, cases_, bids, state.texts, now};
  std::map<std::string, display::BoardView> made;
  for (const auto& board : house_.file.boards) {
    display::BoardViews views;
    for (const auto& zone : board.wire.playlist.zones) {
      for (const auto& item : zone.items) {
        const auto place = place_of(board, zone);
        const auto [page, is_new] = made.try_emplace(name_of(item.view, place));
        if (is_new) {
          page->second = devices::board_page(item.view, news, place);
        }
        views.pages.try_emplace(item.view, page->second);
      }
    }
    views.over_all = devices::emergency_page(state.emergency, board.wire.zone);
    boards_.need(board.wire.id, views.pages.contains("calls") && is_somebody_here(hall, board.wire.zone));
    auto& told = told_[board.wire.id.value];
    if (told != views) {
      const bool is_covered = told.over_all != views.over_all;
      const auto before = std::exchange(told, views);
      boards_.show(board.wire.id, std::move(views), is_covered || has_new_calls(before, told));
      note(board.wire.id, before, told);
    }
  }
}

}  // namespace lobby::app
