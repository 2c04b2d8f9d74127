#include "daemon/app/board_wiring.hpp"

#include <utility>

#include "daemon/app/links.hpp"
#include "daemon/devices/board_pages.hpp"

namespace lobby::app {

namespace {

devices::Boards::Ports ports_of(boost::asio::io_context& io, std::function<hall::Instant()> now) {
  return {[&io](const devices::BoardConfig& board) { return link_to(io, board); },
          [&io](const devices::BoardConfig& board) { return datagrams_to(io, board); }, std::move(now)};
}

std::vector<devices::BoardConfig> wires_of(const SiteFile& file) {
  std::vector<devices::BoardConfig> wires;
  for (const auto& board : file.boards) {
    wires.push_back(board.wire);
  }
  return wires;
}

bool is_call(const hall::Event& event) {
  return std::holds_alternative<hall::TicketCalled>(event.body) ||
         std::holds_alternative<hall::TicketRecalled>(event.body);
}

bool is_news(const hall::Event& event) {
  return std::holds_alternative<hall::ApprovalsAdvanced>(event.body) ||
         std::holds_alternative<hall::BidsAdvanced>(event.body);
}

}  // namespace

BoardWiring::BoardWiring(House house)
    : house_(std::move(house)),
      wires_(wires_of(house_.file)),
      boards_(house_.executor, wires_, ports_of(house_.io, house_.now), house_.roster) {}

void BoardWiring::on_event(const hall::Event& event) {
  if (is_call(event)) {
    tell_all(true);
  } else if (is_news(event)) {
    tell_all(false);
  }
}

void BoardWiring::tick() {
  tell_all(false);
}

/// The rows only when something was written since; how old they are, always.
void BoardWiring::look_at_sources() {
  std::pair now{house_.sources.version(), hall::to_text(hall::local_date(house_.now()))};
  if (cases_version_ != now) {
    cases_ = house_.sources.cases({});
    cases_version_ = std::move(now);
  }
  cases_.age = house_.sources.age(hall::What::cases);
}

void BoardWiring::tell_all(bool urgent) {
  look_at_sources();
  const auto now = house_.now();
  const auto hall = hall::hall_view(house_.file.hall, house_.registrar.state(), now);
  const auto bids = house_.sources.bids(hall::local_date(now));
  const devices::BoardNews news{house_.file.hall, hall, cases_, bids, now};
  for (const auto& board : house_.file.boards) {
    display::BoardViews views;
    for (const auto& zone : board.wire.playlist.zones) {
      for (const auto& item : zone.items) {
        views.pages.try_emplace(item.view,
                                devices::board_page(item.view, news, {board.wire.zone, board.room}));
      }
    }
    auto& told = told_[board.wire.id.value];
    if (told != views) {
      const bool is_called = urgent && told.pages["calls"] != views.pages["calls"];
      told = views;
      boards_.show(board.wire.id, std::move(views), is_called);
    }
  }
}

}  // namespace lobby::app
