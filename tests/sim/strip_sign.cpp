#include "tests/sim/strip_sign.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "display/canvas/png.hpp"
#include "display/canvas/utf8.hpp"
#include "tests/sim/gb_text.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {
namespace {

constexpr std::size_t frame_size = 69;
constexpr std::size_t text_begin = 8;
constexpr std::size_t sum_place = 68;
constexpr std::size_t most_columns = 16;
constexpr milliseconds frame_ends_after{20};  ///< silence within what is still one frame
constexpr milliseconds on_wire{72};           ///< 69 bytes at 9600 baud; a pty hands them over at once
constexpr milliseconds deaf_for{300};
constexpr milliseconds tolerance{10};  ///< of clocks and schedulers

}  // namespace

void StripModel::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  if (!frame_.empty() && now - last_byte_ > frame_ends_after) {
    ++counts_.damaged;
    frame_.clear();
  }
  last_byte_ = now;
  for (const auto byte : bytes) {
    if (frame_.empty()) {
      began_ = now;
    }
    frame_.push_back(byte);
    if (frame_.size() == frame_size) {
      judge(began_);
      frame_.clear();
    }
  }
}

void StripModel::judge(TimePoint began) {
  const bool is_heard = began + tolerance >= busy_until_;
  busy_until_ = began + on_wire + deaf_for;
  const bool is_mine = frame_[0] == static_cast<std::uint8_t>(255 - address_);
  if (!is_heard) {
    counts_.too_soon += is_mine ? 1 : 0;
    return;
  }
  const auto sum = std::accumulate(frame_.begin() + 1, frame_.begin() + sum_place, 0U);
  if (frame_[sum_place] != static_cast<std::uint8_t>(sum & 0xFFU)) {
    ++counts_.damaged;
    return;
  }
  if (!is_mine) {
    return;
  }
  // Only what is stored as the first page: nothing else is sent to it here.
  if (frame_[1] != 3 || frame_[2] != 10 || frame_[3] != 0 || !take_text()) {
    ++counts_.damaged;
    return;
  }
  ++counts_.frames;
  blinks_ = (frame_[7] & 7U) == 1;
}

bool StripModel::take_text() {
  std::u32string text;
  std::size_t place = text_begin;
  for (std::size_t left = frame_[4]; left > 0; --left) {
    const std::size_t size = place < sum_place && (frame_[place] & 1U) != 0 ? 1 : 2;
    if (place + 1 + size > sum_place) {
      return false;
    }
    text += from_gb18030(std::span(frame_).subspan(place + 1, size));
    place += 1 + size;
  }
  text_ = std::move(text);
  return true;
}

display::Bitmap StripModel::lit(const display::DotFont& font) const {
  display::Bitmap dots(static_cast<int>(most_columns) * 8, 16);
  int x = 0;
  for (const char32_t c : text_) {
    const auto glyph = font.glyph(c);
    dots.draw(glyph, x, 0);
    x += c < 0x80 ? 8 : 16;
  }
  return dots;
}

StripSign::StripSign(std::string id, std::string window, std::uint8_t address,
                     std::shared_ptr<const display::DotFont> font)
    : id_(std::move(id)), window_(std::move(window)), font_(std::move(font)), model_(address) {}

void StripSign::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (!faults_.has(Fault::gone) && !faults_.has(Fault::freeze)) {
    model_.hear(bytes, now);
  }
}

boost::json::object StripSign::describe() {
  const std::lock_guard lock(mutex_);
  auto text = display::to_utf8(model_.text());
  text.erase(text.find_last_not_of(' ') + 1);
  const auto& counts = model_.counts();
  return {{"id", id_},
          {"kind", kind()},
          {"window", window_},
          {"text", std::move(text)},
          {"blink", model_.blinks()},
          {"frames", counts.frames},
          {"too_soon", counts.too_soon},
          {"damaged", counts.damaged},
          {"faults", faults_.words()}};
}

std::optional<Device::File> StripSign::file(std::string_view name, std::size_t) {
  if (name != "screen.png") {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  const bool is_dark = faults_.has(Fault::gone);
  return File{"image/png",
              display::png(sign_picture(is_dark ? StripModel(0).lit(*font_) : model_.lit(*font_)))};
}

void StripSign::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  if (fault == Fault::power_cycle || fault == Fault::gone) {
    model_.reset();
  }
  if (fault != Fault::power_cycle) {
    faults_.add(fault, slow_by);
  }
}

void StripSign::clear(std::optional<Fault> fault) {
  const std::lock_guard lock(mutex_);
  if (fault) {
    faults_.remove(*fault);
  } else {
    faults_.clear();
  }
}

}  // namespace lobby::sim
