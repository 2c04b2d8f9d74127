#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "tests/sim/board_bytes.hpp"

namespace lobby::sim {

/// The physical layer that all Onbon cards share: A5… escaped bytes 5A.
class OnbonWire {
 public:
  /// `frame` gets each whole frame without its escapes; `fault` the reason why bytes were thrown away.
  void hear(std::span<const std::uint8_t> bytes, const std::function<void(Bytes)>& frame,
            const std::function<void(std::string_view)>& fault);
  void reset() {
    inside_ = false;
    bytes_.clear();
  }
  /// A frame as it goes over the wire.
  static Bytes wrap(std::span<const std::uint8_t> frame);

 private:
  /// A whole dynamic area with its header, and a K frame, are shorter.
  static constexpr std::size_t longest = 66'000;

  void begin();
  void add(std::uint8_t byte);
  void end(const std::function<void(Bytes)>& frame, const std::function<void(std::string_view)>& fault);

  Bytes bytes_;
  bool inside_ = false;
  bool is_bad_ = false;
  std::uint8_t escape_ = 0;  ///< the first byte of a pair that is not whole yet
};

}  // namespace lobby::sim
