#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// What every codec of the room builds with and reads with. Pure.
namespace lobby::board {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

constexpr std::uint8_t byte_of(std::uint64_t value) {
  return static_cast<std::uint8_t>(value & 0xFFU);
}
/// Two decimal digits in one byte.
constexpr std::uint8_t bcd(int value) {
  return byte_of(static_cast<unsigned>((value / 10 % 10) << 4 | value % 10));
}

/// The low `size` bytes of a number, low byte first.
inline void put_le(Bytes& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) {
    out.push_back(byte_of(value >> (8 * i)));
  }
}
/// The same, high byte first.
inline void put_be(Bytes& out, std::uint64_t value, int size) {
  for (int i = size; i-- > 0;) {
    out.push_back(byte_of(value >> (8 * i)));
  }
}
inline void put(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
inline void put_text(Bytes& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}
inline void put_zeros(Bytes& out, std::size_t count) {
  out.insert(out.end(), count, 0);
}

/// Reads what a card answered. Behind the end it gives zeros and is no longer `whole`.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}
  std::uint64_t le(std::size_t size) {
    std::uint64_t value = 0;
    const auto taken = take(size);
    for (std::size_t i = taken.size(); i-- > 0;) {
      value = value << 8U | taken[i];
    }
    return value;
  }
  std::uint64_t be(std::size_t size) {
    std::uint64_t value = 0;
    for (const auto byte : take(size)) {
      value = value << 8U | byte;
    }
    return value;
  }
  std::uint8_t u8() { return byte_of(le(1)); }
  std::uint16_t le16() { return static_cast<std::uint16_t>(le(2)); }
  /// Empty when there are not so many.
  ByteView take(std::size_t size) {
    if (size > rest_.size()) {
      rest_ = {};
      whole_ = false;
      return {};
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  ByteView rest() const { return rest_; }
  bool whole() const { return whole_; }

 private:
  ByteView rest_;
  bool whole_ = true;
};

}  // namespace lobby::board
