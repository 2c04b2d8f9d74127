#include "tests/feed/fixtures.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>
#include <variant>

namespace lobby::feed {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string fixture(const std::string& name) {
  return read_file(std::string(LOBBY_SOURCE_DIR "/tests/feed/fixtures/") + name);
}

std::vector<std::string> fixture_lines(const std::string& name) {
  std::istringstream text(fixture(name));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    if (!line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

std::string epoint_text() {
  return read_file(LOBBY_SOURCE_DIR "/config/mappings/epoint.toml");
}

const Mapping& epoint() {
  static const Mapping mapping = read_mapping(LOBBY_SOURCE_DIR "/config/mappings/epoint.toml");
  return mapping;
}

const Resource& epoint_cases() {
  return *epoint().find(What::cases);
}

hall::CaseRow case_of(const Row& row) {
  const auto line = boost::json::parse(row.line).as_object();
  const auto text = [&line](const char* name) { return std::string(line.at(name).as_string()); };
  CHECK(text("kind") == "case");
  CHECK(text("id") == row.id);
  hall::CaseRow out;
  out.id = row.id;
  out.case_no = text("case_no");
  out.query_code = text("query_code");
  out.matter_name = text("matter_name");
  out.dept_name = text("dept_name");
  out.applicant_type = text("applicant_type");
  out.applicant_display = text("applicant_display");
  out.status = text("status");
  out.status_raw = text("status_raw");
  out.light = text("light");
  out.accepted_at = text("accepted_at");
  out.due_promised = text("due_promised");
  out.finished_at = text("finished_at");
  out.updated_at = text("updated_at");
  return out;
}

void check_cases(const Answer& answer, const std::string& expected) {
  namespace json = boost::json;
  const auto lines = fixture_lines(expected);
  REQUIRE(answer.rows.size() == lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    json::object whole = json::parse(fixture("empty_case.json")).as_object();
    const json::value given = json::parse(lines[i]);
    for (const auto& [name, value] : given.as_object()) {
      REQUIRE_MESSAGE(whole.contains(name), name);
      whole[name] = value;
    }
    CHECK(json::parse(answer.rows[i].line) == json::value(whole));
    CHECK(answer.rows[i].id == whole.at("id").as_string());
  }
}

void check_records(const Answer& answer, const std::string& expected) {
  namespace json = boost::json;
  const auto lines = fixture_lines(expected);
  REQUIRE(answer.rows.size() == lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    json::object row = json::parse(lines[i]).as_object();
    const std::string id(row.at("id").as_string());
    row.erase("id");
    CHECK(answer.rows[i].id == id);
    json::object line;
    line["kind"] = "record";
    line["id"] = id;
    line["row"] = std::move(row);
    CHECK(json::parse(answer.rows[i].line) == json::value(line));
  }
}

Mapping epoint_with(const std::string& part, const std::string& replacement) {
  std::string text = epoint_text();
  const std::size_t at = text.find(part);
  REQUIRE_MESSAGE(at != std::string::npos, part);
  text.replace(at, part.size(), replacement);
  return parse_mapping(text, "m.toml");
}

Answer read_good(const std::string& body, const std::string& area) {
  auto answer = read_answer(epoint(), epoint_cases(), {area, {}, {}}, body);
  if (const auto* fault = std::get_if<AnswerFault>(&answer)) {
    FAIL(fault->reason);
  }
  return std::get<Answer>(std::move(answer));
}

AnswerFault read_bad(const std::string& body) {
  auto answer = read_answer(epoint(), epoint_cases(), {}, body);
  REQUIRE(std::holds_alternative<AnswerFault>(answer));
  return std::get<AnswerFault>(std::move(answer));
}

}  // namespace lobby::feed
