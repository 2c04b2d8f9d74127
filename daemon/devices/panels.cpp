#include "daemon/devices/panels.hpp"

#include <algorithm>
#include <utility>

#include "daemon/devices/device_state.hpp"
#include "firmware/wire/button_panel.hpp"

namespace lobby::devices {
namespace {

constexpr std::chrono::milliseconds poll_pause{20};
constexpr std::chrono::milliseconds refusal_beep{150};
constexpr std::chrono::seconds locate_lasts{10};

window::WindowUnit::Timing timing() {
  window::WindowUnit::Timing timing;
  timing.poll = poll_pause;
  return timing;
}

}  // namespace

struct Panels::Unit final : window::WindowUnit::Listener {
  Unit(Panels& all, link::Executor& executor, const PanelConfig& config, bus::Bus& bus, Roster& list,
       std::optional<window::PressId> recorded)
      : owner(all),
        id(config.id),
        roster(list),
        unit(executor, bus, {{config.address}, wire::button_panel::model}, timing(), *this, recorded) {
    hall::DeviceView view;
    view.id = id;
    view.kind = hall::DeviceKind::panel;
    view.driver = config.driver;
    view.kiosk = config.kiosk;
    view.bus = config.bus;
    view.address = config.address;
    roster.add(std::move(view));
    unit.start();
  }

  void key_pressed(wire::window_unit::Key key, window::PressId press, std::function<void()> take) override {
    const auto code = static_cast<std::uint8_t>(key);
    roster.detail(id, "presses " + std::to_string(++presses));
    if (code < wire::button_panel::first_button || code > wire::button_panel::last_button) {
      take();
      return;
    }
    owner.pressed_(id, code, {id, press.boot_id, press.number}, std::move(take));
  }
  void keys_dropped(unsigned) override {}
  void face_shown(std::uint64_t) override {}
  void unit_changed(link::Status status, std::string_view reason) override {
    is_known = is_known || was_heard(status);
    roster.tell(id, state_of(status, reason, is_known), reason);
  }

  Panels& owner;
  hall::DeviceId id;
  Roster& roster;
  bool is_known = false;
  std::uint64_t presses = 0;
  window::WindowUnit unit;
};

Panels::Panels(link::Executor& executor, const std::vector<PanelConfig>& configs, const FindBus& find_bus,
               const LastPress& last_press, Roster& roster, Pressed pressed)
    : pressed_(std::move(pressed)) {
  for (const auto& config : configs) {
    std::optional<window::PressId> recorded;
    if (const auto press = last_press(config.id)) {
      recorded = window::PressId{press->life, press->number};
    }
    units_.push_back(std::make_unique<Unit>(*this, executor, config, find_bus(config.bus), roster, recorded));
  }
}

Panels::~Panels() = default;

Panels::Unit* Panels::find(const hall::DeviceId& id) const {
  const auto unit =
      std::find_if(units_.begin(), units_.end(), [&](const auto& candidate) { return candidate->id == id; });
  return unit == units_.end() ? nullptr : unit->get();
}

void Panels::want(const hall::DeviceId& panel, window::Lamps lamps) {
  if (auto* unit = find(panel); unit != nullptr && !is_dark_) {
    unit->unit.want(lamps);
  }
}

void Panels::want_dark() {
  is_dark_ = true;
  for (const auto& unit : units_) {
    unit->unit.want(window::Lamps{});
  }
}

void Panels::beep(const hall::DeviceId& panel) {
  if (auto* unit = find(panel)) {
    unit->unit.buzz(refusal_beep);
  }
}

bool Panels::locate(const hall::DeviceId& panel) {
  auto* unit = find(panel);
  if (unit != nullptr) {
    unit->unit.locate(locate_lasts);
  }
  return unit != nullptr;
}

}  // namespace lobby::devices
