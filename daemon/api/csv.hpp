#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace lobby::api {

/// A table as RFC 4180 has it, for people who open it in a spreadsheet. Texts are UTF-8, so it begins with a
/// byte order mark: without one a Chinese Excel reads GBK.
class CsvTable {
 public:
  CsvTable() : out_("\xEF\xBB\xBF") {}
  /// The next cell. What a spreadsheet would take for a formula gets an apostrophe before it.
  CsvTable& text(std::string_view cell);
  /// A number, or nothing; as it is.
  CsvTable& plain(std::string_view cell);
  void end_row();
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool begins_row_ = true;
};

}  // namespace lobby::api
