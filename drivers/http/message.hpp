#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/link/executor.hpp"

/// HTTP/1.1 (RFC 9110, 9112) as a client of devices on a local network speaks it.
namespace lobby::http {

using Field = std::pair<std::string, std::string>;  ///< name, value

/// Why there is no answer.
enum class Fault : std::uint8_t {
  none,        ///< there is one, whatever its status
  busy,        ///< too many requests wait, or another client is trying the same credentials; nothing was sent
  unresolved,  ///< no address for the device's name
  refused,     ///< nobody listens at its address
  unreachable,   ///< no way to its address
  timeout,       ///< no whole answer within the request's time
  closed,        ///< the device hung up before the answer was whole
  not_http,      ///< what came is no answer of HTTP
  too_long,      ///< head or body are beyond their bounds
  unauthorized,  ///< the device refused our credentials, or wants some that we may not give
  held_back,  ///< the credentials were refused before, and it is not yet time to try again; nothing was sent
  malformed   ///< the request itself has a character that would end its line; nothing was sent
};

constexpr std::string_view to_text(Fault fault) {
  constexpr std::string_view words[] = {"none",        "busy",         "unresolved", "refused",
                                        "unreachable", "timeout",      "closed",     "not_http",
                                        "too_long",    "unauthorized", "held_back",  "malformed"};
  return words[static_cast<std::size_t>(fault)];
}

struct Request {
  std::string method = "GET";
  std::string target = "/";   ///< as on the wire: percent-encoded, with its query
  std::vector<Field> fields;  ///< besides Host, Authorization, Connection and Content-Length
  std::string body;
  /// For all of it: waiting its turn, connecting, being asked for credentials, the last byte of the answer.
  link::Duration within = std::chrono::seconds(2);
  bool urgent = false;  ///< before all that wait and are not
  /// Doing it twice is doing it once. Only such a request is sent over a connection that the device may just
  /// have closed, and then once more over a new one.
  bool repeatable = true;
};

struct Answer {
  Fault fault = Fault::none;
  std::string reason;     ///< one short sentence when there is a fault; holds nothing that the device sent
  bool was_sent = false;  ///< the device may have acted on it, also when there is no answer
  unsigned status = 0;
  std::vector<Field> fields{};
  std::string body{};
  link::MonoTime asked_at{};  ///< when the request that was answered left

  /// The first field of this name, whatever its case; empty when there is none.
  std::string_view field(std::string_view name) const;
};

/// Same name, whatever the case of its ASCII letters.
bool is_same_name(std::string_view a, std::string_view b);

}  // namespace lobby::http
