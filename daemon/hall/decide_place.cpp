#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

namespace {

bool meets(const Place& place, Need need) {
  switch (need) {
    case Need::idle:
      return place.state == WindowState::idle;
    case Need::called:
      return place.state == WindowState::called && place.ticket != nullptr;
    case Need::ticket:
      return (place.state == WindowState::called || place.state == WindowState::serving) &&
             place.ticket != nullptr;
    case Need::person:
      return (place.walk_in && place.state == WindowState::serving) || meets(place, Need::ticket);
    case Need::open:
      return place.state != WindowState::closed && place.state != WindowState::paused;
    case Need::paused:
      return place.state == WindowState::paused;
    case Need::closed:
      return place.state == WindowState::closed;
    case Need::without_ticket:
      return place.state != WindowState::closed && place.ticket == nullptr && !place.walk_in;
  }
  return false;
}

Refused why_not(const Place& place, Need need) {
  const bool needs_nobody = need == Need::idle || need == Need::without_ticket;
  const bool needs_ticket = need == Need::called || need == Need::ticket || need == Need::person;
  if (place.state == WindowState::closed) {
    return Refused::window_closed;
  }
  if (needs_nobody && (place.ticket != nullptr || place.walk_in)) {
    return Refused::window_busy;
  }
  const bool without =
      place.state == WindowState::idle || (place.walk_in && place.state == WindowState::serving);
  if (needs_ticket && without) {
    return Refused::no_ticket_at_window;
  }
  return Refused::wrong_state;
}

std::string sentence(const Place& place, Refused code) {
  const std::string window = "window `" + place.window->id.value + "` ";
  switch (code) {
    case Refused::window_busy:
      return window + (place.walk_in ? "still serves somebody" : "still has a ticket");
    case Refused::no_ticket_at_window:
      return window + "has no ticket";
    default:
      return window + "is " + std::string{to_text(place.state)};
  }
}

}  // namespace

Place place_of(const Asked& asked, const WindowId& id) {
  Place place;
  place.window = asked.site.find(id);
  if (const WindowRecord* record = asked.state.find(id)) {
    place.record = record;
    place.state = record->state;
    place.ticket = asked.state.find(record->ticket);
    place.walk_in = record->walk_in != no_ix;
  }
  return place;
}

std::optional<Refusal> refuse_unless(const Place& place, const WindowId& id, Need need) {
  if (place.window == nullptr) {
    return refuse_unknown(id);
  }
  if (meets(place, need)) {
    return std::nullopt;
  }
  const Refused code = why_not(place, need);
  return refuse(code, sentence(place, code));
}

AboutTicketAtWindow about(const State& state, const Place& place) {
  return {about(state, *place.ticket), place.window->id};
}

}  // namespace lobby::hall::deciding
