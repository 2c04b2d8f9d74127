#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace lobby::sim {

/// What became of the people, counted by whoever sees it. Every arrived citizen ends as issued, refused,
/// left or is in line.
class CrowdCounts {
 public:
  enum class What : std::uint8_t {
    arrived,      ///< came to a kiosk or the desk for a ticket
    issued,       ///< of these: got one
    retried,      ///< asked again because no answer came
    left,         ///< of the arrived: went without a ticket
    balked,       ///< of these: because too many waited
    preferred,    ///< issued: in a lane of the law, elderly to martyr_family
    green,        ///< issued: at the desk, granted by somebody
    agents,       ///< issued: to somebody who acts for others
    packages,     ///< issued: one ticket for several windows
    booked,       ///< appointments, by telephone
    checked_in,   ///< issued: with the code of an appointment
    unused,       ///< booked, and never came
    asked_twice,  ///< asked for a second ticket of a service that gives one per person
    slips,        ///< came back with a notice slip
    called,
    recalled,
    started,
    walk_ins,   ///< started: without a ticket
    collected,  ///< called: by the tail of a case, to hand out a licence
    finished,
    notified,  ///< finished: told at once what is missing
    no_show,
    reneged,  ///< had left before the call
    reinstated,
    held,
    resumed_held,
    transferred,
    paused,
    resumed,
    taken_over,  ///< windows, by a backup clerk
    rated,
    opened,
    keys
  };
  static constexpr std::size_t kinds = static_cast<std::size_t>(What::keys) + 1;

  void add(What what);
  /// One more ticket of this lane.
  void add_lane(const std::string& lane);
  void refuse(const std::string& code);
  /// A clerk's request over the API that was turned down: no citizen's outcome.
  void refuse_clerk(const std::string& code);
  boost::json::object describe() const;

 private:
  using Codes = std::map<std::string, std::uint64_t>;

  mutable std::mutex mutex_;
  std::array<std::uint64_t, kinds> counts_{};
  Codes lanes_, refused_, clerk_refused_;
};

}  // namespace lobby::sim
