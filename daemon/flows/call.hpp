#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "daemon/flows/keypad.hpp"
#include "daemon/flows/ports.hpp"
#include "daemon/hall/event.hpp"

namespace lobby::flows {

/// The call walk: a clerk's key becomes a command, and whatever changed a window is shown above it.
class Calls {
 public:
  Calls(Desk& desk, Signs& signs);

  /// Shows every window as it is. Once, after the state was recovered: a device shows the present.
  void start();
  /// Every durable event, in order.
  void on_event(const hall::Event& event);
  /// A key at a window. `taken` when it is recorded or refused, so that the unit may forget it: a call that
  /// the disk refused now must not happen by itself when nobody expects it any more. The press is recorded
  /// with what it did, so one that the unit could not be told to forget is known after a crash. Presses that
  /// nobody could hear are the driver's to drop: of those, at most the newest comes here.
  /// What is refused is said at the window.
  void on_key(const hall::WindowId& window, Key key, hall::KeyPress press, std::function<void()> taken);
  /// A score from the pad at a window: for the ticket that was finished last, once. `taken` as above.
  void on_score(const hall::WindowId& window, hall::Score score, hall::KeyPress press,
                std::function<void()> taken);
  /// A sign shows the call with this journal number.
  void on_shown(const hall::WindowId& window, std::uint64_t call, const hall::DeviceId& device);

 private:
  void show(const hall::WindowId& window);

  Desk& desk_;
  Signs& signs_;
  Keypads keypads_;
};

}  // namespace lobby::flows
