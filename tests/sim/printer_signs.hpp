#pragma once

#include <cstdint>
#include <vector>

#include "tests/sim/printer_shape.hpp"

namespace lobby::sim {

/// What a printer's sensors see, and how each maker puts it into bits. The tables are those of the makers'
/// manuals and drivers, written down here apart from the daemon's decoder.
struct PrinterSigns {
  bool offline = false, cover_open = false, paper_out = false, paper_low = false, cutter = false, jam = false,
       broken = false, hot = false, printing = false, in_outlet = false;
  friend bool operator==(const PrinterSigns&, const PrinterSigns&) = default;
};

/// Answer to DLE EOT n, n = 1…4.
std::uint8_t real_time_bits(std::uint8_t n, const PrinterSigns& signs, PrinterDialect::Status form);
/// Answer to GS r 1 and ESC v; byte 3 of automatic status.
std::uint8_t paper_bits(const PrinterSigns& signs);
/// The whole frame of a form: four bytes for epson and snbc_t080aii, six, one, or `10 0F p u r x`. Empty for
/// none and dle_eot.
std::vector<std::uint8_t> status_frame(PrinterDialect::Status form, const PrinterSigns& signs);
/// The bytes of Custom's FULL status: p, u, r, x.
std::vector<std::uint8_t> full_status(const PrinterSigns& signs);
/// Answer to GS e 6 of Custom's presenters.
std::uint8_t ejector_bits(const PrinterSigns& signs);
/// The part of an automatic frame that GS a n asks for: what is not asked for is no reason to send one.
std::vector<std::uint8_t> asked_part(std::uint8_t n, const std::vector<std::uint8_t>& frame);

}  // namespace lobby::sim
