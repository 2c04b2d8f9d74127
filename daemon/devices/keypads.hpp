#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/dialect_lines.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/key_press.hpp"
#include "daemon/hall/view.hpp"
#include "drivers/window/ff68_line.hpp"

namespace lobby::devices {

/// Other makers' keypads and evaluator pads (好差评) at the windows. They count no presses, so the driver
/// does: a life is a start of the daemon, and a press has one number however often the device repeated it.
class Keypads {
 public:
  struct Reports {
    /// `take`: the press is recorded or refused. Until then the device says it again.
    std::function<void(const hall::WindowId&, hall::KeyPress, window::KeypadKey, std::function<void()> take)>
        key;
    std::function<void(const hall::WindowId&, hall::KeyPress, hall::Score, std::function<void()> take)> rated;
  };
  /// The last press of a device that was recorded before this start.
  using LastPress = std::function<std::optional<hall::KeyPress>(const hall::DeviceId&)>;

  Keypads(link::Executor& executor, const std::vector<KeypadConfig>& configs, DialectLines& lines,
          const LastPress& last_press, Roster& roster, Reports reports);
  ~Keypads();

  /// What the window is now, and how many wait for it: its keypad's display shows the last three digits of
  /// the number that is called or served, else how many wait. Nothing once they are dark.
  void want(const hall::WindowView& window, std::uint32_t waiting);
  void want_dark();
  /// A key at the window was refused: its keypads beep.
  void refuse(const hall::WindowId& window);
  /// The pads of the window ask for a score, now.
  void ask_rating(const hall::WindowId& window);

 private:
  struct Line;
  struct Keypad;

  Reports reports_;
  std::map<hall::DeviceId, std::unique_ptr<Line>> lines_;
  std::vector<std::unique_ptr<Keypad>> keypads_;
  bool is_dark_ = false;
};

}  // namespace lobby::devices
