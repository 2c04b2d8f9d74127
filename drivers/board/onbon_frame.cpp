#include "drivers/board/onbon_frame.hpp"

#include <algorithm>
#include <utility>

namespace lobby::board::onbon {
namespace {

constexpr std::uint8_t frame_head = 0xA5, frame_tail = 0x5A;
constexpr std::uint8_t head_escape = 0xA6, tail_escape = 0x5B;
constexpr std::size_t head_length = 8;

constexpr bool needs_escape(std::uint8_t byte) {
  return byte == frame_head || byte == frame_tail || byte == head_escape || byte == tail_escape;
}

}  // namespace

Bytes wrap(ByteView packet) {
  const auto escapes = static_cast<std::size_t>(std::count_if(packet.begin(), packet.end(), needs_escape));
  Bytes out(head_length + packet.size() + escapes + 1, frame_head);
  auto to = out.begin() + head_length;
  for (const auto byte : packet) {
    if (!needs_escape(byte)) {
      *to++ = byte;
      continue;
    }
    const bool is_tail_pair = byte == frame_tail || byte == tail_escape;
    *to++ = is_tail_pair ? tail_escape : head_escape;
    *to++ = byte == frame_head || byte == frame_tail ? 2 : 1;
  }
  *to = frame_tail;
  return out;
}

void FrameSplitter::reset() {
  is_inside_ = false;
  escape_ = 0;
  packet_.clear();
}

void FrameSplitter::damaged() {
  ++counts_.damaged;
  reset();
}

std::optional<Bytes> FrameSplitter::end() {
  if (escape_ != 0) {
    damaged();
    return std::nullopt;
  }
  is_inside_ = false;
  if (packet_.empty()) {
    return std::nullopt;
  }
  ++counts_.frames;
  return std::exchange(packet_, {});
}

std::optional<Bytes> FrameSplitter::take(std::uint8_t byte) {
  if (byte == frame_head) {
    if (!packet_.empty() || escape_ != 0) {
      damaged();
    }
    is_inside_ = true;
    return std::nullopt;
  }
  if (!is_inside_) {
    return std::nullopt;
  }
  if (byte == frame_tail) {
    return end();
  }
  if (escape_ != 0) {
    const auto escape = std::exchange(escape_, std::uint8_t{0});
    if (byte != 1 && byte != 2) {
      damaged();
      return std::nullopt;
    }
    packet_.push_back(static_cast<std::uint8_t>(escape - (byte - 1)));
  } else if (byte == head_escape || byte == tail_escape) {
    escape_ = byte;
  } else {
    packet_.push_back(byte);
  }
  if (packet_.size() > longest) {
    damaged();
  }
  return std::nullopt;
}

}  // namespace lobby::board::onbon
