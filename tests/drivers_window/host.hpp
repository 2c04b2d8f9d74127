#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/window/window_unit.hpp"
#include "tests/fakes/virtual_line.hpp"

namespace lobby::window {

/// A host with one unit on a line: records all that it is told.
struct Host final : WindowUnit::Listener {
  explicit Host(fakes::VirtualLine& line, std::uint8_t address = 3, WindowUnit::Timing timing = {},
                std::optional<PressId> recorded = std::nullopt)
      : executor(line.executor), unit(executor, line, {address}, timing, *this, recorded) {
    unit.start();
  }
  void key_pressed(wire::window_unit::Key key, PressId id, std::function<void()> take) override {
    if (on_press) {
      on_press(static_cast<std::uint8_t>(key), id, std::move(take));
    } else {
      keys.push_back(static_cast<std::uint8_t>(key));
      take();
    }
  }
  void keys_dropped(unsigned count) override { dropped += count; }
  void face_shown(std::uint64_t tag) override { shown.push_back(tag); }
  void unit_changed(link::Status status, std::string_view reason) override {
    told.emplace_back(status, reason);
  }
  void show(std::string_view text, std::uint64_t tag, bool blink = false, bool beep = false) {
    std::size_t lost = 0;
    unit.want({cells_of(text, lost), blink, beep}, tag);
  }

  fakes::VirtualExecutor& executor;
  std::function<void(std::uint8_t, PressId, std::function<void()>)> on_press;
  std::vector<std::uint8_t> keys;
  unsigned dropped = 0;
  std::vector<std::uint64_t> shown;
  std::vector<std::pair<link::Status, std::string>> told;
  WindowUnit unit;
};

}  // namespace lobby::window
