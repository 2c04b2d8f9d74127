// Any template and any words: the template is refused by name or fills papers on which no line is too wide.
// The first byte is the width of the paper, then a line of the template to each line; the last one is a name.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "display/canvas/utf8.hpp"
#include "display/ticket/paper_template.hpp"

namespace {

using namespace lobby::display;

int width_of(std::string_view text) {
  int columns = 0;
  for (const auto c : code_points(text)) {
    columns += c < 0x80 ? 1 : 2;
  }
  return columns;
}

std::vector<TemplateLine> lines_of(std::string_view text) {
  std::vector<TemplateLine> lines;
  while (!text.empty() && lines.size() < 64) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    TemplateLine made;
    made.scale = static_cast<int>(line.size() % 9);
    made.align = static_cast<PaperLine::Align>(line.size() % 3);
    if (line.starts_with('=')) {
      made.rule = line.substr(1);
    } else if (line.starts_with('#')) {
      made.qr = line.substr(1);
    } else {
      made.text = made.en = line;
    }
    lines.push_back(made);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const int columns = 16 + data[0] % 49;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  TicketPaper paper;
  paper.hall_name = paper.service_name = paper.missing = text.substr(text.rfind('\n') + 1);
  paper.number = "A017";
  paper.ahead = 3;
  paper.copy = 1;
  paper.in_english = true;
  try {
    const PaperTemplate face(PaperKind::ticket, lines_of(text));
    std::string all;
    for (const auto& item : face.fill(paper, columns)) {
      const auto* line = std::get_if<PaperLine>(&item);
      if (line != nullptr && (width_of(line->text) * line->scale > columns || line->scale < 1)) {
        std::abort();
      }
      all += line != nullptr ? line->text : "";
    }
    if (all.find("A017") == std::string::npos) {
      std::abort();
    }
  } catch (const TemplateError& error) {
    if (error.key.empty() || std::string_view(error.what()).empty()) {
      std::abort();
    }
  }
  return 0;
}
