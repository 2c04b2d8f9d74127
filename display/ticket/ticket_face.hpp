#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What the paper says. Pure text; the printer's room makes bytes of it.
namespace lobby::display {

struct TicketPaper {
  std::string hall_name;  ///< full official name
  std::string zone_name;
  std::string number;  ///< A017
  std::string service_name;
  std::uint32_t ahead = 0;
  std::string windows;     ///< "1、2、3"; empty: not said
  std::string issued_at;   ///< 2026-03-16 09:05:31
  std::string hotline;     ///< empty: not said
  std::string serial;      ///< No.000123-K2
  std::uint32_t copy = 0;  ///< > 0: marked 重打 with its count
};

struct PaperLine {
  enum class Align : std::uint8_t { left, centre, right };
  std::string text;
  Align align = Align::left;
  int scale = 1;
  bool bold = false;
  friend bool operator==(const PaperLine&, const PaperLine&) = default;
};

/// `columns`: half-width characters of the paper, 32 or 48. No line is wider; long names wrap between
/// characters.
std::vector<PaperLine> ticket_face(const TicketPaper& paper, int columns);

}  // namespace lobby::display
