#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "tests/sim/crowd_counts.hpp"
#include "tests/sim/hall_client.hpp"
#include "tests/sim/visit.hpp"

namespace lobby::sim {

/// The people in front of one kiosk, or at the desk: one after the other takes a ticket and waits for its
/// paper. On a thread of its own, because a person waits.
class KioskLine {
 public:
  struct Place {
    std::string kiosk;  ///< empty: the desk, issued by a clerk
    std::string server, token;
    std::string keys;  ///< start of every idempotency key, unlike in any other run
    double speed = 1;
    bool paper = true;  ///< a printer belongs to it: people wait for their ticket
  };
  /// Somebody sits down with a ticket. Called on the line's thread.
  using Seated = std::function<void(std::uint64_t ticket, const Visit& visit)>;
  KioskLine(Place place, CrowdCounts& counts, Seated seated = {});
  /// Whoever still waits has left; a person in the middle of a request finishes it.
  ~KioskLine();

  /// False when the line is too long: the citizen turns round at the door.
  bool join(Visit visit);
  /// Citizens who have no outcome yet.
  std::size_t length() const;

  static constexpr std::size_t longest = 40;

 private:
  void run();
  void take_ticket(HallClient& client, const Visit& visit);
  void take_seat(const HallClient::Answer& answer, const Visit& visit);
  void step_aside();
  void wait_for_paper(HallClient& client, const boost::json::value& ticket);
  bool is_on_its_way(HallClient& client, const std::string& path);
  /// False when the line ends meanwhile.
  bool pause(double seconds);

  const Place place_;
  CrowdCounts& counts_;
  const Seated seated_;
  mutable std::mutex mutex_;  ///< line_, at_screen_, stop_
  std::condition_variable changed_;
  std::deque<Visit> line_;
  bool at_screen_ = false;
  std::uint64_t next_key_ = 1;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace lobby::sim
