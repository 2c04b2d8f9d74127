#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/link/executor.hpp"
#include "drivers/window/window_unit.hpp"

namespace lobby::window {

/// What the sign is to show, what it was told, and what it says that it shows. Pure.
class Sign {
 public:
  /// True when this is something new.
  bool want(Face face, std::uint64_t tag);
  bool is_write_due() const { return state_ == State::dirty; }
  struct Write {
    std::uint16_t start = 0;  ///< reg_face or reg_dots_face
    std::vector<std::uint16_t> values;
  };
  Write begin_write(bool shows_dots);
  void written(link::MonoTime now);
  /// The unit forgot it, or never had it.
  void forgotten();
  /// `number` is reg_shown of a status. The tag when the wanted face is seen for the first time.
  std::optional<std::uint64_t> see(std::uint16_t number, link::MonoTime now);
  /// It was told several times and still shows something else.
  bool is_stubborn() const { return rewrites_ >= 3; }

 private:
  enum class State : std::uint8_t { nothing, dirty, written, shown };
  /// A sign may take a moment to show what it was told; a stubborn one is told ever less often.
  link::Duration grace() const {
    return std::min<link::Duration>(std::chrono::milliseconds(200) * (1 << std::min(rewrites_, 5)),
                                    std::chrono::seconds(5));
  }

  State state_ = State::nothing;
  Face face_;
  std::uint64_t tag_ = 0;
  bool told_ = false;          ///< of this want
  std::uint16_t number_ = 0;   ///< of this want; 0: none given yet
  std::uint16_t on_wire_ = 0;  ///< number of the write that is under way or was the last
  std::uint16_t seen_ = 0;     ///< what the unit shows, perhaps told by a former host: not a number of ours
  link::MonoTime written_at_;
  int rewrites_ = 0;
};

}  // namespace lobby::window
