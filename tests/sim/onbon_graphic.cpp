#include "tests/sim/onbon_graphic.hpp"

#include <numeric>

namespace lobby::sim {
namespace {

constexpr std::uint8_t area_kind = 0xF0;
constexpr std::size_t area_header = 16;
constexpr std::size_t barcode_size = 16;
constexpr std::uint8_t barcode_option = 2;
constexpr std::uint8_t not_encrypted = 0x96;
constexpr std::uint16_t any_address = 0xFFFE;
constexpr std::uint16_t any_type = 0xFFFE;

std::uint16_t at16(std::span<const std::uint8_t> bytes, std::size_t place) {
  return static_cast<std::uint16_t>(bytes[place] | bytes[place + 1] << 8);
}

}  // namespace

OnbonGraphic::Identity OnbonGraphic::Identity::of(OnbonGeneration generation) {
  return generation == OnbonGeneration::six ? Identity{generation, 0x0174} : Identity{generation, 0x0154};
}

OnbonGraphic::OnbonGraphic(BoardShape shape, Identity identity, std::shared_ptr<const display::DotFont> font)
    : BoardCard(std::move(shape)),
      identity_(identity),
      font_(std::move(font)),
      areas_(BoardCard::shape(), *font_) {}

void OnbonGraphic::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  wire_.hear(
      bytes, [&](Bytes frame) { enqueue(std::move(frame), now); },
      [&](std::string_view why) { refuse(why); });
}

void OnbonGraphic::carry_out(const Bytes& frame, TimePoint now) {
  if (frame.size() < area_header) {
    refuse("length");
  } else if (frame[4] == area_kind) {
    carry_out_area(frame, now);
  } else if (frame[4] == (is_six() ? 0x07 : 0x05)) {
    carry_out_command(frame, now);
  } else {
    refuse("generation");
  }
}

std::size_t OnbonGraphic::header_size(std::span<const std::uint8_t> frame) const {
  const bool has_barcode = is_six() && (frame[9] & barcode_option) != 0;
  return (is_six() ? 28U : 27U) + (has_barcode ? barcode_size : 0);
}

bool OnbonGraphic::has_header_sum(std::span<const std::uint8_t> frame, std::size_t header) const {
  const auto covered = frame.first(header - 1);
  const auto sum = std::accumulate(covered.begin(), covered.end(), 0U,
                                   [](unsigned so_far, unsigned byte) { return so_far ^ byte; });
  return frame[header - 1] == sum;
}

bool OnbonGraphic::has_type(std::span<const std::uint8_t> frame) const {
  const std::uint16_t type = at16(frame, 6);
  return type == any_type || type == identity_.type;
}

bool OnbonGraphic::read_body(std::span<const std::uint8_t> bytes, Body& body) {
  ByteReader reader(bytes);
  const std::uint8_t wants_answer = reader.u8();
  must_answer_ = wants_answer != 0;
  body.group = reader.u8();
  body.command = reader.u8();
  body.data = reader.take(reader.le16());
  return reader.is_spent() && wants_answer <= 1;
}

void OnbonGraphic::carry_out_command(std::span<const std::uint8_t> frame, TimePoint now) {
  const std::size_t header = header_size(frame);
  if (frame.size() < header || !has_header_sum(frame, header)) {
    refuse(frame.size() < header ? "length" : "header_sum");
    return;
  }
  const std::size_t shift = header - (is_six() ? 28 : 27);  // a barcode stands before the sequence
  const auto body_bytes = frame.subspan(header);
  sequence_ = at16(frame, 10 + shift);
  must_answer_ = true;
  if (at16(frame, 0) != any_address || frame[5] != 0 || frame[14 + shift] != not_encrypted ||
      frame[8] != (is_six() ? 0 : 1)) {
    refuse("header");
    return;
  }
  if (at16(frame, 22 + shift) != body_bytes.size()) {
    refuse("length");
    return;
  }
  Body body;
  Bytes data;
  OnbonError error = OnbonError::none;
  if (at16(frame, 24 + shift) != crc_arc(body_bytes)) {
    error = OnbonError::crc;
  } else if (!has_type(frame)) {
    error = OnbonError::controller_type;
  } else if (!read_body(body_bytes, body)) {
    error = OnbonError::parameter;
  } else if (nack()) {
    error = static_cast<OnbonError>(*nack());
  } else {
    error = obey(body, data, now);
  }
  conclude(body, error, data, now);
}

void OnbonGraphic::carry_out_area(std::span<const std::uint8_t> frame, TimePoint now) {
  ByteReader header(frame.subspan(12, 4));
  const std::size_t length = header.le32();
  if (frame.size() < area_header + 2 || length != frame.size() - area_header - 2) {
    refuse("length");
    return;
  }
  if (at16(frame, frame.size() - 2) != crc_arc(frame.first(frame.size() - 2))) {
    refuse("crc");  // what is wrong with it may be whom to answer
    return;
  }
  if (at16(frame, 0) != any_address || frame[5] != 0) {
    refuse("header");
    return;
  }
  sequence_ = 0;
  must_answer_ = true;
  Body body;
  OnbonError error = OnbonError::none;
  if (!has_type(frame)) {
    error = OnbonError::controller_type;
  } else if (!read_body(frame.subspan(area_header, length), body)) {
    error = OnbonError::parameter;
  } else if (nack()) {
    error = static_cast<OnbonError>(*nack());
  } else if (body.group != 0xA7) {
    error = OnbonError::group;
  } else if (!lies()) {
    error = body.command == 0   ? update(body.data, now)
            : body.command == 1 ? remove(body.data)
                                : OnbonError::command;
  }
  conclude(body, error, {}, now);
}

void OnbonGraphic::conclude(const Body& body, OnbonError error, const Bytes& data, TimePoint now) {
  const bool is_told_to = nack() && static_cast<int>(error) == *nack();
  if (error == OnbonError::none) {
    take(now);
  } else {
    refuse(is_told_to ? "told_to" : onbon_reason(error));
  }
  if (!must_answer_) {
    return;
  }
  Bytes out{0x00};
  if (error == OnbonError::none && !data.empty()) {
    out.insert(out.end(), {body.group, static_cast<std::uint8_t>(body.command | 0x80)});
  } else {
    out.insert(out.end(), {0xA0, static_cast<std::uint8_t>(error == OnbonError::none ? 0 : 1)});
  }
  put_le(out, 0, 2);
  put_le(out, static_cast<std::uint32_t>(error), 2);
  put_le(out, static_cast<std::uint32_t>(data.size()), 2);
  out.insert(out.end(), data.begin(), data.end());
  send(out);
}

void OnbonGraphic::send(const Bytes& body) {
  Bytes out{0x00, 0x80, 0xFE, 0xFF, static_cast<std::uint8_t>(is_six() ? 7 : 5), 0};
  put_le(out, identity_.type, 2);
  out.push_back(is_six() ? 0 : 1);
  out.push_back(0);
  put_le(out, sequence_, 2);
  out.push_back(is_six() ? 0x90 : 0x00);
  out.push_back(is_six() ? 0x01 : 0x90);
  out.push_back(not_encrypted);
  out.insert(out.end(), 7, 0);
  put_le(out, static_cast<std::uint32_t>(body.size()), 2);
  put_le(out, crc_arc(body), 2);
  if (is_six()) {
    out.push_back(0);
  }
  out.push_back(std::accumulate(
      out.begin(), out.end(), std::uint8_t{0},
      [](std::uint8_t sum, std::uint8_t byte) { return static_cast<std::uint8_t>(sum ^ byte); }));
  out.insert(out.end(), body.begin(), body.end());
  answer(OnbonWire::wrap(out));
}

void OnbonGraphic::forget() {
  areas_.reset();
  wire_.reset();
}

display::Picture OnbonGraphic::draw(TimePoint now) const {
  return is_lit(now) ? areas_.draw(now) : display::Picture(shape().width, shape().height);
}

}  // namespace lobby::sim
