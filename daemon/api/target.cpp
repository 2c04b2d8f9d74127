#include "daemon/api/target.hpp"

#include <cstdint>

namespace lobby::api {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_clean_text(out)) {
    return std::nullopt;
  }
  return out;
}

/// Calls `take` with each part between the separators; stops at the first that it refuses.
template <class Take>
bool each_part(std::string_view text, char separator, Take take) {
  while (true) {
    const auto end = text.find(separator);
    if (!take(text.substr(0, end))) {
      return false;
    }
    if (end == std::string_view::npos) {
      return true;
    }
    text.remove_prefix(end + 1);
  }
}

bool read_path(std::string_view path, std::vector<std::string>& segments) {
  if (path == "/") {
    return true;
  }
  return each_part(path.substr(1), '/', [&](std::string_view part) {
    auto segment = decode(part, false);
    if (segment) {
      segments.push_back(std::move(*segment));
    }
    return segment.has_value();
  });
}

std::string path_of(const std::vector<std::string>& segments) {
  std::string path = segments.empty() ? "/" : "";
  for (const auto& segment : segments) {
    path += '/';
    for (const char c : segment) {
      path += c == '/' ? "%2F" : c == '%' ? "%25" : std::string(1, c);
    }
  }
  return path;
}

bool read_query(std::string_view query, std::vector<std::pair<std::string, std::string>>& pairs) {
  return query.empty() || each_part(query, '&', [&](std::string_view part) {
           const auto equals = part.find('=');
           auto name = decode(part.substr(0, equals), true);
           auto value = decode(equals == std::string_view::npos ? "" : part.substr(equals + 1), true);
           if (name && value && !part.empty()) {
             pairs.emplace_back(std::move(*name), std::move(*value));
           }
           return name && value;
         });
}

/// Length of the UTF-8 character at the front; 0 when there is none.
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (size == 0 || first > 0xf4 || text.size() < size) {
    return 0;
  }
  std::uint32_t code = size == 1 ? first : first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) {
      return 0;
    }
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool outside = code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return overlong || outside ? 0 : size;
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') {
    return std::nullopt;
  }
  target = target.substr(0, target.find('#'));
  const auto mark = target.find('?');
  Target parsed;
  const auto query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  if (!read_path(target.substr(0, mark), parsed.segments) || !read_query(query, parsed.query)) {
    return std::nullopt;
  }
  parsed.path = path_of(parsed.segments);
  return parsed;
}

bool is_clean_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character(text);
    const auto first = static_cast<unsigned char>(text.front());
    const bool control = first < 0x20 || first == 0x7f ||
                         (first == 0xc2 && size == 2 && static_cast<unsigned char>(text[1]) < 0xa0);
    if (size == 0 || control) {
      return false;
    }
    text.remove_prefix(size);
  }
  return true;
}

std::size_t length(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  }
  return count;
}

}  // namespace lobby::api
