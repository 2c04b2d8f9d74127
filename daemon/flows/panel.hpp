#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/flows/ports.hpp"
#include "daemon/hall/event.hpp"

namespace lobby::flows {

/// A box with buttons that give tickets.
struct Panel {
  static constexpr std::size_t most_buttons = 8;

  hall::DeviceId id;
  hall::KioskId kiosk;                                               ///< whose printer it uses
  std::array<std::optional<hall::ServiceId>, most_buttons> buttons;  ///< from the first; none: not used
};

/// The issue walk from a button: a press becomes a ticket, and the lamps say what a press would do. Lit: it
/// gives a ticket. Blinking: its ticket is being printed, or was refused just now. Dark: it gives none. All
/// blinking: the printer cannot print.
class Panels {
 public:
  static constexpr std::int64_t refusal_lasts_ms = 2'000;

  Panels(Desk& desk, PanelLamps& lamps, std::vector<Panel> panels);

  /// Shows every panel as it is. Once, after the state was recovered.
  void start() { look_at_all(); }
  /// Every durable event, in order.
  void on_event(const hall::Event& event);
  /// About once a second: services open and close.
  void tick() { look_at_all(); }
  /// `button` from 1. `taken` when it is recorded or refused; the press is recorded with what it did.
  void on_button(const hall::DeviceId& panel, unsigned button, hall::KeyPress press,
                 std::function<void()> taken);
  /// Whoever stands at the kiosk is refused something that is no button: its panels beep.
  void refuse_at(const hall::KioskId& kiosk);

 private:
  struct Buttons {
    Panel panel;
    std::array<std::int64_t, Panel::most_buttons> refused_until_ms{};
    std::map<hall::TicketId, std::size_t>
        printing;                        ///< tickets on their way to paper, and whose buttons they are
    std::optional<std::size_t> pressed;  ///< that has not become anything yet
  };
  void look_at_all();
  void look_at(const Buttons& buttons);
  void refused(Buttons& buttons, std::size_t button);
  Buttons* find(const std::string& id);

  Desk& desk_;
  PanelLamps& lamps_;
  std::vector<Buttons> panels_;
};

}  // namespace lobby::flows
