#include "daemon/flows/call.hpp"

#include <utility>
#include <variant>

namespace lobby::flows {

using hall::WindowId;
using hall::WindowState;

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

void Calls::on_key(const WindowId& window, Key key, hall::KeyPress press, std::function<void()> taken) {
  auto meaning = keypads_.press(desk_, window, key);
  if (auto* command = std::get_if<hall::Command>(&meaning)) {
    desk_.ask_for_key(std::move(*command), std::move(press),
                      [this, window, taken = std::move(taken)](const std::optional<hall::Refusal>& refusal) {
                        if (refusal) {
                          signs_.refuse(window, refusal->code);
                        }
                        taken();
                      });
    return;
  }
  // It changes nothing in the hall, however often it is read.
  if (const auto* refused = std::get_if<hall::Refused>(&meaning)) {
    signs_.refuse(window, *refused);
  } else if (std::holds_alternative<Keypads::AskRating>(meaning)) {
    signs_.ask_rating(window);
  }
  taken();
}

void Calls::on_score(const WindowId& window, hall::Score score, hall::KeyPress press,
                     std::function<void()> taken) {
  desk_.ask_for_key(hall::RateService{window, score, hall::RatedVia::keypad}, std::move(press),
                    [taken = std::move(taken)](const std::optional<hall::Refusal>&) { taken(); });
}

void Calls::on_shown(const WindowId& window, std::uint64_t call, const hall::DeviceId& device) {
  desk_.report(hall::ReportCallShown{window, call, device}, device.value);
}

}  // namespace lobby::flows
