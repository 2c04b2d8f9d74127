#include "tests/sim/e131_card.hpp"

#include <algorithm>

namespace lobby::sim {
namespace {

constexpr std::size_t universe_bytes = 510;  ///< 170 whole pixels
constexpr std::size_t most_slots = 512;
constexpr std::size_t data_head = 126;
constexpr std::size_t sync_size = 49;
constexpr milliseconds source_lost_after{2500};
constexpr std::uint8_t is_preview = 0x80, is_terminated = 0x40;
constexpr std::uint8_t most_priority = 200;
constexpr int out_of_order = -20;
constexpr std::array<std::uint8_t, 16> root_begin{0x00, 0x10, 0x00, 0x00, 'A', 'S', 'C', '-',
                                                  'E',  '1',  '.',  '1',  '7', 0,   0,   0};

/// 7 and how much of the packet is left.
bool has_length(std::uint16_t word, std::size_t length) {
  return word == (0x7000U | length);
}

bool has_root(ByteReader& from, std::size_t size, std::uint32_t vector) {
  const auto begin = from.take(root_begin.size());
  return std::equal(begin.begin(), begin.end(), root_begin.begin(), root_begin.end()) &&
         has_length(from.be16(), size - root_begin.size()) && from.be32() == vector;
}

}  // namespace

E131Card::E131Card(BoardShape shape, std::uint16_t first_universe)
    : BoardCard(std::move(shape)),
      first_(first_universe),
      glass_(BoardCard::shape().width, BoardCard::shape().height),
      universes_((glass_.size() + universe_bytes - 1) / universe_bytes) {}

bool E131Card::is_data(std::span<const std::uint8_t> bytes, Packet& packet) {
  constexpr std::array<std::uint8_t, 6> property{0x02, 0xA1, 0x00, 0x00, 0x00, 0x01};
  ByteReader reader(bytes);
  if (!has_root(reader, bytes.size(), 4)) {
    return false;
  }
  const auto cid = reader.take(packet.source.size());
  const bool has_framing = has_length(reader.be16(), bytes.size() - 38) && reader.be32() == 2;
  reader.skip(64);
  packet.priority = reader.u8();
  packet.sync = reader.be16();
  packet.sequence = reader.u8();
  packet.options = reader.u8();
  packet.universe = reader.be16();
  const bool has_layer = has_length(reader.be16(), bytes.size() - 115);
  const auto values = reader.take(property.size());
  const std::size_t count = reader.be16();
  packet.start_code = reader.u8();
  packet.slots = reader.rest();
  if (!reader.is_ok() || bytes.size() < data_head || !has_framing || !has_layer ||
      !std::equal(values.begin(), values.end(), property.begin()) || count != packet.slots.size() + 1 ||
      packet.slots.size() > most_slots) {
    return false;
  }
  std::copy(cid.begin(), cid.end(), packet.source.begin());
  return true;
}

void E131Card::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  if (bytes.size() == sync_size) {
    hear_sync(bytes, now);
    return;
  }
  Packet packet;
  if (!is_data(bytes, packet)) {
    refuse("layout");
    return;
  }
  const std::size_t place = static_cast<std::size_t>(packet.universe - first_);
  if (packet.universe < first_ || place >= universes_.size()) {
    refuse("universe");
    return;
  }
  if (const std::string_view why = fault_of(packet, universes_[place]); !why.empty()) {
    refuse(why);
    return;
  }
  take_data(packet, place, now);
}

const char* E131Card::fault_of(const Packet& packet, const Universe& universe) const {
  if (packet.priority > most_priority) {
    return "priority";
  }
  if (packet.start_code != 0) {
    return "start_code";
  }
  if ((packet.options & is_preview) != 0) {
    return "preview";
  }
  if (!universe.has_source) {
    return (packet.options & is_terminated) != 0 ? "terminated" : "";
  }
  if (packet.source != universe.source) {
    return packet.priority <= universe.priority ? "other_source" : "";
  }
  const int apart = (packet.sequence - universe.sequence) & 0xFF;
  const int ahead = apart > 0x7F ? apart - 0x100 : apart;
  return ahead <= 0 && ahead > out_of_order ? "sequence" : "";
}

void E131Card::take_data(const Packet& packet, std::size_t place, TimePoint now) {
  Universe& universe = universes_[place];
  take(now);
  if ((packet.options & is_terminated) != 0) {
    ++sources_ended_;
    lose(place);
    return;
  }
  universe.has_source = true;
  universe.source = packet.source;
  universe.priority = packet.priority;
  universe.sequence = packet.sequence;
  universe.heard = now;
  universe.sync = packet.sync;
  if (packet.sync != 0) {
    universe.pending.assign(packet.slots.begin(), packet.slots.end());
    return;
  }
  universe.pending.clear();
  // Senders go through the universes in order: a lower one, or the same, is of the next frame.
  if (place <= last_place_) {
    glass_.begin_frame();
  }
  last_place_ = place;
  write(place, packet.slots);
  if (!flips_at_) {
    flips_at_ = now + shape().processing;
  }
}

void E131Card::hear_sync(std::span<const std::uint8_t> bytes, TimePoint now) {
  ByteReader reader(bytes);
  const bool has_layers = has_root(reader, bytes.size(), 8) && (reader.skip(16), true) &&
                          has_length(reader.be16(), bytes.size() - 38) && reader.be32() == 1;
  reader.skip(1);  // sequence
  const std::uint16_t sync = reader.be16();
  if (!has_layers || sync == 0) {
    refuse("layout");
    return;
  }
  const bool is_awaited = std::any_of(universes_.begin(), universes_.end(), [&](const Universe& universe) {
    return universe.sync == sync && !universe.pending.empty();
  });
  if (!is_awaited) {
    refuse("sync");
    return;
  }
  take(now);
  glass_.begin_frame();
  for (std::size_t place = 0; place < universes_.size(); ++place) {
    if (universes_[place].sync == sync && !universes_[place].pending.empty()) {
      write(place, universes_[place].pending);
      universes_[place].pending.clear();
    }
  }
  flip(glass_.flip());
}

void E131Card::write(std::size_t place, std::span<const std::uint8_t> slots) {
  const std::size_t offset = place * universe_bytes;
  const std::size_t room = std::min(universe_bytes, glass_.size() - offset);
  glass_.write(offset, slots.first(std::min(slots.size(), room)));
}

void E131Card::lose(std::size_t place) {
  universes_[place] = {};
  glass_.clear(place * universe_bytes, universe_bytes);
}

std::optional<TimePoint> E131Card::next_own() const {
  std::optional<TimePoint> first = flips_at_;
  for (const Universe& universe : universes_) {
    if (universe.has_source && (!first || universe.heard + source_lost_after < *first)) {
      first = universe.heard + source_lost_after;
    }
  }
  return first;
}

void E131Card::happen(TimePoint now) {
  if (flips_at_ && *flips_at_ <= now) {
    flips_at_.reset();
    flip(glass_.flip());
  }
  for (std::size_t place = 0; place < universes_.size(); ++place) {
    if (universes_[place].has_source && universes_[place].heard + source_lost_after <= now) {
      ++sources_lost_;
      lose(place);
    }
  }
}

void E131Card::forget() {
  std::fill(universes_.begin(), universes_.end(), Universe());
  glass_.clear();
  flips_at_.reset();
}

void E131Card::describe(boost::json::object& into, TimePoint) const {
  into["first_universe"] = first_;
  into["universes"] = universes_.size();
  into["streaming"] = std::count_if(universes_.begin(), universes_.end(),
                                    [](const Universe& universe) { return universe.has_source; });
  into["sources_lost"] = sources_lost_;
  into["sources_ended"] = sources_ended_;
}

}  // namespace lobby::sim
