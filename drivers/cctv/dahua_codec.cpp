#include <algorithm>

#include "drivers/cctv/dahua.hpp"
#include "drivers/cctv/json.hpp"
#include "drivers/cctv/xml.hpp"

namespace lobby::cctv::dahua {
namespace {

constexpr std::size_t longest_finder = 20;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<UtcTime> shown(std::optional<std::string_view> text) {
  const auto time = text ? parse_wall_time(*text) : std::nullopt;
  return time ? std::optional(time->shown) : std::nullopt;
}

}  // namespace

std::optional<std::string_view> value_of(std::string_view body, std::string_view key) {
  while (!body.empty()) {
    const auto end = body.find('\n');
    const auto line = trimmed(body.substr(0, end));
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == '=') {
      return trimmed(line.substr(key.size() + 1));
    }
    body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
  }
  return std::nullopt;
}

bool is_ok(std::string_view body) {
  return trimmed(body) == "OK";
}

std::optional<Mode> parse_mode(std::string_view body, int index) {
  const auto text = value_of(body, "table.RecordMode[" + std::to_string(index) + "].Mode");
  const auto number = text ? whole_number(*text) : std::nullopt;
  return number && *number >= 0 && *number <= 2 ? std::optional(static_cast<Mode>(*number)) : std::nullopt;
}

std::optional<State> parse_state(std::string_view body, int index) {
  const auto json = parse_json(body);
  const auto* list = json ? member(&*json, "state") : nullptr;
  if (list == nullptr || !list->is_array()) {
    return std::nullopt;
  }
  const auto& states = list->get_array();
  if (index < 0 || static_cast<std::size_t>(index) >= states.size()) {
    return State{};
  }
  const auto state = number(member(member(&states[static_cast<std::size_t>(index)], "Main"), "State"));
  return state ? std::optional(State{*state == 1}) : std::nullopt;
}

std::optional<UtcTime> parse_time(std::string_view body) {
  return shown(value_of(body, "result"));
}

std::optional<std::vector<File>> parse_files(std::string_view body) {
  const auto text = value_of(body, "found");
  const auto count = text ? whole_number(*text) : std::nullopt;
  if (!count || *count < 0 || *count > most_files) {
    return std::nullopt;
  }
  std::vector<File> out;
  for (int i = 0; i < *count; ++i) {
    const auto item = "items[" + std::to_string(i) + "].";
    const auto begin = shown(value_of(body, item + "StartTime"));
    const auto end = shown(value_of(body, item + "EndTime"));
    if (!begin || !end || *end < *begin) {
      return std::nullopt;
    }
    out.push_back({*begin, *end});
  }
  return out;
}

std::optional<std::string> parse_finder(std::string_view body) {
  const auto text = value_of(body, "result");
  const bool is_number = text && !text->empty() && text->size() <= longest_finder &&
                         text->find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? std::optional(std::string(*text)) : std::nullopt;
}

std::optional<bool> parse_event(std::string_view body, int index) {
  const auto text = trimmed(body);
  if (text.starts_with("Error: No Events")) {
    return false;
  }
  if (!value_of(text, "channels[0]")) {
    return std::nullopt;
  }
  constexpr int most_channels = 256;
  for (int i = 0; i < most_channels; ++i) {
    const auto channel = value_of(text, "channels[" + std::to_string(i) + "]");
    if (!channel) {
      break;
    }
    if (whole_number(*channel) == index) {
      return true;
    }
  }
  return false;
}

std::string query_time(UtcTime time) {
  std::string out = blank_time(time);
  return out.replace(10, 1, "%20");
}

}  // namespace lobby::cctv::dahua
