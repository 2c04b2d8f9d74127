#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/dot_font.hpp"
#include "display/canvas/picture.hpp"
#include "firmware/wire/window_unit.hpp"
#include "tests/sim/rtu.hpp"

namespace lobby::sim {

/// A window unit without its line: registers of map version 1, sign and keypad.
class UnitModel {
 public:
  /// `boot_id`: any number; every reset goes on from it.
  UnitModel(std::uint8_t address, std::uint16_t boot_id) : address_(address), boot_id_(boot_id) {}

  /// The answer to one request to this address; nullopt: none (broadcast). `lie` says shown without showing.
  std::optional<Bytes> answer(const RtuRequest& request, bool lie = false);
  void press(wire::window_unit::Key key);
  /// Power off and on: dark sign, counters at 0, another boot id.
  void reset();

  std::uint8_t address() const { return address_; }
  std::uint16_t boot_id() const { return boot_id_; }
  std::uint16_t key_count() const { return key_count_; }
  std::uint16_t key_ack() const { return key_ack_; }
  std::uint16_t face() const { return face_; }
  bool blinks() const { return (style_ & wire::window_unit::style_blink) != 0; }
  std::uint32_t beeps() const { return beeps_; }
  std::span<const std::uint16_t> cells() const { return cells_; }
  /// What a person reads on the sign, UTF-8.
  std::string text() const;

 private:
  std::optional<std::vector<std::uint16_t>> read_input(const RtuRequest& request) const;
  std::optional<std::vector<std::uint16_t>> read_holding(const RtuRequest& request) const;
  Bytes write(const RtuRequest& request, bool lie);

  std::uint8_t address_;
  std::uint16_t boot_id_;
  std::uint16_t key_count_ = 0;
  std::uint16_t key_ack_ = 0;
  std::array<std::uint16_t, wire::window_unit::key_ring> ring_{};
  std::uint16_t face_ = 0;
  std::uint16_t style_ = 0;
  std::array<std::uint16_t, wire::window_unit::text_cells> cells_{};
  std::uint32_t beeps_ = 0;
};

/// The key of a word of the control API: 0..9 call recall …
std::optional<wire::window_unit::Key> parse_key(std::string_view word);

/// The 64 × 16 dots that a sign lights for its cells.
display::Bitmap sign_dots(std::span<const std::uint16_t> cells, const display::DotFont& font);
/// The sign as a photograph: round red diodes behind a dark pane, 8 × enlarged.
display::Picture sign_picture(const display::Bitmap& dots);

}  // namespace lobby::sim
