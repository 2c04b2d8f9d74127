#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lobby::printer {

/// What a printer model can do and how it says so; read from its profile file. What nobody knows of a model
/// is said there as `none`.
struct Profile {
  std::string name;

  // --- paper ---
  int dots = 576;    ///< across the paper; 8 to a millimetre
  int columns = 48;  ///< half-width characters per line, 12 dots each
  int mm_per_s = 0;  ///< paper speed; 0 = not known
  int cut_ms = 0;    ///< time of the knife; 0 = not known

  // --- commands, each as the model's manual prints it ---
  std::vector<std::uint8_t> init;  ///< behind ESC @ and FS & of each job: panel keys off and the like
  std::vector<std::uint8_t> cut;   ///< feed and cut
  std::vector<std::uint8_t>
      present;  ///< behind the cut: holds the ticket out to the citizen; empty = no need
  std::vector<std::uint8_t> retract;  ///< takes a ticket back that nobody took; empty = it cannot

  // --- what it prints by itself ---
  /// Of the characters with four bytes `gb18030` has extension A, `gb18030_b` extension B besides. What the
  /// font lacks is drawn.
  enum class Font : std::uint8_t { gb2312, gbk, gb18030, gb18030_b } font = Font::gbk;
  /// How a character is drawn that stands in a line of text: by ESC * 33 in its place; or its whole line as
  /// raster, for a printer that does not print the two side by side.
  enum class Rare : std::uint8_t { in_place, line } rare = Rare::in_place;
  enum class QrBy : std::uint8_t { native, raster } qr = QrBy::native;
  int qr_module = 6;        ///< dots
  int qr_max_bytes = 1017;  ///< longer data become raster; the least that a known model takes (HPRT HM-E200)
  static constexpr int qr_greatest_bytes = 1700;  ///< in one command, between two questions
  enum class Raster : std::uint8_t { gs_v_0, gs_8_l } raster = Raster::gs_v_0;

  // --- what it says of itself ---
  /// The form of what comes back: DLE EOT 1 to 4 alone; those and Epson's automatic status; SNBC's four bytes
  /// of other bits; SNBC's six bytes; SNBC's single byte; Custom's FULL status.
  enum class Status : std::uint8_t {
    none,
    dle_eot,
    epson,
    snbc_t080aii,
    snbc_bk_c310,
    snbc_byte,
    custom_full
  } status = Status::dle_eot;
  std::vector<std::uint8_t> status_on;   ///< makes it report by itself; empty = it does not, or unknown how
  std::vector<std::uint8_t> status_ask;  ///< asks for the frame of `status`; empty = by DLE EOT, or unknown
  bool identifies = false;               ///< answers GS I with maker, model, firmware and font
  enum class Presenter : std::uint8_t {
    none,   ///< the ticket hangs from the slot, and nobody knows when it is taken
    sensor  ///< `Condition::in_outlet` is told
  } presenter = Presenter::none;

  // --- proof and recovery ---
  /// The strongest answer to "is it on the paper?": GS ( H with an id; GS r 1 in order; ESC v; nothing.
  enum class Confirm : std::uint8_t { none, process_id, in_order_status, esc_v } confirm = Confirm::none;
  /// Out of paper amid a ticket: the printer keeps the rest and goes on by itself; or its buffer is cleared,
  /// by DLE DC4 8, which it acknowledges, or by DLE ENQ 2, which it does not and which helps with the knife
  /// alone.
  enum class PaperOut : std::uint8_t { resume, clear, enq_2 } paper_out = PaperOut::resume;

  bool answers_dle_eot() const {
    return status == Status::dle_eot || status == Status::epson || status == Status::snbc_t080aii;
  }
  /// Its frames have no mark of their own: the question before them alone tells where one begins.
  static bool are_unmarked(Status form) { return form == Status::snbc_bk_c310 || form == Status::snbc_byte; }
  /// Can it be asked how it is?
  bool answers_status() const { return answers_dle_eot() || !status_ask.empty(); }
};

}  // namespace lobby::printer
