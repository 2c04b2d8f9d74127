#include <algorithm>

#include "firmware/wire/button_panel.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {
namespace {

namespace wu = wire::window_unit;

constexpr std::uint16_t most_brightness = 100;
constexpr std::uint16_t most_locate = 600;  // seconds
constexpr std::uint16_t least_rest = 5;     // in 100 ms
constexpr std::uint16_t most_rest = 600;
constexpr std::uint16_t last_address = 247;

bool is_baud(std::uint16_t value) {
  constexpr std::array<std::uint16_t, 7> known{24, 48, 96, 192, 384, 576, 1152};
  return std::find(known.begin(), known.end(), value) != known.end();
}

bool is_address(std::uint16_t value) {
  return value >= 1 && value <= last_address;
}

}  // namespace

/// Of presses that never were an order says nothing.
void UnitModel::acknowledge(std::uint16_t number) {
  if (static_cast<std::uint16_t>(key_count_ - number) < 0x8000) {
    key_ack_ = number;
  }
}

std::optional<RtuException> UnitModel::write(unsigned start, Words values, bool lie) {
  const bool old = shape_ == UnitShape::first_of_map;
  if (start == wu::reg_key_ack && values.size() == 1) {
    acknowledge(values[0]);
    return std::nullopt;
  }
  if (old && start != wu::reg_face) {
    return RtuException::address;
  }
  const bool controls = start >= wu::reg_key_ack && start + values.size() <= wu::reg_locate + 1U;
  return controls ? write_controls(start, values) : write_block(start, values, lie);
}

/// Each block is written whole; only the controls may be written one by one.
std::optional<RtuException> UnitModel::write_block(unsigned start, Words values, bool lie) {
  const bool sign = shape_ != UnitShape::button_panel;
  const auto is = [&](unsigned first, std::size_t count) { return start == first && values.size() == count; };
  if (is(wu::reg_face, wu::face_count) && sign) {
    return write_face(values, false, lie);
  }
  if (is(wu::reg_dots_face, wu::dots_face_count) && sign) {
    return write_face(values, true, lie);
  }
  const bool with_face = is(wu::reg_key_ack_and_face, 1U + wu::face_count) && sign;
  if (with_face || is(wu::reg_key_ack_and_face, 1)) {
    const auto refusal = with_face ? write_face(values.subspan(1), false, lie) : std::nullopt;
    if (!refusal) {
      acknowledge(values[0]);
    }
    return refusal;
  }
  if (is(wu::reg_rest_after, wu::rest_count)) {
    return write_rest(values);
  }
  if (is(wu::reg_address, wu::settings_count)) {
    return write_settings(values);
  }
  return is(wu::reg_claim, 1) ? claim(values[0]) : RtuException::address;
}

bool UnitModel::refuses_control(unsigned reg, std::uint16_t value) const {
  switch (reg) {
    case wu::reg_lamps:
    case wu::reg_lamps_blink:
      return value >> wire::button_panel::buttons != 0;
    case wu::reg_buzzer:
      return value > wu::longest_beep;
    case wu::reg_brightness:
      return value > most_brightness;
    case wu::reg_locate:
      return value > most_locate;
    default:
      return false;
  }
}

std::optional<RtuException> UnitModel::write_controls(unsigned start, Words values) {
  const auto at = [&](unsigned reg) -> std::optional<std::uint16_t> {
    const bool there = reg >= start && reg < start + values.size();
    return there ? std::optional(values[reg - start]) : std::nullopt;
  };
  const bool has_lamps = shape_ == UnitShape::button_panel;
  if (!has_lamps && (at(wu::reg_lamps) || at(wu::reg_lamps_blink))) {
    return RtuException::address;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (refuses_control(start + static_cast<unsigned>(i), values[i])) {
      return RtuException::value;
    }
  }
  if (const auto number = at(wu::reg_key_ack)) {
    acknowledge(*number);
  }
  lamps_ = at(wu::reg_lamps).value_or(lamps_);
  lamps_blink_ = at(wu::reg_lamps_blink).value_or(lamps_blink_);
  kept_.brightness = at(wu::reg_brightness).value_or(kept_.brightness);
  beeps_ += at(wu::reg_buzzer).value_or(0) != 0 ? 1 : 0;
  if (const auto seconds = at(wu::reg_locate)) {
    locate_until_ = now_ + std::chrono::seconds(*seconds);
  }
  return std::nullopt;
}

std::optional<RtuException> UnitModel::write_face(Words words, bool dots, bool lie) {
  if (words[0] == 0) {
    return RtuException::value;
  }
  const bool is_new = words[0] != face();
  at_rest_ = false;
  face_.number = words[0];
  if (lie) {
    return std::nullopt;
  }
  face_.style = words[1];
  face_.cells = {};
  face_.dots.clear();
  if (dots) {
    face_.dots.assign(words.begin() + 2, words.end());
  } else {
    std::copy_n(words.begin() + 2, wu::text_cells, face_.cells.begin());
  }
  beeps_ += is_new && (face_.style & wu::style_beep) != 0 ? 1 : 0;
  return std::nullopt;
}

std::optional<RtuException> UnitModel::write_rest(Words words) {
  if (words[0] < least_rest || words[0] > most_rest || words[1] > 1) {
    return RtuException::value;
  }
  kept_.rest_after = words[0];
  kept_.rest_mode = words[1];
  std::copy_n(words.begin() + 2, wu::text_cells, kept_.rest_text.begin());
  return std::nullopt;
}

std::optional<RtuException> UnitModel::write_settings(Words words) {
  constexpr std::uint16_t odd = 2;
  if (!is_address(words[0]) || !is_baud(words[1]) || words[2] > odd || words[3] != wu::save_word) {
    return RtuException::value;
  }
  save({static_cast<std::uint8_t>(words[0]), words[1], words[2], 0});
  return std::nullopt;
}

std::optional<RtuException> UnitModel::claim(std::uint16_t address) {
  if (!is_address(address) || keys_down_ == 0) {
    return RtuException::value;
  }
  Settings settings = settings_;
  settings.address = static_cast<std::uint8_t>(address);
  save(settings);
  return std::nullopt;
}

void UnitModel::save(Settings settings) {
  settings.copy = settings_.copy == 1 ? std::uint16_t{2} : std::uint16_t{1};
  settings_ = settings;
  saved_ = {settings, kept_};
}

}  // namespace lobby::sim
