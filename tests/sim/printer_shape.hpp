#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/faults.hpp"

namespace lobby::sim {

/// What a printer model answers and in which words, as the files of config/profiles/printers name it. Read
/// here by the simulator's own eyes: the daemon's reader and codec are what it is there to check.
struct PrinterDialect {
  enum class Status : std::uint8_t {
    none,          ///< says nothing of itself
    dle_eot,       ///< DLE EOT 1 to 4 alone
    epson,         ///< those, and automatic status by GS a
    snbc_t080aii,  ///< those, and four automatic bytes of other bits
    snbc_bk_c310,  ///< six bytes
    snbc_byte,     ///< one byte
    custom_full    ///< DLE EOT 1 to 4, DLE EOT 14h: p u r x
  } status = Status::epson;
  /// What it answers of an order's place in the job; each also knows those below it.
  enum class Confirm : std::uint8_t {
    none,
    esc_v,
    in_order_status,
    process_id
  } confirm = Confirm::process_id;
  /// What its font has. `any` is no real one: everything that the simulator can draw.
  enum class Font : std::uint8_t { gb2312, gbk, gb18030, gb18030_b, any } font = Font::any;
  /// SNBC's two short frames come unasked on every change when the profile knows no request for them.
  bool reports_unasked() const {
    return (status == Status::snbc_bk_c310 || status == Status::snbc_byte) && status_on.empty() &&
           status_ask.empty();
  }
  bool presenter = false;        ///< holds a cut ticket in an outlet with a sensor
  bool clears = true;            ///< knows DLE DC4 fn 8
  bool recovers = true;          ///< knows DLE ENQ 1 and 2; else it recovers by itself when the jam is gone
  bool draws_symbols = true;     ///< knows GS ( k; else it prints nothing for it
  bool mixes_bit_images = true;  ///< ESC * stands beside text; else on a line of its own
  bool identifies = true;        ///< answers GS I
  std::vector<std::uint8_t> status_on;   ///< makes it report by itself, beside GS a and GS E0
  std::vector<std::uint8_t> status_ask;  ///< asks for the frame of `status`
  std::vector<std::uint8_t> present;     ///< without it a cut ticket stays inside; empty: it comes by itself
  std::vector<std::uint8_t> retract;     ///< beside GS e 2 and GS R 0
};

/// Size and pace of one printer.
struct PrinterShape {
  int dots = 576;
  int dots_per_second = 1200;      ///< 150 mm/s at 8 dots/mm
  milliseconds cut_time{300};      ///< the knife
  int head_to_cutter = 120;        ///< dots
  std::size_t buffer = 4 * 1024;   ///< receive buffer, bytes
  std::size_t full_at = 128;       ///< bytes left when it says XOFF
  std::size_t released_at = 256;   ///< bytes left when it says XON
  bool flow_bytes = false;         ///< XON and XOFF, of a serial line
  int near_end = 24'000;           ///< dots left of a roll when its sensor sees the end coming: three metres
  milliseconds boot_time{1000};    ///< deaf and mute after power on
  milliseconds clear_time{0};      ///< of DLE DC4 fn 8; what comes meanwhile is thrown away too
  milliseconds present_time{500};  ///< also of taking a ticket back
  std::optional<milliseconds> taken_after =
      std::nullopt;  ///< somebody takes each ticket from the outlet; nullopt: take()
  PrinterDialect dialect = {};
};

/// The profile file's words upon `base`; what it does not say, or says in a way not known here, stays as in
/// `base`. A file that cannot be read changes nothing: the daemon judges it.
PrinterShape read_printer_shape(const std::string& file, PrinterShape base);
PrinterShape parse_printer_shape(const std::string& toml, PrinterShape base);

}  // namespace lobby::sim
