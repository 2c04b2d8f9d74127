#pragma once

#include <boost/json/object.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/sim/crowd_counts.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/unit.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {

/// The people of the lobby: citizens who arrive by the profile of a day and clerks who call them, on a thread
/// of their own. At speed 60 a minute of theirs passes in a second. They survive a daemon that restarts and
/// wires that vanish.
class People {
 public:
  struct Settings {
    double speed = 0;  ///< 0: nobody is there
    std::string server;
    std::string token_dir;  ///< a file per role: kiosk, clerk; while one is missing nobody comes
  };

  People(const Site& site, std::vector<std::shared_ptr<Unit>> units, const WallClock& clock,
         std::uint64_t seed);
  ~People();

  /// A sentence when the settings do not do (then nothing changes); empty when they hold from now on.
  std::string change(const Settings& settings);
  Settings settings() const;
  boost::json::object describe() const;

  static constexpr double fastest = 600;

 private:
  void run(const Settings& settings, std::uint64_t seed);
  bool wait_for_tokens(const std::string& folder);
  void stop();

  const Site site_;
  const std::vector<std::shared_ptr<Unit>> units_;
  const WallClock& clock_;
  const std::uint64_t seed_;
  CrowdCounts counts_;
  std::uint64_t shifts_ = 0;
  mutable std::mutex change_mutex_;  ///< one change at a time
  mutable std::mutex mutex_;         ///< settings_, in_line_, minute_, problem_, stop_
  std::condition_variable changed_;
  Settings settings_;
  std::size_t in_line_ = 0;
  double minute_ = 0;
  std::string problem_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace lobby::sim
