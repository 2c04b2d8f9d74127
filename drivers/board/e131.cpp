#include "drivers/board/e131.hpp"

#include <algorithm>
#include <string_view>

namespace lobby::board::e131 {
namespace {

constexpr std::string_view packet_identifier{"ASC-E1.17\0\0\0", 12};
constexpr std::size_t name_bytes = 64;
constexpr std::uint8_t terminated_bit = 0x40;

/// Where a layer's length stands, and the length itself: of all from there on.
void put_length(Bytes& out, std::size_t packet_bytes) {
  put_be(out, 0x7000U | (packet_bytes - out.size()), 2);
}

void put_root(Bytes& out, const Settings& settings, std::size_t packet_bytes, std::uint32_t vector) {
  put_be(out, 0x0010, 2);
  put_be(out, 0, 2);
  put_text(out, packet_identifier);
  put_length(out, packet_bytes);
  put_be(out, vector, 4);
  put(out, settings.cid);
}

struct Universe {
  std::uint16_t number;
  std::uint8_t sequence;
  std::uint8_t options;
};

Bytes data_packet(const Settings& settings, const Universe& universe, ByteView slots) {
  constexpr std::size_t head_bytes = 126;
  const auto size = head_bytes + slots.size();
  Bytes out;
  out.reserve(size);
  put_root(out, settings, size, 4);
  put_length(out, size);
  put_be(out, 2, 4);
  const auto name = std::string_view(settings.source_name).substr(0, name_bytes - 1);
  put_text(out, name);
  put_zeros(out, name_bytes - name.size());
  out.push_back(settings.priority);
  put_be(out, settings.sync_universe, 2);
  out.push_back(universe.sequence);
  out.push_back(universe.options);
  put_be(out, universe.number, 2);
  put_length(out, size);
  put(out, Bytes{0x02, 0xA1, 0x00, 0x00, 0x00, 0x01});
  put_be(out, slots.size() + 1, 2);
  out.push_back(0);  // the start code of levels
  put(out, slots);
  return out;
}

}  // namespace

std::vector<Packet> packets(const Settings& settings, ByteView rgb, std::uint8_t sequence) {
  constexpr std::size_t most_slots = pixels_a_universe * 3;
  std::vector<Packet> out;
  auto universe = settings.first_universe;
  for (; !rgb.empty(); ++universe) {
    const auto slots = rgb.first(std::min(most_slots, rgb.size()));
    rgb = rgb.subspan(slots.size());
    out.push_back({data_packet(settings, {universe, sequence, 0}, slots), universe});
  }
  return out;
}

Packet sync_packet(const Settings& settings, std::uint8_t sequence) {
  constexpr std::size_t size = 49;
  Bytes out;
  put_root(out, settings, size, 8);
  put_length(out, size);
  put_be(out, 1, 4);
  out.push_back(sequence);
  put_be(out, settings.sync_universe, 2);
  put_zeros(out, 2);
  return {std::move(out), settings.sync_universe};
}

std::vector<Packet> terminated(const Settings& settings, std::size_t universes, std::uint8_t sequence) {
  std::vector<Packet> out;
  for (std::size_t i = 0; i < universes; ++i) {
    const auto universe = static_cast<std::uint16_t>(settings.first_universe + i);
    out.push_back({data_packet(settings, {universe, sequence, terminated_bit}, {}), universe});
  }
  return out;
}

std::array<std::uint8_t, 4> multicast_group(std::uint16_t universe) {
  return {239, 255, byte_of(universe >> 8U), byte_of(universe)};
}

}  // namespace lobby::board::e131
