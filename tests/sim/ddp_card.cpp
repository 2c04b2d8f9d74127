#include "tests/sim/ddp_card.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

namespace lobby::sim {
namespace {

constexpr std::size_t ddp_head = 10;
constexpr std::size_t ddp_timecode = 4;
constexpr std::size_t ddp_most = 1440;
constexpr unsigned version_mask = 0xC0, version_one = 0x40;
constexpr unsigned has_timecode = 0x10, stores = 0x08, replies = 0x04, queries = 0x02, pushes = 0x01;
constexpr std::uint8_t rgb = 0x0B, rgbw = 0x1B, any_pixels = 0x00;
constexpr std::uint8_t display_id = 1, status_id = 251, all_ids = 255;
constexpr std::uint8_t sequences = 15;

/// White is added to all three.
Bytes without_white(std::span<const std::uint8_t> data) {
  Bytes out;
  for (std::size_t i = 0; i + 3 < data.size(); i += 4) {
    for (std::size_t n = 0; n < 3; ++n) {
      out.push_back(static_cast<std::uint8_t>(std::min(255, data[i + n] + data[i + 3])));
    }
  }
  return out;
}

}  // namespace

DdpCard::DdpCard(BoardShape shape, milliseconds hold)
    : BoardCard(std::move(shape)), hold_(hold), glass_(BoardCard::shape().width, BoardCard::shape().height) {}

const char* DdpCard::fault_of(const Packet& packet) const {
  if ((packet.flags & version_mask) != version_one || (packet.flags & 0x20U) != 0) {
    return "version";
  }
  if ((packet.flags & replies) != 0) {
    return "reply";
  }
  if ((packet.flags & stores) != 0) {
    return "storage";
  }
  if (packet.sequence > sequences) {
    return "sequence";
  }
  if (packet.id != display_id && packet.id != all_ids) {
    return "id";
  }
  const bool is_rgbw = packet.type == rgbw;
  if (packet.type != rgb && packet.type != any_pixels && !is_rgbw) {
    return "type";
  }
  const std::size_t depth = is_rgbw ? 4 : 3;
  const std::size_t whole = glass_.size() / 3 * depth;
  if (packet.offset > whole || packet.data.size() > whole - packet.offset) {
    return "offset";
  }
  // Pixels may be split between packets, but not with white in them.
  return is_rgbw && (packet.offset % 4 != 0 || packet.data.size() % 4 != 0) ? "offset" : "";
}

bool DdpCard::follows(std::uint8_t sequence) {
  if (sequence == 0) {
    return true;
  }
  if (sequence == last_sequence_) {
    return false;
  }
  gaps_ += last_sequence_ != 0 && sequence != last_sequence_ % sequences + 1 ? 1 : 0;
  last_sequence_ = sequence;
  return true;
}

void DdpCard::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  ByteReader reader(bytes);
  Packet packet;
  packet.flags = reader.u8();
  packet.sequence = reader.u8();
  packet.type = reader.u8();
  packet.id = reader.u8();
  packet.offset = reader.be32();
  const std::size_t length = reader.be16();
  reader.skip((packet.flags & has_timecode) != 0 ? ddp_timecode : 0);
  packet.data = reader.rest();
  if (!reader.is_ok() || bytes.size() < ddp_head || length > ddp_most || packet.data.size() != length) {
    refuse("length");
    return;
  }
  if ((packet.flags & queries) != 0 && packet.id == status_id &&
      (packet.flags & version_mask) == version_one) {
    take(now);
    tell_state(now);
    return;
  }
  if (const std::string_view why = (packet.flags & queries) != 0 ? "query" : fault_of(packet); !why.empty()) {
    refuse(why);
    return;
  }
  if (!follows(packet.sequence)) {
    refuse("repeated");
    return;
  }
  take(now);
  heard_ = now;
  const bool is_rgbw = packet.type == rgbw;
  const Bytes plain = is_rgbw ? without_white(packet.data) : Bytes();
  glass_.write(is_rgbw ? packet.offset / 4 * 3 : packet.offset, is_rgbw ? std::span(plain) : packet.data);
  if ((packet.flags & pushes) != 0) {
    flip(glass_.flip());
    glass_.begin_frame();
  }
}

void DdpCard::tell_state(TimePoint) {
  const std::string text = boost::json::serialize(boost::json::object{
      {"status", {{"man", "lobby-sim"}, {"mod", "board"}, {"ver", "1"}, {"push", true}}}});
  Bytes out{version_one | replies | pushes, 0, 0, status_id};
  put_be(out, 0, 4);
  put_be(out, static_cast<std::uint32_t>(text.size()), 2);
  out.insert(out.end(), text.begin(), text.end());
  answer(std::move(out));
}

std::optional<TimePoint> DdpCard::next_own() const {
  return heard_ && hold_.count() > 0 ? std::optional(*heard_ + hold_) : std::nullopt;
}

void DdpCard::happen(TimePoint) {
  forget();
}

void DdpCard::forget() {
  heard_.reset();
  glass_.clear();
  last_sequence_ = 0;
}

void DdpCard::describe(boost::json::object& into, TimePoint) const {
  into["streaming"] = heard_.has_value();
  into["gaps"] = gaps_;
}

}  // namespace lobby::sim
