#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/key_press.hpp"
#include "daemon/hall/view.hpp"
#include "display/canvas/dot_font.hpp"
#include "drivers/bus/bus.hpp"
#include "drivers/window/window_unit.hpp"

namespace lobby::devices {

/// The signs and keypads of the windows. On one side a window and its state, on the other units on buses.
class WindowUnits {
 public:
  struct Reports {
    /// A key at a window, and which press of which unit it is; `take` acknowledges it to the unit (call it
    /// when recorded or refused).
    std::function<void(const hall::WindowId&, hall::KeyPress, wire::window_unit::Key,
                       std::function<void()> take)>
        key;
    /// A sign shows the call with this journal number.
    std::function<void(const hall::WindowId&, std::uint64_t call, const hall::DeviceId&)> call_shown;
  };
  using FindBus = std::function<bus::Bus&(const hall::DeviceId&)>;
  /// The last press of a unit that was recorded before this start: it and what is older is not reported
  /// again.
  using LastPress = std::function<std::optional<hall::KeyPress>(const hall::DeviceId&)>;
  WindowUnits(link::Executor& executor, const std::vector<UnitConfig>& configs, const FindBus& find_bus,
              const LastPress& last_press, Roster& roster, Reports reports);
  ~WindowUnits();

  /// What the window is now; its units show it from here on. `call`: journal number of the call that is being
  /// shown, 0 when the window calls nobody; a new number beeps and flashes again (recall). Nothing once the
  /// closing text is wanted.
  void want(const hall::WindowView& window, std::uint64_t call);
  /// Says for two seconds, with a beep, why a key was refused; a new state of the window ends that at once.
  void refuse(const hall::WindowId& window, hall::Refused why);
  /// Asks the person at the window for a grade, likewise.
  void ask_rating(const hall::WindowId& window);
  /// The unit shows its own address for a while. False: there is no such unit.
  bool locate(const hall::DeviceId& unit);
  /// Closing text on every sign, for good.
  void want_closing(const std::vector<hall::WindowView>& windows);
  /// Runs `then` once, when every living unit shows what was last wanted of it, or after `at_most`; never
  /// from within this call. A further call replaces one that still waits.
  void when_settled(link::Duration at_most, std::function<void()> then);

 private:
  struct Unit;
  struct Settling;
  void settle();
  void say(const hall::WindowId& window, const std::string& text);

  link::Executor& executor_;
  Reports reports_;
  std::vector<std::unique_ptr<Unit>> units_;
  std::unique_ptr<Settling> settling_;
  display::DotFont font_;
  bool closing_ = false;
};

}  // namespace lobby::devices
