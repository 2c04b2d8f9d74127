#include "daemon/devices/boards.hpp"

#include <algorithm>
#include <utility>

#include "daemon/devices/board_units.hpp"

namespace lobby::devices {

namespace {

/// Long enough to reach every board of a group over a slow line, too short to be missed.
constexpr std::chrono::milliseconds lead{300};
/// A wall asks twice a second.
constexpr std::chrono::milliseconds lead_of_wall{700};
/// What is told later than that comes at an instant of its own.
constexpr std::chrono::milliseconds least_lead{50};
constexpr std::chrono::seconds longest_slew{2};

}  // namespace

Boards::Boards(link::Executor& executor, const std::vector<BoardConfig>& configs, Ports ports, Roster& roster)
    : executor_(executor), ports_(std::move(ports)), roster_(roster), limit_(executor), power_(executor) {
  for (const auto& config : configs) {
    if (config.kind == BoardConfig::Kind::screen) {
      units_.push_back(std::make_unique<Wall>(*this, config));
    } else {
      units_.push_back(std::make_unique<Driven>(*this, config));
    }
  }
  if (std::any_of(configs.begin(), configs.end(),
                  [](const auto& config) { return !config.on_spans.empty(); })) {
    watch_power();
  }
}

/// With each second of the wall clock, which may have been set since the last one.
void Boards::watch_power() {
  for (const auto& unit : units_) {
    unit->look_at_power();
  }
  constexpr std::int64_t second_ms = 1000;
  power_.start(std::chrono::milliseconds(second_ms - ports_.now().utc_ms % second_ms),
               [this] { watch_power(); });
}

Boards::~Boards() = default;

Boards::Unit* Boards::find(const hall::DeviceId& board) const {
  const auto found = std::find_if(units_.begin(), units_.end(),
                                  [&board](const auto& unit) { return unit->config().id == board; });
  return found == units_.end() ? nullptr : found->get();
}

display::Instant Boards::clock() {
  const auto loop = std::chrono::duration_cast<display::Instant>(executor_.now().time_since_epoch());
  const display::Instant wall = std::chrono::milliseconds(ports_.now().utc_ms);
  const bool is_set_back = ahead_ && wall - loop < *ahead_ - longest_slew;
  // Forward it is followed at once: a call is made by the wall clock, and must not lie in the future.
  if (!ahead_ || is_set_back || wall - loop > *ahead_) {
    ahead_ = wall - loop;
  }
  if (is_set_back) {
    flips_.clear();
    executor_.post([this, alive = std::weak_ptr<bool>(alive_)] {
      for (std::size_t i = 0; !alive.expired() && i < units_.size(); ++i) {
        units_[i]->clock_was_set_back();
      }
    });
  }
  return loop + *ahead_;
}

/// Never put off by what is told meanwhile: a source that has news all the time would keep it from ever
/// coming.
display::Instant Boards::instant_of(const std::string& group) {
  const auto now = clock();
  auto& at = flips_[group];
  if (at < now + least_lead) {
    const bool has_wall = std::any_of(units_.begin(), units_.end(), [&group](const auto& unit) {
      return unit->config().group == group && unit->config().kind == BoardConfig::Kind::screen;
    });
    at = now + (has_wall ? lead_of_wall : lead);
  }
  return at;
}

void Boards::show(const hall::DeviceId& board, display::BoardViews views, bool urgent) {
  Unit* const unit = find(board);
  if (unit == nullptr || is_stopped_) {
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

void Boards::need(const hall::DeviceId& board, bool is_needed) {
  Unit* const unit = find(board);
  if (unit != nullptr && !is_stopped_) {
    unit->need(is_needed);
  }
}

void Boards::stop(link::Duration at_most, std::function<void()> then) {
  is_stopped_ = true;
  power_.cancel();
  stopped_ = std::move(then);
  stopping_ = units_.size() + 1;
  limit_.start(at_most, [this] {
    stopping_ = 1;
    settle();
  });
  for (const auto& unit : units_) {
    unit->stop([this, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) {
        settle();
      }
    });
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

std::optional<Boards::Program> Boards::program(const hall::DeviceId& wall, std::string_view known) {
  auto* const unit = dynamic_cast<Wall*>(find(wall));
  return unit == nullptr ? std::nullopt : std::optional(unit->program(known));
}

bool Boards::program_shown(const hall::DeviceId& wall, std::uint64_t version) {
  auto* const unit = dynamic_cast<Wall*>(find(wall));
  if (unit != nullptr) {
    unit->shown(version);
  }
  return unit != nullptr;
}

}  // namespace lobby::devices
