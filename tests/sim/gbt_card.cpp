#include "tests/sim/gbt_card.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/sim/board_text.hpp"

namespace lobby::sim {
namespace {

constexpr std::uint8_t gbt_begin = 0x02, gbt_end = 0x03, gbt_escape = 0x1B;
constexpr std::size_t longest_frame = 64 * 1024;
constexpr std::string_view gbt_done = "1";
constexpr std::size_t most_lists = 32;
constexpr int brightest_level = 31;

bool is_digit(std::uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

int two_digits(std::span<const std::uint8_t> at) {
  return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + at[1] - '0' : -1;
}

/// With its sum, escaped, as it goes over the wire.
Bytes gbt_frame(std::string_view body) {
  Bytes plain(body.begin(), body.end());
  put_be(plain, crc_xmodem(plain), 2);
  Bytes wire{gbt_begin};
  for (const std::uint8_t byte : plain) {
    if (byte == gbt_begin || byte == gbt_end || byte == gbt_escape) {
      wire.push_back(gbt_escape);
      wire.push_back(byte == gbt_begin ? 0xE7 : byte == gbt_end ? 0xE8 : 0x00);
    } else {
      wire.push_back(byte);
    }
  }
  wire.push_back(gbt_end);
  return wire;
}

}  // namespace

GbtCard::GbtCard(BoardShape shape, Settings settings, std::shared_ptr<const display::DotFont> font)
    : BoardCard(std::move(shape)), settings_(std::move(settings)), font_(std::move(font)) {}

void GbtCard::hang_up() {
  frame_.clear();
  inside_ = false;
}

void GbtCard::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  for (const std::uint8_t byte : bytes) {
    if (byte == gbt_begin) {
      if (inside_) {
        refuse("cut");
      }
      frame_.clear();
      inside_ = true;
      escaped_ = is_bad_ = false;
    } else if (!inside_) {
      refuse("stray");
    } else if (byte == gbt_end) {
      end_frame(now);
    } else if (escaped_) {
      is_bad_ = is_bad_ || (byte != 0xE7 && byte != 0xE8 && byte != 0x00);
      frame_.push_back(byte == 0xE7 ? gbt_begin : byte == 0xE8 ? gbt_end : gbt_escape);
      escaped_ = false;
    } else if (byte == gbt_escape) {
      escaped_ = true;
    } else if (frame_.size() >= longest_frame) {
      is_bad_ = true;
    } else {
      frame_.push_back(byte);
    }
  }
}

void GbtCard::end_frame(TimePoint now) {
  inside_ = false;
  if (is_bad_ || escaped_) {
    refuse("escape");
  } else {
    enqueue(std::exchange(frame_, {}), now);
  }
}

void GbtCard::carry_out(const Bytes& frame, TimePoint now) {
  const std::size_t head = settings_.has_source ? 6 : 4;
  if (frame.size() < head + 2) {
    refuse("length");
    return;
  }
  const auto body = std::span(frame).first(frame.size() - 2);
  if (crc_xmodem(body) != (frame[frame.size() - 2] << 8 | frame.back())) {
    refuse("crc");
    return;
  }
  const auto text = [&](std::size_t from, std::size_t size) {
    return std::string(body.begin() + static_cast<std::ptrdiff_t>(from),
                       body.begin() + static_cast<std::ptrdiff_t>(from + size));
  };
  if (text(0, 2) != settings_.address) {
    refuse("other_sign");
    return;
  }
  const Order order{two_digits(body.subspan(head - 2, 2)), body.subspan(head)};
  std::string said = nack() ? std::string() : lies() ? std::string(gbt_done) : obey(order, now);
  if (said.empty()) {
    refuse(nack() ? "told_to" : "order");
    said = nack() ? std::string(1, static_cast<char>(*nack())) : "0";
  } else {
    take(now);
  }
  const std::string back = settings_.has_source ? text(2, 2) + settings_.address : settings_.address;
  const std::string plain = back + fmt::format("{:02}", (std::max(0, order.type) + 1) % 100) + said;
  answer(gbt_frame(plain));
}

std::string GbtCard::obey(const Order& order, TimePoint now) {
  switch (order.type) {
    case 1:
      return std::string(order.data.empty() ? gbt_done : "");
    case 11:
      return switch_lamp(order.data);
    case 19:
      if (order.data.empty()) {
        power_cycle(now);
        return std::string(gbt_done);
      }
      return {};
    case 23:
      return set_brightness(order.data);
    case 39:
      return store(order.data);
    case 47:
      return show(order.data, now);
    case 57: {
      const GbtItem* const item = showing(now);
      return std::string(gbt_done) + (item == nullptr ? std::string() : item->text);
    }
    default:
      return {};
  }
}

std::string GbtCard::switch_lamp(std::span<const std::uint8_t> data) {
  if (data.size() != 1 || (data[0] != '0' && data[0] != '1')) {
    return {};
  }
  is_on_ = data[0] == '1';
  return std::string(gbt_done);
}

std::string GbtCard::set_brightness(std::span<const std::uint8_t> data) {
  if (data.size() != 6) {
    return {};
  }
  std::array<int, 3> levels{};
  for (std::size_t n = 0; n < levels.size(); ++n) {
    levels[n] = two_digits(data.subspan(n * 2, 2));
    if (levels[n] < 0 || levels[n] > brightest_level) {
      return {};
    }
  }
  brightness_ = levels;
  return std::string(gbt_done);
}

/// "-", eight zero bytes, "play66.lst", the list.
std::string GbtCard::store(std::span<const std::uint8_t> data) {
  constexpr std::size_t name_place = 9, name_size = 10;
  if (data.size() < name_place + name_size || data[0] != '-' ||
      !std::all_of(data.begin() + 1, data.begin() + name_place,
                   [](std::uint8_t byte) { return byte == 0; })) {
    return {};
  }
  const auto bytes = data.subspan(name_place, name_size);
  const std::string name(bytes.begin(), bytes.end());
  if (!name.starts_with("play") || !name.ends_with(".lst") || two_digits(bytes.subspan(4, 2)) < 0) {
    return {};
  }
  auto items = read_gbt_list(data.subspan(name_place + name_size), shape(), *font_);
  const std::string number = name.substr(4, 2);
  if (!items || (lists_.size() >= most_lists && !lists_.contains(number))) {
    return {};
  }
  lists_[number] = std::move(*items);
  last_stored_ = number;
  return std::string(gbt_done);
}

/// A list by its number or its name; without either the last that came.
std::string GbtCard::show(std::span<const std::uint8_t> data, TimePoint now) {
  std::string wanted;
  std::copy_if(data.begin(), data.end(), std::back_inserter(wanted), is_digit);
  if (wanted.size() == 3 && wanted.front() == '0') {
    wanted.erase(0, 1);
  }
  const auto found = lists_.find(data.empty() ? last_stored_ : wanted);
  if (found == lists_.end()) {
    return {};
  }
  shown_ = found->second;
  shown_since_ = now;
  is_untouched_ = false;
  flip();
  return std::string(gbt_done);
}

const GbtItem* GbtCard::showing(TimePoint now) const {
  milliseconds whole{0};
  for (const GbtItem& item : shown_) {
    whole += item.stay;
  }
  if (whole.count() == 0) {
    return nullptr;
  }
  auto left = (now - shown_since_) % whole;
  for (const GbtItem& item : shown_) {
    if (left < item.stay) {
      return &item;
    }
    left -= item.stay;
  }
  return nullptr;
}

display::Picture GbtCard::draw(TimePoint now) const {
  const GbtItem* const item = showing(now);
  if (!is_on_) {
    return {shape().width, shape().height};
  }
  if (item != nullptr) {
    return item->dots;
  }
  if (!is_untouched_) {
    return {shape().width, shape().height};
  }
  return logo_page(shape(), shape().width, shape().height, *font_);
}

void GbtCard::forget() {
  hang_up();
  shown_.clear();
  is_untouched_ = true;
}

void GbtCard::describe(boost::json::object& into, TimePoint now) const {
  const GbtItem* const item = showing(now);
  into["on"] = is_on_;
  into["brightness"] = {brightness_[0], brightness_[1], brightness_[2]};
  into["lists"] = lists_.size();
  into["items"] = shown_.size();
  into["text"] = item == nullptr ? std::string() : item->text;
}

}  // namespace lobby::sim
