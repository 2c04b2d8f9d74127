#pragma once

#include <cstdint>

/// Register map of the window unit, version 1: sign and keypad at one address. Compiled by host and MCU:
/// freestanding, no heap. Modbus RTU, zero-based register numbers, 16-bit words, high byte first.
///
/// Input registers (FC 04) say who the unit is and what it saw; holding registers (FC 03, FC 16) say what it
/// is to show. Version 1 may gain registers in the gaps; a unit whose `map_version` differs is refused and
/// named.
namespace lobby::wire {

namespace window_unit {

// --- input registers: identity ---
inline constexpr std::uint16_t reg_magic = 0x0000;        ///< always `magic`
inline constexpr std::uint16_t reg_map_version = 0x0001;  ///< always `map_version`
inline constexpr std::uint16_t reg_model = 0x0002;        ///< 1 = window unit
inline constexpr std::uint16_t reg_firmware = 0x0003;     ///< major << 8 | minor
inline constexpr std::uint16_t identity_count = 4;

// --- input registers: status, polled ---
inline constexpr std::uint16_t reg_boot_id = 0x0010;  ///< differs after every reset (key counter starts at 0)
inline constexpr std::uint16_t reg_key_count = 0x0011;  ///< presses since reset, modulo 65536
inline constexpr std::uint16_t reg_shown = 0x0012;      ///< `reg_face` of the face that the sign shows now
inline constexpr std::uint16_t status_count = 3;
/// Ring of the last presses: press number c (from 1) stands at reg_keys + (c - 1) % key_ring, as
/// (c & 0xff) << 8 | key. A press is overwritten only after key_ring further ones.
inline constexpr std::uint16_t reg_keys = 0x0014;
inline constexpr std::uint16_t key_ring = 8;

// --- holding registers ---
/// Highest press number the host has taken; written after its event is recorded.
inline constexpr std::uint16_t reg_key_ack = 0x0100;
/// The face, written in one FC 16 from reg_face on: a partial write changes nothing.
inline constexpr std::uint16_t reg_face = 0x0110;   ///< number of this face, chosen by the host, not 0
inline constexpr std::uint16_t reg_style = 0x0111;  ///< style_* bits
inline constexpr std::uint16_t reg_text = 0x0112;   ///< text_cells words
inline constexpr std::uint16_t text_cells = 8;
inline constexpr std::uint16_t face_count = 2 + text_cells;
/// A cell is 0 (nothing), an ASCII code (half width, 8 dots) or a GB2312 code (two bytes, full width, 16
/// dots). What does not fit into the sign's 64 dots is cut.
inline constexpr std::uint16_t style_blink = 0x0001;  ///< the text flashes 1 s on, 0.5 s off
inline constexpr std::uint16_t style_beep = 0x0002;   ///< one beep when the face is taken over

inline constexpr std::uint16_t magic = 0x4C57;  ///< "LW"
inline constexpr std::uint16_t map_version = 1;
inline constexpr std::uint16_t model = 1;

inline constexpr std::uint16_t sign_width = 64;  ///< dots
inline constexpr std::uint16_t sign_height = 16;

/// Keys of the 4 × 4 pad. 0..9 are the digits.
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
};

}  // namespace window_unit
}  // namespace lobby::wire
