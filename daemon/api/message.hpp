#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// A request and its answer as the handlers see them: no sockets, no HTTP library.
namespace lobby::api {

/// HEAD is served as GET; that its answer ends with the head is the connection's business.
enum class Method : std::uint8_t { get, post, del, other };

struct Request {
  Method method = Method::other;
  std::string target;  ///< as sent: path and query, still percent-encoded
  std::string body;
  std::string authorization, cookie, csrf, content_type;
  std::optional<std::string> idempotency_key, last_event_id, if_none_match;
  std::string address;  ///< of the other machine
  bool from_loopback = false;
  bool http_1_0 = false;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string headers;    ///< further ones, each ended by CRLF
  bool repeated = false;  ///< an earlier answer again: nothing was done for it
};

}  // namespace lobby::api
