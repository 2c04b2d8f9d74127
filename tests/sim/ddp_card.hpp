#pragma once

#include "tests/sim/board_glass.hpp"

namespace lobby::sim {

/// A controller that takes DDP (UDP, a datagram each): data goes behind the glass, PUSH brings it onto it. No
/// checksum guards it. Stricter than controllers are: what would lie outside the board is turned away.
class DdpCard final : public BoardCard {
 public:
  /// `hold`: dark after such a silence, as WLED is; 0: the last picture stays.
  explicit DdpCard(BoardShape shape, milliseconds hold = milliseconds(2500));
  void describe(boost::json::object& into, TimePoint now) const override;
  bool takes_orders() const override { return false; }

 protected:
  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;
  void carry_out(const Bytes&, TimePoint) override {}
  void forget() override;
  display::Picture draw(TimePoint) const override { return glass_.picture(shape().colour); }
  std::optional<TimePoint> next_own() const override;
  void happen(TimePoint now) override;

 private:
  struct Packet {
    std::uint8_t flags = 0, sequence = 0, type = 0, id = 0;
    std::uint32_t offset = 0;
    std::span<const std::uint8_t> data;
  };
  /// Empty: nothing is wrong with it.
  const char* fault_of(const Packet& packet) const;
  bool follows(std::uint8_t sequence);
  void tell_state(TimePoint now);

  const milliseconds hold_;
  BoardGlass glass_;
  std::uint8_t last_sequence_ = 0;  ///< 0: none yet
  std::uint64_t gaps_ = 0;
  std::optional<TimePoint> heard_;  ///< while a stream is on the glass
};

}  // namespace lobby::sim
