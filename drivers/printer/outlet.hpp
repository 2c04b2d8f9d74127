#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "drivers/link/executor.hpp"

namespace lobby::printer {

/// The presenter's outlet, where a ticket is held until somebody takes it: what becomes of each.
class Outlet {
 public:
  enum class Fate : std::uint8_t { taken, retracted };
  using Told = std::function<void(Fate)>;
  /// `retract`: takes the ticket back; empty = this printer cannot. `patience`: how long a ticket is held
  /// before that.
  Outlet(link::Executor& executor, link::Duration patience, std::function<void()> retract);

  /// A ticket was printed, and is in the outlet or on its way there. `told` at most once; never when another
  /// one came on top of it, or the printer does not say.
  void presented(Told told);
  /// What the printer says: is there paper in the outlet?
  void sense(bool in_outlet);
  /// Nobody knows any more what is there.
  void lost();
  /// A ticket is waiting to be taken, and the printer could take it back.
  bool is_held() const { return place_ != Place::free && retract_ != nullptr; }

 private:
  enum class Place : std::uint8_t {
    free,
    coming,     ///< presented, and not seen in the outlet yet
    held,       ///< seen there
    retracting  ///< asked to take it back
  };
  void retract();
  void left();

  std::function<void()> retract_;
  link::Duration patience_;
  link::Timer timer_;
  Place place_ = Place::free;
  Told told_;
};

}  // namespace lobby::printer
