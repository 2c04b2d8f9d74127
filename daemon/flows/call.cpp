#include "daemon/flows/call.hpp"

#include <utility>

namespace lobby::flows {

using hall::WindowId;
using hall::WindowState;

namespace {

/// To the end of the line that the site names for the window; where it names none, the hall refuses.
hall::TransferTicket transfer_from(const hall::Site& site, const WindowId& id) {
  hall::TransferTicket command;
  command.window = id;
  const auto* window = site.find(id);
  if (window != nullptr && !window->transfer_to.service.value.empty()) {
    command.to_service = window->transfer_to.service;
  }
  if (window != nullptr && !window->transfer_to.window.value.empty()) {
    command.to_window = window->transfer_to.window;
  }
  return command;
}

}  // namespace

Calls::Calls(Desk& desk, Signs& signs) : desk_(desk), signs_(signs) {}

void Calls::start() {
  for (const auto& window : desk_.site().windows) {
    show(window.id);
  }
}

void Calls::on_event(const hall::Event& event) {
  if (const auto* window = hall::window_of(event)) {
    show(*window);
  }
}

void Calls::show(const WindowId& id) {
  const auto* window = desk_.site().find(id);
  if (window == nullptr) {
    return;  // the journal knows windows that the site has given up
  }
  const auto view = hall::window_view(desk_.site(), desk_.state(), *window);
  const auto* record = desk_.state().find(id);
  const bool calls = view.state == WindowState::called && record != nullptr;
  signs_.want(view, calls ? record->call_seq : 0);
}

std::optional<hall::Command> Calls::command_for(const WindowId& window, Key key) const {
  switch (key) {
    case Key::call:
      return hall::CallNext{window, desk_.site().call_finishes};
    case Key::recall:
      return hall::RecallTicket{window};
    case Key::start:
      return hall::StartService{window};
    case Key::finish:
      return hall::FinishService{window, hall::Outcome::on_spot, "", ""};
    case Key::no_show:
      return hall::MarkNoShow{window, ""};
    case Key::hold:
      return hall::HoldTicket{window, hall::HoldKind::away};
    case Key::transfer:
      return transfer_from(desk_.site(), window);
    case Key::pause: {
      const auto* record = desk_.state().find(window);
      if (record != nullptr && record->state == WindowState::paused) {
        return hall::ResumeWindow{window};
      }
      return hall::PauseWindow{window, "keypad", "", std::nullopt};
    }
    case Key::other:
      return std::nullopt;
  }
  return std::nullopt;
}

void Calls::on_key(const WindowId& window, Key key, hall::KeyPress press, std::function<void()> taken) {
  auto command = command_for(window, key);
  if (!command) {
    taken();  // it does nothing, however often it is read
    return;
  }
  desk_.ask_for_key(std::move(*command), std::move(press),
                    [taken = std::move(taken)](const std::optional<hall::Refusal>&) { taken(); });
}

void Calls::on_shown(const WindowId& window, std::uint64_t call, const hall::DeviceId& device) {
  desk_.report(hall::ReportCallShown{window, call, device}, device.value);
}

}  // namespace lobby::flows
