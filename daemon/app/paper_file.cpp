#include <fmt/format.h>

#include "daemon/app/site_reader.hpp"
#include "display/ticket/paper_template.hpp"

namespace lobby::app {
namespace {

using display::PaperKind;
using display::PaperLine;
using display::TemplateLine;

PaperLine::Align align_of(std::string_view word) {
  if (word == "centre") {
    return PaperLine::Align::centre;
  }
  return word == "right" ? PaperLine::Align::right : PaperLine::Align::left;
}

std::string_view word_of(PaperKind kind) {
  constexpr std::string_view words[] = {"ticket", "notice", "checkpoint", "self_test"};
  return words[static_cast<std::size_t>(kind)];
}

TemplateLine read_line(const TomlFile& file, const toml::table& row) {
  check_keys(file, row, ticket_line());
  if (!has(row, "text") && !has(row, "rule") && !has(row, "qr")) {
    file.fail(row, "a line says nothing: give it a \"text\" (\"\" is a blank line), a \"rule\" or a \"qr\"");
  }
  TemplateLine line;
  line.text = get_text(row, "text");
  line.en = get_text(row, "en");
  line.rule = get_text(row, "rule");
  line.qr = get_text(row, "qr");
  line.when = get_text(row, "when");
  line.align = align_of(get_text(row, "align"));
  line.scale = static_cast<int>(get_integer(row, "scale", line.scale));
  line.bold = get_boolean(row, "bold", line.bold);
  line.module = static_cast<int>(get_integer(row, "module", line.module));
  return line;
}

}  // namespace

PaperFace read_paper_template(const std::string& path, PaperKind kind) {
  const auto file = TomlFile::read(path);
  const auto& root = file.root();
  const SectionRule parts[] = {ticket_line()};
  check_keys(file, root, ticket_template(), parts);
  if (get_text(root, "kind") != word_of(kind)) {
    file.fail(at(root, "kind"), fmt::format("this is a template for {}, not for {}: name another file",
                                            in_quotes(get_text(root, "kind")), in_quotes(word_of(kind))));
  }
  const auto* rows = root["line"].as_array();
  if (rows == nullptr || rows->empty() || rows->size() > ticket_line().max_count) {
    file.fail(at(root, "line"), fmt::format("\"line\" is a list of 1 to {} lines: write [[line]] before each",
                                            ticket_line().max_count));
  }
  std::vector<TemplateLine> lines;
  for (const auto& row : *rows) {
    if (!row.is_table()) {
      file.fail(row, "an entry of \"line\" is no table: write [[line]] and its keys");
    }
    lines.push_back(read_line(file, *row.as_table()));
  }
  try {
    return std::make_shared<const display::PaperTemplate>(kind, lines);
  } catch (const display::TemplateError& error) {
    const toml::node& where =
        error.line < rows->size() ? at(*rows->get(error.line)->as_table(), error.key) : at(root, "line");
    file.fail(where, error.what());
  }
}

}  // namespace lobby::app
