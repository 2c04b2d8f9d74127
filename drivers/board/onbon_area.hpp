#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "drivers/board/bytes.hpp"
#include "drivers/board/onbon_bitmap.hpp"
#include "drivers/board/onbon_k.hpp"

/// Dynamic areas of Onbon's graphic cards: the picture that is shown now. Pure. Source: equal to the vendor's
/// own encoder for one area of one page; whether several areas stay side by side with these settings is not
/// verified.
namespace lobby::board::onbon {

struct GraphicArea {
  Generation generation = Generation::g6;
  std::uint16_t type = any_type;
  std::uint8_t number = 0;
  std::uint16_t x = 0, y = 0;
  RunMode run_mode = RunMode::loop_or_blank;
  std::chrono::duration<std::uint16_t> timeout{60};
  bool with_all_programmes = true;
  /// 0 with the programmes, 1 only this area, 2 queued. A picture that needs several areas is sent with
  /// `play_of_many`: one that plays alone would hide its neighbours.
  std::uint8_t play = 1, play_of_many = 0;
  std::uint8_t move = 1;  ///< 1 static … 48
  std::uint8_t speed = 0;
  std::chrono::duration<std::uint16_t, std::centi> stay{0};
  int planes = 2;  ///< as BitmapForm
  std::uint8_t threshold = lamp_threshold;
};

/// The areas that show the picture, a frame each; several, one below the other, when one would be 64 KiB or
/// longer. Their numbers count up from the area's. The picture is whole, and lies on the screen: its far
/// edges below 32768.
std::vector<Bytes> area_frames(const GraphicArea& area, const ImageView& image);

/// Removes areas; an empty list removes all of them.
Bytes delete_area_frame(std::uint16_t type, ByteView numbers);

}  // namespace lobby::board::onbon
