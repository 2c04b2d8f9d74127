#include "drivers/board/colorlight.hpp"

#include <algorithm>
#include <array>

namespace lobby::board::colorlight {
namespace {

constexpr std::array<std::uint8_t, 12> addresses{0x11, 0x22, 0x33, 0x44, 0x55, 0x66,
                                                 0x22, 0x22, 0x33, 0x44, 0x55, 0x66};
constexpr std::size_t head_bytes = addresses.size() + 1;
constexpr std::uint8_t show_type = 0x01, discover_type = 0x07, answer_type = 0x08, brightness_type = 0x0A,
                       row_type = 0x55;

/// A frame of this size, zeros behind its type.
Bytes frame_of(std::uint8_t type, std::size_t size) {
  Bytes out(size);
  std::copy(addresses.begin(), addresses.end(), out.begin());
  out[addresses.size()] = type;
  return out;
}

}  // namespace

Bytes row_frame(const Settings& settings, int y, int x, ByteView rgb) {
  constexpr std::size_t row_head = 8;
  const auto pixels = std::min(row_pixels, rgb.size() / 3);
  Bytes out;
  out.reserve(head_bytes + row_head + pixels * 3);
  put(out, addresses);
  out.push_back(row_type);
  put_be(out, static_cast<unsigned>(y), 2);
  put_be(out, static_cast<unsigned>(x), 2);
  put_be(out, pixels, 2);
  out.push_back(0x08);
  out.push_back(0x88);
  put(out, rgb.first(pixels * 3));
  if (settings.is_bgr) {
    for (auto at = out.begin() + head_bytes + row_head; at != out.end(); at += 3) {
      std::swap(at[0], at[2]);
    }
  }
  return out;
}

Bytes brightness_frame(const Settings& settings) {
  auto out = frame_of(brightness_type, 77);
  std::fill_n(out.begin() + head_bytes, 3, settings.brightness);
  out[head_bytes + 3] = 0xFF;
  return out;
}

Bytes show_frame(const Settings& settings) {
  auto out = frame_of(show_type, 112);
  out[head_bytes] = 0x07;
  out[head_bytes + 22] = settings.brightness;
  out[head_bytes + 23] = 0x05;
  std::fill_n(out.begin() + head_bytes + 25, 3, settings.brightness);
  return out;
}

Bytes discover_frame(std::uint8_t receiver) {
  auto out = frame_of(discover_type, 284);
  out[head_bytes + 3] = receiver;
  return out;
}

std::optional<Receiver> parse_receiver(ByteView frame) {
  constexpr std::size_t least = head_bytes + 50;
  if (frame.size() < least || frame[addresses.size()] != answer_type || frame[head_bytes] != 0x05) {
    return std::nullopt;
  }
  Receiver receiver;
  receiver.firmware_major = frame[head_bytes + 2];
  receiver.firmware_minor = frame[head_bytes + 3];
  receiver.received_packets = static_cast<std::uint32_t>(Reader(frame.subspan(head_bytes + 38)).be(4));
  receiver.uptime_ms = static_cast<std::uint32_t>(Reader(frame.subspan(head_bytes + 46)).be(4));
  return receiver;
}

}  // namespace lobby::board::colorlight
