#include "tests/architecture/source.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace lobby::architecture {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Where the thing that begins at `at` ends: a comment, a literal, or one character of code.
struct Span {
  std::size_t end;
  bool code;
};

std::size_t find_or_end(std::string_view text, std::string_view what, std::size_t from) {
  const auto at = text.find(what, from);
  return at == std::string_view::npos ? text.size() : at;
}

std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return std::min(text.size(), at + 1);
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

Span span_at(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  if (rest.starts_with("//")) {
    return {find_or_end(text, "\n", at), false};
  }
  if (rest.starts_with("/*")) {
    return {std::min(text.size(), find_or_end(text, "*/", at + 2) + 2), false};
  }
  if (rest.starts_with("R\"") && (at == 0 || !is_word(text[at - 1]))) {
    const auto open = find_or_end(text, "(", at);
    const std::string close = ")" + std::string(text.substr(at + 2, open - at - 2)) + "\"";
    return {std::min(text.size(), find_or_end(text, close, open) + close.size()), false};
  }
  if (rest.front() == '"') {
    return {end_of_quoted(text, at), false};
  }
  // An apostrophe after a digit separates thousands.
  if (rest.front() == '\'' && (at == 0 || !is_word(text[at - 1]))) {
    return {end_of_quoted(text, at), false};
  }
  return {at + 1, true};
}

}  // namespace

std::vector<File> read_tree(const std::string& root) {
  std::vector<File> files;
  for (const char* top : {"firmware", "daemon", "drivers", "display", "tests"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root + "/" + top)) {
      const auto extension = entry.path().extension();
      if (entry.is_regular_file() && (extension == ".cpp" || extension == ".hpp" || extension == ".h")) {
        files.push_back({std::filesystem::relative(entry.path(), root).string(), read(entry.path())});
      }
    }
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

std::string code_of(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const Span span = span_at(text, at);
    if (!span.code) {
      std::replace_if(
          code.begin() + static_cast<std::ptrdiff_t>(at),
          code.begin() + static_cast<std::ptrdiff_t>(span.end), [](char c) { return c != '\n'; }, ' ');
    }
    at = span.end;
  }
  return code;
}

std::vector<Include> includes_of(std::string_view text) {
  static const std::regex pattern(R"(^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"])",
                                  std::regex::ECMAScript | std::regex::multiline);
  // A directive counts when its `#` is code; its name in quotes is a literal to code_of().
  const std::string code = code_of(text);
  std::vector<Include> found;
  for (std::cregex_iterator it(text.data(), text.data() + text.size(), pattern), end; it != end; ++it) {
    const auto mark = text.find('#', static_cast<std::size_t>(it->position()));
    if (code[mark] == '#') {
      found.push_back({(*it)[2].str(), (*it)[1].str() == "<", line_at(text, mark)});
    }
  }
  return found;
}

std::string room_of(std::string_view path) {
  const auto first = path.find('/');
  const auto second = first == std::string_view::npos ? first : path.find('/', first + 1);
  return std::string(path.substr(0, second == std::string_view::npos ? path.rfind('/') : second));
}

int lines_of(std::string_view text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

int line_at(std::string_view text, std::size_t at) {
  return lines_of(text.substr(0, at)) + 1;
}

}  // namespace lobby::architecture
