#include "drivers/window/ff68.hpp"

#include <algorithm>
#include <numeric>

namespace lobby::window {
namespace {

constexpr std::uint8_t head = 0xFF;
constexpr std::uint8_t start = 0x68;
constexpr std::uint8_t tail = 0x16;
constexpr std::size_t before = 5;           ///< FF 68 L L 68
constexpr std::size_t behind = 2;           ///< sum, 16
constexpr std::size_t least = 3, most = 5;  ///< L from a device

template <class Iterator>
std::uint8_t sum_of(Iterator begin, Iterator end) {
  return static_cast<std::uint8_t>(std::accumulate(begin, end, 0U) & 0xFFU);
}

}  // namespace

std::vector<std::uint8_t> encode_ff68(const Ff68Frame& frame) {
  const auto length = static_cast<std::uint8_t>(2 + frame.data.size());
  std::vector<std::uint8_t> out;
  out.reserve(before + length + behind);
  for (const auto byte : {head, start, length, length, start, frame.address, frame.function}) {
    out.push_back(byte);
  }
  out.insert(out.end(), frame.data.begin(), frame.data.end());
  out.push_back(sum_of(out.begin() + before, out.end()));
  out.push_back(tail);
  return out;
}

Ff68Decoder::Verdict Ff68Decoder::judge() const {
  const auto wrong = [this](std::size_t place, std::uint8_t wanted) {
    return bytes_.size() > place && bytes_[place] != wanted;
  };
  if (wrong(0, head) || wrong(1, start) || wrong(4, start)) {
    return Verdict::none;
  }
  if (bytes_.size() > 2 && (bytes_[2] < least || bytes_[2] > most || wrong(3, bytes_[2]))) {
    return Verdict::none;
  }
  if (bytes_.size() <= 2 || bytes_.size() < before + bytes_[2] + behind) {
    return Verdict::incomplete;
  }
  const auto first = bytes_.begin() + before;
  const auto last = first + bytes_[2];
  return *last == sum_of(first, last) && last[1] == tail ? Verdict::whole : Verdict::none;
}

std::optional<Ff68Frame> Ff68Decoder::take(std::uint8_t byte) {
  bytes_.push_back(byte);
  for (auto verdict = judge(); verdict != Verdict::incomplete; verdict = judge()) {
    if (verdict == Verdict::whole) {
      const auto first = bytes_.begin() + before;
      const auto end = first + bytes_[2];
      Ff68Frame frame{first[0], first[1], {first + 2, end}};
      bytes_.erase(bytes_.begin(), end + behind);
      ++counts_.frames;
      return frame;
    }
    if (bytes_.size() > 2 && bytes_[0] == head && bytes_[1] == start) {
      ++counts_.damaged;
    }
    // What was swallowed may hold the beginning of the next one.
    bytes_.erase(bytes_.begin(), std::find(bytes_.begin() + 1, bytes_.end(), head));
    if (bytes_.empty()) {
      break;
    }
  }
  return std::nullopt;
}

}  // namespace lobby::window
