#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/devices/feeds.hpp"
#include "daemon/devices/outbox_lines.hpp"
#include "daemon/devices/roster.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::devices {

/// Where events of the hall go.
struct OutboxConfig {
  hall::DeviceId id;
  std::string driver;  ///< what goes there: queue_events, ratings
  std::string url;
  std::string token_file;     ///< secret of the target, mode 0600; empty: none
  std::string ca_file;        ///< certificates that an https target is checked with; empty: the system's
  std::string auth = "none";  ///< how a request proves who sends it: a kind of lobby-feed
  std::string auth_header = "Authorization";  ///< with auth = "header"
  std::string app_id;                         ///< with auth that signs or logs in
  std::string
      login_mapping;  ///< with auth = "bearer": path of the mapping whose login gives the token; or ""
  std::string client_cert_file, client_key_file;  ///< both or none
  std::string bind;                               ///< interface or address that goes out; empty: any
  std::string proxy, proxy_file;                  ///< host:port, and who we are there; empty: none
  bool allow_insecure = false;                    ///< a secret may travel over plain http
  std::uint32_t interval_s = 5;
  std::uint32_t memory_mb = 128;                    ///< of the lobby-feed process
  std::uint32_t total_s = 20;                       ///< one request may take this long
  std::optional<std::int64_t> trial_clock_ms = {};  ///< of a trial: wall time less the steady clock
};

/// Starts and watches one lobby-feed process per outbox, as Feeds does (back-off 1 … 60 s), and gives each
/// one batch at a time. Tells the roster what it learns: `ok` after each batch that was confirmed and kept;
/// `degraded` with the fault of the last one, until the next is through; `gone` with the reason when the
/// process has ended. A target that was never sent anything is `absent`.
class Outboxes {
 public:
  struct Batch {
    std::vector<std::string> items;  ///< JSON objects on one line each, with an `id`
    bool more = false;               ///< nothing to send as far as was looked: ask again soon
  };
  /// Where batches come from and go back to; named by outbox. Called on the loop, never from within a call of
  /// ours.
  struct Source {
    std::function<Batch(const hall::DeviceId&)> next;
    /// `kept(false)`: the same batch will come again.
    std::function<void(const hall::DeviceId&, std::vector<outbox_lines::Rejected>,
                       std::function<void(bool)> kept)>
        confirmed;
    std::function<void(const hall::DeviceId&)> lost;
    std::function<std::string(const hall::DeviceId&)> detail;  ///< of the device, after each batch
  };

  Outboxes(link::Executor& executor, const std::vector<OutboxConfig>& configs, Feeds::Spawn spawn,
           Roster& roster, Source source);
  ~Outboxes();

  /// Ends the processes and starts none any more. A batch in flight is lost, and comes again after the next
  /// start of the daemon.
  void stop();

 private:
  struct Unit;
  std::unique_ptr<Source> source_;
  std::vector<std::unique_ptr<Unit>> units_;
};

}  // namespace lobby::devices
