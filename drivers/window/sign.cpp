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

Sign::Write Sign::begin_write(bool shows_dots) {
  if (number_ == 0) {
    number_ = on_wire_;
    do {
      ++number_;
    } while (number_ == 0 || number_ == seen_);
  }
  on_wire_ = number_;
  const bool as_dots = shows_dots && face_.dots.size() == wire::dots_words;
  const auto& content = as_dots ? face_.dots : face_.cells;
  const std::size_t room = as_dots ? wire::dots_words : wire::text_cells;
  std::vector<std::uint16_t> words(2 + room, 0);
  words[0] = number_;
  words[1] =
      static_cast<std::uint16_t>((face_.blink ? wire::style_blink : 0) | (face_.beep ? wire::style_beep : 0));
  std::copy_n(content.begin(), std::min(content.size(), room), words.begin() + 2);
  return {as_dots ? wire::reg_dots_face : wire::reg_face, std::move(words)};
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
