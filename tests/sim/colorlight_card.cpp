#include "tests/sim/colorlight_card.hpp"

#include <algorithm>
#include <array>

namespace lobby::sim {
namespace {

constexpr std::array<std::uint8_t, 6> to_receivers{0x11, 0x22, 0x33, 0x44, 0x55, 0x66};
constexpr std::array<std::uint8_t, 6> from_sender{0x22, 0x22, 0x33, 0x44, 0x55, 0x66};
constexpr std::size_t type_place = 12;
constexpr std::size_t most_pixels = 497;
constexpr std::size_t brightness_size = 77, show_size = 112, discover_size = 284, answer_size = 1070;
constexpr std::uint8_t two_shows_from = 13;

}  // namespace

ColorlightCard::ColorlightCard(BoardShape shape, Settings settings)
    : BoardCard(std::move(shape)),
      settings_(settings),
      glass_(BoardCard::shape().width, BoardCard::shape().height) {}

void ColorlightCard::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  if (bytes.size() <= type_place + 1 ||
      !std::equal(to_receivers.begin(), to_receivers.end(), bytes.begin())) {
    refuse("other_frame");
    return;
  }
  if (!std::equal(from_sender.begin(), from_sender.end(), bytes.begin() + 6)) {
    refuse("sender");
    return;
  }
  up_since_ = up_since_ ? up_since_ : now;
  const auto data = bytes.subspan(type_place + 1);
  std::string_view why;
  switch (bytes[type_place]) {
    case 0x55:
      why = row(ByteReader(data));
      break;
    case 0x0A:
      why = bytes.size() == brightness_size ? set_brightness(data) : "length";
      break;
    case 0x01:
      why = bytes.size() == show_size ? show(data) : "length";
      break;
    case 0x07:
      if (bytes.size() == discover_size && data[3] == settings_.index) {
        enqueue(Bytes(bytes.begin(), bytes.end()), now);
      } else {
        why = bytes.size() == discover_size ? "other_receiver" : "length";
      }
      break;
    default:
      why = "type";
  }
  if (!why.empty()) {
    refuse(why);
    return;
  }
  ++packets_;
  take(now);
}

const char* ColorlightCard::row(ByteReader data) {
  const std::size_t y = data.be16();
  const std::size_t x = data.be16();
  const std::size_t count = data.be16();
  const std::uint16_t mark = data.be16();
  const auto pixels = data.rest();
  if (!data.is_ok() || pixels.size() != count * 3 || count > most_pixels) {
    return "length";
  }
  if (mark != 0x0888) {
    return "mark";
  }
  const auto width = static_cast<std::size_t>(shape().width);
  if (y >= static_cast<std::size_t>(shape().height) || x + count > width) {
    return "place";
  }
  Bytes rgb(pixels.begin(), pixels.end());
  for (std::size_t i = 0; settings_.is_bgr && i < rgb.size(); i += 3) {
    std::swap(rgb[i], rgb[i + 2]);
  }
  glass_.write((y * width + x) * 3, rgb);
  shows_ = 0;
  return "";
}

const char* ColorlightCard::set_brightness(std::span<const std::uint8_t> data) {
  if (data[3] != 0xFF) {
    return "mark";
  }
  if (settings_.firmware > 3) {
    brightness_ = std::max({data[0], data[1], data[2]});
  }
  return "";
}

const char* ColorlightCard::show(std::span<const std::uint8_t> data) {
  if (data[0] != 0x07 || data[23] != 0x05) {
    return "mark";
  }
  if (settings_.firmware > 3) {
    brightness_ = data[22];
  }
  ++shows_;
  if (shows_ == (settings_.firmware >= two_shows_from ? 2 : 1)) {
    flip(glass_.flip());
    glass_.begin_frame();
  }
  return "";
}

void ColorlightCard::carry_out(const Bytes&, TimePoint now) {
  say_who(now);
}

void ColorlightCard::say_who(TimePoint now) {
  Bytes out(answer_size, 0);
  std::fill_n(out.begin(), to_receivers.size(), std::uint8_t{0xFF});
  std::copy(to_receivers.begin(), to_receivers.end(), out.begin() + to_receivers.size());
  out[type_place] = 0x08;
  Bytes numbers;
  put_be(numbers, packets_, 4);
  put_be(numbers, 0, 4);
  put_be(numbers, static_cast<std::uint32_t>(std::chrono::floor<milliseconds>(now - *up_since_).count()), 4);
  const std::size_t data = type_place + 1;
  out[data] = 0x05;
  out[data + 2] = settings_.firmware;
  std::copy_n(numbers.begin(), 4, out.begin() + data + 38);
  std::copy_n(numbers.begin() + 8, 4, out.begin() + data + 46);
  answer(std::move(out));
}

void ColorlightCard::forget() {
  glass_.clear();
  shows_ = 0;
  packets_ = 0;
  up_since_.reset();
}

void ColorlightCard::describe(boost::json::object& into, TimePoint) const {
  into["brightness"] = brightness_;
  into["firmware"] = settings_.firmware;
  into["order"] = settings_.is_bgr ? "bgr" : "rgb";
}

}  // namespace lobby::sim
