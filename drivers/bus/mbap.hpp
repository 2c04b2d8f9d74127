#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// The frame of Modbus TCP ("Messaging on TCP/IP" V1.0b, 3.1.3): transaction, protocol 0, number of bytes
/// that follow, unit; then the PDU. Pure.
namespace lobby::bus {

inline constexpr std::size_t mbap_header = 7;
inline constexpr std::size_t mbap_longest = mbap_header + 253;

std::vector<std::uint8_t> mbap_frame(std::uint16_t transaction, std::uint8_t unit,
                                     std::span<const std::uint8_t> pdu);

struct MbapFrame {
  std::uint16_t transaction = 0;
  std::uint8_t unit = 0;
  std::vector<std::uint8_t> pdu;
};

/// Cuts what comes into frames, byte by byte if need be; never holds more than one.
class MbapReader {
 public:
  /// Where the next bytes are to be put, never more than belong to this frame; empty: take() first, or
  /// broken.
  std::span<std::uint8_t> room();
  void filled(std::size_t count);
  /// A frame that is whole.
  std::optional<MbapFrame> take();
  /// This is no Modbus TCP: where the next frame begins, nobody knows.
  bool is_broken() const { return is_broken_; }

 private:
  std::array<std::uint8_t, mbap_longest> bytes_{};
  std::size_t size_ = 0;
  std::size_t needed_ = mbap_header;
  bool is_broken_ = false;
};

}  // namespace lobby::bus
