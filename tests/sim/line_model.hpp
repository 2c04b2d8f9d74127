#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "tests/sim/rtu.hpp"

namespace lobby::sim {

/// The pair of wires itself, in given time: bytes pass one after the other although a pty hands them over at
/// once, a frame of the host ends by silence, what two say at the same time is mixed. Belongs to one thread.
class LineModel {
 public:
  using Talker = std::size_t;  ///< 0: the host; stations count from 1
  static constexpr Talker host = 0;

  explicit LineModel(LinePace pace) : pace_(pace) {}

  void host_wrote(std::span<const std::uint8_t> bytes, TimePoint now) { speak(host, bytes, now); }
  /// `who` speaks from then on, or right behind what it is still saying.
  void speak(Talker who, std::span<const std::uint8_t> bytes, TimePoint from);
  /// When the silence was over that closed the last frame taken: an answer starts no earlier.
  TimePoint answer_time() const { return answer_at_; }

  /// What somebody has said to its end by now; each once, in the order of their ends.
  struct Said {
    Talker who = host;
    Bytes bytes;
  };
  std::optional<Said> take_said(TimePoint now);
  /// A whole frame of the host, when the line has been silent long enough behind it.
  std::optional<Bytes> take_frame(TimePoint now);
  /// Bytes of stations that have passed the wire by now, as an adapter hands them to the host.
  Bytes take_sent(TimePoint now);
  /// When there is something to take, if nobody speaks until then.
  std::optional<TimePoint> next() const;
  void reset();

  struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t collisions = 0;      ///< two spoke at once
    std::uint64_t short_silences = 0;  ///< a request began less than 1.5 characters behind an answer
    nanoseconds busy{0};               ///< characters on the wire
  };
  const Counts& counts() const { return counts_; }
  const LinePace& pace() const { return pace_; }

 private:
  struct Turn {
    Talker who = host;
    TimePoint start;
    Bytes bytes;
    std::size_t given = 0;   ///< to the host
    std::size_t hidden = 0;  ///< so many of the first bytes are in another station's turn already
  };
  /// An adapter hands bytes over in such portions.
  static constexpr std::size_t portion = 8;
  static constexpr std::size_t longest = 1024;  ///< more can be no frame
  static constexpr std::size_t most_turns = 64;

  TimePoint end_of(const Turn& turn) const { return turn.start + pace_.characters(turn.bytes.size()); }
  Turn* open_turn(Talker who, TimePoint from);
  void collide(Turn& turn, std::size_t first);
  bool mix(Turn& turn, std::size_t first, Turn& other) const;
  TimePoint next_portion(const Turn& turn) const;

  LinePace pace_;
  std::deque<Turn> turns_;  ///< by start
  Bytes frame_;
  TimePoint frame_end_{};
  TimePoint answer_at_{};
  TimePoint quiet_since_{};
  Counts counts_;
};

}  // namespace lobby::sim
