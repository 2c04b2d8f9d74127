// Whatever comes to a simulated LED board's card, in whatever pieces: it stays up, keeps its size, and a
// frame that it takes or turns away is counted. The first byte says which card.
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "display/canvas/dot_font.hpp"
#include "tests/sim/colorlight_card.hpp"
#include "tests/sim/ddp_card.hpp"
#include "tests/sim/e131_card.hpp"
#include "tests/sim/gbt_card.hpp"
#include "tests/sim/huidu_card.hpp"
#include "tests/sim/onbon_graphic.hpp"
#include "tests/sim/onbon_k.hpp"

namespace {

using namespace lobby::sim;

std::unique_ptr<BoardCard> make_card(std::uint8_t which) {
  static const auto font = std::make_shared<const lobby::display::DotFont>();
  BoardShape shape;
  shape.width = 64;
  shape.colour = static_cast<BoardColour>(which / 16 % 3);
  switch (which % 8) {
    case 0:
      return std::make_unique<OnbonK>(shape, OnbonK::Identity{}, font);
    case 1:
      return std::make_unique<OnbonGraphic>(shape, OnbonGraphic::Identity::of(OnbonGeneration::five), font);
    case 2:
      return std::make_unique<OnbonGraphic>(shape, OnbonGraphic::Identity::of(OnbonGeneration::six), font);
    case 3:
      return std::make_unique<DdpCard>(shape);
    case 4:
      return std::make_unique<E131Card>(shape);
    case 5:
      return std::make_unique<HuiduCard>(shape, font);
    case 6:
      return std::make_unique<ColorlightCard>(shape);
    default:
      return std::make_unique<GbtCard>(shape, GbtCard::Settings{}, font);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  const auto card = make_card(data[0]);
  TimePoint now = TimePoint(std::chrono::hours(1));
  // Pieces: two bytes of length, then so many.
  for (std::size_t i = 1; i + 2 <= size;) {
    const std::size_t length = data[i] | data[i + 1] << 8;
    i += 2;
    const std::size_t piece = length < size - i ? length : size - i;
    card->feed(std::span(data + i, piece), now);
    i += piece;
    now += milliseconds(700);
    const auto pixels = card->pixels(now);
    if (pixels.width() != 64 || pixels.height() != 32) {
      std::abort();
    }
  }
  boost::json::object state;
  card->describe(state, now);
  card->hang_up();
  card->power_cycle(now);
  card->pixels(now + std::chrono::seconds(5));
  return 0;
}
