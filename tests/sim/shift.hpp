#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/citizens.hpp"
#include "tests/sim/clerk.hpp"
#include "tests/sim/crowd.hpp"
#include "tests/sim/crowd_counts.hpp"
#include "tests/sim/hall_client.hpp"
#include "tests/sim/hotline.hpp"
#include "tests/sim/kiosk_line.hpp"
#include "tests/sim/later.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/unit.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {

/// The people of one run at one speed: whoever comes, the lines at kiosks and desk, the clerks. Belongs to
/// one thread; the lines have their own.
class Shift {
 public:
  struct Settings {
    double speed = 0;  ///< minutes of theirs per minute
    std::string server;
    std::string kiosk_token, clerk_token;
    std::uint64_t seed = 1;
  };
  Shift(const Site& site, std::vector<std::shared_ptr<Unit>> units, const WallClock& clock,
        CrowdCounts& counts, Settings settings);

  /// Everything that happens in a moment, `passed` after the last one. False: the daemon does not answer.
  bool live(TimePoint now, Clock::duration passed);
  std::size_t in_line() const;
  double minute() const { return minute_; }

 private:
  void equip();
  KioskLine& line_for(const Visit& visit);
  void come(Visit visit);
  void come_of_their_own(double minutes);
  void come_back(TimePoint now);
  void reinstate(std::uint64_t ticket);
  void work(TimePoint now);
  Clerk& clerk_at(const WindowSight& window);
  void leave(const WindowSight& window, const Clerk::Leaving& who);

  struct Line {
    std::string zone;
    std::unique_ptr<KioskLine> people;
  };
  const Site& site_;
  const std::vector<std::shared_ptr<Unit>> units_;
  const WallClock& clock_;
  CrowdCounts& counts_;
  const Settings settings_;
  Random random_;
  HallClient client_;
  Citizens citizens_;
  Hotline hotline_;
  Crowd crowd_;
  Later<Visit> returning_;                    ///< with a notice slip
  Later<std::uint64_t> missed_;               ///< whose number was called while they were away
  std::map<std::string, std::string> zones_;  ///< of services
  std::map<std::string, std::unique_ptr<Clerk>> clerks_;
  HallSight hall_;
  bool began_ = false;
  double minute_ = 0;
  int weekday_ = 1;
  std::vector<Line> kiosks_;  ///< after what their threads use
  std::unique_ptr<KioskLine> desk_;
};

}  // namespace lobby::sim
