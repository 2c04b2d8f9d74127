#include "tests/sim/onbon_k.hpp"

#include <numeric>

#include "tests/sim/onbon_k_text.hpp"

namespace lobby::sim {
namespace {

constexpr std::size_t k_head = 14;
constexpr std::size_t k_least = k_head + 5 + 2;
constexpr std::uint16_t any_screen = 0xFFFE;
constexpr std::uint8_t any_k_type = 0xFE;
constexpr std::uint8_t must_answer = 1;
constexpr std::size_t most_memory = 1024 * 1024;

std::uint16_t word_at(std::span<const std::uint8_t> frame, std::size_t place) {
  return static_cast<std::uint16_t>(frame[place] | frame[place + 1] << 8);
}

}  // namespace

OnbonK::OnbonK(BoardShape shape, Identity identity, std::shared_ptr<const display::DotFont> font)
    : BoardCard(std::move(shape)),
      identity_(identity),
      font_(std::move(font)),
      areas_(BoardCard::shape(), *font_) {}

void OnbonK::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  wire_.hear(
      bytes, [&](Bytes frame) { enqueue(std::move(frame), now); },
      [&](std::string_view why) { refuse(why); });
}

bool OnbonK::has_sum(std::span<const std::uint8_t> frame) const {
  const auto covered = frame.first(frame.size() - 2);
  const std::uint16_t told = word_at(frame, frame.size() - 2);
  switch (frame[8]) {
    case 0:
      return told == crc_arc(covered);
    case 1:
      return told == static_cast<std::uint16_t>(std::accumulate(covered.begin(), covered.end(), 0U));
    default:
      return frame[8] == 2;
  }
}

const char* OnbonK::head_fault(std::span<const std::uint8_t> frame) const {
  if (frame.size() < k_least || word_at(frame, 12) != frame.size() - k_head - 2) {
    return "length";
  }
  const std::uint16_t to = word_at(frame, 0);
  if (to != identity_.screen && to != any_screen) {
    return "other_screen";
  }
  return frame[11] == 2 ? "" : "version";
}

void OnbonK::carry_out(const Bytes& frame, TimePoint now) {
  if (const std::string_view why = head_fault(frame); !why.empty()) {
    refuse(why);
    return;
  }
  const auto data = std::span(frame).subspan(k_head);
  Request request{data[0], data[1], data[2], data[3], data.subspan(5, data.size() - 7)};
  if (word_at(frame, 0) == any_screen && request.response == must_answer && !has_sum(frame)) {
    refuse("crc");  // nobody knows whom it was for
    return;
  }
  OnbonError error = OnbonError::none;
  if (!has_sum(frame)) {
    error = OnbonError::crc;
  } else if (frame[10] != any_k_type && frame[10] != identity_.type) {
    error = OnbonError::controller_type;
  } else if (request.response != 1 && request.response != 2) {
    error = OnbonError::parameter;
  } else if (nack()) {
    error = static_cast<OnbonError>(*nack());
  } else if (!lies()) {
    error = obey(request, now);
  }
  reply(request, error, now);
}

void OnbonK::reply(const Request& request, OnbonError error, TimePoint now) {
  if (error == OnbonError::none) {
    take(now);
  } else {
    refuse(nack() && static_cast<int>(error) == *nack() ? "told_to" : onbon_reason(error));
  }
  if (request.response == 2) {
    return;
  }
  Bytes out{0x00, 0x80};
  put_le(out, identity_.screen, 2);
  out.insert(out.end(), {0, 0, 0, 0, 0, 0, identity_.type, 2, 5, 0, 0xA0,
                         static_cast<std::uint8_t>(error == OnbonError::none ? 0 : 1),
                         static_cast<std::uint8_t>(error), 0, 0});
  put_le(out, crc_arc(out), 2);
  answer(OnbonWire::wrap(out));
}

OnbonError OnbonK::obey(const Request& request, TimePoint now) {
  switch (request.group) {
    case 0xA1:
      return request.command == 5   ? start_file(ByteReader(request.payload))
             : request.command == 6 ? add_block(ByteReader(request.payload))
                                    : OnbonError::command;
    case 0xA2:
      return request.command == 0   ? OnbonError::none
             : request.command == 3 ? clock_.set(request.payload, now)
                                    : OnbonError::command;
    case 0xA3:
      return control(request, now);
    case 0xA4:
      // Mode, address, mask, gateway and port; it stays where it is.
      return request.command != 5                                           ? OnbonError::command
             : request.payload.size() == 15 && request.payload.front() <= 3 ? OnbonError::none
                                                                            : OnbonError::parameter;
    default:
      return OnbonError::group;
  }
}

OnbonError OnbonK::control(const Request& request, TimePoint now) {
  switch (request.command) {
    case 0x02:
      return set_brightness(request.payload);
    case 0x06:
      return change_areas(request, now);
    case 0x10:
      areas_.clear();
      flip();
      return OnbonError::none;
    default:
      return OnbonError::command;
  }
}

OnbonError OnbonK::set_brightness(std::span<const std::uint8_t> payload) {
  constexpr std::size_t half_hours = 48;
  if (payload.size() != 2 + half_hours || payload[1] < 1 || payload[1] > 16) {
    return OnbonError::parameter;
  }
  brightness_ = payload[1];
  return OnbonError::none;
}

OnbonError OnbonK::change_areas(const Request& request, TimePoint now) {
  constexpr std::uint8_t all = 0xFF;
  ByteReader reader(request.payload);
  const std::uint8_t deleted = reader.u8();
  const auto ids = reader.take(deleted == all ? 0 : deleted);
  const std::uint8_t count = reader.u8();
  std::vector<OnbonTextArea> areas;
  for (int n = 0; n < count; ++n) {
    OnbonError error = OnbonError::parameter;
    auto area = read_text_area(reader, shape(), *font_, error);
    if (!area) {
      return error;
    }
    areas.push_back(std::move(*area));
  }
  if (!reader.is_spent()) {
    return OnbonError::parameter;
  }
  if (deleted == all) {
    areas_.clear();
  }
  for (const std::uint8_t id : ids) {
    areas_.remove(id);
  }
  for (OnbonTextArea& one : areas) {
    one.area.updated = now;
    areas_.put(one.id, std::move(one.area));
  }
  flip();
  return OnbonError::none;
}

OnbonError OnbonK::start_file(ByteReader payload) {
  const bool overwrites = payload.u8() != 0;
  const auto name = payload.take(4);
  const std::uint32_t size = payload.le32();
  if (!payload.is_spent()) {
    return OnbonError::parameter;
  }
  std::size_t stored = 0;
  for (const auto& [key, file] : files_) {
    stored += file.size;
  }
  const std::string key(name.begin(), name.end());
  if (files_.contains(key) && !overwrites) {
    return OnbonError::file_exists;
  }
  if (stored + size > most_memory) {
    return OnbonError::memory;
  }
  files_[key] = File{size, 0, {}, false};
  return OnbonError::none;
}

OnbonError OnbonK::add_block(ByteReader payload) {
  const auto name = payload.take(4);
  const bool is_last = payload.u8() != 0;
  const std::uint16_t number = payload.le16();
  const std::uint16_t size = payload.le16();
  const std::uint32_t offset = payload.le32();
  const auto data = payload.rest();
  const auto found = files_.find(std::string(name.begin(), name.end()));
  if (!payload.is_ok() || data.size() != size) {
    return OnbonError::parameter;
  }
  if (found == files_.end()) {
    return OnbonError::no_file;
  }
  File& file = found->second;
  if (number != file.blocks || offset != file.content.size() || offset + size > file.size) {
    return OnbonError::block_number;
  }
  file.content.insert(file.content.end(), data.begin(), data.end());
  ++file.blocks;
  file.is_whole = is_last && file.content.size() == file.size;
  return is_last && !file.is_whole ? OnbonError::block_number : OnbonError::none;
}

void OnbonK::forget() {
  areas_.reset();
  wire_.reset();
}

display::Picture OnbonK::draw(TimePoint now) const {
  return areas_.draw(now);
}

void OnbonK::describe(boost::json::object& into, TimePoint now) const {
  into["areas"] = areas_.describe(now);
  into["brightness"] = brightness_;
  into["clock"] = clock_.text(now);
  into["files"] = files_.size();
}

}  // namespace lobby::sim
