#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/site_file.hpp"

/// Sites that are wrong in one place, and what must be said of them.
namespace lobby::app::cases {

/// Where the texts are said to lie.
inline const std::string name = LOBBY_SOURCE_DIR "/config/sites/under-test.toml";

inline std::string slurp(const std::string& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

/// Takes «» out of the text and says where « stood: line, and column in characters, from 1.
struct Marked {
  std::string text;
  std::string word;
  int line = 0;
  int column = 0;
};

inline Marked unmark(std::string text) {
  const std::string open = "«";
  const std::string close = "»";
  Marked out;
  const auto begin = text.find(open);
  REQUIRE(begin != std::string::npos);
  text.erase(begin, open.size());
  const auto end = text.find(close, begin);
  REQUIRE(end != std::string::npos);
  text.erase(end, close.size());
  out.word = text.substr(begin, end - begin);
  out.line = 1;
  out.column = 1;
  for (std::size_t i = 0; i < begin; ++i) {
    const bool continues = (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
    if (text[i] == '\n') {
      ++out.line;
      out.column = 1;
    } else if (!continues) {
      ++out.column;
    }
  }
  out.text = std::move(text);
  return out;
}

inline std::string refusal(const std::string& text, const std::string& file = name) {
  try {
    static_cast<void>(lobby::app::read_site_text(text, file));
  } catch (const SiteError& error) {
    return error.what();
  }
  return "accepted";
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto begin = text.find(from);
  REQUIRE_MESSAGE(begin != std::string::npos, "the good site has no ", from);
  return text.replace(begin, from.size(), to);
}

struct Case {
  std::string what;
  std::string from;        ///< of the good site; empty: `to` is added at its end
  std::string to;          ///< with « before the place that must be named
  std::string word;        ///< must stand in the sentence; empty: what stands between « and »
  std::string place = {};  ///< where to point when that is not in `to`
};

inline Marked prepare(const std::string& good, const Case& each) {
  auto text = each.from.empty() ? good + each.to : replaced(good, each.from, each.to);
  if (!each.place.empty()) {
    text = replaced(text, each.place, "«" + each.place + "»");
  }
  return unmark(text);
}

/// Each is refused by one sentence with the exact place, what is wrong there and what to do.
inline void check_all(const std::string& good, const std::vector<Case>& cases) {
  for (const auto& each : cases) {
    CAPTURE(each.what);
    const auto marked = prepare(good, each);
    const auto sentence = refusal(marked.text);
    const auto place = name + ":" + std::to_string(marked.line) + ":" + std::to_string(marked.column) + ": ";
    CHECK_MESSAGE(sentence.starts_with(place), sentence, " does not start with ", place);
    const auto& word = each.word.empty() ? marked.word : each.word;
    CHECK_MESSAGE(sentence.find(word) != std::string::npos, sentence, " does not name ", word);
    CHECK(sentence.find('\n') == std::string::npos);
    // What is wrong, and what to do: two parts behind the place.
    CHECK_MESSAGE(sentence.find(": ", place.size()) != std::string::npos, sentence, " has no remedy");
  }
}

/// A folder of its own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "lobby-site-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string write(const std::string& file, const std::string& text) const {
    const auto path = path_ / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace lobby::app::cases
