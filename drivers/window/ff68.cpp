#include "drivers/window/ff68.hpp"

#include <algorithm>
#include <numeric>

namespace lobby::window {
namespace {

constexpr std::uint8_t head_byte = 0xFF;
constexpr std::uint8_t start_byte = 0x68;
constexpr std::uint8_t tail_byte = 0x16;
constexpr std::size_t bytes_before = 5;                   ///< FF 68 L L 68
constexpr std::size_t bytes_behind = 2;                   ///< sum, 16
constexpr std::size_t least_length = 3, most_length = 5;  ///< L from a device

template <class Iterator>
std::uint8_t sum_of(Iterator begin, Iterator end) {
  return static_cast<std::uint8_t>(std::accumulate(begin, end, 0U) & 0xFFU);
}

}  // namespace

std::vector<std::uint8_t> encode_ff68(const Ff68Frame& frame) {
  const auto length = static_cast<std::uint8_t>(2 + frame.data.size());
  std::vector<std::uint8_t> out;
  out.reserve(bytes_before + length + bytes_behind);
  for (const auto byte : {head_byte, start_byte, length, length, start_byte, frame.address, frame.function}) {
    out.push_back(byte);
  }
  out.insert(out.end(), frame.data.begin(), frame.data.end());
  out.push_back(sum_of(out.begin() + bytes_before, out.end()));
  out.push_back(tail_byte);
  return out;
}

Ff68Decoder::Verdict Ff68Decoder::judge() const {
  const auto wrong = [this](std::size_t place, std::uint8_t wanted) {
    return bytes_.size() > place && bytes_[place] != wanted;
  };
  if (wrong(0, head_byte) || wrong(1, start_byte) || wrong(4, start_byte)) {
    return Verdict::none;
  }
  if (bytes_.size() > 2 && (bytes_[2] < least_length || bytes_[2] > most_length || wrong(3, bytes_[2]))) {
    return Verdict::none;
  }
  if (bytes_.size() <= 2 || bytes_.size() < bytes_before + bytes_[2] + bytes_behind) {
    return Verdict::incomplete;
  }
  const auto first = bytes_.begin() + bytes_before;
  const auto last = first + bytes_[2];
  return *last == sum_of(first, last) && last[1] == tail_byte ? Verdict::whole : Verdict::none;
}

std::optional<Ff68Frame> Ff68Decoder::take(std::uint8_t byte) {
  bytes_.push_back(byte);
  for (auto verdict = judge(); verdict != Verdict::incomplete; verdict = judge()) {
    if (verdict == Verdict::whole) {
      const auto first = bytes_.begin() + bytes_before;
      const auto end = first + bytes_[2];
      Ff68Frame frame{first[0], first[1], {first + 2, end}};
      bytes_.erase(bytes_.begin(), end + bytes_behind);
      ++counts_.frames;
      return frame;
    }
    if (bytes_.size() > 2 && bytes_[0] == head_byte && bytes_[1] == start_byte) {
      ++counts_.damaged;
    }
    // What was swallowed may hold the beginning of the next one.
    bytes_.erase(bytes_.begin(), std::find(bytes_.begin() + 1, bytes_.end(), head_byte));
    if (bytes_.empty()) {
      break;
    }
  }
  return std::nullopt;
}

}  // namespace lobby::window
