#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/journal/journal.hpp"

/// Whatever reads as an event must write as a line that reads as the same event.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobby::journal;
  const auto event = from_json({reinterpret_cast<const char*>(data), size});
  if (!event) {
    return 0;
  }
  const auto line = to_line(*event);
  const auto again = from_json(line.json);
  const bool is_one_line = line.json.find('\n') == std::string::npos;
  if (!again || !is_one_line || to_line(*again).json != line.json || line.seq != event->seq) {
    std::abort();
  }
  return 0;
}
