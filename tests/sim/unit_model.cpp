#include "tests/sim/unit_model.hpp"

#include <algorithm>
#include <utility>

#include "display/canvas/utf8.hpp"
#include "firmware/wire/button_panel.hpp"
#include "firmware/wire/key_chain.hpp"
#include "tests/sim/gb_text.hpp"

namespace lobby::sim {
namespace {

namespace wu = wire::window_unit;

/// "地址 17", as a unit says where it is.
std::array<std::uint16_t, wu::text_cells> address_text(std::uint8_t address) {
  std::array<std::uint16_t, wu::text_cells> cells{0xB5D8, 0xD6B7, ' '};
  std::size_t at = 3;
  for (const char digit : std::to_string(address)) {
    cells[at++] = static_cast<std::uint8_t>(digit);
  }
  return cells;
}

display::Bitmap bitmap_of(std::span<const std::uint16_t> words) {
  display::Bitmap dots(wu::sign_width, wu::sign_height);
  constexpr int words_per_row = wu::sign_width / 16;
  for (int y = 0; y < wu::sign_height; ++y) {
    for (int x = 0; x < wu::sign_width; ++x) {
      const std::uint16_t word = words[static_cast<std::size_t>(y * words_per_row + x / 16)];
      dots.set(x, y, (word >> (15 - x % 16) & 1) != 0);
    }
  }
  return dots;
}

}  // namespace

UnitModel::UnitModel(UnitShape shape, Settings settings, std::uint16_t boot_id)
    : shape_(shape), settings_(settings), saved_{settings, {}}, boot_id_(boot_id) {}

void UnitModel::pass(TimePoint now) {
  if (!knows_time_) {
    knows_time_ = true;
    now_ = born_ = heard_at_ = now;
  }
  now_ = std::max(now_, now);
  const auto limit = milliseconds(100) * kept_.rest_after;
  if (shape_ != UnitShape::first_of_map && !at_rest_ && now_ - heard_at_ >= limit) {
    at_rest_ = true;
    face_ = {};
    resting_ = kept_.rest_mode == static_cast<std::uint16_t>(wu::RestMode::text) ? kept_.rest_text : Cells{};
    ++counts_.rests;
  }
}

void UnitModel::press(std::uint8_t code) {
  const auto waiting = static_cast<std::uint16_t>(key_count_ - key_ack_);
  counts_.keys_lost = static_cast<std::uint16_t>(counts_.keys_lost + (waiting >= wu::key_ring ? 1 : 0));
  ++key_count_;
  const unsigned slot = static_cast<std::uint16_t>(key_count_ - 1) % wu::key_ring;
  ring_[slot] = static_cast<std::uint16_t>((key_count_ & 0xFF) << 8 | code);
}

void UnitModel::reset() {
  const auto next = static_cast<std::uint16_t>(boot_id_ * 25173U + 13849U);
  const Saved saved = saved_;
  const TimePoint now = now_;
  *this = UnitModel(shape_, saved.settings, next);
  saved_ = saved;
  kept_ = saved.kept;
  pass(now);
}

void UnitModel::overhear(bool whole) {
  ++(whole ? counts_.foreign : counts_.bad_frames);
}

/// Of the face, or of what it rests with; nullopt: dots.
std::optional<UnitModel::Cells> UnitModel::cells_of_face() const {
  if (at_rest_) {
    return resting_;
  }
  return face_.dots.empty() ? std::optional(face_.cells) : std::nullopt;
}

std::optional<UnitModel::Cells> UnitModel::cells_now() const {
  return is_locating() ? address_text(settings_.address) : cells_of_face();
}

std::string UnitModel::text() const {
  const std::optional<Cells> cells = cells_now();
  return cells ? display::to_utf8(from_cells(*cells)) : std::string();
}

display::Bitmap UnitModel::lit(const display::DotFont& font) const {
  if (kept_.brightness == 0) {
    return {wu::sign_width, wu::sign_height};
  }
  const std::optional<Cells> cells = cells_now();
  return cells ? sign_dots(*cells, font, shape_ != UnitShape::first_of_map) : bitmap_of(face_.dots);
}

std::optional<std::uint8_t> parse_key(UnitShape shape, std::string_view word) {
  using wu::Key;
  constexpr std::array<std::pair<std::string_view, Key>, 10> named{{{"call", Key::call},
                                                                    {"recall", Key::recall},
                                                                    {"start", Key::start},
                                                                    {"finish", Key::finish},
                                                                    {"no_show", Key::no_show},
                                                                    {"hold", Key::hold},
                                                                    {"transfer", Key::transfer},
                                                                    {"pause", Key::pause},
                                                                    {"help", Key::help},
                                                                    {"evaluate", Key::evaluate}}};
  const bool panel = shape == UnitShape::button_panel;
  if (word.size() == 1 && word[0] >= (panel ? '1' : '0') && word[0] <= (panel ? '8' : '9')) {
    return static_cast<std::uint8_t>(word[0] - '0');
  }
  for (const auto& [name, key] : named) {
    if (name == word && !panel) {
      return static_cast<std::uint8_t>(key);
    }
  }
  return std::nullopt;
}

KeyWord parse_key_word(UnitShape shape, std::string_view word) {
  constexpr std::string_view down = "down:";
  KeyWord out;
  out.up = word == "up";
  out.stays = word.starts_with(down);
  const auto code = parse_key(shape, out.stays ? word.substr(down.size()) : word);
  out.code = code.value_or(0);
  if (!code && !out.up) {
    out.problem = shape == UnitShape::button_panel
                      ? "There is no such key; the keys are 1 to 8."
                      : "There is no such key; the keys are 0 to 9, call, recall, start, finish, no_show, "
                        "hold, transfer, pause, help and evaluate.";
  }
  return out;
}

std::uint16_t chain_keys(UnitShape shape, std::uint8_t code) {
  if (shape == UnitShape::button_panel) {
    return static_cast<std::uint16_t>(1U << (code - wire::button_panel::first_button));
  }
  const auto key = static_cast<wu::Key>(code);
  unsigned n = 0;
  for (const wire::key_chain::KeyMeaning& meaning : wire::key_chain::pad) {
    if (meaning.pressed == key || meaning.held == key) {
      return static_cast<std::uint16_t>(1U << n);
    }
    ++n;
  }
  return 0;
}

}  // namespace lobby::sim
