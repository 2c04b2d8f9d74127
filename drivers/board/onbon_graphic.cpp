#include "drivers/board/onbon_graphic.hpp"

#include <algorithm>
#include <numeric>

#include "drivers/board/checksums.hpp"
#include "drivers/board/onbon_frame.hpp"

namespace lobby::board::onbon {
namespace {

constexpr std::uint8_t version_g5 = 0x05, version_g6 = 0x07, version_area = 0xF0;
constexpr std::size_t head_g5 = 27, head_g6 = 28, head_of_areas = 16;
constexpr std::uint8_t barcode_follows = 0x02;
constexpr std::size_t barcode_bytes = 16;
constexpr std::uint8_t not_encrypted = 0x96;
constexpr std::uint8_t answer_bit = 0x80;

std::uint8_t xor_of(ByteView bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), std::uint8_t{0},
                         [](unsigned sum, std::uint8_t byte) { return byte_of(sum ^ byte); });
}

Bytes frame_of(const Envelope& envelope, ByteView body) {
  const bool is_g6 = envelope.generation == Generation::g6;
  Bytes packet;
  packet.reserve(head_g6 + body.size());
  put_le(packet, any_card, 2);
  put_le(packet, host_address, 2);
  packet.push_back(is_g6 ? version_g6 : version_g5);
  packet.push_back(0);
  put_le(packet, envelope.type, 2);
  packet.push_back(is_g6 ? 0 : 1);
  packet.push_back(0);
  put_le(packet, envelope.sequence, 2);
  if (is_g6) {
    put_le(packet, 0x0190, 2);  // the longest frame, in units of 16
  } else {
    put_be(packet, 0x0090, 2);
  }
  packet.push_back(not_encrypted);
  packet.push_back(envelope.random);
  put_zeros(packet, 6);
  put_le(packet, body.size(), 2);
  put_le(packet, crc16_arc(body), 2);
  if (is_g6) {
    packet.push_back(0);
  }
  packet.push_back(xor_of(packet));
  put(packet, body);
  return wrap(packet);
}

Bytes order(const Envelope& envelope, std::uint8_t command, ByteView data = {}) {
  Bytes body{1, 0xA2, command};
  put_le(body, data.size(), 2);
  put(body, data);
  return frame_of(envelope, body);
}

/// The body of a frame with a short head, checked as far as its head says what it should be.
std::optional<ByteView> checked_body(ByteView packet, std::size_t head) {
  if (packet.size() < head) {
    return std::nullopt;
  }
  const bool has_barcode = (packet[9] & barcode_follows) != 0;
  const auto begin = head + (has_barcode ? barcode_bytes : 0);
  // Behind the barcode the head goes on.
  const auto lengths = begin - (head == head_g6 ? 6 : 5);
  if (packet.size() < begin || xor_of(packet.first(begin)) != 0) {
    return std::nullopt;
  }
  Reader reader(packet.subspan(lengths));
  const std::size_t size = reader.le16();
  const auto crc = reader.le16();
  const auto body = packet.subspan(begin);
  if (body.size() < size || crc16_arc(body.first(size)) != crc) {
    return std::nullopt;
  }
  return body.first(size);
}

std::optional<ByteView> area_body(ByteView packet) {
  if (packet.size() < head_of_areas + 2 || crc16_arc(packet) != 0) {
    return std::nullopt;
  }
  return packet.subspan(head_of_areas, packet.size() - head_of_areas - 2);
}

}  // namespace

Bytes graphic_ping(const Envelope& envelope) {
  return order(envelope, 0x00);
}

Bytes graphic_clock(const Envelope& envelope, const LocalTime& time) {
  const std::array data{bcd(time.year % 100), bcd(time.year / 100), bcd(time.month),  bcd(time.day),
                        bcd(time.hour),       bcd(time.minute),     bcd(time.second), bcd(time.weekday)};
  return order(envelope, 0x02, data);
}

Bytes graphic_power(const Envelope& envelope, bool on) {
  const std::uint8_t data = on ? 1 : 0;
  return order(envelope, 0x05, {&data, 1});
}

Bytes graphic_timetable(const Envelope& envelope, const std::vector<OnSpan>& spans) {
  if (spans.empty()) {
    return order(envelope, 0x08);
  }
  const auto count = std::min<std::size_t>(spans.size(), 255);
  Bytes data{byte_of(count)};
  for (const auto& span : std::span(spans).first(count)) {
    for (const auto number : {span.on_hour, span.on_minute, span.off_hour, span.off_minute}) {
      data.push_back(bcd(number));
    }
  }
  return order(envelope, 0x06, data);
}

Bytes graphic_brightness(const Envelope& envelope, BrightnessMode mode,
                         const std::array<std::uint8_t, 48>& half_hours) {
  Bytes data{static_cast<std::uint8_t>(mode)};
  put(data, half_hours);
  return order(envelope, 0x07, data);
}

Bytes graphic_status(const Envelope& envelope) {
  return order(envelope, 0x0F);
}

std::optional<GraphicAnswer> parse_graphic_answer(ByteView packet) {
  if (packet.size() < 5) {
    return std::nullopt;
  }
  std::optional<ByteView> body;
  if (packet[4] == version_g5 || packet[4] == version_g6) {
    body = checked_body(packet, packet[4] == version_g5 ? head_g5 : head_g6);
  } else if (packet[4] == version_area) {
    body = area_body(packet);
  }
  if (!body || body->size() < 3) {
    return std::nullopt;
  }
  Reader reader(*body);
  GraphicAnswer answer;
  static_cast<void>(reader.take(1));
  answer.group = reader.u8();
  answer.command = reader.u8() & static_cast<std::uint8_t>(~answer_bit);
  static_cast<void>(reader.take(2));  // a status that nobody has written down
  answer.error = reader.le16();
  if (!reader.whole()) {
    answer.error = 0;
  }
  static_cast<void>(reader.take(2));
  answer.data.assign(reader.rest().begin(), reader.rest().end());
  return answer;
}

std::optional<GraphicIdentity> parse_graphic_identity(const GraphicAnswer& answer) {
  if (answer.group != 0xA2 || answer.command != 0x00 || !answer.is_ok()) {
    return std::nullopt;
  }
  Reader reader(answer.data);
  GraphicIdentity identity;
  identity.type = reader.le16();
  const auto firmware = reader.take(identity.firmware.size());
  std::copy(firmware.begin(), firmware.end(), identity.firmware.begin());
  identity.is_set_up = reader.u8() != 0;
  static_cast<void>(reader.take(3));  // address and baud rate of a serial line
  identity.width = reader.le16();
  identity.height = reader.le16();
  identity.colour = reader.u8();
  if (!reader.whole()) {
    return std::nullopt;
  }
  if (const auto brightness = reader.u8(); reader.whole()) {
    identity.brightness = brightness;
  }
  if (const auto on = reader.u8(); reader.whole()) {
    identity.on = on != 0;
  }
  return identity;
}

std::optional<GraphicStatus> parse_graphic_status(const GraphicAnswer& answer) {
  if (answer.group != 0xA2 || answer.command != 0x0F || !answer.is_ok()) {
    return std::nullopt;
  }
  Reader reader(answer.data);
  GraphicStatus status;
  status.on = reader.u8() != 0;
  static_cast<void>(reader.take(1));  // whether a timetable rules it
  status.brightness_mode = static_cast<BrightnessMode>(std::min<std::uint8_t>(reader.u8(), 2));
  status.brightness = reader.u8();
  status.programmes = reader.le16();
  return reader.whole() ? std::optional(status) : std::nullopt;
}

}  // namespace lobby::board::onbon
