#pragma once

#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

#include "daemon/app/papers.hpp"
#include "daemon/app/site_file.hpp"

/// The papers of a site that says nothing of them: what config/tickets holds.
namespace lobby::app::testing {

inline Papers shipped_papers(const std::string& said = {}) {
  const auto text = R"(schema = 1
name = "x"
zone = [{id = "z", name = "z"}]
service = [{id = "s", name = "s", zone = "z", prefix = "A", hours = "h"}]
window = [{id = "w", number = 1, name = "w", zone = "z", services = ["s"]}]
printer = [{id = "p1", profile = "generic-80", link = "tcp:127.0.0.1:9"}]
[hours.h]
)" + said;
  return read_site_text(text, LOBBY_SOURCE_DIR "/config/sites/under-test.toml").papers;
}

/// The lines of text, without blanks before or behind; `[QR …]` for a symbol.
inline std::string text_of(const display::TicketPaper& paper, int columns) {
  std::string out;
  for (const auto& item : display::ticket_face(paper, columns)) {
    const auto* line = std::get_if<display::PaperLine>(&item);
    out += (line != nullptr ? line->text : "[QR " + std::get<display::PaperQr>(item).data + "]") + "\n";
  }
  return out;
}

inline bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace lobby::app::testing
