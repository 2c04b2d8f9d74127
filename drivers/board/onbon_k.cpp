#include "drivers/board/onbon_k.hpp"

#include <algorithm>
#include <numeric>

#include "drivers/board/checksums.hpp"
#include "drivers/board/onbon_frame.hpp"

namespace lobby::board::onbon {
namespace {

constexpr std::size_t k_head_bytes = 14, k_check_bytes = 2;
constexpr std::size_t k_area_bytes = 27;  ///< of one area, without its text
constexpr std::uint16_t in_pixels = 0x8000;
constexpr std::uint8_t protocol_version = 2;

struct Order {
  std::uint8_t group, command;
  KTextHead reserved;
};

std::uint16_t check_of(KTarget::Check check, ByteView bytes) {
  switch (check) {
    case KTarget::Check::crc16:
      return crc16_arc(bytes);
    case KTarget::Check::sum16:
      return static_cast<std::uint16_t>(std::accumulate(bytes.begin(), bytes.end(), 0U) & 0xFFFFU);
    case KTarget::Check::none:
      break;
  }
  return 0;
}

Bytes frame_of(const KTarget& target, const Order& order, ByteView payload = {}) {
  Bytes packet;
  packet.reserve(k_head_bytes + 5 + payload.size() + k_check_bytes);
  put_le(packet, target.screen, 2);
  put_le(packet, host_address, 2);
  put_zeros(packet, 4);
  packet.push_back(static_cast<std::uint8_t>(target.check));
  packet.push_back(target.dynamic_first ? 1 : 0);
  packet.push_back(target.device_type);
  packet.push_back(protocol_version);
  put_le(packet, 5 + payload.size(), 2);
  packet.push_back(order.group);
  packet.push_back(order.command);
  packet.push_back(target.answers && target.screen != KTarget::any_screen ? 1 : 2);
  packet.push_back(order.reserved.process);
  packet.push_back(order.reserved.second);
  put(packet, payload);
  put_le(packet, check_of(target.check, packet), 2);
  return wrap(packet);
}

/// X and width: in units of eight pixels where that says it.
std::uint16_t across(std::uint16_t pixels) {
  return pixels % 8 == 0 ? static_cast<std::uint16_t>(pixels / 8)
                         : static_cast<std::uint16_t>(pixels | in_pixels);
}

char colour_code(Rgb colour) {
  const auto lamps = lamps_of(colour);
  if (lamps.red && lamps.green) {
    return '3';
  }
  return lamps.green ? '2' : '1';
}

}  // namespace

Bytes k_text(const KArea& area, const std::vector<TextLine>& lines, TextLosses& losses) {
  Bytes out;
  put_text(out, area.font);
  for (const auto& line : lines) {
    if (&line != &lines.front()) {
      put_text(out, area.line_break);
    }
    if (area.colours) {
      const std::array<char, 3> code{'\\', 'C', colour_code(line.colour)};
      put_text(out, {code.data(), code.size()});
    }
    put_gbk(out, line.text, area.longest_text - std::min(area.longest_text, out.size()), losses);
  }
  return out;
}

Bytes k_ping(const KTarget& target) {
  return frame_of(target, {0xA2, 0x00, {}});
}

Bytes k_clear(const KTarget& target) {
  return frame_of(target, {0xA3, 0x10, {}});
}

Bytes k_clock(const KTarget& target, const LocalTime& time) {
  const std::array payload{bcd(time.year % 100), bcd(time.year / 100), bcd(time.month),  bcd(time.day),
                           bcd(time.hour),       bcd(time.minute),     bcd(time.second), bcd(time.weekday)};
  return frame_of(target, {0xA2, 0x03, {}}, payload);
}

Bytes k_brightness(const KTarget& target, std::uint8_t level,
                   const std::array<std::uint8_t, 48>& half_hours) {
  constexpr std::uint8_t by_hand = 1;
  Bytes payload{by_hand, level};
  put(payload, half_hours);
  return frame_of(target, {0xA3, 0x02, {}}, payload);
}

Bytes k_show(const KTarget& target, const KTextHead& head, const KArea& area, ByteView text) {
  Bytes payload{0, 1};  // none is deleted, one follows
  put_le(payload, k_area_bytes + text.size(), 2);
  payload.push_back(area.type);
  put_le(payload, across(area.x), 2);
  put_le(payload, area.y, 2);
  put_le(payload, across(area.width), 2);
  put_le(payload, area.height, 2);
  payload.push_back(area.number);
  payload.push_back(area.line_spacing);
  payload.push_back(static_cast<std::uint8_t>(area.run_mode));
  put_le(payload, area.timeout.count(), 2);
  put_zeros(payload, 2);  // no sound, no further parameters
  payload.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(area.horizontal) |
                                              static_cast<unsigned>(area.vertical) << 2U));
  payload.push_back(area.single_line ? 1 : 2);
  payload.push_back(area.automatic_wrap ? 2 : 1);
  payload.push_back(area.move);
  payload.push_back(0);  // no way out of its own
  payload.push_back(area.speed);
  payload.push_back(area.stay);
  put_le(payload, text.size(), 4);
  put(payload, text);
  return frame_of(target, {0xA3, 0x06, head}, payload);
}

Bytes k_delete_areas(const KTarget& target, ByteView numbers) {
  Bytes payload{numbers.empty() ? every_area : byte_of(numbers.size())};
  put(payload, numbers);
  payload.push_back(0);  // no area follows
  return frame_of(target, {0xA3, 0x06, {}}, payload);
}

std::optional<KAnswer> parse_k_answer(ByteView packet) {
  if (packet.size() < k_head_bytes + 3 + k_check_bytes) {
    return std::nullopt;
  }
  const auto said = packet.last(k_check_bytes);
  const auto check = static_cast<KTarget::Check>(packet[8]);
  if (check != KTarget::Check::none) {
    const auto counted = check_of(check == KTarget::Check::sum16 ? check : KTarget::Check::crc16,
                                  packet.first(packet.size() - k_check_bytes));
    if (said[0] != byte_of(counted) || said[1] != byte_of(counted >> 8U)) {
      return std::nullopt;
    }
  }
  Reader reader(packet.subspan(k_head_bytes, packet.size() - k_head_bytes - k_check_bytes));
  KAnswer answer;
  answer.group = reader.u8();
  answer.command = reader.u8();
  answer.error = reader.u8();
  static_cast<void>(reader.take(2));
  answer.data.assign(reader.rest().begin(), reader.rest().end());
  return answer;
}

}  // namespace lobby::board::onbon
