#include "display/ticket/paper_template.hpp"

#include <algorithm>
#include <utility>

#include "display/canvas/columns.hpp"
#include "display/canvas/utf8.hpp"
#include "display/ticket/paper_fields.hpp"

namespace lobby::display {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string quoted(std::string_view word) {
  return "\"" + std::string(word) + "\"";
}

}  // namespace

/// Takes lines apart. `at_` is the line that it is at, for the error.
class PaperTemplate::Reader {
 public:
  explicit Reader(const std::vector<TemplateLine>& lines) : lines_(lines) {}

  std::vector<Line> read() {
    std::vector<Line> out;
    for (at_ = 0; at_ < lines_.size(); ++at_) {
      out.push_back(read_line(lines_[at_]));
    }
    return out;
  }

  /// Some line says it whatever else is known or not.
  void require(const std::vector<Line>& lines, std::string_view name, std::string_view example) const {
    const auto field = *field_named(name);
    const auto says = [field](const Part& part) {
      return std::any_of(part.begin(), part.end(), [&](const Piece& each) { return each.field == field; }) &&
             std::all_of(part.begin(), part.end(),
                         [&](const Piece& each) { return each.field == field || each.field == no_field; });
    };
    for (const auto& line : lines) {
      const bool always = line.when == no_field || line.when == field;
      if (always && line.kind == Line::Kind::text &&
          std::any_of(line.parts.begin(), line.parts.end(), says)) {
        return;
      }
    }
    throw TemplateError(lines.size(), "text",
                        "no line is sure to say {" + std::string(name) +
                            "}: add one with this placeholder alone, such as text = " + quoted(example));
  }

 private:
  [[noreturn]] void fail(std::string_view key, const std::string& what) const {
    throw TemplateError(at_, key, what);
  }

  Line read_line(const TemplateLine& line) const {
    const bool is_rule = !line.rule.empty();
    const bool is_qr = !line.qr.empty();
    if (int{is_rule} + int{is_qr} + int{!line.text.empty() || !line.en.empty()} > 1) {
      fail(is_rule ? "rule" : "qr", "a line is a text, a rule or a QR symbol: make a line of each");
    }
    Line out;
    out.style = line;
    out.when = line.when.empty() ? no_field : field(line.when, "when");
    if (is_rule) {
      const auto size = size_of(line.rule);
      if (code_points(line.rule).size() != 1 || !size.plain) {
        fail("rule", quoted(line.rule) + " is no single character: write the one that the rule is made of");
      }
      out.kind = Line::Kind::rule;
      return out;
    }
    if (is_qr) {
      out.kind = Line::Kind::qr;
      out.parts = {read_part(line.qr, "qr")};
    } else {
      out.parts = read_parts(line.text, "text");
      if (!line.en.empty()) {
        out.parts_en = read_parts(line.en, "en");
      }
    }
    out.style.text = out.style.en = out.style.qr = out.style.when = {};
    return out;
  }

  std::uint8_t field(std::string_view name, std::string_view key) const {
    const auto found = field_named(name);
    if (!found) {
      fail(key, "nothing is known under the name " + quoted(name) + ": use one of " + field_names());
    }
    return *found;
  }

  std::vector<Part> read_parts(std::string_view text, std::string_view key) const {
    std::vector<Part> parts;
    for (bool more = true; more;) {
      const auto bar = text.find('|');
      more = bar != text.npos;
      parts.push_back(read_part(trimmed(text.substr(0, bar)), key));
      text.remove_prefix(more ? bar + 1 : text.size());
    }
    return parts;
  }

  Part read_part(std::string_view text, std::string_view key) const {
    Part part(1);
    while (!text.empty()) {
      const auto brace = text.find('{');
      part.back().words += text.substr(0, brace);
      if (brace == text.npos) {
        break;
      }
      text.remove_prefix(brace + 1);
      if (text.starts_with('{')) {
        part.back().words += '{';
        text.remove_prefix(1);
        continue;
      }
      const auto end = text.find('}');
      if (end == text.npos) {
        fail(key, "a \"{\" has no \"}\": close it, or write \"{{\" for a brace that is to be printed");
      }
      const auto name = text.substr(0, end);
      part.back().field = field(name, key);
      if (is_flag(part.back().field)) {
        fail(key, quoted(name) + " has no text: it is for the key \"when\" only");
      }
      part.emplace_back();
      text.remove_prefix(end + 1);
    }
    return part;
  }

  const std::vector<TemplateLine>& lines_;
  std::size_t at_ = 0;
};

PaperTemplate::PaperTemplate(PaperKind kind, const std::vector<TemplateLine>& lines) {
  Reader reader(lines);
  lines_ = reader.read();
  switch (kind) {
    case PaperKind::ticket:
      reader.require(lines_, "number", "{number}");
      reader.require(lines_, "copy", "重打 第{copy}次");
      return;
    case PaperKind::notice:
      reader.require(lines_, "notice_no", "编号：{notice_no}");
      reader.require(lines_, "copy", "重打 第{copy}次");
      return;
    case PaperKind::checkpoint:
      reader.require(lines_, "head", "{head}");
      return;
    case PaperKind::self_test:
      reader.require(lines_, "printer", "打印机：{printer}");
  }
}

}  // namespace lobby::display
