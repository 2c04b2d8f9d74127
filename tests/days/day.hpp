#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "daemon/hall/decide.hpp"

/// A working day of a hall in virtual time: citizens come by the profile of a day, clerks open, call, serve,
/// hold, transfer, pause and close. Everything goes through decide() and apply(), as in the daemon. The same
/// seed gives the same day.
namespace lobby::hall::days {

struct Plan {
  std::size_t citizens = 3000;
  double cv = 0.6;        ///< coefficient of variation of service times
  double no_show = 0.04;  ///< shares of those called …
  double hold = 0.03;
  double transfer = 0.02;  ///< … or served
  double notified = 0.02;
  double booked = 0.6;      ///< of the slots of an appointment service
  std::int64_t rush_s = 0;  ///< for the first so many seconds from 09:00 …
  double rush_per_s = 0;    ///< … so many citizens come every second, of `citizens`
};

/// One clerk's day at a window.
struct Shift {
  std::int64_t from_ms = 0, to_ms = 0;
  std::int64_t lunch_ms = 0;  ///< 0: none, or had it
  double pace = 1;            ///< how long the clerk takes, against others
};

class Day {
 public:
  using See = std::function<void(const Event&)>;

  /// `state` is the hall's, of any earlier day.
  Day(const Site& site, State& state, const Plan& plan, std::uint64_t seed);
  /// `see` gets every event after it was folded in.
  void on_event(See see) { see_ = std::move(see); }
  /// From before the opening until everybody has gone and the day is expired.
  void run(Date date);

  Instant now() const { return now_; }
  std::uint64_t commands() const { return commands_; }
  const std::map<std::string, std::uint64_t>& refusals() const { return refusals_; }

 private:
  enum class Act : std::uint8_t { arrive, check_in, come_back, clerk };
  struct Due {
    std::int64_t at_ms = 0;
    std::uint64_t order = 0;
    Act act{};
    std::size_t index = 0;
    friend bool operator>(const Due& a, const Due& b) {
      return a.at_ms != b.at_ms ? a.at_ms > b.at_ms : a.order > b.order;
    }
  };

  bool ask(const Command& command, std::string* code = nullptr);
  void put(std::int64_t at_ms, Act act, std::size_t index);
  bool chance(double share);
  double between(double low, double high);
  double lognormal(double mean, double cv);
  std::int64_t minute_ms(double minute) const;

  void learn_services();
  void book();
  void draw_arrivals();
  void draw_shifts();
  double arrival_minute();
  std::size_t open_service(std::int64_t at_ms);
  Lane lane();
  void arrive(std::int64_t at_ms);
  void check_in(std::size_t booking);
  void come_back(std::size_t ticket);

  // clerks.cpp
  void work(std::size_t window);
  double idle(std::size_t window, const WindowRecord& record);
  double called(std::size_t window, const WindowRecord& record);
  double serving(std::size_t window, const WindowRecord& record);
  double end_otherwise(const Window& window, const WindowRecord& record);
  double service_time(std::size_t window, const ServiceId& service);

  const Site& site_;
  State& state_;
  Plan plan_;
  std::mt19937_64 random_;  ///< of this day
  See see_;
  Instant now_;
  Date date_;
  std::uint64_t commands_ = 0, order_ = 0, key_ = 0;
  std::map<std::string, std::uint64_t> refusals_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::map<std::string, std::size_t> service_place_;
  std::vector<double> mean_s_, weight_;
  std::vector<double> upto_;  ///< sums of the weights of the services that are open in …
  std::int64_t upto_minute_ = 0;
  std::vector<Shift> shifts_;
  struct Booking {
    ServiceId service;
    std::string code;
  };
  std::vector<Booking> bookings_;
  std::vector<TicketId> back_;  ///< who comes back: no-shows and held
  std::map<std::size_t, std::vector<TicketId>>
      here_;  ///< held tickets that are back, by place in State::windows
};

/// Site of a provincial hall: so many windows and services, every service at `windows_each` windows or more.
Site provincial_site(std::size_t windows, std::size_t services);

/// Waits by lane, to print.
class Waits {
 public:
  void add(Lane lane, std::int64_t seconds);
  std::string table() const;
  std::size_t count(Lane lane) const;
  /// Seconds, rounded up to five.
  std::size_t percentile(Lane lane, double share) const;

 private:
  static constexpr std::size_t step_s = 5, longest_s = 12 * 3600;
  // Counted, not kept: a month must not take more room than a day.
  std::array<std::array<std::uint32_t, longest_s / step_s>, lane_count> counts_{};
};

}  // namespace lobby::hall::days
