#include "tests/sim/unit_model.hpp"

#include <algorithm>
#include <utility>

#include "display/canvas/utf8.hpp"
#include "tests/sim/gb_text.hpp"

namespace lobby::sim {
namespace {

namespace wu = wire::window_unit;

constexpr std::uint16_t firmware_version = 0x0100;
constexpr std::uint16_t input_end = wu::reg_keys + wu::key_ring;
constexpr std::uint16_t holding_begin = wu::reg_key_ack;
constexpr std::uint16_t holding_end = wu::reg_face + wu::face_count;

bool within(const RtuRequest& request, unsigned begin, unsigned end) {
  return request.start >= begin && unsigned{request.start} + request.count <= end;
}

}  // namespace

void UnitModel::press(wu::Key key) {
  ++key_count_;
  const unsigned slot = static_cast<std::uint16_t>(key_count_ - 1) % wu::key_ring;
  ring_[slot] = static_cast<std::uint16_t>((key_count_ & 0xFF) << 8 | static_cast<std::uint8_t>(key));
}

void UnitModel::reset() {
  const auto next = static_cast<std::uint16_t>(boot_id_ * 25173U + 13849U);
  *this = UnitModel(address_, next);
}

std::string UnitModel::text() const {
  return display::to_utf8(from_cells(cells_));
}

std::optional<std::vector<std::uint16_t>> UnitModel::read_input(const RtuRequest& request) const {
  if (!within(request, 0, input_end)) {
    return std::nullopt;
  }
  std::array<std::uint16_t, input_end> all{};
  all[wu::reg_magic] = wu::magic;
  all[wu::reg_map_version] = wu::map_version;
  all[wu::reg_model] = wu::model;
  all[wu::reg_firmware] = firmware_version;
  all[wu::reg_boot_id] = boot_id_;
  all[wu::reg_key_count] = key_count_;
  all[wu::reg_shown] = face_;
  std::copy(ring_.begin(), ring_.end(), all.begin() + wu::reg_keys);
  return std::vector<std::uint16_t>(all.begin() + request.start, all.begin() + request.start + request.count);
}

std::optional<std::vector<std::uint16_t>> UnitModel::read_holding(const RtuRequest& request) const {
  if (!within(request, holding_begin, holding_end)) {
    return std::nullopt;
  }
  std::array<std::uint16_t, holding_end - holding_begin> all{};
  all[wu::reg_key_ack - holding_begin] = key_ack_;
  all[wu::reg_face - holding_begin] = face_;
  all[wu::reg_style - holding_begin] = style_;
  std::copy(cells_.begin(), cells_.end(), all.begin() + (wu::reg_text - holding_begin));
  const auto first = all.begin() + (request.start - holding_begin);
  return std::vector<std::uint16_t>(first, first + request.count);
}

Bytes UnitModel::write(const RtuRequest& request, bool lie) {
  if (request.start == wu::reg_key_ack && request.count == 1) {
    key_ack_ = request.values.at(0);
    return write_response(request);
  }
  if (request.start != wu::reg_face || request.count != wu::face_count) {
    return exception_response(request, RtuException::address);
  }
  if (request.values.at(0) == 0) {
    return exception_response(request, RtuException::value);
  }
  face_ = request.values[0];
  if (!lie) {
    style_ = request.values[1];
    std::copy_n(request.values.begin() + 2, wu::text_cells, cells_.begin());
    beeps_ += (style_ & wu::style_beep) != 0 ? 1 : 0;
  }
  return write_response(request);
}

std::optional<Bytes> UnitModel::answer(const RtuRequest& request, bool lie) {
  const bool reads = request.function == 0x03 || request.function == 0x04;
  const bool writes = request.function == 0x06 || request.function == 0x10;
  Bytes out;
  if (!reads && !writes) {
    out = exception_response(request, RtuException::function);
  } else if (request.count == 0 || request.count > (reads ? 125 : 123)) {
    out = exception_response(request, RtuException::value);
  } else if (writes) {
    out = write(request, lie);
  } else {
    const auto values = request.function == 0x04 ? read_input(request) : read_holding(request);
    out = values ? read_response(request, *values) : exception_response(request, RtuException::address);
  }
  if (request.address == 0) {
    return std::nullopt;
  }
  return out;
}

std::optional<wu::Key> parse_key(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, wu::Key>, 9> named{{{"call", wu::Key::call},
                                                                       {"recall", wu::Key::recall},
                                                                       {"start", wu::Key::start},
                                                                       {"finish", wu::Key::finish},
                                                                       {"no_show", wu::Key::no_show},
                                                                       {"hold", wu::Key::hold},
                                                                       {"transfer", wu::Key::transfer},
                                                                       {"pause", wu::Key::pause},
                                                                       {"help", wu::Key::help}}};
  if (word.size() == 1 && word[0] >= '0' && word[0] <= '9') {
    return static_cast<wu::Key>(word[0] - '0');
  }
  for (const auto& [name, key] : named) {
    if (name == word) {
      return key;
    }
  }
  return std::nullopt;
}

}  // namespace lobby::sim
