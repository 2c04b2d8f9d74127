#pragma once

#include <cstdint>

/// Register map of our units, version 1. A window unit is a sign and a keypad at one address; a button panel
/// (button_panel.hpp) has the same map without the sign. Compiled by host and MCU: freestanding, no heap.
/// Modbus RTU, zero-based register numbers, 16-bit words, high byte first. firmware/wire/REGISTERS.md is the
/// same as a table; a test holds the two together.
///
/// Input registers (FC 04) say who the unit is and what it saw; holding registers (FC 03, 06, 16, 23) say
/// what it is to show. FC 03 and the reading half of FC 23 read the input registers at the same numbers, so
/// that one FC 23 tells a unit something and asks it in one exchange. A write is taken whole or not at all.
/// Version 1 may gain registers in the gaps: a gap reads 0 and refuses writes. A unit whose `map_version`
/// differs is refused and named.
namespace lobby::wire {

namespace window_unit {

// --- input registers: identity ---
inline constexpr std::uint16_t reg_magic = 0x0000;        ///< always `magic`
inline constexpr std::uint16_t reg_map_version = 0x0001;  ///< always `map_version`
inline constexpr std::uint16_t reg_model = 0x0002;        ///< 1 = window unit, 2 = button panel
inline constexpr std::uint16_t reg_firmware = 0x0003;     ///< major << 8 | minor
inline constexpr std::uint16_t identity_count = 4;
inline constexpr std::uint16_t reg_features = 0x0004;  ///< feature_* bits; 0: the first units of this map
inline constexpr std::uint16_t description_count = 5;  ///< identity and features

// --- input registers: status, polled ---
inline constexpr std::uint16_t reg_boot_id = 0x0010;  ///< differs after every reset (key counter starts at 0)
inline constexpr std::uint16_t reg_key_count = 0x0011;  ///< presses since reset, modulo 65536
inline constexpr std::uint16_t reg_shown =
    0x0012;  ///< number of the face that the sign shows now; 0: none, or at rest
inline constexpr std::uint16_t status_count = 3;
/// With feature_last_key: the newest press in the form of the ring, 0 before the first. One answer then holds
/// a press together with the boot id of the life that it was made in.
inline constexpr std::uint16_t reg_last_key = 0x0013;
inline constexpr std::uint16_t status_key_count = 4;  ///< status and newest press
/// Ring of the last presses: press number c (from 1) stands at reg_keys + (c - 1) % key_ring, as
/// (c & 0xff) << 8 | key. A press is overwritten only after key_ring further ones.
inline constexpr std::uint16_t reg_keys = 0x0014;
inline constexpr std::uint16_t key_ring = 8;
inline constexpr std::uint16_t reg_state = 0x001C;      ///< state_* bits
inline constexpr std::uint16_t reg_keys_down = 0x001D;  ///< debounced, bit n: key n of the chain is held

// --- input registers: how it has been; counters since reset, modulo 65536 ---
inline constexpr std::uint16_t reg_uptime = 0x0020;       ///< 2 words, high first: milliseconds since reset
inline constexpr std::uint16_t reg_reset_cause = 0x0022;  ///< ResetCause
inline constexpr std::uint16_t reg_heard = 0x0023;        ///< whole requests to this address
inline constexpr std::uint16_t reg_bad_frames = 0x0024;   ///< with a wrong checksum, or cut off
inline constexpr std::uint16_t reg_refused = 0x0025;      ///< requests answered by an exception
inline constexpr std::uint16_t reg_foreign = 0x0026;      ///< whole frames of and to others
inline constexpr std::uint16_t reg_broadcasts = 0x0027;   ///< whole requests to address 0
inline constexpr std::uint16_t reg_line_errors =
    0x0028;                                             ///< characters with overrun, noise or a bad stop bit
inline constexpr std::uint16_t reg_keys_lost = 0x0029;  ///< presses overwritten before they were acknowledged
inline constexpr std::uint16_t reg_rests =
    0x002A;  ///< how often the host fell silent and the sign went to rest
inline constexpr std::uint16_t diagnostics_count = 11;

// --- input registers: settings in force ---
inline constexpr std::uint16_t reg_own_address = 0x0030;
inline constexpr std::uint16_t reg_own_baud = 0x0031;    ///< baud / 100
inline constexpr std::uint16_t reg_own_parity = 0x0032;  ///< 0 none, 1 even, 2 odd
inline constexpr std::uint16_t reg_settings_from =
    0x0033;  ///< 0 defaults (no copy was good), 1 or 2: that copy
inline constexpr std::uint16_t settings_in_force_count = 4;

// --- holding registers ---
/// Highest press number the host has taken; written after its event is recorded.
inline constexpr std::uint16_t reg_key_ack = 0x0100;
inline constexpr std::uint16_t reg_lamps = 0x0101;  ///< bit n: lamp n is lit; also coils n (FC 01, 05, 15)
inline constexpr std::uint16_t reg_lamps_blink = 0x0102;  ///< bit n: lamp n, if lit, blinks twice a second
inline constexpr std::uint16_t reg_buzzer = 0x0103;      ///< sounds so long, in 10 ms, at most `longest_beep`
inline constexpr std::uint16_t reg_brightness = 0x0104;  ///< 0…100 %, 100 after a reset
inline constexpr std::uint16_t reg_locate = 0x0105;  ///< for so many seconds (0…600) it shows its own address
/// The same register as reg_key_ack, so that one write acknowledges a press and shows what it did.
inline constexpr std::uint16_t reg_key_ack_and_face = 0x010F;
/// The face, written in one request from reg_face (or reg_key_ack_and_face) on: a partial write is refused.
inline constexpr std::uint16_t reg_face = 0x0110;   ///< number of this face, chosen by the host, not 0
inline constexpr std::uint16_t reg_style = 0x0111;  ///< style_* bits
inline constexpr std::uint16_t reg_text = 0x0112;   ///< text_cells words
inline constexpr std::uint16_t text_cells = 8;
inline constexpr std::uint16_t face_count = 2 + text_cells;
/// A cell is 0 (nothing), an ASCII code (half width, 8 dots) or a GB2312 code (two bytes, full width, 16
/// dots). What does not fit into the sign's 64 dots is cut. A character that the unit's font lacks
/// (glyphs.hpp) is a box: send such a face as dots.
inline constexpr std::uint16_t style_blink = 0x0001;  ///< the text flashes 1 s on, 0.5 s off
inline constexpr std::uint16_t style_beep = 0x0002;   ///< one beep when the face is taken over
/// The face as dots, with feature_dots: number and style as above, then the 16 rows from the top, 4 words
/// each, the leftmost dot in the highest bit. Written in one request, like the text.
inline constexpr std::uint16_t reg_dots_face = 0x0120;
inline constexpr std::uint16_t reg_dots_style = 0x0121;
inline constexpr std::uint16_t reg_dots = 0x0122;
inline constexpr std::uint16_t dots_words = 64;
inline constexpr std::uint16_t dots_face_count = 2 + dots_words;
/// What the sign shows when no request to this address, nor a broadcast, came for rest_after; written in one
/// request. Kept over a reset only once saved. Lamps go out at rest.
inline constexpr std::uint16_t reg_rest_after = 0x0180;  ///< in 100 ms, 5…600
inline constexpr std::uint16_t reg_rest_mode = 0x0181;   ///< RestMode
inline constexpr std::uint16_t reg_rest_text = 0x0182;   ///< text_cells words
inline constexpr std::uint16_t rest_count = 2 + text_cells;
/// Settings, written in one request; `save_word` in the last keeps them, the rest and the brightness over a
/// reset. The answer leaves with the old address and speed; exception 4: they could not be kept, nothing
/// changed.
inline constexpr std::uint16_t reg_address = 0x01C0;  ///< 1…247
inline constexpr std::uint16_t reg_baud = 0x01C1;     ///< baud / 100: 24, 48, 96, 192, 384, 576, 1152
inline constexpr std::uint16_t reg_parity = 0x01C2;   ///< 0 none, 1 even, 2 odd
inline constexpr std::uint16_t reg_save = 0x01C3;     ///< save_word
inline constexpr std::uint16_t settings_count = 4;
inline constexpr std::uint16_t save_word = 0x5AFE;
/// A new address, kept at once, for the unit of which a key is held down and for no other: written by
/// broadcast it parts two units that have the same address.
inline constexpr std::uint16_t reg_claim = 0x01C4;

inline constexpr std::uint16_t magic = 0x4C57;  ///< "LW"
inline constexpr std::uint16_t map_version = 1;
inline constexpr std::uint16_t model = 1;

inline constexpr std::uint16_t feature_last_key = 0x0001;    ///< reg_last_key
inline constexpr std::uint16_t feature_read_write = 0x0002;  ///< FC 23, reg_key_ack_and_face
inline constexpr std::uint16_t feature_text = 0x0004;        ///< a sign that shows text
inline constexpr std::uint16_t feature_dots = 0x0008;        ///< … and dots
inline constexpr std::uint16_t feature_buzzer = 0x0010;
inline constexpr std::uint16_t feature_lamps = 0x0020;
inline constexpr std::uint16_t feature_rest = 0x0040;      ///< reg_rest_*, reg_brightness, reg_locate
inline constexpr std::uint16_t feature_settings = 0x0080;  ///< reg_address … reg_claim, diagnostics

inline constexpr std::uint16_t state_at_rest =
    0x0001;  ///< the host was silent too long; ends with the next face
inline constexpr std::uint16_t state_no_keypad =
    0x0002;  ///< the key chain does not answer, or answers nonsense
inline constexpr std::uint16_t state_key_stuck = 0x0004;      ///< a key is held for more than 30 s
inline constexpr std::uint16_t state_missing_glyph = 0x0008;  ///< the face holds a character without a glyph

inline constexpr std::uint16_t longest_beep = 200;  ///< 2 s
inline constexpr std::uint16_t default_rest_after = 30;

inline constexpr std::uint16_t sign_width = 64;  ///< dots
inline constexpr std::uint16_t sign_height = 16;

enum class RestMode : std::uint16_t { blank = 0, text = 1 };
enum class ResetCause : std::uint16_t { unknown = 0, power = 1, pin = 2, watchdog = 3, software = 4 };

/// Keys of the 4 × 4 pad. 0..9 are the digits. Some keys have
/// a second meaning when held for a second (key_chain.hpp).
enum class Key : std::uint8_t {
  digit_0 = 0,
  digit_9 = 9,
  call = 0x10,
  recall = 0x11,
  start = 0x12,
  finish = 0x13,
  no_show = 0x14,
  hold = 0x15,
  transfer = 0x16,
  pause = 0x17,
  help = 0x18,
  evaluate = 0x19,
};

}  // namespace window_unit
}  // namespace lobby::wire
