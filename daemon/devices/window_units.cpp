#include "daemon/devices/window_units.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "daemon/devices/device_state.hpp"
#include "daemon/devices/face_view.hpp"
#include "daemon/devices/refusal_text.hpp"
#include "display/page/sign_dots.hpp"
#include "display/page/window_face.hpp"

namespace lobby::devices {
namespace {

using hall::DeviceState;
using link::Status;

/// A pause between the polls of one unit: a line with a single unit need not be asked 80 times a second.
constexpr std::chrono::milliseconds poll_pause{20};
constexpr std::chrono::milliseconds word_beep{150};
constexpr std::chrono::seconds locate_lasts{10};

window::Face face_of(const display::WindowFace& text, const display::DotFont& font) {
  std::size_t lost = 0;
  window::Face face{window::cells_of(text.text, lost), text.blink, text.beep, {}};
  if (lost == 0 && !window::needs_dots(face.cells)) {
    return face;
  }
  const auto dots = display::sign_dots(text.text, font);
  face.dots.assign(wire::window_unit::dots_words, 0);
  for (int y = 0; y < dots.height(); ++y) {
    for (int x = 0; x < dots.width(); ++x) {
      auto& word = face.dots[static_cast<std::size_t>((y * dots.width() + x) / 16)];
      word = static_cast<std::uint16_t>(word << 1 | (dots.at(x, y) ? 1 : 0));
    }
  }
  return face;
}

}  // namespace

struct WindowUnits::Unit final : window::WindowUnit::Listener {
  Unit(WindowUnits& all, const UnitConfig& config, bus::Bus& bus, Roster& list,
       std::optional<window::PressId> recorded)
      : owner(all),
        id(config.id),
        window(config.window),
        roster(list),
        manners(config),
        word_ends(all.executor_),
        unit(all.executor_, bus, {{config.address}, wire::window_unit::model}, timing(), *this, recorded) {
    hall::DeviceView view;
    view.id = id;
    view.kind = hall::DeviceKind::window_unit;
    view.driver = config.driver;
    view.window = window;
    view.bus = config.bus;
    view.address = config.address;
    roster.add(std::move(view));
    unit.start();
  }

  static window::WindowUnit::Timing timing() {
    window::WindowUnit::Timing timing;
    timing.poll = poll_pause;
    return timing;
  }

  void want(const display::WindowFaceView& view, std::uint64_t new_call) {
    const auto face = display::window_face(view);
    if (wanted_text == face && call == new_call) {
      return;
    }
    wanted_text = face;
    call = new_call;
    is_word = false;
    word_ends.cancel();
    tell_manners(view.window_number);
    put_up(face);
  }

  void put_up(const display::WindowFace& face) {
    is_shown = false;
    unit.want(face_of(face, owner.font_), ++tag);
    tell_detail();
  }

  /// A word to whoever stands here, then again what was.
  void say(const std::string& text) {
    put_up({text, false, false});
    is_word = true;
    unit.buzz(word_beep);
    word_ends.start(word_lasts, [this] {
      is_word = false;
      if (wanted_text) {
        put_up({wanted_text->text, wanted_text->blink, false});  // it has beeped when it came
      }
    });
  }

  void tell_manners(std::uint32_t number) {
    std::size_t lost = 0;
    window::Manners told;
    told.rest_after = static_cast<std::uint16_t>(manners.rest_after_s * 10);
    told.brightness = manners.brightness;
    if (manners.rests_with_number) {
      told.rest_cells = window::cells_of(display::rest_text(number), lost);
    }
    unit.want(std::move(told));
  }

  bool is_settled() const { return !wanted_text || is_shown || status != Status::ok; }

  void key_pressed(wire::window_unit::Key key, window::PressId press, std::function<void()> take) override {
    ++keys;
    tell_detail();
    owner.reports_.key(window, {id, press.boot_id, press.number}, key, std::move(take));
  }

  void keys_dropped(unsigned count) override {
    dropped += count;
    tell_detail();
  }

  void face_shown(std::uint64_t shown_tag) override {
    if (shown_tag != tag || is_word) {
      return;
    }
    is_shown = true;
    tell_detail();
    if (call != std::exchange(reported, call) && call != 0) {
      owner.reports_.call_shown(window, call, id);
    }
    owner.settle();
  }

  void unit_changed(Status new_status, std::string_view reason) override {
    status = new_status;
    is_known = is_known || was_heard(new_status);
    roster.tell(id, state_of(new_status, reason, is_known), reason);
    owner.settle();
  }

  void tell_detail() {
    std::string text = "keys " + std::to_string(keys);
    if (dropped > 0) {
      text += ", dropped " + std::to_string(dropped);
    }
    if (wanted_text) {
      text += (is_shown ? ", shows " : ", is to show ") + wanted_text->text;
    }
    roster.detail(id, std::move(text));
  }

  WindowUnits& owner;
  hall::DeviceId id;
  hall::WindowId window;
  Roster& roster;
  UnitConfig manners;
  std::optional<display::WindowFace> wanted_text;
  bool is_word = false;  ///< the sign has a word to the clerk in its place
  link::Timer word_ends;
  std::uint64_t call = 0;      ///< that the wanted face shows; 0: none
  std::uint64_t reported = 0;  ///< the call of which it was reported that it is shown
  std::uint64_t tag = 0;
  bool is_shown = false;
  std::optional<Status> status;
  bool is_known = false;
  std::uint64_t keys = 0;
  std::uint64_t dropped = 0;  ///< presses that were read too late
  window::WindowUnit unit;
};

/// Somebody waits until the living signs show what they should.
struct WindowUnits::Settling {
  Settling(link::Executor& loop, link::Duration at_most, std::function<void()> what)
      : executor(loop), limit(loop), then(std::move(what)) {
    limit.start(at_most, [this] { end(); });
  }
  void end() {
    limit.cancel();
    if (then) {
      executor.post(std::exchange(then, nullptr));
    }
  }
  link::Executor& executor;
  link::Timer limit;
  std::function<void()> then;
};

WindowUnits::WindowUnits(link::Executor& executor, const std::vector<UnitConfig>& configs,
                         const FindBus& find_bus, const LastPress& last_press, Roster& roster,
                         Reports reports)
    : executor_(executor), reports_(std::move(reports)) {
  for (const UnitConfig& config : configs) {
    std::optional<window::PressId> recorded;
    if (const auto press = last_press(config.id)) {
      recorded = window::PressId{press->life, press->number};
    }
    units_.push_back(std::make_unique<Unit>(*this, config, find_bus(config.bus), roster, recorded));
  }
}

WindowUnits::~WindowUnits() = default;

void WindowUnits::want(const hall::WindowView& window, std::uint64_t call) {
  if (closing_) {
    return;
  }
  const auto view = face_view(window, false);
  for (const auto& unit : units_) {
    if (unit->window == window.id) {
      unit->want(view, call);
    }
  }
}

void WindowUnits::say(const hall::WindowId& window, const std::string& text) {
  for (const auto& unit : units_) {
    if (unit->window == window && !closing_) {
      unit->say(text);
    }
  }
}

void WindowUnits::refuse(const hall::WindowId& window, hall::Refused why) {
  say(window, std::string(refusal_text(why)));
}

void WindowUnits::ask_rating(const hall::WindowId& window) {
  say(window, std::string(rating_text));
}

bool WindowUnits::locate(const hall::DeviceId& id) {
  const auto unit =
      std::find_if(units_.begin(), units_.end(), [&](const auto& candidate) { return candidate->id == id; });
  if (unit != units_.end()) {
    (*unit)->unit.locate(locate_lasts);
  }
  return unit != units_.end();
}

void WindowUnits::want_closing(const std::vector<hall::WindowView>& windows) {
  closing_ = true;
  for (const auto& window : windows) {
    const auto view = face_view(window, true);
    for (const auto& unit : units_) {
      if (unit->window == window.id) {
        unit->want(view, 0);
      }
    }
  }
}

void WindowUnits::when_settled(link::Duration at_most, std::function<void()> then) {
  settling_ = std::make_unique<Settling>(executor_, at_most, std::move(then));
  settle();
}

void WindowUnits::settle() {
  const bool all =
      std::all_of(units_.begin(), units_.end(), [](const auto& unit) { return unit->is_settled(); });
  if (settling_ && all) {
    settling_->end();
  }
}

}  // namespace lobby::devices
