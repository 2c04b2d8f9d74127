#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Reading C++ as far as the house rules need it: no parser, but comments and literals never count as code.
namespace lobby::architecture {

struct File {
  std::string path;  ///< from the project's root, `daemon/hall/ids.hpp`
  std::string text;
};

/// Every C++ file of the rooms, in the order of their paths.
std::vector<File> read_tree(const std::string& root);

/// The same text with comments, string and character literals blanked out; line ends stay where they were.
std::string code_of(std::string_view text);

struct Include {
  std::string name;    ///< as written between the marks
  bool angle = false;  ///< <name>, not "name"
  int line = 0;
};
std::vector<Include> includes_of(std::string_view text);

/// `daemon/hall` of `daemon/hall/ids.hpp`: the two first folders, or fewer when there are fewer.
std::string room_of(std::string_view path);

int lines_of(std::string_view text);
/// Number of the line that holds position `at`, from 1.
int line_at(std::string_view text, std::size_t at);

}  // namespace lobby::architecture
