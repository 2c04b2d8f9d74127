// Whatever comes to simulated signs on a line, in whatever pieces: they stay up, every frame is counted once,
// and what they show has room. The first byte says which.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "tests/sim/strip_sign.hpp"
#include "tests/sim/text_display.hpp"

namespace {

using namespace lobby::sim;

void strip(std::span<const std::uint8_t> bytes) {
  StripModel sign(3);
  auto now = TimePoint(std::chrono::seconds(1));
  std::size_t taken = 0;
  while (!bytes.empty()) {
    const std::size_t size = std::min<std::size_t>(bytes.size(), 1 + bytes.front() % 80U);
    now += milliseconds(bytes.front() % 3U * 200);
    sign.hear(bytes.first(size), now);
    taken += size;
    bytes = bytes.subspan(size);
    const auto* page = sign.page_at(now);
    const auto& counts = sign.counts();
    if ((page != nullptr && page->text.size() > 60) || counts.frames * 69 > taken) {
      std::abort();
    }
  }
}

void text(std::span<const std::uint8_t> bytes) {
  static const auto font = std::make_shared<const lobby::display::DotFont>();
  TextDisplay display({"t", "board", "embedded-art", "b", 10, "", 2}, font);
  Bytes frame(bytes.begin(), bytes.end());
  append_crc(frame);  // else the library of the line lets nothing through
  static_cast<void>(display.hear({frame, is_whole(frame), parse_request(frame)}, TimePoint()));
  constexpr std::size_t most_bytes = 2 * 16 * 3 + 1;  // two rows, no character longer than a 〓
  if (display.describe().at("text").as_string().size() > most_bytes) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  const std::span<const std::uint8_t> rest(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    strip(rest);
  } else {
    text(rest);
  }
  return 0;
}
