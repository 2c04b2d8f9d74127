#include "daemon/devices/keypads.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/devices/face_view.hpp"

namespace lobby::devices {
namespace {

using Cells = window::Ff68Line::Cells;
using window::KeypadKey;

constexpr auto blank = window::ff68::blank_digit;
constexpr Cells dark{blank, blank, blank, blank, blank, blank};

/// Three places from `first` on, filled up with zeros.
void put_digits(Cells& cells, std::size_t first, std::string digits) {
  digits.insert(0, 3 - std::min<std::size_t>(digits.size(), 3), '0');
  for (std::size_t i = 0; i < 3; ++i) {
    cells[first + i] = static_cast<std::uint8_t>(digits[digits.size() - 3 + i] - '0');
  }
}

Cells cells_for(const hall::WindowView& window, std::uint32_t waiting) {
  constexpr std::uint32_t most = 999;
  auto cells = dark;
  const auto digits = display::window_digits(face_view(window, false), 3);
  if (digits.empty()) {
    put_digits(cells, 0, std::to_string(std::min(waiting, most)));
  } else {
    put_digits(cells, 3, digits);
  }
  return cells;
}

}  // namespace

/// All of one line: they share its decoder.
struct Keypads::Line final : DialectLines::Guest {
  Line(link::Executor& executor, DialectLines& lines, const hall::DeviceId& id)
      : devices(executor, lines.join(id, *this)) {}
  void line_up() override {
    for (auto* keypad : keypads) {
      keypad->line_up();
    }
  }
  void line_down(std::string_view reason, bool was_up) override {
    for (auto* keypad : keypads) {
      keypad->line_down(reason, was_up);
    }
  }
  void line_bytes(std::span<const std::uint8_t> bytes) override {
    const auto damaged = devices.counts().damaged;
    devices.received(bytes);
    if (devices.counts().damaged != damaged) {
      for (auto* keypad : keypads) {
        keypad->line_bytes({});
      }
    }
  }

  window::Ff68Line devices;
  std::vector<DialectLines::Guest*> keypads;
};

struct Keypads::Keypad final : window::Ff68Line::Listener, DialectLines::Guest {
  Keypad(Keypads& all, const KeypadConfig& given, Line& shared, Roster& list,
         const std::optional<hall::KeyPress>& last)
      : owner(all), config(given), line(shared), roster(list), life(next_life(last)) {
    device = line.devices.add(config.address, *this);
    line.keypads.push_back(this);
    hall::DeviceView view;
    view.id = config.id;
    view.kind = config.kind;
    view.driver = config.driver;
    view.window = config.window;
    if (config.on_bus) {
      view.bus = config.line;
    }
    view.address = config.address;
    roster.add(std::move(view));
    tell_detail();
  }

  /// A start of which no press was recorded need not be told from the next.
  static std::uint16_t next_life(const std::optional<hall::KeyPress>& last) {
    return last ? static_cast<std::uint16_t>(last->life + 1U) : std::uint16_t{1};
  }
  hall::KeyPress next_press() {
    ++presses;
    tell_detail();
    return {config.id, life, static_cast<std::uint16_t>(presses)};
  }

  void want(const Cells& wanted) {
    if (config.kind == hall::DeviceKind::keypad && cells != wanted) {
      cells = wanted;
      line.devices.show(device, wanted);
    }
  }

  void key_pressed(KeypadKey key, std::function<void()> take) override {
    auto press = next_press();
    if (key == KeypadKey::other || key == KeypadKey::call_back) {
      take();
      line.devices.beep(device);  // not with us
    } else {
      owner.reports_.key(config.window, std::move(press), key, std::move(take));
    }
  }

  void rated(std::uint8_t score, std::function<void()> take) override {
    auto press = next_press();
    if (score < config.scores.size()) {
      owner.reports_.rated(config.window, std::move(press), config.scores[score], std::move(take));
    } else {
      take();  // no score of this pad's profile
    }
  }

  void line_up() override { roster.tell(config.id, hall::DeviceState::ok, ""); }
  void line_down(std::string_view reason, bool was_up) override {
    roster.tell(config.id, state_without_line(was_up), reason);
  }
  /// The line's count of damaged frames has grown.
  void line_bytes(std::span<const std::uint8_t>) override { tell_detail(); }

  void tell_detail() {
    std::string text = "presses " + std::to_string(presses);
    if (const auto damaged = line.devices.counts().damaged; damaged > 0) {
      text += ", damaged frames on its line " + std::to_string(damaged);
    }
    roster.detail(config.id, std::move(text));
  }

  Keypads& owner;
  KeypadConfig config;
  Line& line;
  Roster& roster;
  std::uint16_t life;
  window::Ff68Line::Device device = 0;
  std::optional<Cells> cells;
  std::uint64_t presses = 0;
};

Keypads::Keypads(link::Executor& executor, const std::vector<KeypadConfig>& configs, DialectLines& lines,
                 const LastPress& last_press, Roster& roster, Reports reports)
    : reports_(std::move(reports)) {
  for (const auto& config : configs) {
    auto& line = lines_[config.line];
    if (!line) {
      line = std::make_unique<Line>(executor, lines, config.line);
    }
    keypads_.push_back(std::make_unique<Keypad>(*this, config, *line, roster, last_press(config.id)));
  }
}

Keypads::~Keypads() = default;

void Keypads::want(const hall::WindowView& window, std::uint32_t waiting) {
  if (is_dark_) {
    return;
  }
  for (const auto& keypad : keypads_) {
    if (keypad->config.window == window.id) {
      keypad->want(cells_for(window, waiting));
    }
  }
}

void Keypads::want_dark() {
  is_dark_ = true;
  for (const auto& keypad : keypads_) {
    keypad->want(dark);
  }
}

void Keypads::refuse(const hall::WindowId& window) {
  for (const auto& keypad : keypads_) {
    if (keypad->config.kind == hall::DeviceKind::keypad && keypad->config.window == window) {
      keypad->line.devices.beep(keypad->device);
    }
  }
}

void Keypads::ask_rating(const hall::WindowId& window) {
  for (const auto& keypad : keypads_) {
    if (keypad->config.kind == hall::DeviceKind::pad && keypad->config.window == window) {
      keypad->line.devices.ask_rating(keypad->device);
    }
  }
}

}  // namespace lobby::devices
