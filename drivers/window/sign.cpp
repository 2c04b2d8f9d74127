#include "drivers/window/sign.hpp"

#include <algorithm>
#include <utility>

namespace lobby::window {

namespace wire = lobby::wire::window_unit;

bool Sign::want(Face face, std::uint64_t tag) {
  if (state_ != State::nothing && face == face_ && tag == tag_) {
    return false;
  }
  face_ = std::move(face);
  tag_ = tag;
  told_ = false;
  number_ = 0;
  rewrites_ = 0;
  state_ = State::dirty;
  return true;
}

std::vector<std::uint16_t> Sign::begin_write() {
  if (number_ == 0) {
    number_ = on_wire_;
    do {
      ++number_;
    } while (number_ == 0 || number_ == seen_);
  }
  on_wire_ = number_;
  std::vector<std::uint16_t> words(wire::face_count, 0);
  words[0] = number_;
  words[1] =
      static_cast<std::uint16_t>((face_.blink ? wire::style_blink : 0) | (face_.beep ? wire::style_beep : 0));
  std::copy_n(face_.cells.begin(), std::min<std::size_t>(face_.cells.size(), wire::text_cells),
              words.begin() + 2);
  return words;
}

void Sign::written(link::MonoTime now) {
  // A newer want may have come while the write was on the wire.
  if (state_ == State::dirty && number_ == on_wire_) {
    state_ = State::written;
    written_at_ = now;
  }
}

void Sign::forgotten() {
  if (state_ != State::nothing) {
    state_ = State::dirty;
  }
}

std::optional<std::uint64_t> Sign::see(std::uint16_t number, link::MonoTime now) {
  seen_ = number;
  if (number_ != 0 && number == number_) {
    state_ = State::shown;
    rewrites_ = 0;
    return std::exchange(told_, true) ? std::nullopt : std::optional(tag_);
  }
  if (state_ == State::shown) {
    state_ = State::dirty;
  } else if (state_ == State::written && now - written_at_ >= grace()) {
    state_ = State::dirty;
    ++rewrites_;
  }
  return std::nullopt;
}

}  // namespace lobby::window
