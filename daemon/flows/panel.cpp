#include "daemon/flows/panel.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace lobby::flows {
namespace {

hall::IssueTicket ticket_of(const Panel& panel, std::size_t button) {
  hall::IssueTicket command;
  command.service = *panel.buttons[button];
  command.kiosk = panel.kiosk;
  return command;
}

/// A ticket that is on paper, or will not be.
const hall::TicketId* settled(const hall::Event& event) {
  return std::visit(
      [](const auto& body) -> const hall::TicketId* {
        using Body = std::decay_t<decltype(body)>;
        if constexpr (std::is_same_v<Body, hall::TicketPrinted> || std::is_same_v<Body, hall::TicketSent> ||
                      std::is_same_v<Body, hall::TicketUnprinted> ||
                      std::is_same_v<Body, hall::TicketPrintUnknown>) {
          return &body.ticket;
        } else {
          return nullptr;
        }
      },
      event.body);
}

}  // namespace

Panels::Panels(Desk& desk, PanelLamps& lamps, std::vector<Panel> panels) : desk_(desk), lamps_(lamps) {
  for (auto& panel : panels) {
    panels_.push_back({std::move(panel), {}, {}, {}});
  }
}

Panels::Buttons* Panels::find(const std::string& id) {
  const auto found = std::find_if(panels_.begin(), panels_.end(),
                                  [&](const Buttons& buttons) { return buttons.panel.id.value == id; });
  return found == panels_.end() ? nullptr : &*found;
}

void Panels::on_event(const hall::Event& event) {
  if (const auto* issued = std::get_if<hall::TicketIssued>(&event.body)) {
    auto* buttons = find(event.by);
    if (buttons != nullptr && buttons->pressed && issued->printer) {
      buttons->printing[issued->ticket] = *std::exchange(buttons->pressed, std::nullopt);
    }
    look_at_all();  // a quota may be used up
  } else if (const auto* ticket = settled(event)) {
    for (auto& buttons : panels_) {
      if (buttons.printing.erase(*ticket) > 0) {
        look_at(buttons);
      }
    }
  } else if (std::holds_alternative<hall::DeviceChanged>(event.body)) {
    look_at_all();
  }
}

void Panels::on_button(const hall::DeviceId& panel, unsigned button, hall::KeyPress press,
                       std::function<void()> taken) {
  auto* buttons = find(panel.value);
  const std::size_t index = button - 1U;
  if (buttons == nullptr || index >= Panel::most_buttons || !buttons->panel.buttons[index]) {
    taken();  // no service hangs on it, however often it is read
    return;
  }
  buttons->pressed = index;
  desk_.ask_for_key(ticket_of(buttons->panel, index), std::move(press),
                    [this, id = panel.value, index, taken = std::move(taken)](const auto& refusal) {
                      if (auto* asked = find(id)) {
                        asked->pressed.reset();
                        if (refusal) {
                          refused(*asked, index);
                        }
                      }
                      taken();
                    });
}

void Panels::refused(Buttons& buttons, std::size_t button) {
  buttons.refused_until_ms[button] = desk_.mono_ms() + refusal_lasts_ms;
  lamps_.beep(buttons.panel.id);
  look_at(buttons);
}

void Panels::refuse_at(const hall::KioskId& kiosk) {
  for (const auto& buttons : panels_) {
    if (buttons.panel.kiosk == kiosk) {
      lamps_.beep(buttons.panel.id);
    }
  }
}

void Panels::look_at_all() {
  for (const auto& buttons : panels_) {
    look_at(buttons);
  }
}

/// What a press would do is what the hall decides now; nothing comes of asking.
void Panels::look_at(const Buttons& buttons) {
  PanelLamps::Lit lit;
  for (std::size_t i = 0; i < Panel::most_buttons; ++i) {
    if (!buttons.panel.buttons[i]) {
      continue;
    }
    const auto bit = static_cast<std::uint8_t>(1U << i);
    const auto decision = hall::decide(desk_.state(), desk_.site(), ticket_of(buttons.panel, i),
                                       {desk_.now(), buttons.panel.id.value});
    const auto* refusal = std::get_if<hall::Refusal>(&decision);
    const bool is_paperless = refusal != nullptr && refusal->code == hall::Refused::printer_unavailable;
    const bool is_printing = std::any_of(buttons.printing.begin(), buttons.printing.end(),
                                         [i](const auto& one) { return one.second == i; });
    const bool was_refused = desk_.mono_ms() < buttons.refused_until_ms[i];
    const bool blinks = is_paperless || is_printing || was_refused;
    lit.on = static_cast<std::uint8_t>(lit.on | (refusal == nullptr || blinks ? bit : 0));
    lit.blinking = static_cast<std::uint8_t>(lit.blinking | (blinks ? bit : 0));
  }
  lamps_.want(buttons.panel.id, lit);
}

}  // namespace lobby::flows
