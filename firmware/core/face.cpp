#include "firmware/core/face.hpp"

namespace lobby::firmware {

namespace map = wire::window_unit;

void Face::take_text(std::span<const std::uint16_t> words, Micros now) {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    cells_[i] = words[2 + i];
  }
  dots_ = draw(cells_, is_missing_);
  number_ = words[0];
  style_ = words[1];
  flasher_.begin(now);
  is_changed_ = true;
}

void Face::take_dots(std::span<const std::uint16_t> words, Micros now) {
  cells_ = {};
  for (std::size_t i = 0; i < dots_.size(); ++i) {
    dots_[i] = words[2 + i];
  }
  is_missing_ = false;
  number_ = words[0];
  style_ = words[1];
  flasher_.begin(now);
  is_changed_ = true;
}

void Face::rest(std::span<const std::uint16_t> cells) {
  dots_ = draw(cells, is_missing_);
  cells_ = {};
  number_ = 0;
  style_ = 0;
  is_changed_ = true;
}

void Face::locate(std::uint8_t address, Micros now, Micros length) {
  bool is_missing = false;
  address_dots_ = draw(address_text(address), is_missing);
  locating_.start(now, length);
  is_changed_ = true;
}

void Face::light(Micros now, SignScan& scan) {
  const bool is_on = (style_ & map::style_blink) == 0 || flasher_.is_on(now);
  const std::uint8_t wanted = locating_.is_running(now) ? 2 : is_on ? 1 : 0;
  if (!is_changed_ && wanted == lit_) {
    return;
  }
  is_changed_ = false;
  lit_ = wanted;
  scan.show(wanted == 2 ? address_dots_ : wanted == 1 ? dots_ : Dots{});
}

}  // namespace lobby::firmware
