#include "daemon/feed/request.hpp"

#include <boost/json/serialize.hpp>

namespace lobby::feed {
namespace {

namespace json = boost::json;

struct Filler {
  const Filling& filling;
  bool numbers_as_strings = true;

  std::string word(std::string_view name) const {
    if (name == "token") {
      return filling.token;
    }
    if (name == "area") {
      return filling.area;
    }
    if (name == "cursor") {
      return filling.cursor;
    }
    return std::to_string(name == "page" ? filling.page : filling.page_size);
  }

  std::string text(std::string_view pattern) const {
    std::string out;
    while (!pattern.empty()) {
      const std::size_t open = pattern.find('{');
      out += pattern.substr(0, open);
      if (open == std::string_view::npos) {
        break;
      }
      const std::size_t close = pattern.find('}', open);
      out += word(pattern.substr(open + 1, close - open - 1));
      pattern.remove_prefix(close + 1);
    }
    return out;
  }

  json::value value(const json::value& pattern) const {
    if (const auto* object = pattern.if_object()) {
      json::object out;
      for (const auto& [key, inner] : *object) {
        out[key] = value(inner);
      }
      return out;
    }
    if (const auto* array = pattern.if_array()) {
      json::array out;
      for (const json::value& inner : *array) {
        out.push_back(value(inner));
      }
      return out;
    }
    if (!pattern.is_string()) {
      return pattern;
    }
    const std::string_view given(pattern.get_string().data(), pattern.get_string().size());
    if (!numbers_as_strings && (given == "{page}" || given == "{page_size}")) {
      return given == "{page}" ? filling.page : filling.page_size;
    }
    return json::string(text(given));
  }
};

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (letter || plain.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out += {'%', hex[byte >> 4U], hex[byte & 0xFU]};
    }
  }
  return out;
}

}  // namespace

FilledRequest fill(const Request& request, std::string_view target, const Filling& filling) {
  const Filler filler{filling, request.numbers_as_strings};
  FilledRequest out;
  out.post = request.post;
  out.target = target;
  for (const auto& [key, pattern] : request.query) {
    out.target += out.target.find('?') == std::string::npos ? '?' : '&';
    out.target += percent_encoded(key) + "=" + percent_encoded(filler.text(pattern));
  }
  for (const auto& [key, pattern] : request.headers) {
    out.headers.emplace(key, filler.text(pattern));
  }
  if (request.post) {
    out.body = json::serialize(filler.value(request.body));
  }
  return out;
}

}  // namespace lobby::feed
