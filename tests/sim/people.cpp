#include "tests/sim/people.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/sim/log.hpp"
#include "tests/sim/shift.hpp"

namespace lobby::sim {
namespace {

constexpr std::chrono::milliseconds look{250};
constexpr std::chrono::seconds longest_gap{5};

std::string token_path(const std::string& folder, const char* role) {
  return (std::filesystem::path(folder) / role).string();
}

std::string token(const std::string& folder, const char* role) {
  std::ifstream file(token_path(folder, role));
  std::string line;
  std::getline(file, line);
  return line;
}

/// The first token that is not there, as a sentence; empty when all are.
std::string missing_token(const std::string& folder) {
  for (const char* role : {"clerk", "kiosk"}) {
    if (token(folder, role).empty()) {
      return fmt::format(
          "The people stay at home until there is a token in {}: lobbyctl --state DIR user add sim-{} --role "
          "{}.",
          token_path(folder, role), role, role);
    }
  }
  return {};
}

}  // namespace

People::People(const Site& site, std::vector<std::shared_ptr<Unit>> units, const WallClock& clock,
               std::uint64_t seed)
    : site_(site),
      units_(std::move(units)),
      clock_(clock),
      seed_(seed),
      settings_{0, site.server, site.token_dir} {}

People::~People() {
  stop();
}

People::Settings People::settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

void People::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
  const std::lock_guard lock(mutex_);
  stop_ = false;
}

std::string People::change(const Settings& wanted) {
  const std::lock_guard one_at_a_time(change_mutex_);
  if (!(wanted.speed >= 0 && wanted.speed <= fastest)) {
    return fmt::format("speed must be a number from 0 to {}.", fastest);
  }
  if (wanted.speed > 0 && (wanted.server.empty() || wanted.token_dir.empty())) {
    return "People need \"server\" (the daemon's URL) and \"token_dir\" (a folder with the files kiosk and "
           "clerk).";
  }
  stop();
  {
    const std::lock_guard lock(mutex_);
    settings_ = wanted;
    in_line_ = 0;
    problem_.clear();
  }
  if (wanted.speed == 0) {
    return {};
  }
  thread_ = std::thread([this, wanted, seed = seed_ + shifts_++] { run(wanted, seed); });
  return {};
}

bool People::wait_for_tokens(const std::string& folder) {
  for (std::string told;;) {
    const std::string problem = missing_token(folder);
    if (problem != std::exchange(told, problem) && !problem.empty()) {
      log(problem);
    }
    std::unique_lock lock(mutex_);
    problem_ = problem;
    if (problem.empty()) {
      return !stop_;
    }
    if (changed_.wait_for(lock, look, [this] { return stop_; })) {
      return false;
    }
  }
}

void People::run(const Settings& settings, std::uint64_t seed) {
  if (!wait_for_tokens(settings.token_dir)) {
    return;
  }
  Shift shift(site_, units_, clock_, counts_,
              {settings.speed, settings.server, token(settings.token_dir, "kiosk"),
               token(settings.token_dir, "clerk"), seed});
  TimePoint last = Clock::now();
  for (;;) {
    const TimePoint now = Clock::now();
    // A daemon that was away for long finds no crowd that came all at once.
    const bool there = shift.live(now, std::min<Clock::duration>(now - last, longest_gap));
    last = now;
    const std::size_t in_line = shift.in_line();
    std::unique_lock lock(mutex_);
    in_line_ = in_line;
    minute_ = shift.minute();
    problem_ = there ? "" : "The daemon does not answer GET /hall.";
    if (changed_.wait_for(lock, look, [this] { return stop_; })) {
      return;
    }
  }
}

boost::json::object People::describe() const {
  boost::json::object out = counts_.describe();
  const std::lock_guard lock(mutex_);
  const auto whole = static_cast<std::int64_t>(settings_.speed);
  if (static_cast<double>(whole) == settings_.speed) {
    out["speed"] = whole;
  } else {
    out["speed"] = settings_.speed;
  }
  out["server"] = settings_.server;
  out["token_dir"] = settings_.token_dir;
  out["in_line"] = in_line_;
  const int minute = static_cast<int>(minute_);
  out["time_of_day"] = fmt::format("{:02}:{:02}", minute / 60 % 24, minute % 60);
  out["problem"] = problem_;
  return out;
}

}  // namespace lobby::sim
