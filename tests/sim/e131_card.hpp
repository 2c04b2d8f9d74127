#pragma once

#include <array>
#include <vector>

#include "tests/sim/board_glass.hpp"

namespace lobby::sim {

/// A receiver of E1.31 (UDP, a datagram each): 170 pixels of the board to a universe. Data without a
/// synchronisation address come onto the glass together with what comes within the card's processing time;
/// data with one when its packet comes. A source is gone after 2.5 s, or when it says so, and then its
/// universe is dark. No checksum guards it.
class E131Card final : public BoardCard {
 public:
  explicit E131Card(BoardShape shape, std::uint16_t first_universe = 1);
  void describe(boost::json::object& into, TimePoint now) const override;
  bool answers() const override { return false; }
  bool takes_orders() const override { return false; }

 protected:
  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;
  void carry_out(const Bytes&, TimePoint) override {}
  void forget() override;
  display::Picture draw(TimePoint) const override { return glass_.picture(shape().colour); }
  std::optional<TimePoint> next_own() const override;
  void happen(TimePoint now) override;

 private:
  using Cid = std::array<std::uint8_t, 16>;
  struct Universe {
    bool has_source = false;
    Cid source{};
    std::uint8_t priority = 0, sequence = 0;
    TimePoint heard{};
    std::uint16_t sync = 0;
    Bytes pending;  ///< waits for its synchronisation packet
  };
  struct Packet {
    Cid source{};
    std::uint8_t priority = 0, sequence = 0, options = 0, start_code = 0;
    std::uint16_t sync = 0, universe = 0;
    std::span<const std::uint8_t> slots;
  };
  static bool is_data(std::span<const std::uint8_t> bytes, Packet& packet);
  void hear_sync(std::span<const std::uint8_t> bytes, TimePoint now);
  /// Empty: it is the next of the universe's source.
  const char* fault_of(const Packet& packet, const Universe& universe) const;
  void take_data(const Packet& packet, std::size_t place, TimePoint now);
  void write(std::size_t place, std::span<const std::uint8_t> slots);
  void lose(std::size_t place);

  const std::uint16_t first_;
  BoardGlass glass_;
  std::vector<Universe> universes_;
  std::size_t last_place_ = 0;  ///< of the frame that is coming in
  std::optional<TimePoint> flips_at_;
  std::uint64_t sources_lost_ = 0, sources_ended_ = 0;
};

}  // namespace lobby::sim
