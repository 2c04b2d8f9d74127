#include <algorithm>

#include "firmware/wire/button_panel.hpp"
#include "firmware/wire/glyphs.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {
namespace {

namespace wu = wire::window_unit;

constexpr std::uint16_t firmware_version = 0x0100;
constexpr unsigned input_end = 0x0040;
constexpr unsigned holding_end = 0x01D0;
constexpr unsigned old_input_end = wu::reg_keys + wu::key_ring;
constexpr unsigned old_holding_end = wu::reg_face + wu::face_count;
constexpr unsigned coils = wire::button_panel::buttons;
constexpr unsigned keys = 16;

bool within(unsigned start, std::size_t count, unsigned begin, unsigned end) {
  return start >= begin && start + count <= end;
}

/// The most that one request of the function may name; 0: the function is none of ours.
unsigned most(std::uint8_t function) {
  switch (function) {
    case 0x01:
    case 0x02:
      return 2000;
    case 0x03:
    case 0x04:
    case 0x17:
      return 125;
    case 0x05:
    case 0x06:
      return 1;
    case 0x0F:
      return 1968;
    case 0x10:
      return 123;
    default:
      return 0;
  }
}

}  // namespace

bool UnitModel::knows(std::uint8_t function) const {
  const bool old = function == 0x03 || function == 0x04 || function == 0x06 || function == 0x10;
  return shape_ == UnitShape::first_of_map ? old : most(function) != 0;
}

std::optional<Bytes> UnitModel::answer(const RtuRequest& request, bool lie) {
  ++(request.address == 0 ? counts_.broadcasts : counts_.heard);
  heard_at_ = now_;
  // A sign waits for its next face, for the old one may be wrong by now; a panel has none.
  at_rest_ = at_rest_ && shape_ != UnitShape::button_panel;
  Bytes out;
  if (!knows(request.function)) {
    out = exception_response(request, RtuException::function);
  } else if (request.count == 0 || request.count > most(request.function)) {
    out = exception_response(request, RtuException::value);
  } else {
    out = perform(request, lie);
  }
  if (request.address == 0) {
    return std::nullopt;
  }
  constexpr std::uint8_t refusal = 0x80;
  counts_.refused = static_cast<std::uint16_t>(counts_.refused + ((out[1] & refusal) != 0 ? 1 : 0));
  return out;
}

Bytes UnitModel::perform(const RtuRequest& request, bool lie) {
  // That everybody takes one address is nobody's wish.
  const bool is_for_all = request.address == 0 && request.start == wu::reg_address;
  const auto written = [&](unsigned start, auto&& answer) {
    const std::optional<RtuException> refusal = write(start, request.values, lie);
    return refusal ? exception_response(request, *refusal) : answer();
  };
  switch (request.function) {
    case 0x01:
    case 0x02:
      return read_bits(request);
    case 0x05:
    case 0x0F:
      return write_coils(request);
    case 0x06:
    case 0x10:
      if (is_for_all) {
        return exception_response(request, RtuException::address);
      }
      return written(request.start, [&] { return write_response(request); });
    case 0x17: {
      const Bytes readable = read(request);
      constexpr std::uint8_t refusal = 0x80;
      return (readable[1] & refusal) != 0 ? readable
                                          : written(request.write_start, [&] { return read(request); });
    }
    default:
      return read(request);
  }
}

Bytes UnitModel::read(const RtuRequest& request) const {
  const bool old = shape_ == UnitShape::first_of_map;
  const bool is_input = request.function == 0x04;
  const bool in_input = within(request.start, request.count, 0, old ? old_input_end : input_end);
  const bool in_holding =
      within(request.start, request.count, wu::reg_key_ack, old ? old_holding_end : holding_end);
  if (!(is_input ? in_input : in_holding || (in_input && !old))) {
    return exception_response(request, RtuException::address);
  }
  std::vector<std::uint16_t> words;
  for (unsigned reg = request.start; reg < unsigned{request.start} + request.count; ++reg) {
    words.push_back(reg < wu::reg_key_ack ? input(reg) : holding(reg));
  }
  return read_response(request, words);
}

Bytes UnitModel::read_bits(const RtuRequest& request) const {
  const bool of_lamps = request.function == 0x01;
  if (!within(request.start, request.count, 0, of_lamps ? coils : keys)) {
    return exception_response(request, RtuException::address);
  }
  const std::uint16_t all = of_lamps ? lamps_ : keys_down_;
  std::vector<std::uint16_t> bits;
  for (unsigned n = request.start; n < unsigned{request.start} + request.count; ++n) {
    bits.push_back(all >> n & 1U);
  }
  return bits_response(request, bits);
}

Bytes UnitModel::write_coils(const RtuRequest& request) {
  constexpr std::uint16_t coil_on = 0xFF00;
  const bool one = request.function == 0x05;
  if (one && request.values.at(0) != 0 && request.values.at(0) != coil_on) {
    return exception_response(request, RtuException::value);
  }
  if (shape_ != UnitShape::button_panel || !within(request.start, request.count, 0, coils)) {
    return exception_response(request, RtuException::address);
  }
  unsigned lamps = lamps_;
  for (unsigned i = 0; i < request.count; ++i) {
    const unsigned bit = 1U << (request.start + i);
    lamps = request.values.at(i) != 0 ? lamps | bit : lamps & ~bit;
  }
  lamps_ = static_cast<std::uint16_t>(lamps);
  return write_response(request);
}

std::uint16_t UnitModel::features() const {
  constexpr unsigned common = wu::feature_last_key | wu::feature_read_write | wu::feature_buzzer |
                              wu::feature_rest | wu::feature_settings;
  switch (shape_) {
    case UnitShape::window_unit:
      return static_cast<std::uint16_t>(common | wu::feature_text | wu::feature_dots);
    case UnitShape::button_panel:
      return static_cast<std::uint16_t>(common | wu::feature_lamps);
    case UnitShape::first_of_map:
      break;
  }
  return 0;
}

std::uint16_t UnitModel::state() const {
  unsigned bits = at_rest_ ? wu::state_at_rest : 0U;
  if (const std::optional<Cells> cells = cells_of_face()) {
    const bool lacks = !std::all_of(cells->begin(), cells->end(), wire::glyphs::is_builtin);
    bits |= lacks ? wu::state_missing_glyph : 0U;
  }
  return static_cast<std::uint16_t>(bits);
}

std::uint16_t UnitModel::identity(unsigned reg) const {
  switch (reg) {
    case wu::reg_magic:
      return wu::magic;
    case wu::reg_map_version:
      return wu::map_version;
    case wu::reg_model:
      return shape_ == UnitShape::button_panel ? wire::button_panel::model : wu::model;
    case wu::reg_firmware:
      return firmware_version;
    case wu::reg_features:
      return features();
    default:
      return 0;
  }
}

std::uint16_t UnitModel::diagnosis(unsigned reg) const {
  const auto uptime =
      static_cast<std::uint32_t>(std::chrono::duration_cast<milliseconds>(now_ - born_).count());
  switch (reg) {
    case wu::reg_uptime:
      return static_cast<std::uint16_t>(uptime >> 16);
    case wu::reg_uptime + 1:
      return static_cast<std::uint16_t>(uptime);
    case wu::reg_reset_cause:
      return static_cast<std::uint16_t>(wu::ResetCause::power);
    case wu::reg_heard:
      return counts_.heard;
    case wu::reg_bad_frames:
      return counts_.bad_frames;
    case wu::reg_refused:
      return counts_.refused;
    case wu::reg_foreign:
      return counts_.foreign;
    case wu::reg_broadcasts:
      return counts_.broadcasts;
    case wu::reg_keys_lost:
      return counts_.keys_lost;
    case wu::reg_rests:
      return counts_.rests;
    case wu::reg_own_address:
      return settings_.address;
    case wu::reg_own_baud:
      return settings_.baud;
    case wu::reg_own_parity:
      return settings_.parity;
    case wu::reg_settings_from:
      return settings_.copy;
    default:
      return 0;
  }
}

std::uint16_t UnitModel::input(unsigned reg) const {
  if (reg >= wu::reg_keys && reg < wu::reg_keys + wu::key_ring) {
    return ring_[reg - wu::reg_keys];
  }
  if (reg >= wu::reg_uptime) {
    return diagnosis(reg);
  }
  switch (reg) {
    case wu::reg_boot_id:
      return boot_id_;
    case wu::reg_key_count:
      return key_count_;
    case wu::reg_shown:
      return face();
    case wu::reg_last_key:
      return key_count_ == 0 ? std::uint16_t{0}
                             : ring_[static_cast<std::uint16_t>(key_count_ - 1) % wu::key_ring];
    case wu::reg_state:
      return state();
    case wu::reg_keys_down:
      return keys_down_;
    default:
      return identity(reg);
  }
}

std::uint16_t UnitModel::holding(unsigned reg) const {
  if (reg >= wu::reg_text && reg < wu::reg_text + wu::text_cells) {
    return face_.cells[reg - wu::reg_text];
  }
  if (reg >= wu::reg_dots && reg < wu::reg_dots + wu::dots_words) {
    return face_.dots.empty() ? std::uint16_t{0} : face_.dots[reg - wu::reg_dots];
  }
  if (reg >= wu::reg_rest_text && reg < wu::reg_rest_text + wu::text_cells) {
    return kept_.rest_text[reg - wu::reg_rest_text];
  }
  switch (reg) {
    case wu::reg_key_ack:
    case wu::reg_key_ack_and_face:
      return key_ack_;
    case wu::reg_lamps:
      return lamps_;
    case wu::reg_lamps_blink:
      return lamps_blink_;
    case wu::reg_brightness:
      return kept_.brightness;
    case wu::reg_locate:
      return is_locating() ? static_cast<std::uint16_t>(
                                 std::chrono::ceil<std::chrono::seconds>(locate_until_ - now_).count())
                           : std::uint16_t{0};
    case wu::reg_face:
    case wu::reg_dots_face:
      return face();
    case wu::reg_style:
    case wu::reg_dots_style:
      return face_.style;
    case wu::reg_rest_after:
      return kept_.rest_after;
    case wu::reg_rest_mode:
      return kept_.rest_mode;
    case wu::reg_address:
      return settings_.address;
    case wu::reg_baud:
      return settings_.baud;
    case wu::reg_parity:
      return settings_.parity;
    default:
      return 0;
  }
}

}  // namespace lobby::sim
