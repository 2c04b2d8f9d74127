#pragma once

#include "drivers/link/descriptor.hpp"

namespace lobby::bus {

/// A low descriptor number, held from construction on. libmodbus waits by select(), which kills the whole
/// process for a descriptor of 1024 or more; a daemon with 1,024 connections has those. So each line takes
/// its number at start, when low ones are free, and a port opened later is moved onto it.
class ReservedDescriptor {
 public:
  static constexpr int limit = 1024;

  ReservedDescriptor();
  /// False: no low number was left.
  bool is_valid() const { return static_cast<bool>(number_); }
  /// Moves `opened` onto the reserved number and gives that number; -1 (errno set) when it cannot.
  int hold(link::Descriptor opened);
  /// Closes what is held; the number stays reserved.
  void let_go();

 private:
  link::Descriptor number_;
};

}  // namespace lobby::bus
