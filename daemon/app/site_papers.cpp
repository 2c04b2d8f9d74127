#include <fmt/format.h>

#include "daemon/app/site_reader.hpp"
#include "display/ticket/paper_template.hpp"

namespace lobby::app {
namespace {

using display::PaperKind;

PaperFace read_face(const SiteReader& reader, const toml::table& row, std::string_view key,
                    std::string_view fallback, PaperKind kind) {
  const toml::node& where = has(row, key) ? at(row, key) : reader.file.root();
  return read_paper_template(find_named_file(reader, where, "tickets", get_text(row, key, fallback)), kind);
}

/// A font that is named must be one; of the list that holds without it some may be missing.
std::vector<std::string> read_fonts(const SiteReader& reader, const toml::table& row) {
  std::vector<std::string> fonts;
  for (const auto* node : get_elements(row, "fonts")) {
    const auto path = resolve(reader, text_of(*node)).string();
    if (!devices::PaperGlyphs({path}).missing().empty()) {
      reader.file.fail(*node,
                       fmt::format("{} is no font: name a .ttf, .ttc or .otf file, such as those below "
                                   "/usr/share/fonts/",
                                   in_quotes(path)));
    }
    fonts.push_back(path);
  }
  return fonts;
}

}  // namespace

void read_papers(SiteReader& reader) {
  const auto& root = reader.file.root();
  static const toml::table nothing;
  const auto* said = root["paper"].as_table();
  const auto& row = said != nullptr ? *said : nothing;
  auto& papers = reader.site.papers;
  papers.link = get_text(row, "link");
  if (has(row, "link")) {
    check_url(reader.file, at(row, "link"), "it is printed for everybody to read");
  }
  papers.complaint_phone = get_text(row, "complaint_phone");
  papers.copied_by = get_boolean(row, "copied_by", papers.copied_by);
  if (has(row, "fonts")) {
    papers.fonts = read_fonts(reader, row);
  }
  if (said == nullptr && reader.printers.empty()) {
    return;
  }
  papers.ticket = read_face(reader, row, "ticket", "standard", PaperKind::ticket);
  papers.notice = read_face(reader, row, "notice", "notice", PaperKind::notice);
  papers.checkpoint = read_face(reader, row, "checkpoint", "checkpoint", PaperKind::checkpoint);
  papers.self_test = read_face(reader, row, "self_test", "self-test", PaperKind::self_test);
  for (const auto* printer : get_rows(root, "printer")) {
    if (has(*printer, "ticket")) {
      papers.tickets[{get_text(*printer, "id")}] =
          read_face(reader, *printer, "ticket", "", PaperKind::ticket);
    }
  }
}

}  // namespace lobby::app
