#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the paper says. Pure text; the printer's room makes bytes of it.
namespace lobby::display {

class PaperTemplate;

/// What is known of one piece of paper. What is empty is not said: the lines of the template that would say
/// it are left out.
struct TicketPaper {
  /// How it is laid out; none: a plain face with the number, which marks a copy as one.
  std::shared_ptr<const PaperTemplate> face;
  bool in_english = false;  ///< besides Chinese

  std::string hall_name, hall_name_en;  ///< full official name
  std::string zone_name, zone_name_en;
  std::string number;  ///< A017
  std::string service_name, service_name_en;
  std::string lane, lane_en;  ///< 绿色通道; of an ordinary ticket empty
  std::string appointment;    ///< 09:30-10:00
  std::optional<std::uint32_t> ahead;
  std::optional<std::uint32_t> estimate_min;  ///< unreliable: not known
  std::string windows, windows_en;            ///< "1、2、3"; "1, 2, 3"
  std::string issued_at;                      ///< 2026-03-16 09:05:31
  std::string expires_at;                     ///< 18:30; empty: with the day
  std::string complaint_phone, hotline;
  std::string serial;  ///< No.000123-K2
  std::string link;    ///< what the QR symbol says; of a ticket the address of its page

  // 过号: what becomes of a number whose person did not come. One of the four flags is set.
  bool no_show_void = false;      ///< it is void
  bool no_show_to_head = false;   ///< re-activated it goes first
  bool no_show_to_tail = false;   ///< re-activated it goes last
  bool no_show_to_place = false;  ///< re-activated it keeps its place
  std::optional<std::uint32_t> reinstate_min, reinstate_times;

  std::optional<std::uint32_t> copy;  ///< of a copy: the how-manieth
  std::string copied_at, copied_by;   ///< of a copy: when, and who asked for it

  // 一次性告知
  std::string notice_no, notice_until;  ///< the slip's number; until when it goes first
  std::string missing;                  ///< what is missing, a line each

  // the checkpoint of a bid evaluation's evidence, which leaves the house on paper
  std::string session, room;
  std::optional<std::uint32_t> record;  ///< how far the evidence reaches
  std::string head, signed_at;          ///< 16 hexadecimal digits of its hash; when it was signed

  // what a printer says of itself
  std::string printer, model, firmware, fonts, proof, paper_width, wire, state;
};

struct PaperLine {
  enum class Align : std::uint8_t { left, centre, right };
  std::string text;
  Align align = Align::left;
  int scale = 1;
  bool bold = false;
  friend bool operator==(const PaperLine&, const PaperLine&) = default;
};

/// With a quiet zone of four modules on every side, which is not part of the face.
struct PaperQr {
  std::string data;
  int module = 6;  ///< dots of one of its squares
  PaperLine::Align align = PaperLine::Align::centre;
  friend bool operator==(const PaperQr&, const PaperQr&) = default;
};

using PaperItem = std::variant<PaperLine, PaperQr>;

/// `columns`: half-width characters of the paper, 32 or 48. No line is wider: what is too long takes a
/// smaller scale, and wraps at scale 1.
std::vector<PaperItem> ticket_face(const TicketPaper& paper, int columns);

}  // namespace lobby::display
