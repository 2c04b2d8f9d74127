#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lobby::sim {

using Bytes = std::vector<std::uint8_t>;

/// Reads a frame from its front. What is behind its end reads as 0, and `is_ok` says so from then on.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes) : left_(bytes) {}

  std::uint8_t u8() {
    const auto one = take(1);
    return one.empty() ? std::uint8_t{0} : one[0];
  }
  std::uint16_t le16() { return static_cast<std::uint16_t>(number(2, true)); }
  std::uint16_t be16() { return static_cast<std::uint16_t>(number(2, false)); }
  std::uint32_t le32() { return number(4, true); }
  std::uint32_t be32() { return number(4, false); }
  /// Empty when there are not so many.
  std::span<const std::uint8_t> take(std::size_t count) {
    if (count > left_.size()) {
      ok_ = false;
      left_ = {};
      return {};
    }
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  void skip(std::size_t count) { take(count); }
  std::span<const std::uint8_t> rest() { return take(left_.size()); }
  std::size_t left() const { return left_.size(); }
  bool is_ok() const { return ok_; }
  /// Read to the end, and not further.
  bool is_spent() const { return ok_ && left_.empty(); }

 private:
  std::uint32_t number(std::size_t size, bool little) {
    const auto bytes = take(size);
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      value = value << 8 | bytes[little ? bytes.size() - 1 - i : i];
    }
    return value;
  }

  std::span<const std::uint8_t> left_;
  bool ok_ = true;
};

/// The lowest `size` bytes of a number behind `out`.
inline void put_le(Bytes& out, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) {
    out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  }
}
inline void put_be(Bytes& out, std::uint32_t value, int size) {
  for (int i = size - 1; i >= 0; --i) {
    out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  }
}

/// CRC-16/ARC: "123456789" gives BB3D.
inline std::uint16_t crc_arc(std::span<const std::uint8_t> bytes) {
  unsigned crc = 0;
  for (const unsigned byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1U) != 0 ? crc >> 1 ^ 0xA001U : crc >> 1;
    }
  }
  return static_cast<std::uint16_t>(crc);
}

/// CRC-16/XMODEM: "123456789" gives 31C3.
inline std::uint16_t crc_xmodem(std::span<const std::uint8_t> bytes) {
  unsigned crc = 0;
  for (const unsigned byte : bytes) {
    crc ^= byte << 8;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 0x8000U) != 0 ? crc << 1 ^ 0x1021U : crc << 1;
    }
  }
  return static_cast<std::uint16_t>(crc & 0xFFFFU);
}

}  // namespace lobby::sim
