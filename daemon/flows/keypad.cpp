#include "daemon/flows/keypad.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace lobby::flows {
namespace {

using hall::Refused;
using hall::Ticket;
using hall::TicketState;
using hall::WindowId;
using Meaning = Keypads::Meaning;

std::uint32_t number_of(const std::string& digits) {
  std::uint32_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// The ticket of this state with these digits that the window serves. Numbers of several services may end in
/// the same digits: then the one that has waited longest.
const Ticket* find_ticket(const Desk& desk, const hall::Window& window, std::uint32_t digits,
                          TicketState state) {
  const Ticket* found = nullptr;
  for (const Ticket& ticket : desk.state().tickets) {
    if (ticket.n != digits || ticket.state != state) {
      continue;
    }
    const auto* service = desk.site().find(desk.state().services[ticket.service].id);
    const bool is_served = service != nullptr && hall::serves(window, *service);
    if (is_served && (found == nullptr || ticket.place_ms < found->place_ms)) {
      found = &ticket;
    }
  }
  return found;
}

Meaning call(const Desk& desk, const hall::Window& window, const std::string& digits) {
  if (digits.empty()) {
    return hall::CallNext{window.id, desk.site().call_finishes};
  }
  const auto* ticket = find_ticket(desk, window, number_of(digits), TicketState::waiting);
  return ticket != nullptr ? Meaning(hall::CallTicket{window.id, ticket->id})
                           : Meaning(Refused::unknown_ticket);
}

Meaning recall(const Desk& desk, const hall::Window& window, const std::string& digits) {
  if (digits.empty()) {
    return hall::RecallTicket{window.id};
  }
  const auto* ticket = find_ticket(desk, window, number_of(digits), TicketState::held);
  return ticket != nullptr ? Meaning(hall::ResumeHeld{window.id, ticket->id})
                           : Meaning(Refused::unknown_ticket);
}

Meaning hold(const hall::Window& window, const std::string& digits) {
  const std::uint32_t kind = number_of(digits);
  if (digits.size() > 1 || kind > static_cast<std::uint32_t>(hall::HoldKind::waiting)) {
    return Refused::bad_request;
  }
  return hall::HoldTicket{window.id, static_cast<hall::HoldKind>(kind)};
}

/// To the end of the line of the window with that number; without digits to where the site says, and where it
/// says nothing the hall refuses.
Meaning transfer(const Desk& desk, const hall::Window& window, const std::string& digits) {
  hall::TransferTicket command;
  command.window = window.id;
  if (!digits.empty()) {
    const auto& windows = desk.site().windows;
    const auto to = std::find_if(windows.begin(), windows.end(),
                                 [&](const hall::Window& one) { return one.number == number_of(digits); });
    if (to == windows.end()) {
      return Refused::unknown_window;
    }
    command.to_window = to->id;
    return command;
  }
  if (!window.transfer_to.service.value.empty()) {
    command.to_service = window.transfer_to.service;
  }
  if (!window.transfer_to.window.value.empty()) {
    command.to_window = window.transfer_to.window;
  }
  return command;
}

Meaning pause(const Desk& desk, const hall::Window& window) {
  const auto* record = desk.state().find(window.id);
  if (record != nullptr && record->state == hall::WindowState::paused) {
    return hall::ResumeWindow{window.id};
  }
  return hall::PauseWindow{window.id, "keypad", "", std::nullopt};
}

Meaning evaluate(const Desk& desk, const hall::Window& window) {
  const auto* record = desk.state().find(window.id);
  return record != nullptr && record->rateable ? Meaning(Keypads::AskRating{})
                                               : Meaning(Refused::wrong_state);
}

/// Pressed again it was not meant, or somebody has come.
Meaning help(const Desk& desk, const hall::Window& window) {
  const auto* record = desk.state().find(window.id);
  return record != nullptr && record->help_at ? Meaning(hall::EndHelp{window.id})
                                              : Meaning(hall::CallHelp{window.id});
}

Meaning meaning_of(const Desk& desk, const hall::Window& window, Key key, const std::string& digits) {
  switch (key) {
    case Key::call:
      return call(desk, window, digits);
    case Key::recall:
      return recall(desk, window, digits);
    case Key::start:
      return hall::StartService{window.id};
    case Key::finish:
      return hall::FinishService{window.id, hall::Outcome::on_spot, "", ""};
    case Key::no_show:
      return hall::MarkNoShow{window.id, ""};
    case Key::hold:
      return hold(window, digits);
    case Key::transfer:
      return transfer(desk, window, digits);
    case Key::pause:
      return pause(desk, window);
    case Key::evaluate:
      return evaluate(desk, window);
    case Key::help:
      return help(desk, window);
    default:
      return Refused::wrong_state;  // it does nothing in this hall
  }
}

}  // namespace

Meaning Keypads::press(const Desk& desk, const WindowId& id, Key key) {
  Digits& before = digits_[id.value];
  if (desk.mono_ms() - before.last_ms > patience_ms) {
    before.text.clear();
  }
  if (key <= Key::digit_9) {
    before.text.push_back(static_cast<char>('0' + static_cast<int>(key)));
    if (before.text.size() > most_digits) {
      before.text.erase(0, 1);
    }
    before.last_ms = desk.mono_ms();
    return Nothing{};
  }
  const std::string digits = std::exchange(before.text, {});
  const auto* window = desk.site().find(id);
  return window == nullptr ? Meaning(Refused::unknown_window) : meaning_of(desk, *window, key, digits);
}

}  // namespace lobby::flows
