#include "daemon/devices/device_state.hpp"

namespace lobby::devices {

using hall::DeviceState;
using link::Status;

DeviceState state_of(Status status, std::string_view reason, bool was_heard) {
  switch (status) {
    case Status::ok:
      return reason.empty() ? DeviceState::ok : DeviceState::degraded;
    case Status::timeout:
    case Status::gone:
      return was_heard ? DeviceState::gone : DeviceState::absent;
    case Status::busy:
    case Status::corrupt:
    case Status::refused:
      break;
  }
  return DeviceState::degraded;
}

}  // namespace lobby::devices
