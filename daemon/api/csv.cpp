#include "daemon/api/csv.hpp"

#include <algorithm>
#include <array>

namespace lobby::api {
namespace {

/// With the wide forms, which an East Asian Excel takes for the same.
constexpr std::array<std::string_view, 10> formula_begins{"=",  "+",  "-",  "@",  "\t",
                                                          "\r", "＝", "＋", "－", "＠"};

bool is_formula(std::string_view cell) {
  return std::any_of(formula_begins.begin(), formula_begins.end(),
                     [&](std::string_view begin) { return cell.starts_with(begin); });
}

}  // namespace

CsvTable& CsvTable::text(std::string_view cell) {
  std::string safe{is_formula(cell) ? "'" : ""};
  safe += cell;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) {
    return plain(safe);
  }
  std::string quoted = "\"";
  for (const char c : safe) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return plain(quoted + "\"");
}

CsvTable& CsvTable::plain(std::string_view cell) {
  out_ += begins_row_ ? "" : ",";
  out_ += cell;
  begins_row_ = false;
  return *this;
}

void CsvTable::end_row() {
  out_ += "\r\n";
  begins_row_ = true;
}

}  // namespace lobby::api
