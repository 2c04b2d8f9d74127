#pragma once

#include "tests/sim/board_glass.hpp"

namespace lobby::sim {

/// A Colorlight 5A-75 receiver: whole Ethernet frames, without their check sequence, which the network card
/// has checked. Rows go behind the glass, a show frame brings them onto it. The last picture stays.
class ColorlightCard final : public BoardCard {
 public:
  struct Settings {
    bool is_bgr = false;         ///< order of the colours in a pixel, as the panel is set up
    std::uint8_t firmware = 10;  ///< from 13 on two show frames are needed; 2 and 3 know no brightness
    std::uint8_t index = 0;
  };
  ColorlightCard(BoardShape shape, Settings settings);
  explicit ColorlightCard(BoardShape shape) : ColorlightCard(std::move(shape), Settings{}) {}
  void describe(boost::json::object& into, TimePoint now) const override;
  bool takes_orders() const override { return false; }

 protected:
  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;
  void carry_out(const Bytes& frame, TimePoint now) override;
  void forget() override;
  display::Picture draw(TimePoint) const override { return glass_.picture(shape().colour); }

 private:
  /// Each takes what is behind byte 12; empty: taken.
  const char* row(ByteReader data);
  const char* set_brightness(std::span<const std::uint8_t> data);
  const char* show(std::span<const std::uint8_t> data);
  void say_who(TimePoint now);

  const Settings settings_;
  BoardGlass glass_;
  int shows_ = 0;  ///< since the last row
  int brightness_ = 255;
  std::uint32_t packets_ = 0;
  std::optional<TimePoint> up_since_;
};

}  // namespace lobby::sim
