#include "tests/feed/fixtures.hpp"

#include <doctest/doctest.h>

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

Mapping epoint_with(const std::string& part, const std::string& replacement) {
  std::string text = epoint_text();
  const std::size_t at = text.find(part);
  REQUIRE_MESSAGE(at != std::string::npos, part);
  text.replace(at, part.size(), replacement);
  return parse_mapping(text, "m.toml");
}

Answer read_good(const std::string& body, const std::string& area) {
  auto answer = read_answer(epoint(), {area, {}}, body);
  if (const auto* fault = std::get_if<AnswerFault>(&answer)) {
    FAIL(fault->reason);
  }
  return std::get<Answer>(std::move(answer));
}

AnswerFault read_bad(const std::string& body) {
  auto answer = read_answer(epoint(), {}, body);
  REQUIRE(std::holds_alternative<AnswerFault>(answer));
  return std::get<AnswerFault>(std::move(answer));
}

}  // namespace lobby::feed
