#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "display/ticket/ticket_face.hpp"

namespace lobby::display {

/// A line as it stands in a template file (config/tickets). Exactly one of `text`, `rule` and `qr` is said.
///
/// In a text `{name}` stands for what is known under that name (paper_fields.hpp), `{{` for a brace. Parts
/// between bars, `a | b`, stand on one line when they fit. A part is left out when something in it is not
/// known, a line when all its parts are.
struct TemplateLine {
  std::string text = {};
  std::string en = {};    ///< follows the text where the ticket asks for English
  std::string rule = {};  ///< one character, across the paper
  std::string qr = {};    ///< as a text, without parts
  std::string when = {};  ///< a name: the line is for papers where that is known
  PaperLine::Align align = PaperLine::Align::left;
  int scale = 1;  ///< 1…8; smaller where the text does not fit
  bool bold = false;
  int module = 6;  ///< of a QR symbol
};

/// What papers of a kind must say.
enum class PaperKind : std::uint8_t { ticket, notice, checkpoint, self_test };

struct TemplateError : std::runtime_error {
  TemplateError(std::size_t in_line, std::string_view in_key, const std::string& what)
      : std::runtime_error(what), line(in_line), key(in_key) {}
  std::size_t line;      ///< place among the lines; their number: it is about all of them
  std::string_view key;  ///< the member that is wrong
};

/// Lines that were read once, ready to be filled in. Immutable.
class PaperTemplate {
 public:
  /// Throws TemplateError: the first thing wrong, and what to do.
  PaperTemplate(PaperKind kind, const std::vector<TemplateLine>& lines);

  std::vector<PaperItem> fill(const TicketPaper& paper, int columns) const;

 private:
  static constexpr std::uint8_t no_field = 0xFF;
  /// A text between two fields, and the field behind it.
  struct Piece {
    std::string words;
    std::uint8_t field = no_field;
  };
  using Part = std::vector<Piece>;
  struct Line {
    enum class Kind : std::uint8_t { text, rule, qr } kind = Kind::text;
    std::uint8_t when = no_field;
    TemplateLine style;  ///< its texts are empty
    std::vector<Part> parts, parts_en;
  };
  class Reader;
  class Filler;
  std::vector<Line> lines_;
};

}  // namespace lobby::display
