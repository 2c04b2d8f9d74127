#include "daemon/devices/boards.hpp"

#include <algorithm>
#include <utility>

#include "daemon/devices/board_units.hpp"

namespace lobby::devices {

namespace {

/// Long enough to reach every board of a group over a slow line, too short to be missed.
constexpr std::chrono::milliseconds lead{300};

}  // namespace

Boards::Boards(link::Executor& executor, const std::vector<BoardConfig>& configs, Ports ports, Roster& roster)
    : executor_(executor), ports_(std::move(ports)), roster_(roster), limit_(executor) {
  for (const auto& config : configs) {
    if (config.kind == BoardConfig::Kind::screen) {
      units_.push_back(std::make_unique<Wall>(*this, config));
    } else {
      units_.push_back(std::make_unique<Driven>(*this, config));
    }
  }
}

Boards::~Boards() = default;

Boards::Unit* Boards::find(const hall::DeviceId& board) const {
  const auto found = std::find_if(units_.begin(), units_.end(),
                                  [&board](const auto& unit) { return unit->config().id == board; });
  return found == units_.end() ? nullptr : found->get();
}

display::Instant Boards::clock() const {
  return std::chrono::milliseconds(ports_.now().utc_ms);
}

/// All that is said in one turn of the loop takes effect together.
display::Instant Boards::instant_of(const std::string& group) {
  if (flips_.empty()) {
    executor_.post([this, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) {
        flips_.clear();
      }
    });
  }
  return flips_.try_emplace(group, clock() + lead).first->second;
}

void Boards::show(const hall::DeviceId& board, display::BoardViews views, bool urgent) {
  Unit* const unit = find(board);
  if (unit == nullptr || stopped_) {
    return;
  }
  ++publication_;
  const auto& group = unit->config().group;
  unit->show(std::move(views), group.empty() || urgent ? std::nullopt : std::optional(instant_of(group)),
             urgent);
}

bool Boards::self_test(const hall::DeviceId& board) {
  Unit* const unit = find(board);
  if (unit != nullptr) {
    unit->self_test();
  }
  return unit != nullptr;
}

void Boards::stop(link::Duration at_most, std::function<void()> then) {
  stopped_ = std::move(then);
  stopping_ = units_.size() + 1;
  limit_.start(at_most, [this] {
    stopping_ = 1;
    settle();
  });
  for (const auto& unit : units_) {
    unit->stop([this] { settle(); });
  }
  settle();
}

void Boards::settle() {
  if (stopping_ != 0 && --stopping_ == 0) {
    limit_.cancel();
    executor_.post(stopped_);
  }
}

std::vector<hall::BoardState> Boards::states() const {
  std::vector<hall::BoardState> states;
  states.reserve(units_.size());
  std::transform(units_.begin(), units_.end(), std::back_inserter(states),
                 [](const auto& unit) { return unit->state(); });
  return states;
}

std::optional<Boards::Program> Boards::program(const hall::DeviceId& wall) {
  auto* const unit = dynamic_cast<Wall*>(find(wall));
  return unit == nullptr ? std::nullopt : std::optional(unit->program());
}

bool Boards::program_shown(const hall::DeviceId& wall, std::uint64_t version) {
  auto* const unit = dynamic_cast<Wall*>(find(wall));
  if (unit != nullptr) {
    unit->shown(version);
  }
  return unit != nullptr;
}

}  // namespace lobby::devices
