#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/app/outbox_letters.hpp"
#include "daemon/app/outbox_site.hpp"
#include "daemon/app/registrar.hpp"
#include "daemon/devices/outboxes.hpp"
#include "daemon/journal/journal.hpp"

namespace lobby::app {

/// The site's outboxes: the journal they read, the flows that know how far they are, and the processes that
/// reach the other systems.
class OutboxWiring {
 public:
  struct House {
    link::Executor& executor;
    journal::Journal& journal;
    Registrar& registrar;
    const hall::Site& site;
    devices::Roster& roster;
    std::string state_directory;
    Registrar::Now now;
    devices::Feeds::Spawn spawn;
    std::optional<std::int64_t> trial_clock_ms = {};  ///< for lobby-feed, as WallClock has it
  };
  /// `outboxes` and everything in `house` outlive it.
  OutboxWiring(const std::vector<OutboxSite>& outboxes, House house);
  ~OutboxWiring();

  /// Nothing is sent any more; what is out comes again after the next start.
  void stop();
  /// For GET /metrics: what was sent, refused and dropped, by outbox. Empty without outboxes.
  std::string metrics() const;

 private:
  struct Road;
  Road& road(const hall::DeviceId& id);

  std::vector<std::unique_ptr<Road>> roads_;
  std::unique_ptr<DeadLetters> letters_;  ///< goes first: it may still answer
  std::unique_ptr<devices::Outboxes> devices_;
};

}  // namespace lobby::app
