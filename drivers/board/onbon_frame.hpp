#pragma once

#include <cstdint>
#include <optional>

#include "drivers/board/bytes.hpp"

/// The physical layer of all Onbon BX cards: `A5 × 8 | escaped packet | 5A`. Source: equal to what the
/// vendor's own encoder sends; checksums recomputed. Lengths and checksums count un-escaped bytes.
namespace lobby::board::onbon {

inline constexpr std::uint16_t tcp_port = 5005;  ///< the card is the server
inline constexpr std::uint16_t host_address = 0x8000;
inline constexpr std::uint16_t any_card = 0xFFFE;
inline constexpr std::uint8_t every_area = 0xFF;  ///< in place of a number of areas

/// A whole packet, its checksum included, as it goes onto the wire.
Bytes wrap(ByteView packet);

/// Frames out of a stream of bytes. One head byte is enough; a head inside a frame begins a new one; an empty
/// frame is none (some clients end with 5A 5A). Bounded: a packet longer than a card's answers counts as
/// damaged.
class FrameSplitter {
 public:
  static constexpr std::size_t longest = 4096;  ///< bytes of a packet
  struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t damaged = 0;
  };
  /// The packet, un-escaped, that this byte ends.
  std::optional<Bytes> take(std::uint8_t byte);
  /// What was half read will not go on.
  void reset();
  const Counts& counts() const { return counts_; }

 private:
  std::optional<Bytes> end();
  void damaged();

  Bytes packet_;
  bool is_inside_ = false;
  std::uint8_t escape_ = 0;  ///< the byte that began an escape; 0: none did
  Counts counts_;
};

}  // namespace lobby::board::onbon
