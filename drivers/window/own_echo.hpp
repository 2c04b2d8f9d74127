#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drivers/link/executor.hpp"

namespace lobby::window {

/// Takes what we sent out of what we hear: an adapter whose receiver is on while it sends hears itself, and
/// in a dialect where devices repeat our frames that must not pass for a device. Pure, given time.
class OwnEcho {
 public:
  using Bytes = std::vector<std::uint8_t>;

  /// A frame leaves now; its last byte is out at `out_at`.
  void sent(const Bytes& frame, link::MonoTime out_at);
  /// What of these bytes is others'. What begins like our frame waits until it differs, or is late.
  Bytes others(std::span<const std::uint8_t> bytes, link::MonoTime now);
  void forget();

 private:
  /// What an adapter and its driver hold back (16 ms), and a little; a device waits longer with a repetition.
  static constexpr link::Duration heard_within = std::chrono::milliseconds(25);

  Bytes own_;
  std::size_t matched_ = 0;
  link::MonoTime until_{};
};

}  // namespace lobby::window
