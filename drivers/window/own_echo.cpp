#include "drivers/window/own_echo.hpp"

namespace lobby::window {

void OwnEcho::sent(const Bytes& frame, link::MonoTime out_at) {
  own_ = frame;
  matched_ = 0;
  until_ = out_at + heard_within;
}

OwnEcho::Bytes OwnEcho::others(std::span<const std::uint8_t> bytes, link::MonoTime now) {
  Bytes result;
  for (const auto byte : bytes) {
    if (!own_.empty() && (now > until_ || byte != own_[matched_])) {
      result.insert(result.end(), own_.begin(), own_.begin() + static_cast<std::ptrdiff_t>(matched_));
      forget();
    }
    if (own_.empty()) {
      result.push_back(byte);
    } else if (++matched_ == own_.size()) {
      forget();
    }
  }
  return result;
}

void OwnEcho::forget() {
  own_.clear();
  matched_ = 0;
}

}  // namespace lobby::window
