#include "drivers/printer/escpos.hpp"

namespace lobby::printer::escpos {
namespace {

constexpr std::uint8_t xon = 0x11;
constexpr std::uint8_t xoff = 0x13;

constexpr bool has(std::uint8_t bits, std::uint8_t mask) {
  return (bits & mask) != 0;
}

/// Blocks of the family: process id and its like, info B, info A, ink, power-off notice, peripheral.
constexpr bool begins_block(std::uint8_t byte) {
  return byte == 0x37 || byte == 0x5F || byte == 0x3D || byte == 0x35 || byte == 0x3B || byte == 0x53;
}

/// ASB puts paper at 03 and 0C, DLE EOT 4 at 0C and 60.
Condition condition_of(const std::uint8_t* frame) {
  Condition condition;
  condition.offline = has(frame[0], 0x08);
  condition.cover_open = has(frame[0], 0x20);
  condition.cutter = has(frame[1], 0x08);
  condition.broken = has(frame[1], 0x20) || has(frame[1], 0x04);
  condition.overheated = has(frame[1], 0x40);
  condition.paper_low = has(frame[2], 0x03);
  condition.paper_out = has(frame[2], 0x0C);
  return condition;
}

}  // namespace

bool Condition::can_print() const {
  return !(offline || cover_open || paper_out || cutter || broken || overheated);
}

std::string_view Condition::reason() const {
  if (cover_open) {
    return "cover open";  // the paper sensors mean nothing then
  }
  if (paper_out) {
    return "paper out";
  }
  if (cutter) {
    return "cutter jammed";
  }
  if (broken) {
    return "printer error";
  }
  if (overheated) {
    return "too hot";
  }
  if (offline) {
    return "off line";
  }
  return paper_low ? "paper low" : "";
}

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

std::optional<Answer> Decoder::take(std::uint8_t byte) {
  if (byte == xon || byte == xoff) {
    return std::nullopt;
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

void Decoder::reset() {
  place_ = Place::outside;
  size_ = 0;
}

std::optional<Answer> Decoder::begin(std::uint8_t byte) {
  if ((byte & 0x93) == 0x12) {
    return RealTime{byte};
  }
  if (begins_block(byte) || (byte & 0x93) == 0x10) {
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
  const auto kind = held_[0];
  if (byte != 0) {
    if (size_ == held_.size()) {
      reset();
      return Block{kind, false};
    }
    held_[size_++] = byte;
    return std::nullopt;
  }
  const auto size = size_;
  reset();
  if (kind == 0x37 && size == 6 && held_[1] == 0x22) {
    return ProcessId{{held_[2], held_[3], held_[4], held_[5]}};
  }
  return Block{kind, true};
}

std::optional<Answer> Decoder::in_frame(std::uint8_t byte) {
  if ((byte & 0x90) != 0) {
    // No second, third or fourth byte of a frame: a part was lost, and something else begins.
    reset();
    return begin(byte);
  }
  held_[size_++] = byte;
  if (size_ < 4) {
    return std::nullopt;
  }
  reset();
  return Automatic{condition_of(held_.data())};
}

}  // namespace lobby::printer::escpos
