#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "tests/sim/rtu.hpp"

namespace lobby::sim {

/// A frame of the host's as it came over the line.
struct HeardFrame {
  std::span<const std::uint8_t> bytes;
  bool whole = false;                 ///< length and checksum are right
  std::optional<RtuRequest> request;  ///< when whole
};

/// Somebody with a driver and a receiver on the pair of wires. Called by the line's thread.
///
/// A station of ours hears whole frames and answers them; one that frames for itself, an emulated unit, takes
/// bytes as they passed and speaks when it likes. Several may speak at once; the line mixes them.
class Station {
 public:
  struct Spoken {
    Bytes bytes;
    nanoseconds late{0};  ///< behind the silence that closed the frame
  };

  virtual ~Station() = default;
  /// The host's frame, closed by silence. What it puts on the line; nullopt: nothing.
  virtual std::optional<Spoken> hear(const HeardFrame& frame, TimePoint now) = 0;
  /// Another station has spoken: a frame, or a heap of bytes.
  virtual void overhear(std::span<const std::uint8_t> bytes, bool whole) = 0;
  /// The host's bytes have passed the wire; no silence is behind them yet.
  virtual void carry(std::span<const std::uint8_t> /*bytes*/) {}
  /// Readable when it speaks of itself; -1: it never does.
  virtual int speech_fd() const { return -1; }
  virtual Bytes take_speech() { return {}; }
};

}  // namespace lobby::sim
