#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/event.hpp"
#include "daemon/hall/key_press.hpp"
#include "daemon/hall/state.hpp"

/// The hall's events on disk: append, sync, snapshot, replay. SQLite, WAL, synchronous=FULL, one writer
/// thread that commits everything that waits in one transaction (group commit).
namespace lobby::journal {

/// An event as it is kept and streamed: the JSON object of the contract on one line, and what readers filter
/// by.
struct Line {
  std::uint64_t seq = 0;
  std::int64_t at_ms = 0;
  std::string type;
  std::uint64_t ticket = 0;  ///< 0: not about a ticket
  std::string window;        ///< empty: not at a window
  std::string json;          ///< `{"seq":…,"at":…,"type":…,…}` without a line end
};

/// One codec for every event: body fields by name, see hall/event.hpp.
Line to_line(const hall::Event& event);
/// nullopt for anything that to_line() did not write (unknown type, missing or wrong field).
std::optional<hall::Event> from_json(std::string_view json);

/// The answer of a POST with an Idempotency-Key, kept 24 h.
struct KeptAnswer {
  std::string account, path, key;
  std::string body_hash;  ///< SHA-256 of the request body, 32 bytes
  int status = 0;
  std::string answer;  ///< the body as sent
  std::int64_t at_ms = 0;
};

/// How far somebody who passes events on has come: `seq` is the last one he is done with.
struct Place {
  std::string reader;  ///< the id of an outbox
  std::uint64_t seq = 0;
};

/// Everything that becomes durable together.
struct Batch {
  std::vector<Line> events;
  std::vector<KeptAnswer> answers;      ///< of the requests that made these events
  std::vector<hall::KeyPress> presses;  ///< taken, or refused, with these events; the last of a device counts
  std::vector<Place> places;            ///< the last of a reader counts
};

enum class Commit : std::uint8_t { durable, failed };

struct Options {
  std::string directory;                            ///< the state directory; `journal.db` inside
  std::function<void(std::function<void()>)> post;  ///< runs a completion on the loop; thread-safe
  std::uint32_t snapshot_every = 4000;              ///< events
  std::uint32_t checkpoint_pages = 500;             ///< of the log, when idle; at most four times as many
  const char* vfs = nullptr;                        ///< SQLite VFS by name (tests tear writes with it)
};

/// Thrown by open() only: unreadable, of a newer schema, or damaged. The sentence names file and remedy.
struct OpenError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Owned and called by the loop thread; the writer thread is inside.
class Journal {
 public:
  static std::unique_ptr<Journal> open(Options options);
  virtual ~Journal() = default;  ///< commits what waits, stops the writer

  /// The durable state: last readable snapshot, then the tail. Also after a failed commit, to fall back to.
  /// When the disk cannot even be read, the state is what could be; reason() says so, and the next append of
  /// events fails (they would not follow the last one), so that one recovers again.
  virtual hall::State recover() = 0;

  /// Queues a batch; `done` comes by `post`, in order of appending. `failed`: nothing of it, nor of any batch
  /// appended since, is on disk, and every further append fails until probe() works; `reason()` says why. (A
  /// disk that took the bytes and refused the sync may still give all of the batch back after a power cut
  /// before that.)
  virtual void append(Batch batch, std::function<void(Commit)> done) = 0;
  virtual std::string reason() const = 0;
  /// After a failure: tries one synced write; `durable` makes append() work again.
  virtual void probe(std::function<void(Commit)> done) = 0;

  /// Hands a snapshot of the state at its seq to the writer (kept beside the events, the last two). Call it
  /// when wants_snapshot(); a failure to write one is not a failure of the journal.
  virtual bool wants_snapshot() const = 0;
  virtual void snapshot(const hall::State& state) = 0;

  // --- reads: on the loop thread, bounded by `limit`; only durable rows ---
  virtual std::vector<Line> after(std::uint64_t seq, std::size_t limit) = 0;
  /// Oldest first.
  virtual std::vector<Line> history(hall::TicketId ticket, std::size_t limit) = 0;
  virtual std::optional<KeptAnswer> kept_answer(std::string_view account, std::string_view path,
                                                std::string_view key, std::int64_t now_ms) = 0;
  /// The last press of this device that was committed with a batch.
  virtual std::optional<hall::KeyPress> last_press(const hall::DeviceId& device) = 0;
  /// The last place of this reader that was committed; nullopt: he has none yet.
  virtual std::optional<std::uint64_t> place(std::string_view reader) = 0;
};

}  // namespace lobby::journal
