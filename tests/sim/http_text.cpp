#include "tests/sim/http_text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace lobby::sim {
namespace {

constexpr std::string_view head_end = "\r\n\r\n";

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

HttpAsk parse_head(std::string_view head) {
  HttpAsk ask;
  const auto first_end = head.find("\r\n");
  const auto first = head.substr(0, first_end);
  const auto space = first.find(' ');
  const auto second = first.find(' ', space + 1);
  ask.method = first.substr(0, space);
  if (space != std::string_view::npos && second != std::string_view::npos) {
    ask.target = first.substr(space + 1, second - space - 1);
  }
  auto rest = first_end == std::string_view::npos ? std::string_view() : head.substr(first_end + 2);
  while (!rest.empty()) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    const auto line = rest.substr(0, end);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) {
      ask.fields[lower_case(line.substr(0, colon))] = without_blanks(line.substr(colon + 1));
    }
    rest.remove_prefix(std::min(rest.size(), end + 2));
  }
  return ask;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string http_bytes(const HttpReply& reply) {
  std::string out = "HTTP/1.1 " + std::to_string(reply.status) + " " + std::string(reason_of(reply.status)) +
                    "\r\nContent-Type: " + reply.content_type +
                    "\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\n";
  for (const auto& [name, value] : reply.fields) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
  return out + "\r\n" + reply.body;
}

std::optional<HttpAsk> take_request(std::string& bytes) {
  const auto end = bytes.find(head_end);
  if (end == std::string::npos) {
    return std::nullopt;
  }
  HttpAsk ask = parse_head(std::string_view(bytes).substr(0, end));
  std::size_t size = 0;
  const std::string length = ask.field("content-length");
  std::from_chars(length.data(), length.data() + length.size(), size);
  size = std::min(size, longest_request);
  const auto body = end + head_end.size();
  if (bytes.size() - body < size) {
    return std::nullopt;
  }
  ask.body = bytes.substr(body, size);
  bytes.erase(0, body + size);
  return ask;
}

}  // namespace lobby::sim
