#include "tests/sim/unit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "display/canvas/png.hpp"

namespace lobby::sim {
namespace {

namespace wu = wire::window_unit;

bool writes_face(const RtuRequest& request) {
  const unsigned start = request.function == 0x17 ? request.write_start : request.start;
  return (request.function == 0x10 || request.function == 0x17) && start >= wu::reg_key_ack_and_face &&
         start <= wu::reg_dots_face;
}

}  // namespace

boost::json::array dot_rows(const display::Bitmap& dots) {
  boost::json::array rows;
  for (int y = 0; y < dots.height(); ++y) {
    std::uint64_t row = 0;
    for (int x = 0; x < dots.width(); ++x) {
      row = row << 1U | (dots.at(x, y) ? 1U : 0U);
    }
    rows.emplace_back(fmt::format("{:016x}", row));
  }
  return rows;
}

Unit::Unit(Place place, std::uint16_t boot_id, std::shared_ptr<const display::DotFont> font)
    : place_(std::move(place)),
      font_(std::move(font)),
      model_(place_.shape, place_.settings, boot_id),
      noise_(boot_id + 1U) {
  model_.pass(Clock::now());
}

/// Set to another speed than its line's, it hears nothing but noise.
bool Unit::hears_line() const {
  const UnitModel::Settings& now = model_.settings();
  return now.baud == place_.settings.baud && now.parity == place_.settings.parity;
}

std::optional<Station::Spoken> Unit::hear(const HeardFrame& frame, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (faults_.has(Fault::gone) || faults_.has(Fault::freeze)) {
    return std::nullopt;
  }
  model_.pass(now);
  if (!frame.whole || !hears_line()) {
    model_.overhear(false);
    return std::nullopt;
  }
  const RtuRequest& request = *frame.request;
  if (request.address != 0 && request.address != model_.address()) {
    model_.overhear(true);
    return std::nullopt;
  }
  ++requests_;
  last_heard_ = now;
  std::optional<Bytes> bytes = answer(request);
  if (!bytes || faults_.has(Fault::silent)) {
    return std::nullopt;
  }
  if (faults_.has(Fault::corrupt)) {
    bytes->back() = static_cast<std::uint8_t>(bytes->back() ^ 0x5A);
  }
  if (faults_.has(Fault::garbage)) {
    std::generate(bytes->begin(), bytes->end(), [this] { return static_cast<std::uint8_t>(noise_() >> 8); });
  }
  return Spoken{std::move(*bytes), faults_.slow_by()};
}

std::optional<Bytes> Unit::answer(const RtuRequest& request) {
  if (faults_.has(Fault::refuse)) {
    return request.address == 0 ? std::nullopt
                                : std::optional(exception_response(request, RtuException::failure));
  }
  face_writes_ += writes_face(request) ? 1 : 0;
  return model_.answer(request, faults_.has(Fault::lie));
}

void Unit::overhear(std::span<const std::uint8_t> /*bytes*/, bool whole) {
  const std::lock_guard lock(mutex_);
  if (!faults_.has(Fault::gone) && !faults_.has(Fault::freeze)) {
    model_.overhear(whole && hears_line());
  }
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
  model_.pass(Clock::now());
  boost::json::value heard;
  if (last_heard_) {
    heard = std::chrono::duration_cast<milliseconds>(Clock::now() - *last_heard_).count();
  }
  const UnitModel::Counts& counts = model_.counts();
  boost::json::object out{{"id", place_.id},
                          {"kind", kind()},
                          {"bus", place_.bus},
                          {"address", model_.address()},
                          {"baud", model_.settings().baud * 100},
                          {"beeps", model_.beeps()},
                          {"boot_id", model_.boot_id()},
                          {"key_count", model_.key_count()},
                          {"key_ack", model_.key_ack()},
                          {"lamps", model_.lamps()},
                          {"lamps_blink", model_.blinking_lamps()},
                          {"at_rest", model_.is_at_rest()},
                          {"locating", model_.is_locating()},
                          {"requests", requests_},
                          {"foreign", counts.foreign},
                          {"bad_frames", counts.bad_frames},
                          {"refused", counts.refused},
                          {"rests", counts.rests},
                          {"heard_ms_ago", heard},
                          {"faults", faults_.words()}};
  if (place_.shape == UnitShape::button_panel) {
    out["kiosk"] = place_.where;
    return out;
  }
  out["window"] = place_.where;
  out["text"] = model_.text();
  out["dots"] = dot_rows(model_.lit(*font_));
  out["blink"] = model_.blinks();
  out["brightness"] = model_.brightness();
  out["face"] = model_.face();
  out["face_writes"] = face_writes_;
  return out;
}

std::optional<Device::File> Unit::file(std::string_view name, std::size_t) {
  if (name != "screen.png") {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  model_.pass(Clock::now());
  const bool dark = faults_.has(Fault::gone);
  if (place_.shape == UnitShape::button_panel) {
    const std::uint16_t lamps = dark ? std::uint16_t{0} : model_.lamps();
    return File{"image/png", display::png(panel_picture(lamps, model_.blinking_lamps(), *font_))};
  }
  const display::Bitmap dots = dark ? display::Bitmap(wu::sign_width, wu::sign_height) : model_.lit(*font_);
  return File{"image/png", display::png(sign_picture(dots))};
}

bool Unit::can_have(Fault fault) const {
  switch (fault) {
    case Fault::paper_out:
    case Fault::paper_low:
    case Fault::cover_open:
    case Fault::cutter:
    case Fault::noise:
    case Fault::jam:
    case Fault::hot:
    case Fault::broken:
    case Fault::untaken:
      return false;
    default:
      return fault < Fault::empty;
  }
}

void Unit::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  model_.pass(Clock::now());
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
  const KeyWord key = parse_key_word(place_.shape, word);
  const std::lock_guard lock(mutex_);
  if (!key.problem.empty()) {
    return key.problem;
  }
  if (faults_.has(Fault::gone) || faults_.has(Fault::freeze)) {
    return "The unit is without power or hangs; it takes no key.";
  }
  model_.pass(Clock::now());
  model_.hold(key.stays ? chain_keys(place_.shape, key.code) : std::uint16_t{0});
  if (!key.up) {
    model_.press(key.code);
  }
  return {};
}

}  // namespace lobby::sim
