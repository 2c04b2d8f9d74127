#include "daemon/devices/dialect_lines.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace lobby::devices {
namespace {

/// Bytes that a network carries take no time that we would have to wait for.
window::PacedLine::Timing timing_of(const DialectLineConfig& config) {
  window::PacedLine::Timing timing;
  const auto* serial = std::get_if<SerialPort>(&config.link);
  timing.baud = serial != nullptr ? serial->baud : 0;
  return timing;
}

}  // namespace

struct DialectLines::Line final : window::PacedLine::Listener {
  Line(link::Executor& executor, const DialectLineConfig& config, const MakeLink& make_link, Roster& list)
      : id(config.id),
        is_bus(config.is_bus),
        roster(list),
        line(executor, make_link(config.link), timing_of(config), *this) {
    if (is_bus) {
      hall::DeviceView view;
      view.id = id;
      view.kind = hall::DeviceKind::bus;
      view.driver = config.dialect;
      view.detail = line.describe();
      roster.add(std::move(view));
    }
  }

  void line_up() override {
    was_up = true;
    if (is_bus) {
      roster.tell(id, hall::DeviceState::ok, "");
    }
    for (auto* guest : guests) {
      guest->line_up();
    }
  }

  void line_down(std::string_view reason) override {
    if (is_bus) {
      roster.tell(id, state_without_line(was_up), reason);
    }
    for (auto* guest : guests) {
      guest->line_down(reason, was_up);
    }
  }

  void line_bytes(std::span<const std::uint8_t> bytes) override {
    for (auto* guest : guests) {
      guest->line_bytes(bytes);
    }
  }

  hall::DeviceId id;
  bool is_bus;
  Roster& roster;
  bool was_up = false;
  std::vector<Guest*> guests;
  window::PacedLine line;
};

DialectLines::DialectLines(link::Executor& executor, const std::vector<DialectLineConfig>& configs,
                           const MakeLink& make_link, Roster& roster) {
  for (const auto& config : configs) {
    lines_.push_back(std::make_unique<Line>(executor, config, make_link, roster));
  }
}

DialectLines::~DialectLines() = default;

window::PacedLine& DialectLines::join(const hall::DeviceId& id, Guest& guest) {
  const auto line =
      std::find_if(lines_.begin(), lines_.end(), [&](const auto& candidate) { return candidate->id == id; });
  assert(line != lines_.end());
  (*line)->guests.push_back(&guest);
  return (*line)->line;
}

void DialectLines::start() {
  for (const auto& line : lines_) {
    line->line.start();
  }
}

hall::DeviceState state_without_line(bool was_up) {
  return was_up ? hall::DeviceState::gone : hall::DeviceState::absent;
}

}  // namespace lobby::devices
