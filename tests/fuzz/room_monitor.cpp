// What the monitor of a room reads of a server: the first line is one answer, the rest the other.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "display/page/room_monitor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobby::display;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = text.substr(0, text.find('\n'));
  const auto rest = text.substr(std::min(text.size(), line.size() + 1));
  const auto monitor = read_room_monitor(line, rest, "room-1");
  if (!monitor) {
    return 0;
  }
  const auto too_many = [](std::size_t count, std::size_t most) { return count > most; };
  if (too_many(monitor->alarms.size(), MonitorBounds::alarms) ||
      (monitor->session && too_many(monitor->session->cameras.size(), MonitorBounds::cameras))) {
    std::abort();
  }
  static Glyphs glyphs;
  Picture picture(320, 180);
  constexpr Instant asked = std::chrono::seconds(100);
  if (draw_room_monitor(picture, glyphs, *monitor, asked, asked) <= asked) {
    std::abort();
  }
  return 0;
}
