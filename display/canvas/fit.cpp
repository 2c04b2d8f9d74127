#include "display/canvas/fit.hpp"

#include "display/canvas/columns.hpp"
#include "display/canvas/utf8.hpp"

namespace lobby::display {
namespace {

constexpr std::string_view ellipsis = "…";
constexpr int ellipsis_columns = 2;

}  // namespace

std::size_t bytes_within(std::string_view utf8, int columns) {
  std::size_t used = 0;
  while (used < utf8.size()) {
    const CodePoint next = first_code_point(utf8.substr(used));
    columns -= next.value < 0x80 ? 1 : 2;
    if (columns < 0) {
      break;
    }
    used += next.bytes;
  }
  return used;
}

std::string fitted(std::string_view utf8, int columns) {
  if (size_of(utf8).columns <= columns) {
    return std::string(utf8);
  }
  if (columns < ellipsis_columns) {
    return std::string(utf8.substr(0, bytes_within(utf8, columns)));
  }
  std::string out(utf8.substr(0, bytes_within(utf8, columns - ellipsis_columns)));
  while (!out.empty() && out.back() == ' ') {
    out.pop_back();
  }
  return out.append(ellipsis);
}

std::string fitted_end(std::string_view utf8, int columns) {
  if (size_of(utf8).columns <= columns) {
    return std::string(utf8);
  }
  const bool marked = columns > ellipsis_columns;
  int over = size_of(utf8).columns - columns + (marked ? ellipsis_columns : 0);
  while (over > 0 && !utf8.empty()) {
    const CodePoint next = first_code_point(utf8);
    over -= next.value < 0x80 ? 1 : 2;
    utf8.remove_prefix(next.bytes);
  }
  return (marked ? std::string(ellipsis) : std::string()).append(utf8);
}

}  // namespace lobby::display
