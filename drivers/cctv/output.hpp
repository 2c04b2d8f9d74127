#pragma once

#include <functional>
#include <optional>
#include <string>

#include "drivers/cctv/recorder.hpp"

namespace lobby::cctv {

/// One thing in a room that is on or off: an announcement lamp, the sign 评标中 请勿打扰. It mirrors a state:
/// the newest want() counts, is kept, and is told again after any loss. On the loop.
class Output {
 public:
  struct State {
    Fault fault = Fault::unreachable;  ///< `none`: it answers, and is as wanted
    std::string reason = "it has not answered yet";
    std::optional<bool> is_on{};  ///< as it was read back; empty: not known
    /// What was read back is the contact, not the order that was kept.
    bool is_contact = false;
    link::MonoTime at{};  ///< of its last answer
  };
  virtual ~Output() = default;
  virtual void want(bool on) = 0;
  virtual State state() const = 0;
  /// For people.
  virtual std::string describe() const = 0;
};

}  // namespace lobby::cctv
