#include "tests/sim/digit_display.hpp"

#include <algorithm>
#include <utility>

#include "display/canvas/png.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {
namespace {

constexpr std::uint8_t read_holding = 0x03, write_one = 0x06, write_many = 0x10;

}  // namespace

DigitDisplay::DigitDisplay(std::string id, std::string window, std::uint8_t address,
                           std::shared_ptr<const display::DotFont> font)
    : id_(std::move(id)), window_(std::move(window)), address_(address), font_(std::move(font)) {}

std::optional<Station::Spoken> DigitDisplay::hear(const HeardFrame& frame, TimePoint) {
  const std::lock_guard lock(mutex_);
  const bool is_mine = frame.whole && frame.request && frame.request->address == address_;
  if (!is_mine || faults_.has(Fault::gone) || faults_.has(Fault::freeze)) {
    return std::nullopt;
  }
  auto bytes = answer(*frame.request);
  if (faults_.has(Fault::corrupt)) {
    bytes.back() = static_cast<std::uint8_t>(bytes.back() ^ 0x5A);
  }
  return faults_.has(Fault::silent) ? std::nullopt
                                    : std::optional(Spoken{std::move(bytes), faults_.slow_by()});
}

Bytes DigitDisplay::answer(const RtuRequest& request) {
  const bool writes = request.function == write_one || request.function == write_many;
  if (!writes && request.function != read_holding) {
    return exception_response(request, RtuException::function);
  }
  const std::size_t count = writes ? request.values.size() : request.count;
  if (count == 0 || request.start + count > digits) {
    return exception_response(request, RtuException::address);
  }
  if (faults_.has(Fault::refuse)) {
    return exception_response(request, RtuException::failure);
  }
  if (!writes) {
    return read_response(request, std::span(registers_).subspan(request.start, count));
  }
  std::copy(request.values.begin(), request.values.end(), registers_.begin() + request.start);
  ++writes_;
  return write_response(request);
}

/// What a person reads: a digit, or nothing.
std::string DigitDisplay::text() const {
  std::string out;
  for (const auto value : registers_) {
    out += value >= '0' && value <= '9' ? static_cast<char>(value) : ' ';
  }
  return out;
}

boost::json::object DigitDisplay::describe() {
  const std::lock_guard lock(mutex_);
  return {{"id", id_},      {"kind", kind()},    {"window", window_},        {"address", address_},
          {"text", text()}, {"writes", writes_}, {"faults", faults_.words()}};
}

std::optional<Device::File> DigitDisplay::file(std::string_view name, std::size_t) {
  if (name != "screen.png") {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  display::Bitmap dots(static_cast<int>(digits) * 8, 16);
  int x = 0;
  for (const char c : faults_.has(Fault::gone) ? std::string() : text()) {
    dots.draw(font_->glyph(static_cast<unsigned char>(c)), x, 0);
    x += 8;
  }
  return File{"image/png", display::png(sign_picture(dots))};
}

bool DigitDisplay::can_have(Fault fault) const {
  constexpr Fault all[] = {Fault::gone,   Fault::silent, Fault::slow,       Fault::corrupt,
                           Fault::freeze, Fault::refuse, Fault::power_cycle};
  return std::find(std::begin(all), std::end(all), fault) != std::end(all);
}

void DigitDisplay::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  if (fault == Fault::power_cycle || fault == Fault::gone) {
    registers_ = {};
  }
  if (fault != Fault::power_cycle) {
    faults_.add(fault, slow_by);
  }
}

void DigitDisplay::clear(std::optional<Fault> fault) {
  const std::lock_guard lock(mutex_);
  if (fault) {
    faults_.remove(*fault);
  } else {
    faults_.clear();
  }
}

}  // namespace lobby::sim
