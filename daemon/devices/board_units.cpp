#include "daemon/devices/board_units.hpp"

#include <algorithm>
#include <utility>

#include "display/page/program.hpp"

namespace lobby::devices {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds test_lasts{30};
constexpr std::int64_t one_minute_ms = 60'000;
/// A wall asks twice a second.
constexpr seconds wall_is_gone_after{3};
constexpr milliseconds wall_closes_within{2000};
constexpr milliseconds wall_valid_for{10'000};

}  // namespace

bool Boards::Unit::is_emergency() const {
  return views_.over_all && std::holds_alternative<display::EmergencyView>(*views_.over_all);
}

Boards::Unit::Unit(Boards& all, const BoardConfig& config)
    : all_(all), config_(config), test_ends_(all.executor_) {
  hall::DeviceView view;
  view.id = config.id;
  view.kind = hall::DeviceKind::board;
  view.driver = config.driver();
  view.zone = config.zone;
  view.window = config.window;
  if (const auto* sign = config.sign()) {
    view.address = sign->address;
    if (sign->on_bus) {
      view.bus = sign->line;
    }
  }
  all.roster_.add(std::move(view));
  is_lit_ = should_be_lit();
}

void Boards::Unit::show(display::BoardViews views, std::optional<display::Instant> at, bool urgent) {
  views_ = std::move(views);
  at_ = at;
  publication_ = all_.publication_;
  effective_ = at.value_or(all_.clock());
  // What comes with its group is not the moment to light it: that is seen to each second.
  const bool was_lit = is_lit_;
  is_lit_ = at ? is_lit_ : should_be_lit();
  changed(at, urgent);
  if (was_lit != is_lit_) {
    power_changed();
  }
}

void Boards::Unit::self_test() {
  // What is to come at an instant is not uncovered before it.
  test_ends_.start(test_lasts, [this] {
    changed(pending(), false);
    look_at_power();
  });
  is_lit_ = true;
  changed(std::nullopt, true);
  power_changed();  // also of a board that somebody else switched off
}

void Boards::Unit::need(bool is_needed) {
  is_needed_ = is_needed;
  look_at_power();
}

void Boards::Unit::look_at_power() {
  if (std::exchange(is_lit_, should_be_lit()) != is_lit_) {
    power_changed();
  }
}

/// What people have to read now goes before the schedule, and so does whoever stands there and tries it.
bool Boards::Unit::should_be_lit() const {
  return is_lit_at(config_.on_spans, hall::local_minute(all_.ports_.now())) || is_needed_ || is_emergency() ||
         test_ends_.pending();
}

std::optional<hall::Instant> Boards::Unit::off_until() const {
  if (is_lit_) {
    return std::nullopt;
  }
  auto until = all_.ports_.now();
  const auto minutes = minutes_until_lit(config_.on_spans, hall::local_minute(until));
  until.utc_ms += std::int64_t{minutes} * one_minute_ms - until.utc_ms % one_minute_ms;
  return until;
}

std::string Boards::Unit::off_text() const {
  const auto until = off_until();
  return until ? "off until " + hall::to_text(*until).substr(11, 5) : std::string();
}

std::optional<display::Instant> Boards::Unit::pending() const {
  return at_ && *at_ > all_.clock() ? at_ : std::nullopt;
}

display::BoardViews Boards::Unit::with_test(const display::BoardViews& views) const {
  display::BoardViews out = views;
  // A test must not hide what people have to read now.
  if (test_ends_.pending() && !is_emergency()) {
    out.over_all = display::SelfTestView{config_.id.value};
  }
  return out;
}

std::vector<std::string> Boards::Unit::names_of(const display::Turns& turns) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < turns.zones.size() && i < config_.playlist.zones.size(); ++i) {
    if (turns.zones[i].begun) {
      names.push_back(config_.playlist.zones[i].items[turns.zones[i].item].view);
    }
  }
  return names;
}

hall::BoardState Boards::Unit::state() const {
  hall::BoardState state;
  state.id = config_.id;
  state.zone = config_.zone;
  state.group = config_.group;
  state.publication = publication_;
  if (effective_) {
    const auto ms = std::chrono::duration_cast<milliseconds>(*effective_).count();
    state.effective_at = hall::Instant{ms, all_.ports_.now().offset_min};
  }
  if (is_emergency()) {
    state.over_all = "emergency";
  } else if (test_ends_.pending()) {
    state.over_all = "self_test";
  } else if (views_.over_all) {
    state.over_all = "rest";
  }
  state.off_until = off_until();
  fill(state);
  return state;
}

// --- a wall ---

Boards::Wall::Wall(Boards& all, const BoardConfig& config)
    : Unit(all, config),
      // Above every version of an earlier life, which a wall may still show.
      version_(static_cast<std::uint64_t>(all.ports_.now().utc_ms)),
      silence_(all.executor_),
      stop_limit_(all.executor_) {
  tell_detail("asked for by nobody yet");
}

void Boards::Wall::changed(std::optional<display::Instant> /*at*/, bool /*urgent*/) {
  version_ += is_lit() ? 1 : 0;  // black is black
}

void Boards::Wall::power_changed() {
  ++version_;
}

Boards::Program Boards::Wall::program(std::string_view known) {
  heard();
  const auto half_hour = static_cast<std::size_t>(hall::local_minute(all_.ports_.now()) / 30);
  const int brightness = config_.brightness.percent[half_hour];
  auto mark = std::to_string(version_) + "." + std::to_string(brightness);
  if (mark == known) {
    return {std::move(mark), {}};
  }
  display::BoardProgram program;
  program.board = config_.id.value;
  program.version = version_;
  program.now = all_.clock();
  program.at = at_;
  program.valid_for = wall_valid_for;
  program.power = is_lit() && !(stopped_ && config_.rests_dark && !is_emergency());
  program.closing = stopped_;
  program.brightness = brightness;
  program.playlist = config_.playlist;
  if (stopped_ && is_emergency()) {
    program.views.over_all = views_.over_all;
  } else if (!stopped_ && is_lit()) {
    program.views = with_test(views_);
  }
  return {std::move(mark), display::write_program(program)};
}

void Boards::Wall::heard() {
  was_there_ = true;
  tell(hall::DeviceState::ok, "");
  silence_.start(wall_is_gone_after, [this] {
    tell(hall::DeviceState::gone, "lobby-screen does not ask any more");
    tell_detail("not asked for");
  });
}

void Boards::Wall::shown(std::uint64_t version) {
  heard();
  shown_ = version;
  shown_at_ = all_.ports_.now();
  tell_detail(std::to_string(config_.playlist.width) + " x " + std::to_string(config_.playlist.height) +
              (shown_ == version_ ? ", shown" : ", to be shown"));
  if (stopped_ && shown_ == version_) {
    end_stop();
  }
}

/// A wall that is there asks within half a second, and says at once what it shows.
void Boards::Wall::stop(std::function<void()> done) {
  stopped_ = true;
  at_.reset();
  ++version_;
  stopping_ = std::move(done);
  if (silence_.pending()) {
    stop_limit_.start(wall_closes_within, [this] { end_stop(); });
  } else {
    end_stop();
  }
}

void Boards::Wall::end_stop() {
  stop_limit_.cancel();
  if (auto done = std::exchange(stopping_, nullptr)) {
    all_.executor_.post(std::move(done));
  }
}

/// What it shows is by our clock, and so goes back with it.
void Boards::Wall::clock_was_set_back() {
  at_.reset();
  ++version_;
}

void Boards::Wall::fill(hall::BoardState& state) const {
  const bool there = silence_.pending();
  state.confirmed = there && shown_ == version_ ? hall::BoardProof::shown : hall::BoardProof::no;
  state.confirmed_at = shown_at_;
  if (!state.over_all.empty() || !is_lit()) {
    return;
  }
  for (const auto& zone : config_.playlist.zones) {
    for (const auto& item : zone.items) {
      const auto found = views_.pages.find(item.view);
      if (found != views_.pages.end() && !display::is_empty(found->second)) {
        state.pages.push_back(item.view);
      }
    }
  }
}

}  // namespace lobby::devices
