#include "tests/sim/onbon_wire.hpp"

#include <utility>

namespace lobby::sim {
namespace {

constexpr std::uint8_t onbon_head = 0xA5;
constexpr std::uint8_t onbon_tail = 0x5A;
constexpr std::uint8_t head_escape = 0xA6;
constexpr std::uint8_t tail_escape = 0x5B;

}  // namespace

void OnbonWire::begin() {
  bytes_.clear();
  inside_ = true;
  is_bad_ = false;
  escape_ = 0;
}

void OnbonWire::hear(std::span<const std::uint8_t> bytes, const std::function<void(Bytes)>& frame,
                     const std::function<void(std::string_view)>& fault) {
  for (const std::uint8_t byte : bytes) {
    if (byte == onbon_head) {
      if (inside_ && (!bytes_.empty() || is_bad_ || escape_ != 0)) {
        fault("cut");
      }
      begin();
    } else if (byte == onbon_tail) {
      // A second tail belongs to the frame before.
      end(frame, fault);
    } else if (inside_) {
      add(byte);
    } else {
      fault("stray");
    }
  }
}

void OnbonWire::end(const std::function<void(Bytes)>& frame,
                    const std::function<void(std::string_view)>& fault) {
  if (!std::exchange(inside_, false)) {
    return;
  }
  if (is_bad_ || escape_ != 0) {
    fault(bytes_.size() > longest ? "length" : "escape");
  } else if (!bytes_.empty()) {
    frame(std::exchange(bytes_, {}));
  }
}

void OnbonWire::add(std::uint8_t byte) {
  if (escape_ != 0) {
    is_bad_ = is_bad_ || (byte != 1 && byte != 2);
    // The first of a pair stands for itself with 1, for the byte below it with 2.
    bytes_.push_back(static_cast<std::uint8_t>(escape_ - (byte == 2 ? 1 : 0)));
    escape_ = 0;
  } else if (byte == head_escape || byte == tail_escape) {
    escape_ = byte;
  } else if (bytes_.size() > longest) {
    is_bad_ = true;
  } else {
    bytes_.push_back(byte);
  }
}

Bytes OnbonWire::wrap(std::span<const std::uint8_t> frame) {
  Bytes out(8, onbon_head);
  for (const std::uint8_t byte : frame) {
    if (byte == onbon_head || byte == head_escape) {
      out.insert(out.end(), {head_escape, static_cast<std::uint8_t>(byte == onbon_head ? 2 : 1)});
    } else if (byte == onbon_tail || byte == tail_escape) {
      out.insert(out.end(), {tail_escape, static_cast<std::uint8_t>(byte == onbon_tail ? 2 : 1)});
    } else {
      out.push_back(byte);
    }
  }
  out.push_back(onbon_tail);
  return out;
}

}  // namespace lobby::sim
