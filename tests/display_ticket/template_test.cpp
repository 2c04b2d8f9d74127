// What a template file may say, and what becomes of it. The wanted lines are written by hand.
#include "display/ticket/paper_template.hpp"

#include <doctest/doctest.h>

namespace {

using namespace lobby::display;
using Align = PaperLine::Align;
using Items = std::vector<PaperItem>;

PaperLine line(std::string text, Align align = Align::left, int scale = 1, bool bold = false) {
  return {std::move(text), align, scale, bold};
}

TemplateLine says(std::string text, std::string en = {}) {
  TemplateLine out;
  out.text = std::move(text);
  out.en = std::move(en);
  return out;
}

/// Of a kind that demands least.
Items filled(std::vector<TemplateLine> lines, const TicketPaper& paper, int columns = 32) {
  lines.push_back(says("{head}"));
  return PaperTemplate(PaperKind::checkpoint, lines).fill(paper, columns);
}

/// `LINE KEY WHAT`.
std::string refused(PaperKind kind, const std::vector<TemplateLine>& lines) {
  try {
    PaperTemplate made(kind, lines);
  } catch (const TemplateError& error) {
    return std::to_string(error.line) + " " + std::string(error.key) + " " + error.what();
  }
  return "taken";
}

/// What is wrong with a line, as far as `wanted` goes.
std::string refused(const TemplateLine& line, std::string_view wanted) {
  return refused(PaperKind::checkpoint, {says("{head}"), line}).substr(0, wanted.size());
}

}  // namespace

TEST_CASE("a part with something unknown is left out, a line when nothing is left") {
  TicketPaper paper;
  paper.ahead = 0;
  const std::vector<TemplateLine> lines = {says("前面等候：{ahead} 人 | 约 {estimate_min} 分钟"),
                                           says("业务：{service}"), says("")};
  CHECK(filled(lines, paper) == Items{line("前面等候：0 人"), line("")});
  paper.estimate_min = 25;
  CHECK(filled(lines, paper) == Items{line("前面等候：0 人  约 25 分钟"), line("")});
}

TEST_CASE("parts stand on one line only where they fit") {
  TicketPaper paper;
  const std::vector<TemplateLine> lines = {says("0123456789|ABCDEFGHIJ|x")};
  CHECK(filled(lines, paper, 25) == Items{line("0123456789  ABCDEFGHIJ  x")});
  CHECK(filled(lines, paper, 24) == Items{line("0123456789  ABCDEFGHIJ"), line("x")});
  CHECK(filled(lines, paper, 16) == Items{line("0123456789"), line("ABCDEFGHIJ  x")});
}

TEST_CASE("a condition is for the whole line") {
  auto conditional = says("过号作废");
  conditional.when = "no_show_void";
  TicketPaper paper;
  CHECK(filled({conditional}, paper).empty());
  paper.no_show_void = true;
  CHECK(filled({conditional}, paper) == Items{line("过号作废")});
}

TEST_CASE("English stands below Chinese, where it is asked for and known") {
  TicketPaper paper;
  paper.service_name = "社会保险";
  const std::vector<TemplateLine> lines = {says("{service}", "{service_en}"), says("{{号}}", "Number")};
  CHECK(filled(lines, paper) == Items{line("社会保险"), line("{号}}")});
  paper.in_english = true;
  CHECK(filled(lines, paper) == Items{line("社会保险"), line("{号}}"), line("Number")});
  paper.service_name_en = "Social insurance";
  CHECK(filled(lines, paper) ==
        Items{line("社会保险"), line("Social insurance"), line("{号}}"), line("Number")});
}

TEST_CASE("a rule goes across, of whatever character") {
  TemplateLine thin, thick;
  thin.rule = "-";
  thick.rule = "═";
  CHECK(filled({thin, thick}, {}, 17) == Items{line("-----------------"), line("════════")});
}

TEST_CASE("what is too wide takes a smaller scale before it wraps") {
  auto big = says("{service}");
  big.scale = 3;
  big.align = Align::centre;
  TicketPaper paper;
  paper.service_name = "社会保险";
  CHECK(filled({big}, paper, 24) == Items{line("社会保险", Align::centre, 3)});
  CHECK(filled({big}, paper, 23) == Items{line("社会保险", Align::centre, 2)});
  CHECK(filled({big}, paper, 16) == Items{line("社会保险", Align::centre, 2)});
  paper.service_name = "社会保险参保登记";
  CHECK(filled({big}, paper, 16) == Items{line("社会保险参保登记", Align::centre, 1)});
}

TEST_CASE("a QR symbol needs what it says") {
  TemplateLine symbol;
  symbol.qr = "{link}";
  symbol.module = 5;
  TicketPaper paper;
  CHECK(filled({symbol}, paper).empty());
  paper.link = "http://hall/t/abc";
  CHECK(filled({symbol}, paper) == Items{PaperQr{"http://hall/t/abc", 5, Align::left}});
}

TEST_CASE("what a template says wrongly is named, with its line and key") {
  const auto check = [](const TemplateLine& line, std::string_view wanted) {
    CHECK(refused(line, wanted) == wanted);
  };
  TemplateLine both = says("x"), rule, condition = says("x"), symbol;
  both.rule = "-";
  check(both, "1 rule a line is a text, a rule or a QR symbol: ");
  rule.rule = "--";
  check(rule, "1 rule \"--\" is no single character: ");
  condition.when = "nobody";
  check(condition, "1 when nothing is known under the name \"nobody\": use one of hall, ");
  symbol.qr = "{lnk}";
  check(symbol, "1 qr nothing is known under the name \"lnk\": ");
  check(says("a | {copy"), "1 text a \"{\" has no \"}\": ");
  check(says("a", "{no_show_void}"), "1 en \"no_show_void\" has no text: ");
  check(says("a"), "taken");
}

TEST_CASE("no ticket is without its number, no copy without its mark") {
  const auto number = says("{number}");
  auto copy = says("重打 第{copy}次 | {copied_at}");
  CHECK(refused(PaperKind::ticket, {number, copy}) == "taken");
  CHECK(refused(PaperKind::ticket, {copy}).substr(0, 40) == "1 text no line is sure to say {number}: ");
  CHECK(refused(PaperKind::ticket, {number}).substr(0, 38) == "1 text no line is sure to say {copy}: ");
  // It could be left out with what stands beside it.
  CHECK(refused(PaperKind::ticket, {number, says("重打 第{copy}次 {copied_by}")}) != "taken");
  copy.when = "estimate_min";
  CHECK(refused(PaperKind::ticket, {number, copy}) != "taken");
  copy.when = "copy";
  CHECK(refused(PaperKind::ticket, {number, copy}) == "taken");
}
