#include "drivers/window/window_unit.hpp"

#include <utility>

#include "drivers/window/machine.hpp"

namespace lobby::window {

WindowUnit::WindowUnit(link::Executor& executor, bus::Bus& bus, UnitPlace place, Timing timing,
                       Listener& listener, std::optional<PressId> recorded)
    : machine_(std::make_shared<Machine>(executor, bus, place, timing, listener, recorded)) {}

WindowUnit::~WindowUnit() {
  machine_->close();
}

void WindowUnit::start() {
  machine_->start();
}

void WindowUnit::want(Face face, std::uint64_t tag) {
  machine_->want(std::move(face), tag);
}

void WindowUnit::want(Manners manners) {
  machine_->want(std::move(manners));
}

void WindowUnit::want(Lamps lamps) {
  machine_->want(lamps);
}

void WindowUnit::locate(link::Duration length) {
  machine_->locate(length);
}

void WindowUnit::buzz(link::Duration length) {
  machine_->buzz(length);
}

}  // namespace lobby::window
