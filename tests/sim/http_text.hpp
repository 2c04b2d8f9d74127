#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sim/faults.hpp"

namespace lobby::sim {

/// One request as it came over the wire.
struct HttpAsk {
  std::string method, target;
  std::map<std::string, std::string> fields;  ///< names in lower case; of one that comes twice, the last
  std::string body;
  int door = 0;  ///< which of the device's ports, from 0

  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  }
};

struct HttpReply {
  int status = 200;
  std::string body;
  std::string content_type = "text/plain";
  std::vector<std::pair<std::string, std::string>> fields;
  milliseconds after{0};  ///< it takes its time, as one that waits for something to happen
};

/// As it leaves; the connection is kept.
std::string http_bytes(const HttpReply& reply);

/// The first whole request of what has come, which is taken from `bytes`. nullopt: not yet.
std::optional<HttpAsk> take_request(std::string& bytes);
/// What no request may be longer than, head and body.
inline constexpr std::size_t longest_request = 256 * 1024;

std::string lower_case(std::string_view text);

}  // namespace lobby::sim
