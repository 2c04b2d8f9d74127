#include "drivers/printer/answers.hpp"

#include <algorithm>
#include <iterator>

#include "drivers/printer/status_frames.hpp"

namespace lobby::printer::escpos {
namespace {

constexpr std::uint8_t xon = 0x11;
constexpr std::uint8_t xoff = 0x13;
constexpr std::uint8_t full_status = 0x0F;  ///< behind 10, of Custom's answer to DLE EOT 14h

constexpr bool has(std::uint8_t bits, std::uint8_t mask) {
  return (bits & mask) != 0;
}

/// Blocks of the family: process id and its like, info B, info A, ink, power-off notice, peripheral.
constexpr bool begins_block(std::uint8_t byte) {
  return byte == 0x37 || byte == 0x5F || byte == 0x3D || byte == 0x35 || byte == 0x3B || byte == 0x53;
}

}  // namespace

void add_real_time(int n, std::uint8_t bits, Condition& condition) {
  switch (n) {
    case 1:
      condition.offline |= has(bits, 0x08);
      break;
    case 2:
      condition.cover_open |= has(bits, 0x04);
      condition.paper_out |= has(bits, 0x20);
      break;
    case 3:
      condition.cutter |= has(bits, 0x08);
      condition.broken |= has(bits, 0x20) || has(bits, 0x04);
      condition.overheated |= has(bits, 0x40);
      break;
    case 4:
      condition.paper_low |= has(bits, 0x0C);
      condition.paper_out |= has(bits, 0x60);
      break;
    default:
      break;
  }
}

Decoder::Decoder(Profile::Status form, bool flow_bytes) : form_(form), flow_bytes_(flow_bytes) {}

void Decoder::reset() {
  place_ = Place::outside;
  size_ = 0;
}

std::optional<Answer> Decoder::take(std::uint8_t byte) {
  if (flow_bytes_ && (byte == xon || byte == xoff)) {
    return std::nullopt;
  }
  if (Profile::are_unmarked(form_)) {
    return unmarked(byte);
  }
  switch (place_) {
    case Place::block:
      return in_block(byte);
    case Place::frame:
      return in_frame(byte);
    default:
      return begin(byte);
  }
}

std::optional<Answer> Decoder::begin(std::uint8_t byte) {
  if ((byte & 0x93) == 0x12) {
    return RealTime{byte};
  }
  const bool begins_frame = form_ == Profile::Status::custom_full ? byte == 0x10 : (byte & 0x93) == 0x10;
  if (begins_block(byte) || begins_frame) {
    place_ = begins_block(byte) ? Place::block : Place::frame;
    held_[0] = byte;
    size_ = 1;
    return std::nullopt;
  }
  if ((byte & 0x90) == 0) {
    return InOrder{byte};
  }
  return std::nullopt;
}

std::optional<Answer> Decoder::in_block(std::uint8_t byte) {
  if (byte == 0) {
    auto answer = end_block();
    reset();
    return answer;
  }
  if (size_ == held_.size()) {
    reset();
    return Block{held_[0], false};
  }
  held_[size_++] = byte;
  return std::nullopt;
}

std::optional<Answer> Decoder::end_block() {
  const auto kind = held_[0];
  const auto* const begin = held_.data();
  const auto* const end = begin + size_;
  if (kind == 0x5F || kind == 0x3D) {
    Identity identity{kind, {}};
    std::copy_if(begin + 1, end, std::back_inserter(identity.text),
                 [](std::uint8_t c) { return c >= 0x20 && c < 0x7F; });
    return identity;
  }
  if (kind == 0x37 && size_ == 6 && held_[1] == 0x22) {
    return ProcessId{{held_[2], held_[3], held_[4], held_[5]}};
  }
  if (kind == 0x37 && size_ == 2 && held_[1] == 0x25) {
    return Cleared{};
  }
  const auto is_cause = [](std::uint8_t byte) { return byte >= 0x40 && byte <= 0x7F; };
  if (kind == 0x37 && size_ >= 2 && held_[1] == 0x23 && std::all_of(begin + 2, end, is_cause)) {
    Offline offline;
    offline.condition.offline = true;  // which of its bytes means which cause is not published
    return offline;
  }
  return Block{kind, true};
}

/// Is this no part of the frame that was begun? Then a part was lost, and something else begins.
bool Decoder::breaks_frame(std::uint8_t byte) const {
  switch (form_) {
    case Profile::Status::custom_full:
      return size_ == 1 && byte != full_status;
    case Profile::Status::snbc_t080aii:
      return size_ != 1 && (byte & 0x90) != 0;  // its second byte has bits of its own there
    default:
      return (byte & 0x90) != 0;
  }
}

std::optional<Answer> Decoder::in_frame(std::uint8_t byte) {
  if (breaks_frame(byte)) {
    reset();
    return begin(byte);
  }
  held_[size_++] = byte;
  if (size_ < frame_size(form_)) {
    return std::nullopt;
  }
  reset();
  return Automatic{read_frame(form_, held_.data())};
}

std::optional<Answer> Decoder::unmarked(std::uint8_t byte) {
  const auto whole = frame_size(form_);
  if (size_ == whole) {
    return std::nullopt;  // nobody asked for this
  }
  held_[size_++] = byte;
  return size_ < whole ? std::nullopt : std::optional<Answer>(Automatic{read_frame(form_, held_.data())});
}

}  // namespace lobby::printer::escpos
