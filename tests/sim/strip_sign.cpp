#include "tests/sim/strip_sign.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "display/canvas/png.hpp"
#include "display/canvas/utf8.hpp"
#include "tests/sim/board_picture.hpp"
#include "tests/sim/gb_text.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {
namespace {

constexpr std::size_t frame_size = 69;
constexpr std::size_t text_begin = 8;
constexpr std::size_t sum_place = 68;
constexpr int strip_width = 128, strip_height = 16;
constexpr std::uint8_t first_page = 10;
/// How long a page stays by 0 … 7: as far as anybody knows only that more is longer.
constexpr milliseconds shortest_stay{1000};
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
  // Only what is stored: nothing else is sent to it here.
  if (frame_[1] != 3 || frame_[3] != 0 || !take_page()) {
    ++counts_.damaged;
    return;
  }
  ++counts_.frames;
  since_ = began + on_wire;
}

bool StripModel::take_page() {
  const std::size_t number = frame_[2] - std::size_t{first_page};
  if (frame_[2] < first_page || number >= most_pages) {
    return false;
  }
  Page page;
  std::size_t place = text_begin;
  for (std::size_t left = frame_[4]; left > 0; --left) {
    const std::size_t size = place < sum_place && (frame_[place] & 1U) != 0 ? 1 : 2;
    if (place + 1 + size > sum_place) {
      return false;
    }
    page.text += from_gb18030(std::span(frame_).subspan(place + 1, size));
    place += 1 + size;
  }
  page.blinks = (frame_[7] & 7U) == 1;
  page.stay = shortest_stay * (1 + (frame_[7] >> 5U));
  pages_[number] = std::move(page);
  first_ = number;
  return true;
}

const StripModel::Page* StripModel::page_at(TimePoint now) const {
  milliseconds round{0};
  for (const auto& page : pages_) {
    round += page ? page->stay : milliseconds(0);
  }
  if (round == milliseconds(0)) {
    return nullptr;
  }
  auto into = std::max(std::chrono::duration_cast<milliseconds>(now - since_), milliseconds(0)) % round;
  for (std::size_t i = 0; i < most_pages; ++i) {
    const auto& page = pages_[(first_ + i) % most_pages];
    if (page && into < page->stay) {
      return &*page;
    }
    into -= page ? page->stay : milliseconds(0);
  }
  return nullptr;
}

display::Bitmap StripModel::lit(const display::DotFont& font, TimePoint now) const {
  display::Bitmap dots(strip_width, strip_height);
  int x = 0;
  const auto* page = page_at(now);
  for (const char32_t c : page == nullptr ? std::u32string() : page->text) {
    const auto glyph = font.glyph(c);
    dots.draw(glyph, x, 0);
    x += c < 0x80 ? 8 : 16;
  }
  return dots;
}

namespace {

/// What people read: without the spaces that fill it up.
std::string words_of(const StripModel::Page* page) {
  auto text = page == nullptr ? std::string() : display::to_utf8(page->text);
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

StripSign::StripSign(TalkerEnd end, std::shared_ptr<const display::DotFont> font)
    : end_(std::move(end)), font_(std::move(font)) {
  for (int row = 0; row < end_.rows; ++row) {
    rows_.emplace_back(static_cast<std::uint8_t>(end_.address + row));
  }
}

void StripSign::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (!faults_.has(Fault::gone) && !faults_.has(Fault::freeze)) {
    for (auto& row : rows_) {
      row.hear(bytes, now);
    }
  }
}

boost::json::object StripSign::describe() {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  std::string text;
  StripModel::Counts all;
  bool blinks = false;
  boost::json::array pages;
  for (const auto& row : rows_) {
    const auto* page = row.page_at(now);
    text += (&row == &rows_.front() ? "" : "\n") + words_of(page);
    blinks = blinks || (page != nullptr && page->blinks);
    all.frames += row.counts().frames;
    all.too_soon += row.counts().too_soon;
    all.damaged += row.counts().damaged;
    for (const auto& kept : row.pages()) {
      if (kept) {
        pages.emplace_back(words_of(&*kept));
      }
    }
  }
  return {{"id", end_.id},
          {"kind", kind()},
          {"window", end_.window},
          {"text", std::move(text)},
          {"pages", std::move(pages)},
          {"blink", blinks},
          {"frames", all.frames},
          {"too_soon", all.too_soon},
          {"damaged", all.damaged},
          {"faults", faults_.words()}};
}

/// Of all rows, one below the other.
display::Bitmap StripSign::dots() {
  display::Bitmap all(strip_width, strip_height * static_cast<int>(rows_.size()));
  int y = 0;
  for (const auto& row : rows_) {
    if (!faults_.has(Fault::gone)) {
      all.draw(row.lit(*font_, Clock::now()), 0, y);
    }
    y += strip_height;
  }
  return all;
}

std::optional<Device::File> StripSign::file(std::string_view name, std::size_t) {
  if (name != "screen.png") {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  return File{"image/png", display::png(sign_picture(dots()))};
}

std::optional<Device::File> StripSign::screen(int pitch) {
  const std::lock_guard lock(mutex_);
  return File{"image/png", display::png(board_picture(lit_picture(dots()), pitch))};
}

void StripSign::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  if (fault == Fault::power_cycle || fault == Fault::gone) {
    for (auto& row : rows_) {
      row.reset();
    }
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
