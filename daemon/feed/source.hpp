#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "daemon/feed/auth_sign.hpp"
#include "daemon/feed/collected.hpp"
#include "daemon/feed/lines.hpp"
#include "daemon/feed/page_walk.hpp"
#include "daemon/feed/settings.hpp"
#include "daemon/feed/url.hpp"
#include "daemon/feed/wire.hpp"
#include "daemon/hall/time.hpp"

namespace lobby::feed {

/// Time and chance, given from outside.
struct Surroundings {
  std::function<std::int64_t()> wall_ms;    ///< since 1970
  std::function<std::int64_t()> steady_ms;  ///< of a clock that nobody sets
  std::function<std::string()> nonce;       ///< never the same again
};

/// What one pull of one resource brought: all of it counts, or nothing.
struct Pulled {
  bool changed = true;  ///< false: nothing has moved since the last answer that was kept
  bool full = true;     ///< everything that the upstream has; false: only what moved, or a part
  std::string missing;  ///< why the upstream has more than was read: what was read counts, but proves nothing
                        ///< of the rest; empty: it has not
  std::unique_ptr<Collected> collected;  ///< nullptr when the upstream only says that nothing has changed
  std::string cursor;                    ///< for the next pull; empty: as before
  std::int64_t started_ms = 0;           ///< when the first request was sent, by the steady clock
  Proof proof;
  Findings findings;
  std::chrono::seconds good_for{0};  ///< not to be asked again sooner; of a part: as the upstream asked
  std::string etag;                  ///< of an answer that is one request long
  std::uint64_t etag_of = 0;         ///< the sum of that request
};

/// One upstream that is asked over the network, resource by resource. Remembers of each what is kept of it.
class Source {
 public:
  Source(const Settings& settings, const Mapping& mapping, Connect connect, Surroundings around);

  /// Asks for everything the resource has, or what moved, page by page; blocks. What moved may be a part when
  /// the line breaks or the upstream has enough: then `missing` says so, and the cursor is that of the last
  /// page that was read. A refused clock, an access token that has ended and a cursor
  /// that is too old are mended within the pull, once.
  std::variant<Pulled, Failure> pull(const Resource& resource);

  /// lobbyd holds it now.
  void keep(What what, const Pulled& pulled);
  /// Nobody knows what lobbyd holds: the next answer is to be told whatever it is.
  void forget(What what);

 private:
  struct Known {
    std::string cursor;
    std::string etag;
    std::uint64_t etag_of = 0;
    std::optional<std::uint64_t> fingerprint;
    Proof proof;
    std::optional<std::int64_t> resynced_ms;
  };
  struct Pull;
  using Answered = std::variant<Answer, Failure>;

  std::variant<Pulled, Failure> walk(const Resource& resource, Known& known);
  std::optional<Failure> walk_year(Pull& pull, std::uint32_t year);
  static bool keeps_part(Pull& pull, const PageWalk& walk, const Failure& failure);
  Answered ask(Pull& pull, const Ask& ask, std::uint32_t year);
  std::variant<FilledRequest, Failure> prepare(Pull& pull, const Ask& ask, std::uint32_t year);
  std::variant<Reply, Failure> send(Pull& pull, const FilledRequest& request);
  std::optional<Failure> log_in(Pull& pull);
  bool mends(Pull& pull, const Reply& reply, const Failure& failure);
  Answered read(Pull& pull, Reply reply);
  void finish(Pull& pull, const Known& known) const;
  hall::Instant upstream_now() const;

  const Settings& settings_;
  const Mapping& mapping_;
  Connect connect_;
  Surroundings around_;
  Credentials credentials_;
  std::string token_;  ///< as in the file
  Url url_;
  Session session_;
  std::int64_t clock_offset_ms_ = 0;  ///< the upstream's clock less ours, as far as signatures need it
  std::map<What, Known> known_;
};

}  // namespace lobby::feed
