// Any bytes as the program of a wall: none, or one within its bounds that is the same after it was written
// and read again, and that can be drawn.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "display/page/program.hpp"

namespace {

using namespace lobby::display;

constexpr int largest_drawn = 256 * 64;

void draw(const BoardProgram& program) {
  static Glyphs glyphs;
  if (program.playlist.width * program.playlist.height > largest_drawn) {
    return;
  }
  Picture picture(program.playlist.width, program.playlist.height);
  auto result = frame(picture, program.playlist, program.views, {}, program.now, glyphs);
  for (int i = 0; i < 3 && result.next_change; ++i) {
    if (*result.next_change <= program.now) {
      std::abort();
    }
    result = frame(picture, program.playlist, program.views, result.turns, *result.next_change, glyphs);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto program = read_program({reinterpret_cast<const char*>(data), size});
  if (!program) {
    return 0;
  }
  const std::string text = write_program(*program);
  const auto again = read_program(text);
  if (text.size() <= ProgramBounds::bytes && (!again || write_program(*again) != text)) {
    std::abort();
  }
  for (const auto& zone : program->playlist.zones) {
    if (zone.area.empty() || zone.area.right() > program->playlist.width ||
        zone.area.bottom() > program->playlist.height) {
      std::abort();
    }
  }
  draw(*program);
  return 0;
}
