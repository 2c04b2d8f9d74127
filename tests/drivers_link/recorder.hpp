#pragma once

#include <string>
#include <vector>

#include "drivers/link/byte_link.hpp"

namespace lobby::link {

/// All that a link told.
struct Recorder final : ByteLink::Listener {
  void link_up() override { ++ups; }
  void link_bytes(std::span<const std::uint8_t> bytes) override {
    received.insert(received.end(), bytes.begin(), bytes.end());
  }
  void link_down(std::string_view reason) override { downs.emplace_back(reason); }

  int ups = 0;
  std::vector<std::uint8_t> received;
  std::vector<std::string> downs;
};

/// Bytes in which a lost, doubled or moved piece is seen.
inline std::vector<std::uint8_t> counted(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  }
  return bytes;
}

}  // namespace lobby::link
