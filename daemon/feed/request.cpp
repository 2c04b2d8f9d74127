#include "daemon/feed/request.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "daemon/feed/percent.hpp"
#include "daemon/feed/strict_json.hpp"

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
    return name == "date" ? filling.date : std::to_string(number(name));
  }

  std::uint32_t number(std::string_view name) const {
    return name == "page"        ? filling.page
           : name == "page_size" ? filling.page_size
           : name == "days"      ? filling.days
                                 : filling.year;
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
    const bool numeric =
        given == "{page}" || given == "{page_size}" || given == "{days}" || given == "{year}";
    if (!numbers_as_strings && numeric) {
      return number(given.substr(1, given.size() - 2));
    }
    return json::string(text(given));
  }
};

/// As the text or an attribute of an element; what no XML may hold is left out.
std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r') {
          out += c;
        }
    }
  }
  return out;
}

std::string xml_of(const std::string& pattern, const Filling& filling) {
  Filling escaped = filling;
  for (std::string* text : {&escaped.token, &escaped.area, &escaped.cursor, &escaped.date}) {
    *text = xml_escaped(*text);
  }
  return Filler{escaped}.text(pattern);
}

bool same_header(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

std::string form_of(const json::value& body) {
  std::string form = "?";
  if (const auto* object = body.if_object()) {
    for (const auto& [key, value] : *object) {
      std::string text;
      if (scalar_text(value, text)) {
        add_to_query(form, {key.data(), key.size()}, text);
      }
    }
  }
  return form.substr(1);
}

}  // namespace

std::string target_of(std::string_view url_target, std::string_view path, const Filling& filling) {
  if (path.empty()) {
    return std::string(url_target);
  }
  std::string_view base = path_of(url_target);
  if (base.ends_with('/')) {
    base.remove_suffix(1);
  }
  Filling encoded = filling;
  for (std::string* text : {&encoded.token, &encoded.area, &encoded.cursor, &encoded.date}) {
    *text = percent_encoded(*text);
  }
  std::string out(base);
  out += Filler{encoded}.text(path);
  const std::string_view query = query_of(url_target);
  if (!query.empty()) {
    out += out.find('?') == std::string::npos ? '?' : '&';
    out += query;
  }
  return out;
}

FilledRequest fill(const Request& request, std::string_view target, const Filling& filling) {
  constexpr std::string_view form = "application/x-www-form-urlencoded";
  const Filler filler{filling, request.numbers_as_strings};
  FilledRequest out;
  out.post = request.post;
  out.target = target;
  for (const auto& [key, pattern] : request.query) {
    add_to_query(out.target, key, filler.text(pattern));
  }
  std::string type = request.xml.empty() ? "application/json; charset=utf-8" : "text/xml; charset=utf-8";
  for (const auto& [key, pattern] : request.headers) {
    if (same_header(key, "Content-Type")) {
      type = pattern;
    } else {
      out.headers.emplace(key, filler.text(pattern));
    }
  }
  if (request.post && !request.xml.empty()) {
    out.body = xml_of(request.xml, filling);
    out.headers["Content-Type"] = type;
  } else if (request.post) {
    const json::value body = filler.value(request.body);
    out.body = type.starts_with(form) ? form_of(body) : json::serialize(body);
    out.headers["Content-Type"] = type;
  }
  return out;
}

}  // namespace lobby::feed
