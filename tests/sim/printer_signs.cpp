#include "tests/sim/printer_signs.hpp"

namespace lobby::sim {
namespace {

using Status = PrinterDialect::Status;

struct Bit {
  bool on;
  unsigned mask;
};

template <class... Bits>
std::uint8_t sum(unsigned fixed, Bits... bits) {
  return static_cast<std::uint8_t>((fixed | ... | (bits.on ? bits.mask : 0U)));
}

std::vector<std::uint8_t> epson_frame(const PrinterSigns& s) {
  return {sum(0x10, Bit{s.offline, 0x08}, Bit{s.cover_open, 0x20}),
          sum(0, Bit{s.jam, 0x04}, Bit{s.cutter, 0x08}, Bit{s.broken, 0x20}, Bit{s.hot, 0x40}), paper_bits(s),
          0x00};
}

// Bytes 2 and 3 have bits where Epson's are fixed: paper at the outlet's sensor, and printing.
std::vector<std::uint8_t> t080aii_frame(const PrinterSigns& s) {
  std::vector<std::uint8_t> frame = epson_frame(s);
  frame[1] = sum(frame[1], Bit{s.in_outlet, 0x80});
  frame[2] = sum(frame[2], Bit{s.printing, 0x40});
  return frame;
}

std::vector<std::uint8_t> bk_c310_frame(const PrinterSigns& s) {
  return {sum(0, Bit{s.paper_low, 0x01}, Bit{s.cover_open, 0x02}, Bit{s.paper_out, 0x04}, Bit{s.hot, 0x08},
              Bit{s.cutter, 0x10}, Bit{s.jam, 0x20}),
          sum(0, Bit{s.in_outlet, 0x01}, Bit{s.jam, 0x02}),
          0x00,
          0x00,
          sum(0, Bit{s.paper_out, 0x06}),
          0x00};
}

std::uint8_t snbc_byte(const PrinterSigns& s) {
  return sum(0, Bit{s.cover_open, 0x01}, Bit{s.paper_out, 0x02}, Bit{s.cutter, 0x04}, Bit{s.hot, 0x08},
             Bit{s.paper_low, 0x10}, Bit{s.jam, 0x20});
}

}  // namespace

std::uint8_t real_time_bits(std::uint8_t n, const PrinterSigns& s, Status form) {
  const bool error = s.cutter || s.jam || s.broken || s.hot;
  switch (n) {
    case 1:
      return sum(0x12, Bit{s.offline, 0x08});
    case 2:
      return sum(0x12, Bit{s.cover_open, 0x04}, Bit{s.paper_out, 0x20}, Bit{error, 0x40});
    case 3:
      // SNBC: b6 is also a head that is up.
      return sum(0x12, Bit{s.jam, 0x04}, Bit{s.cutter, 0x08}, Bit{s.broken, 0x20},
                 Bit{s.hot || (s.cover_open && form == Status::snbc_t080aii), 0x40});
    default:
      return sum(0x12, Bit{s.paper_low || s.paper_out, 0x0C}, Bit{s.paper_out, 0x60});
  }
}

std::uint8_t paper_bits(const PrinterSigns& s) {
  return sum(0, Bit{s.paper_low || s.paper_out, 0x03}, Bit{s.paper_out, 0x0C});
}

std::vector<std::uint8_t> full_status(const PrinterSigns& s) {
  return {sum(0, Bit{s.paper_out, 0x01}, Bit{s.paper_low, 0x04}, Bit{s.in_outlet, 0x20}),
          sum(0, Bit{s.cover_open, 0x03}, Bit{s.printing, 0x08}), sum(0, Bit{s.hot, 0x01}),
          // Which bit is the knife's is not published; that something is set is.
          sum(0, Bit{s.cutter, 0x01}, Bit{s.broken, 0x08}, Bit{s.jam, 0x40})};
}

std::uint8_t ejector_bits(const PrinterSigns& s) {
  return sum(0, Bit{s.paper_low, 0x01}, Bit{s.in_outlet, 0x08}, Bit{s.cutter || s.jam, 0x40},
             Bit{s.jam, 0x80});
}

std::vector<std::uint8_t> status_frame(Status form, const PrinterSigns& s) {
  switch (form) {
    case Status::epson:
      return epson_frame(s);
    case Status::snbc_t080aii:
      return t080aii_frame(s);
    case Status::snbc_bk_c310:
      return bk_c310_frame(s);
    case Status::snbc_byte:
      return {snbc_byte(s)};
    case Status::custom_full: {
      std::vector<std::uint8_t> frame{0x10, 0x0F};
      const std::vector<std::uint8_t> full = full_status(s);
      frame.insert(frame.end(), full.begin(), full.end());
      return frame;
    }
    default:
      return {};
  }
}

std::vector<std::uint8_t> asked_part(std::uint8_t n, const std::vector<std::uint8_t>& frame) {
  if (frame.size() != 4) {
    return n == 0 ? std::vector<std::uint8_t>() : frame;
  }
  const auto keep = [n](unsigned bit, unsigned mask) { return (n & bit) != 0 ? mask : 0U; };
  return {static_cast<std::uint8_t>(frame[0] & (keep(0x01, 0x04) | keep(0x02, 0x28) | keep(0x40, 0x40))),
          static_cast<std::uint8_t>(frame[1] & (keep(0x04, 0xFC) | keep(0x40, 0x02))),
          static_cast<std::uint8_t>(frame[2] & keep(0x08, 0xFF)), frame[3]};
}

}  // namespace lobby::sim
