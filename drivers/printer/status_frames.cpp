#include "drivers/printer/status_frames.hpp"

namespace lobby::printer::escpos {
namespace {

constexpr bool any_of(std::uint8_t bits, std::uint8_t mask) {
  return (bits & mask) != 0;
}

/// GS a: paper stands at 03 and 0C, not at 0C and 60 as in the answer to DLE EOT 4.
Condition epson(const std::uint8_t* frame) {
  Condition condition;
  condition.offline = any_of(frame[0], 0x08);
  condition.cover_open = any_of(frame[0], 0x20);
  condition.cutter = any_of(frame[1], 0x08);
  condition.broken = any_of(frame[1], 0x20) || any_of(frame[1], 0x04);
  condition.overheated = any_of(frame[1], 0x40);
  if (!condition.cover_open) {  // else the paper hangs in the air before the sensors
    condition.paper_low = any_of(frame[2], 0x03);
    condition.paper_out = any_of(frame[2], 0x0C);
  }
  return condition;
}

/// Epson's, but for the second byte: 04 jam sensor, 10 paper not loaded, and 80, which is no fault; and the
/// third: 40 printing.
Condition snbc_t080aii(const std::uint8_t* frame) {
  Condition condition = epson(frame);
  condition.broken = any_of(frame[1], 0x20);
  condition.jammed = any_of(frame[1], 0x04) || any_of(frame[1], 0x10);
  condition.printing = any_of(frame[2], 0x40);
  return condition;
}

Condition snbc_bk_c310(const std::uint8_t* frame) {
  Condition condition;
  condition.paper_low = any_of(frame[0], 0x01);
  condition.cover_open = any_of(frame[0], 0x02);
  condition.paper_out = any_of(frame[0], 0x04) || (frame[4] & 0x06) == 0x06;
  condition.overheated = any_of(frame[0], 0x08);
  condition.cutter = any_of(frame[0], 0x10);
  condition.jammed = any_of(frame[0], 0x20) || any_of(frame[1], 0x02 | 0x04 | 0x10);
  condition.in_outlet = any_of(frame[1], 0x01);
  return condition;
}

Condition snbc_byte(std::uint8_t bits) {
  Condition condition;
  condition.cover_open = any_of(bits, 0x01);
  condition.paper_out = any_of(bits, 0x02);
  condition.cutter = any_of(bits, 0x04);
  condition.overheated = any_of(bits, 0x08);
  condition.paper_low = any_of(bits, 0x10);
  condition.jammed = any_of(bits, 0x20 | 0x40 | 0x80);
  return condition;
}

/// 10 0F, paper, user, recoverable errors, others.
Condition custom_full(const std::uint8_t* frame) {
  Condition condition;
  const auto paper = frame[2], user = frame[3], recoverable = frame[4], unrecoverable = frame[5];
  condition.paper_out = any_of(paper, 0x01);
  condition.paper_low = any_of(paper, 0x04) || any_of(paper, 0x40);
  condition.in_outlet = any_of(paper, 0x20);
  condition.cover_open = any_of(user, 0x01) || any_of(user, 0x02);
  condition.printing = any_of(user, 0x04) || any_of(user, 0x08);
  condition.overheated = any_of(recoverable, 0x01) || any_of(recoverable, 0x08);
  condition.broken = any_of(recoverable, 0x02) || unrecoverable != 0;
  return condition;
}

}  // namespace

std::size_t frame_size(Profile::Status form) {
  switch (form) {
    case Profile::Status::snbc_bk_c310:
    case Profile::Status::custom_full:
      return 6;
    case Profile::Status::snbc_byte:
      return 1;
    default:
      return 4;
  }
}

Condition read_frame(Profile::Status form, const std::uint8_t* frame) {
  switch (form) {
    case Profile::Status::snbc_t080aii:
      return snbc_t080aii(frame);
    case Profile::Status::snbc_bk_c310:
      return snbc_bk_c310(frame);
    case Profile::Status::snbc_byte:
      return snbc_byte(*frame);
    case Profile::Status::custom_full:
      return custom_full(frame);
    default:
      return epson(frame);
  }
}

}  // namespace lobby::printer::escpos
