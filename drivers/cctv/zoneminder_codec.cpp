#include <array>
#include <charconv>

#include "drivers/cctv/zoneminder.hpp"

namespace lobby::cctv::zoneminder {
namespace {

constexpr std::size_t longest_cause = 32;
constexpr std::size_t fields = 4;

template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc() && end == text.data() + text.size() && into >= 0;
}

}  // namespace

std::string on_line(int monitor, std::string_view cause) {
  std::string clean;
  for (const char c : cause) {
    if (c >= ' ' && c < '\x7f' && c != '|' && clean.size() < longest_cause) {
      clean += c;
    }
  }
  return std::to_string(monitor) + "|on|100|" + clean + "||\n";
}

std::string cancel_line(int monitor) {
  return std::to_string(monitor) + "|cancel|0|||\n";
}

std::optional<Told> parse_told(std::string_view line) {
  std::array<std::string_view, fields> parts;
  for (std::size_t i = 0; i < fields; ++i) {
    const auto bar = line.find('|');
    if ((bar == std::string_view::npos) != (i + 1 == fields)) {
      return std::nullopt;
    }
    parts[i] = line.substr(0, bar);
    line.remove_prefix(bar == std::string_view::npos ? line.size() : bar + 1);
  }
  Told out;
  out.is_on = parts[1] == "on";
  const bool is_known = out.is_on || parts[1] == "off";
  const bool is_whole =
      read_number(parts[0], out.monitor) && read_number(parts[2], out.at) && read_number(parts[3], out.event);
  return is_known && is_whole ? std::optional(out) : std::nullopt;
}

}  // namespace lobby::cctv::zoneminder
