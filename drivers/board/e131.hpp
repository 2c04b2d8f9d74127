#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "drivers/board/bytes.hpp"

/// E1.31 (sACN), pixels in universes over UDP. Pure. Source: the standard, and public code. Nothing is
/// answered. A receiver drops a source that is silent for 2.5 s: who sends repeats itself once a second.
namespace lobby::board::e131 {

inline constexpr std::uint16_t udp_port = 5568;
inline constexpr std::size_t pixels_a_universe = 170;

struct Settings {
  std::array<std::uint8_t, 16> cid{};  ///< who sends: the same for life, no other source's
  std::string source_name = "lobby";   ///< at most 63 bytes
  std::uint8_t priority = 100;
  std::uint16_t first_universe = 1;  ///< 1 … 63999, and so is the last
  std::uint16_t sync_universe = 0;   ///< 0: each universe is shown as it comes
};

/// A universe's packet and where a multicast would go.
struct Packet {
  Bytes bytes;
  std::uint16_t universe = 0;
};

constexpr std::size_t universes_of(std::size_t pixels) {
  return (pixels + pixels_a_universe - 1) / pixels_a_universe;
}

/// A frame. All of its packets carry this sequence number.
std::vector<Packet> packets(const Settings& settings, ByteView rgb, std::uint8_t sequence);
/// With a sync universe: shows what the packets before brought.
Packet sync_packet(const Settings& settings, std::uint8_t sequence);
/// For every universe the word that nothing follows. To be sent three times, each with a sequence of its own.
std::vector<Packet> terminated(const Settings& settings, std::size_t universes, std::uint8_t sequence);
/// 239.255.hi.lo, high byte first.
std::array<std::uint8_t, 4> multicast_group(std::uint16_t universe);

}  // namespace lobby::board::e131
