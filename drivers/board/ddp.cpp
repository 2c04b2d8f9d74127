#include "drivers/board/ddp.hpp"

#include <algorithm>

namespace lobby::board::ddp {

std::vector<Bytes> packets(const Settings& settings, ByteView rgb, std::uint8_t& sequence) {
  constexpr std::size_t head_bytes = 10, most_data = 1440;
  constexpr std::uint8_t version_1 = 0x40, push = 0x01;
  std::vector<Bytes> out;
  for (std::size_t offset = 0; offset < rgb.size(); offset += most_data) {
    const auto data = rgb.subspan(offset, std::min(most_data, rgb.size() - offset));
    const bool is_last = offset + data.size() == rgb.size();
    sequence = static_cast<std::uint8_t>(sequence % 15 + 1);
    Bytes packet;
    packet.reserve(head_bytes + data.size());
    packet.push_back(is_last ? version_1 | push : version_1);
    packet.push_back(sequence);
    packet.push_back(settings.data_type);
    packet.push_back(settings.destination);
    put_be(packet, offset, 4);
    put_be(packet, data.size(), 2);
    put(packet, data);
    out.push_back(std::move(packet));
  }
  return out;
}

}  // namespace lobby::board::ddp
