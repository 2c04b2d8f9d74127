#include "daemon/devices/signs.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "daemon/devices/device_state.hpp"
#include "daemon/devices/face_view.hpp"
#include "daemon/devices/refusal_text.hpp"

namespace lobby::devices {

using hall::DeviceState;
using window::SignText;

/// What is common to them: the roster, and what the window wants to be seen.
struct Signs::Sign {
  Sign(Signs& all, const SignConfig& given, Roster& list)
      : owner(all), config(given), roster(list), word_ends(all.executor_) {
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
  virtual ~Sign() = default;

  void want(const display::WindowFaceView& view, std::uint64_t new_call) {
    call = new_call;
    end_word();
    auto text = text_for(view);
    if (wanted && *wanted == text) {
      again();
      return;
    }
    put_up(std::move(text));
  }

  /// A word to whoever stands at the window, then again what was. Digits cannot say it.
  void say(std::string_view word) {
    if (config.digits_only) {
      return;
    }
    behind = is_word() ? behind : wanted.value_or(SignText{});
    word_ends.start(word_lasts, [this] { end_word(); });
    put_up({std::string(word), false});
  }
  bool is_word() const { return behind.has_value(); }
  void end_word() {
    word_ends.cancel();
    if (auto text = std::exchange(behind, std::nullopt)) {
      put_up(*std::move(text));
    }
  }

  void put_up(SignText text) {
    wanted = std::move(text);
    is_done = false;
    lost = begin();
    tell_detail();
  }

  SignText text_for(const display::WindowFaceView& view) const {
    if (config.digits_only) {
      return {display::window_digits(view, static_cast<std::size_t>(config.columns)), false};
    }
    const auto face = display::window_sentence(view, config.columns);
    return {face.text, face.blink};
  }

  void done() {
    is_done = true;
    tell_detail();
    owner.settle();
  }

  void tell_detail() {
    auto text = about();
    if (wanted) {
      text +=
          (is_done ? std::string(", ") + done_word() + " " : std::string(", to be ") + done_word() + " ") +
          (wanted->text.empty() ? "nothing" : wanted->text);
    }
    if (lost > 0) {
      text += ", lacks " + std::to_string(lost) + " of its characters";
    }
    roster.detail(config.id, std::move(text));
  }

  bool is_settled() const { return !wanted || is_done || is_away(); }

  /// `wanted` is new; gives back how many of its characters the sign lacks.
  virtual std::size_t begin() = 0;
  /// The same text is wanted for another call.
  virtual void again() = 0;
  virtual bool is_away() const = 0;
  virtual std::string about() const = 0;
  virtual const char* done_word() const = 0;

  Signs& owner;
  SignConfig config;
  Roster& roster;
  std::optional<SignText> wanted;
  std::optional<SignText> behind;  ///< what stands here again when the word has been read
  link::Timer word_ends;
  std::uint64_t call = 0;
  bool is_done = false;  ///< sent, or shown
  std::size_t lost = 0;  ///< characters of what is wanted
};

struct Signs::FrameSign final : Sign, DialectLines::Guest {
  FrameSign(Signs& all, const SignConfig& given, window::FrameDialect table, DialectLines& lines,
            Roster& list)
      : Sign(all, given, list), dialect(std::move(table)), line(lines.join(config.line, *this)) {
    slot = line.add_slot(dialect.pause, [this] {
      ++frames;
      done();
    });
  }

  std::size_t begin() override {
    line.want(slot,
              [this] { return window::encode_frame(dialect, config.address, *wanted, ++sequence).bytes; });
    return window::encode_frame(dialect, config.address, *wanted, 0).lost;
  }
  void again() override {}  // it blinks already: a recall shows nothing that is new
  bool is_away() const override { return !line.is_up(); }
  const char* done_word() const override { return "sent"; }
  std::string about() const override {
    return (config.on_bus ? std::string() : line.describe() + ", ") + "frames " + std::to_string(frames);
  }

  void line_up() override { roster.tell(config.id, DeviceState::ok, ""); }
  void line_down(std::string_view reason, bool was_up) override {
    roster.tell(config.id, state_without_line(was_up), reason);
    is_done = false;
    tell_detail();
    owner.settle();
  }

  window::FrameDialect dialect;
  window::PacedLine& line;
  window::PacedLine::Slot slot = 0;
  std::uint8_t sequence = 0;
  std::uint64_t frames = 0;
};

struct Signs::DisplaySign final : Sign, window::ModbusDisplay::Listener {
  DisplaySign(Signs& all, const SignConfig& given, const window::DisplayMap& map, bus::Bus& on, Roster& list)
      : Sign(all, given, list), bus(on), display(all.executor_, on, {given.address}, map, *this) {}

  std::size_t begin() override { return display.want(wanted->text, ++tag); }
  void again() override {
    if (is_done) {
      report();
    }
  }
  bool is_away() const override { return status != link::Status::ok; }
  const char* done_word() const override { return "shown"; }
  std::string about() const override {
    const auto counts = bus.counts({config.address});
    return "asked " + std::to_string(counts.asked) + ", answered " + std::to_string(counts.answered);
  }

  void text_shown(std::uint64_t shown_tag) override {
    if (shown_tag == tag) {
      if (!is_word()) {
        report();
      }
      done();
    }
  }
  void report() {
    if (call != 0 && std::exchange(reported, call) != call) {
      owner.call_shown_(config.window, call, config.id);
    }
  }
  void display_changed(link::Status new_status, std::string_view reason) override {
    status = new_status;
    is_known = is_known || was_heard(new_status);
    is_done = is_done && new_status == link::Status::ok;
    roster.tell(config.id, state_of(new_status, reason, is_known), reason);
    tell_detail();
    owner.settle();
  }

  bus::Bus& bus;
  std::uint64_t tag = 0;
  std::uint64_t reported = 0;  ///< call
  std::optional<link::Status> status;
  bool is_known = false;
  window::ModbusDisplay display;
};

Signs::Signs(link::Executor& executor, const std::vector<SignConfig>& configs, DialectLines& lines,
             const FindBus& find_bus, Roster& roster, CallShown call_shown)
    : executor_(executor), call_shown_(std::move(call_shown)), limit_(executor) {
  for (const auto& config : configs) {
    if (const auto* frames = std::get_if<window::FrameDialect>(&config.protocol)) {
      signs_.push_back(std::make_unique<FrameSign>(*this, config, *frames, lines, roster));
    } else {
      signs_.push_back(std::make_unique<DisplaySign>(
          *this, config, std::get<window::DisplayMap>(config.protocol), find_bus(config.line), roster));
    }
  }
}

Signs::~Signs() = default;

void Signs::want(const hall::WindowView& window, std::uint64_t call) {
  if (closing_) {
    return;
  }
  for (const auto& sign : signs_) {
    if (sign->config.window == window.id) {
      sign->want(face_view(window, false), call);
    }
  }
}

void Signs::say(const hall::WindowId& window, std::string_view word) {
  for (const auto& sign : signs_) {
    if (!closing_ && sign->config.window == window) {
      sign->say(word);
    }
  }
}

void Signs::want_closing(const std::vector<hall::WindowView>& windows) {
  closing_ = true;
  for (const auto& window : windows) {
    for (const auto& sign : signs_) {
      if (sign->config.window == window.id) {
        sign->want(face_view(window, true), 0);
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
