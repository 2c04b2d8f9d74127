#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/act.hpp"
#include "tests/sim/crowd_counts.hpp"
#include "tests/sim/habits.hpp"
#include "tests/sim/hall_client.hpp"
#include "tests/sim/later.hpp"
#include "tests/sim/visit.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {

/// A slot of a service that takes appointments.
struct Slot {
  std::string service, date;
  int minute = 0;  ///< since midnight
  int capacity = 0, booked = 0;
};
/// Of the answer to GET /appointments; what is not one is left out.
std::vector<Slot> slots_of(const boost::json::value& day);

/// The telephone of the hall: a clerk books for whoever rings up. The appointments follow the daemon's clock,
/// not the people's faster day, because the daemon judges who is early or late.
class Hotline {
 public:
  using Get = std::function<HallClient::Answer(const std::string& path)>;
  using Post = std::function<HallClient::Answer(const std::string& path, const boost::json::object& body)>;

  Hotline(Get get, Post post, CrowdCounts& counts, double speed, std::uint64_t seed);

  /// What was booked before the doors opened, as far as it is for the next two hours.
  void book_before(WallClock::Wall wall, TimePoint now);
  /// Now and then somebody rings.
  void ring(WallClock::Wall wall, TimePoint now);
  /// The next who has come for an appointment.
  std::optional<Visit> arrived(TimePoint now) { return coming_.take(now); }

 private:
  void book(const Slot& slot, const std::tm& today, TimePoint now);
  TimePoint comes_at(const Slot& slot, double offset, const std::tm& today, TimePoint now);

  const Get get_;
  const Post post_;
  CrowdCounts& counts_;
  const double speed_;
  Random random_;
  Later<Visit> coming_;
  std::optional<TimePoint> next_ring_;
  std::uint64_t people_ = 0;
};

}  // namespace lobby::sim
