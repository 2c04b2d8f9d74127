#pragma once

#include <string_view>

#include "daemon/hall/words.hpp"
#include "drivers/link/status.hpp"

namespace lobby::devices {

/// The state of one of our units by what its driver tells. Both answers of a unit that was never heard of are
/// `absent`; one that was, is `gone`.
inline hall::DeviceState unit_state(link::Status status, std::string_view reason, bool was_heard) {
  using hall::DeviceState;
  switch (status) {
    case link::Status::ok:
      return reason.empty() ? DeviceState::ok : DeviceState::degraded;
    case link::Status::timeout:
    case link::Status::gone:
      return was_heard ? DeviceState::gone : DeviceState::absent;
    case link::Status::busy:
    case link::Status::corrupt:
    case link::Status::refused:
      break;
  }
  return DeviceState::degraded;
}

/// Does this status say that somebody answered?
inline bool was_heard(link::Status status) {
  return status != link::Status::timeout && status != link::Status::gone;
}

}  // namespace lobby::devices
