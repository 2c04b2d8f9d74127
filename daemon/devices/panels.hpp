#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/key_press.hpp"
#include "drivers/bus/bus.hpp"
#include "drivers/window/window_unit.hpp"

namespace lobby::devices {

/// The button panels. On one side a panel and its buttons, on the other units on buses.
class Panels {
 public:
  /// A button, from 1, and which press of which panel it is; `take` acknowledges it (when recorded or
  /// refused).
  using Pressed =
      std::function<void(const hall::DeviceId&, unsigned button, hall::KeyPress, std::function<void()> take)>;
  using FindBus = std::function<bus::Bus&(const hall::DeviceId&)>;
  using LastPress = std::function<std::optional<hall::KeyPress>(const hall::DeviceId&)>;
  Panels(link::Executor& executor, const std::vector<PanelConfig>& configs, const FindBus& find_bus,
         const LastPress& last_press, Roster& roster, Pressed pressed);
  ~Panels();

  /// The lamps from here on, bit n: button n + 1. Nothing once all are to go out.
  void want(const hall::DeviceId& panel, window::Lamps lamps);
  /// All lamps out, for good: the program ends.
  void want_dark();
  void beep(const hall::DeviceId& panel);
  /// All its lamps blink for a while. False: there is no such panel.
  bool locate(const hall::DeviceId& panel);

 private:
  struct Unit;
  Unit* find(const hall::DeviceId& id) const;

  Pressed pressed_;
  std::vector<std::unique_ptr<Unit>> units_;
  bool is_dark_ = false;
};

}  // namespace lobby::devices
