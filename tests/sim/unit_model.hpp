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

/// Which unit it is. The first units of the map had identity, status, ring and text faces, nothing else.
enum class UnitShape : std::uint8_t { window_unit, button_panel, first_of_map };

/// A window unit or a button panel without its line: the registers of map version 1 (firmware/wire), sign,
/// lamps and keys, written apart from the firmware. In given time: pass() moves it on, and everything else
/// is of that moment.
class UnitModel {
 public:
  struct Settings {
    std::uint8_t address = 1;
    std::uint16_t baud = 192;  ///< baud / 100
    std::uint16_t parity = 0;  ///< 0 none, 1 even, 2 odd
    std::uint16_t copy = 0;    ///< where they come from: 0 nothing was saved yet
  };
  /// `boot_id`: any number; every reset goes on from it.
  UnitModel(UnitShape shape, Settings settings, std::uint16_t boot_id);

  /// Time never goes back; an earlier moment is no news.
  void pass(TimePoint now);
  /// The answer to one request to this address or to all; nullopt: none (broadcast). `lie` says shown without
  /// showing.
  std::optional<Bytes> answer(const RtuRequest& request, bool lie = false);
  /// Somebody else's frame went by, or one that nobody can read.
  void overhear(bool whole);
  void press(std::uint8_t code);
  /// The keys that are held down, bit n: key n of the chain.
  void hold(std::uint16_t keys) { keys_down_ = keys; }
  /// Power off and on: dark sign, counters at 0, another boot id, what was saved.
  void reset();

  UnitShape shape() const { return shape_; }
  const Settings& settings() const { return settings_; }
  std::uint8_t address() const { return settings_.address; }
  std::uint16_t boot_id() const { return boot_id_; }
  std::uint16_t key_count() const { return key_count_; }
  std::uint16_t key_ack() const { return key_ack_; }
  /// Number of the face that the sign shows; 0 none, or at rest.
  std::uint16_t face() const { return at_rest_ ? std::uint16_t{0} : face_.number; }
  bool blinks() const { return (face_.style & wire::window_unit::style_blink) != 0; }
  std::uint32_t beeps() const { return beeps_; }
  /// That are lit.
  std::uint16_t lamps() const { return at_rest_ ? std::uint16_t{0} : lamps_; }
  std::uint16_t blinking_lamps() const { return lamps_blink_; }
  std::uint16_t brightness() const { return kept_.brightness; }
  bool is_at_rest() const { return at_rest_; }
  bool is_locating() const { return now_ < locate_until_; }
  struct Counts {
    std::uint16_t heard = 0, bad_frames = 0, refused = 0, foreign = 0, broadcasts = 0, keys_lost = 0,
                  rests = 0;
  };
  const Counts& counts() const { return counts_; }

  /// What a person reads on the sign, UTF-8; empty when it shows dots.
  std::string text() const;
  /// The dots that it lights, at the bright moment of a blinking face. Nothing at brightness 0.
  display::Bitmap lit(const display::DotFont& font) const;

 private:
  using Words = std::span<const std::uint16_t>;
  using Cells = std::array<std::uint16_t, wire::window_unit::text_cells>;
  struct Face {
    std::uint16_t number = 0;
    std::uint16_t style = 0;
    Cells cells{};
    std::vector<std::uint16_t> dots;  ///< dots_words of them, or none: the cells are shown
  };
  /// What a reset changes back to what was saved.
  struct Kept {
    std::uint16_t rest_after = wire::window_unit::default_rest_after;
    std::uint16_t rest_mode = 0;
    Cells rest_text{};
    std::uint16_t brightness = 100;
  };
  struct Saved {
    Settings settings;
    Kept kept;
  };

  Bytes perform(const RtuRequest& request, bool lie);
  Bytes read(const RtuRequest& request) const;
  Bytes read_bits(const RtuRequest& request) const;
  Bytes write_coils(const RtuRequest& request);
  std::optional<RtuException> write(unsigned start, Words values, bool lie);
  std::optional<RtuException> write_block(unsigned start, Words values, bool lie);
  std::optional<RtuException> write_controls(unsigned start, Words values);
  std::optional<RtuException> write_face(Words words, bool dots, bool lie);
  std::optional<RtuException> write_rest(Words words);
  std::optional<RtuException> write_settings(Words words);
  void acknowledge(std::uint16_t number);
  std::optional<RtuException> claim(std::uint16_t address);
  bool refuses_control(unsigned reg, std::uint16_t value) const;
  void save(Settings settings);
  bool knows(std::uint8_t function) const;
  std::uint16_t features() const;
  std::uint16_t state() const;
  std::uint16_t identity(unsigned reg) const;
  std::uint16_t diagnosis(unsigned reg) const;
  std::uint16_t input(unsigned reg) const;
  std::uint16_t holding(unsigned reg) const;
  std::optional<Cells> cells_of_face() const;
  std::optional<Cells> cells_now() const;

  UnitShape shape_;
  Settings settings_;
  Saved saved_;
  std::uint16_t boot_id_;
  TimePoint now_{}, born_{}, heard_at_{};
  bool knows_time_ = false;
  bool at_rest_ = false;
  Cells resting_{};  ///< what it shows at rest, as it was when the rest began
  std::uint16_t key_count_ = 0;
  std::uint16_t key_ack_ = 0;
  std::uint16_t keys_down_ = 0;
  std::array<std::uint16_t, wire::window_unit::key_ring> ring_{};
  Face face_;
  Kept kept_;
  std::uint16_t lamps_ = 0;
  std::uint16_t lamps_blink_ = 0;
  TimePoint locate_until_{};
  std::uint32_t beeps_ = 0;
  Counts counts_;
};

/// The key of a word of the control API: 0..9 call recall … evaluate; of a panel 1…8.
std::optional<std::uint8_t> parse_key(UnitShape shape, std::string_view word);
/// What the control API presses: such a word, "down:WORD" for a key that stays down, "up" to let it go.
struct KeyWord {
  std::uint8_t code = 0;
  bool stays = false;
  bool up = false;
  std::string problem;  ///< a sentence: there is no such key
};
KeyWord parse_key_word(UnitShape shape, std::string_view word);
/// The key of the chain that one presses for it, as a bit; evaluate is a long finish.
std::uint16_t chain_keys(UnitShape shape, std::uint8_t code);

/// The 64 × 16 dots that a sign lights for its cells. `builtin_only`: what the unit's font lacks is a box.
display::Bitmap sign_dots(std::span<const std::uint16_t> cells, const display::DotFont& font,
                          bool builtin_only = false);
/// The sign as a photograph: round red diodes behind a dark pane, 8 × enlarged.
display::Picture sign_picture(const display::Bitmap& dots);
/// A panel as a photograph: 8 buttons in two rows with lamps; a blinking lamp is drawn at its bright moment,
/// in another colour.
display::Picture panel_picture(std::uint16_t lamps, std::uint16_t blinking, const display::DotFont& font);

}  // namespace lobby::sim
