#include "daemon/devices/signs.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "daemon/devices/face_view.hpp"

namespace lobby::devices {

using hall::DeviceState;

struct Signs::Sign final : DialectLines::Guest {
  Sign(Signs& all, const SignConfig& given, DialectLines& lines, Roster& list)
      : owner(all), config(given), roster(list), line(lines.join(config.line, *this)) {
    slot = line.add_slot(config.dialect.pause, [this] { left(); });
    hall::DeviceView view;
    view.id = config.id;
    view.kind = hall::DeviceKind::sign;
    view.driver = config.driver;
    view.window = config.window;
    if (config.on_bus) {
      view.bus = config.line;
    }
    view.address = config.address;
    roster.add(std::move(view));
  }

  void want(const display::WindowFaceView& view) {
    const auto text = text_for(view);
    if (wanted && *wanted == text) {
      return;  // it blinks already: a recall shows nothing that is new
    }
    wanted = text;
    is_sent = false;
    lost = window::encode_frame(config.dialect, config.address, text, 0).lost;
    line.want(slot, [this] {
      return window::encode_frame(config.dialect, config.address, *wanted, ++sequence).bytes;
    });
    tell_detail();
  }

  window::SignText text_for(const display::WindowFaceView& view) const {
    if (config.digits_only) {
      return {display::window_digits(view, static_cast<std::size_t>(config.dialect.columns)), false};
    }
    const auto face = display::window_sentence(view, config.dialect.columns);
    return {face.text, face.blink};
  }

  bool is_settled() const { return !wanted || is_sent || !line.is_up(); }

  void left() {
    is_sent = true;
    ++frames;
    tell_detail();
    owner.settle();
  }

  void line_up() override { roster.tell(config.id, DeviceState::ok, ""); }

  void line_down(std::string_view reason, bool was_up) override {
    roster.tell(config.id, state_without_line(was_up), reason);
    is_sent = false;
    tell_detail();
    owner.settle();
  }

  void tell_detail() {
    std::string text = "frames " + std::to_string(frames);
    if (!config.on_bus) {
      text = line.describe() + ", " + text;
    }
    if (wanted) {
      text += (is_sent ? ", sent " : ", to be sent ") + (wanted->text.empty() ? "nothing" : wanted->text);
    }
    if (lost > 0) {
      text += ", lacks " + std::to_string(lost) + " of its characters";
    }
    roster.detail(config.id, std::move(text));
  }

  Signs& owner;
  SignConfig config;
  Roster& roster;
  window::PacedLine& line;
  window::PacedLine::Slot slot = 0;
  std::optional<window::SignText> wanted;
  bool is_sent = false;
  std::size_t lost = 0;  ///< characters of what is wanted
  std::uint8_t sequence = 0;
  std::uint64_t frames = 0;
};

Signs::Signs(link::Executor& executor, const std::vector<SignConfig>& configs, DialectLines& lines,
             Roster& roster)
    : executor_(executor), limit_(executor) {
  for (const auto& config : configs) {
    signs_.push_back(std::make_unique<Sign>(*this, config, lines, roster));
  }
}

Signs::~Signs() = default;

void Signs::want(const hall::WindowView& window) {
  if (closing_) {
    return;
  }
  for (const auto& sign : signs_) {
    if (sign->config.window == window.id) {
      sign->want(face_view(window, false));
    }
  }
}

void Signs::want_closing(const std::vector<hall::WindowView>& windows) {
  closing_ = true;
  for (const auto& window : windows) {
    for (const auto& sign : signs_) {
      if (sign->config.window == window.id) {
        sign->want(face_view(window, true));
      }
    }
  }
}

void Signs::when_settled(link::Duration at_most, std::function<void()> then) {
  settled_ = std::move(then);
  limit_.start(at_most, [this] {
    if (settled_) {
      executor_.post(std::exchange(settled_, nullptr));
    }
  });
  settle();
}

void Signs::settle() {
  const bool all =
      std::all_of(signs_.begin(), signs_.end(), [](const auto& sign) { return sign->is_settled(); });
  if (settled_ && all) {
    limit_.cancel();
    executor_.post(std::exchange(settled_, nullptr));
  }
}

}  // namespace lobby::devices
