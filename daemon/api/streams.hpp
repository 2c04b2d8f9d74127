#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/api/account.hpp"
#include "daemon/api/backend.hpp"
#include "daemon/api/options.hpp"

namespace lobby::api {

struct Session;

/// One reader's place in the sequence of events: all that a stream costs while its client is slow.
struct EventCursor {
  enum class Form : std::uint8_t { event_stream, lines, chunked_lines };
  Form form = Form::event_stream;
  std::uint64_t seq = 0;                     ///< of the last event dealt with
  std::set<std::string, std::less<>> types;  ///< empty: all
  std::optional<Account> account;            ///< whose windows and role bound what is seen
  std::shared_ptr<Session> session;          ///< the login that it came by, and ends with
  /// Lines end here; an event stream never does.
  std::uint64_t until = 0;
  std::uint64_t lines_left = 0;
};

/// A piece of a stream, cut so that a part of it can be taken.
struct EventPiece {
  std::string bytes;
  std::vector<std::pair<std::size_t, std::uint64_t>> ends;  ///< of each frame: offset, and its event
  std::uint64_t seq = 0;                                    ///< dealt with when all of it is taken
  void clear();
};

/// The last durable events in memory, the older ones by the backend.
class Streams {
 public:
  Streams(Backend& backend, const Options& options);

  /// A durable event, in order.
  void add(EventLine line);
  /// The number of the last durable event.
  std::uint64_t last() const { return last_; }

  /// Is it so far behind (or ahead of all there is) that a snapshot serves it better?
  bool wants_snapshot(const EventCursor& cursor) const;
  bool has_more(const EventCursor& cursor) const;
  /// The next events for this cursor, a few kilobytes at most; does not move it.
  void read(const EventCursor& cursor, EventPiece& piece);
  /// Moves the cursor by `size` bytes taken of the piece. Returns the rest of a frame that was torn.
  static std::string take(EventCursor& cursor, const EventPiece& piece, std::size_t size);

 private:
  template <class Place>
  static void read_some(const EventCursor& cursor, Place begin, Place end, EventPiece& piece);
  static constexpr std::size_t piece_size = 8 * 1024;
  static constexpr std::size_t page = 128;

  Backend& backend_;
  const Options& options_;
  std::deque<EventLine> ring_;
  std::uint64_t last_ = 0;
};

/// The one event that a client too far behind gets.
std::string snapshot_frame(std::uint64_t seq, const std::string& hall_json);

}  // namespace lobby::api
