#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What lobbyd and a lobby-feed that pushes events to another system say to each other: one JSON object a
/// line.
///
/// lobbyd → lobby-feed:
///   {"mode":"push","feed":"supervision","url":"http://…","token_file":"/…","ca_file":"/…","auth":"header",
///    "auth_header":"Authorization","app_id":"…","allow_insecure":false,"total_s":20, …}
///                                                                         once; no secret stands in it; all
///                                                                         keys: daemon/feed/settings.hpp
///   {"kind":"post","batch":7,"items":[{"id":"north-4711",…},…]}           at most `max_post_line` bytes;
///                                                                         one at a time
/// lobby-feed → lobbyd:
///   {"kind":"posted","batch":7,"rejected":[{"id":"…","reason":"…"}]}      the target has the batch, but for
///                                                                         what it will never take
///   the same with "more":true                  it has answered, and the batch goes on (it is sent in parts,
///                                              or so much was rejected that one line does not hold it)
///   {"kind":"fault","what":"","reason":"…","retry_s":4}                   the batch failed; what of it is at
///                                                                         the target is not known
/// Lines of lobby-feed are at most feed_lines::max_line bytes.
namespace lobby::devices::outbox_lines {

inline constexpr std::size_t max_post_line = 1024 * 1024;

struct Rejected {
  std::string id;
  std::string reason;
};
struct Posted {
  std::uint64_t batch = 0;
  std::vector<Rejected> rejected;
  bool more = false;
};
struct Fault {
  std::string reason;
  std::uint32_t retry_s = 0;
};
using Message = std::variant<Posted, Fault>;

/// nullopt: no line of the protocol.
std::optional<Message> parse(std::string_view line);

}  // namespace lobby::devices::outbox_lines
