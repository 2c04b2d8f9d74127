#include "tests/sim/text_display.hpp"

#include <algorithm>
#include <utility>

#include "display/canvas/png.hpp"
#include "display/canvas/utf8.hpp"
#include "tests/sim/board_picture.hpp"
#include "tests/sim/gb_text.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {
namespace {

constexpr std::uint8_t write_one_code = 0x06, write_many_code = 0x10;
constexpr std::uint16_t text_register = 1000, brightness_register = 36;
constexpr std::size_t text_columns = 16;
constexpr int text_width = 128, text_height = 16;

Bytes blank_row() {
  return Bytes(text_columns, ' ');
}

/// What of it can be read: a byte, or two, to a character.
std::u32string words_in(std::span<const std::uint8_t> row) {
  std::u32string out;
  while (!row.empty()) {
    const std::size_t size = row.front() < 0x80 || row.size() == 1 ? 1 : 2;
    out += from_gb18030(row.first(size));
    row = row.subspan(size);
  }
  return out;
}

}  // namespace

TextDisplay::TextDisplay(TalkerEnd end, std::shared_ptr<const display::DotFont> font)
    : end_(std::move(end)),
      font_(std::move(font)),
      rows_(static_cast<std::size_t>(std::max(1, end_.rows)), blank_row()) {}

std::optional<Station::Spoken> TextDisplay::hear(const HeardFrame& frame, TimePoint) {
  const std::lock_guard lock(mutex_);
  if (!frame.whole || !frame.request || faults_.has(Fault::gone) || faults_.has(Fault::freeze)) {
    return std::nullopt;
  }
  const auto row = static_cast<std::size_t>(frame.request->address) - end_.address;
  if (frame.request->address < end_.address || row >= rows_.size()) {
    return std::nullopt;
  }
  auto bytes = answer(*frame.request, rows_[row]);
  if (faults_.has(Fault::corrupt)) {
    bytes.back() = static_cast<std::uint8_t>(bytes.back() ^ 0x5A);
  }
  return faults_.has(Fault::silent) ? std::nullopt
                                    : std::optional(Spoken{std::move(bytes), faults_.slow_by()});
}

Bytes TextDisplay::answer(const RtuRequest& request, Bytes& row) {
  if (request.function != write_one_code && request.function != write_many_code) {
    return exception_response(request, RtuException::function);
  }
  const auto count = request.values.size();
  const bool is_text = request.start >= text_register && count > 0 &&
                       request.start - text_register + count <= text_columns / 2;
  if (!is_text && (request.start != brightness_register || count != 1)) {
    return exception_response(request, RtuException::address);
  }
  if (faults_.has(Fault::refuse)) {
    return exception_response(request, RtuException::failure);
  }
  if (!is_text) {
    brightness_ = request.values.front();
    return write_response(request);
  }
  auto place = row.begin() + 2 * (request.start - text_register);
  for (const auto value : request.values) {
    *place++ = static_cast<std::uint8_t>(value >> 8U);
    *place++ = static_cast<std::uint8_t>(value & 0xFFU);
  }
  ++writes_;
  return write_response(request);
}

boost::json::object TextDisplay::describe() {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& row : rows_) {
    auto words = display::to_utf8(words_in(row));
    words.erase(words.find_last_not_of(' ') + 1);
    text += (&row == &rows_.front() ? "" : "\n") + words;
  }
  return {{"id", end_.id},           {"kind", kind()},           {"window", end_.window},
          {"address", end_.address}, {"text", std::move(text)},  {"brightness", brightness_},
          {"writes", writes_},       {"faults", faults_.words()}};
}

display::Bitmap TextDisplay::dots() {
  display::Bitmap all(text_width, text_height * static_cast<int>(rows_.size()));
  int y = 0;
  for (const auto& row : rows_) {
    int x = 0;
    for (const char32_t c : faults_.has(Fault::gone) ? std::u32string() : words_in(row)) {
      all.draw(font_->glyph(c), x, y);
      x += c < 0x80 ? 8 : 16;
    }
    y += text_height;
  }
  return all;
}

std::optional<Device::File> TextDisplay::file(std::string_view name, std::size_t) {
  if (name != "screen.png") {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  return File{"image/png", display::png(sign_picture(dots()))};
}

std::optional<Device::File> TextDisplay::screen(int pitch) {
  const std::lock_guard lock(mutex_);
  return File{"image/png", display::png(board_picture(lit_picture(dots()), pitch))};
}

bool TextDisplay::can_have(Fault fault) const {
  constexpr Fault all[] = {Fault::gone,   Fault::silent, Fault::slow,       Fault::corrupt,
                           Fault::freeze, Fault::refuse, Fault::power_cycle};
  return std::find(std::begin(all), std::end(all), fault) != std::end(all);
}

void TextDisplay::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  if (fault == Fault::power_cycle || fault == Fault::gone) {
    std::fill(rows_.begin(), rows_.end(), blank_row());
    brightness_ = 0;
  }
  if (fault != Fault::power_cycle) {
    faults_.add(fault, slow_by);
  }
}

void TextDisplay::clear(std::optional<Fault> fault) {
  const std::lock_guard lock(mutex_);
  if (fault) {
    faults_.remove(*fault);
  } else {
    faults_.clear();
  }
}

}  // namespace lobby::sim
