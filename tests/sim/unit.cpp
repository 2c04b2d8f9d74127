#include "tests/sim/unit.hpp"

#include <algorithm>

#include "display/canvas/png.hpp"

namespace lobby::sim {

Unit::Unit(Place place, std::uint16_t boot_id, std::shared_ptr<const display::DotFont> font)
    : place_(std::move(place)),
      font_(std::move(font)),
      model_(place_.address, boot_id),
      noise_(boot_id + 1U) {}

std::optional<Unit::Spoken> Unit::hear(const RtuRequest& request) {
  const std::lock_guard lock(mutex_);
  if (faults_.has(Fault::gone) || faults_.has(Fault::freeze)) {
    return std::nullopt;
  }
  ++requests_;
  last_heard_ = Clock::now();
  if (faults_.has(Fault::refuse)) {
    return Spoken{exception_response(request, RtuException::failure), faults_.slow_by()};
  }
  face_writes_ += request.function == 0x10 && request.start == wire::window_unit::reg_face ? 1 : 0;
  std::optional<Bytes> answer = model_.answer(request, faults_.has(Fault::lie));
  if (!answer || faults_.has(Fault::silent)) {
    return std::nullopt;
  }
  if (faults_.has(Fault::corrupt)) {
    answer->back() = static_cast<std::uint8_t>(answer->back() ^ 0x5A);
  }
  if (faults_.has(Fault::garbage)) {
    std::generate(answer->begin(), answer->end(),
                  [this] { return static_cast<std::uint8_t>(noise_() >> 8); });
  }
  return Spoken{std::move(*answer), faults_.slow_by()};
}

bool Unit::keys_taken() {
  const std::lock_guard lock(mutex_);
  return model_.key_ack() == model_.key_count();
}

bool Unit::is_powered() {
  const std::lock_guard lock(mutex_);
  return !faults_.has(Fault::gone) && !faults_.has(Fault::freeze);
}

boost::json::object Unit::describe() {
  const std::lock_guard lock(mutex_);
  boost::json::value heard;
  if (last_heard_) {
    heard = std::chrono::duration_cast<milliseconds>(Clock::now() - *last_heard_).count();
  }
  return {{"id", place_.id},
          {"kind", kind()},
          {"bus", place_.bus},
          {"address", place_.address},
          {"window", place_.window},
          {"text", model_.text()},
          {"blink", model_.blinks()},
          {"face", model_.face()},
          {"beeps", model_.beeps()},
          {"boot_id", model_.boot_id()},
          {"key_count", model_.key_count()},
          {"key_ack", model_.key_ack()},
          {"requests", requests_},
          {"face_writes", face_writes_},
          {"heard_ms_ago", heard},
          {"faults", faults_.words()}};
}

std::optional<Device::File> Unit::file(std::string_view name, std::size_t) {
  if (name != "screen.png") {
    return std::nullopt;
  }
  display::Bitmap dots;
  {
    const std::lock_guard lock(mutex_);
    dots = faults_.has(Fault::gone) ? display::Bitmap(64, 16) : sign_dots(model_.cells(), *font_);
  }
  return File{"image/png", display::png(sign_picture(dots))};
}

bool Unit::can_have(Fault fault) const {
  switch (fault) {
    case Fault::paper_out:
    case Fault::paper_low:
    case Fault::cover_open:
    case Fault::cutter:
      return false;
    default:
      return true;
  }
}

void Unit::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  if (fault == Fault::power_cycle) {
    model_.reset();
  } else {
    faults_.add(fault, slow_by);
  }
}

void Unit::clear(std::optional<Fault> fault) {
  const std::lock_guard lock(mutex_);
  if (fault) {
    faults_.remove(*fault);
  } else {
    faults_.clear();
  }
}

std::string Unit::press(std::string_view word) {
  const std::optional<wire::window_unit::Key> key = parse_key(word);
  if (!key) {
    return "There is no such key; the keys are 0 to 9, call, recall, start, finish, no_show, hold, transfer, "
           "pause and help.";
  }
  const std::lock_guard lock(mutex_);
  if (faults_.has(Fault::gone) || faults_.has(Fault::freeze)) {
    return "The unit is without power or hangs; it takes no key.";
  }
  model_.press(*key);
  return {};
}

}  // namespace lobby::sim
