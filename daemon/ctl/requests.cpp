#include "daemon/ctl/requests.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

namespace lobby::ctl {

const Argument applicant_argument{applicant_flag, Argument::Kind::flag,
                                  "the number of the person's document is the first line of standard input"};

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::string with_query(std::string path, const Arguments& given, std::initializer_list<const char*> names) {
  char mark = '?';
  for (const char* name : names) {
    if (given.has(name)) {
      path += mark + std::string(name) + "=" + encode(given.one(name));
      mark = '&';
    }
  }
  return path;
}

json::object body_of(const Arguments& given, std::initializer_list<const char*> names) {
  json::object body;
  for (const char* name : names) {
    if (given.has(name)) {
      std::string key = name;
      std::replace(key.begin(), key.end(), '-', '_');
      body[key] = given.one(name);
    }
  }
  return body;
}

Made post(std::string path, const json::object& body) {
  return Request{"POST", path, json::serialize(body)};
}

std::string window_path(const Arguments& given, const char* act) {
  return "/api/v1/windows/" + encode(given.one("WINDOW")) + "/" + act;
}

std::string ticket_path(const Arguments& given, const char* act) {
  return "/api/v1/tickets/" + encode(given.one(ticket_argument)) + act;
}

json::object with_applicant(const Arguments& given, json::object body) {
  if (given.has(applicant_read)) {
    body["applicant_id"] = given.one(applicant_read);
  }
  return body;
}

std::string encode(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
        std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

}  // namespace lobby::ctl
