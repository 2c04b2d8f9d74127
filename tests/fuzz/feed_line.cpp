// Any bytes as a line of lobby-feed: a message whose texts fit the line, or none.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "daemon/devices/feed_lines.hpp"
#include "daemon/devices/feed_message.hpp"
#include "daemon/devices/line_splitter.hpp"

namespace {

namespace feed_lines = lobby::devices::feed_lines;

void check(std::string_view line) {
  const auto message = feed_lines::parse(line);
  if (!message) {
    return;
  }
  const auto* one = std::get_if<feed_lines::Case>(&*message);
  if (line.size() > feed_lines::max_line || (one != nullptr && one->row.id.empty())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(bytes);
  lobby::devices::LineSplitter splitter(feed_lines::max_line);
  // As the daemon reads: a line in each turn.
  for (std::string_view rest = bytes; !rest.empty();) {
    const bool whole = splitter.feed(rest, [](std::string_view line) {
      check(line);
      return false;
    });
    if (!whole) {
      break;
    }
  }
  return 0;
}
