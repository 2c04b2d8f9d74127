#pragma once

#include <string_view>

#include "daemon/hall/words.hpp"
#include "drivers/link/status.hpp"

namespace lobby::devices {

/// What a driver's last word is to the roster. Both answers of a device that was never heard of are `absent`;
/// one that was, is `gone`.
hall::DeviceState state_of(link::Status status, std::string_view reason, bool was_heard);

/// Does this status say that somebody answered?
constexpr bool was_heard(link::Status status) {
  return status != link::Status::timeout && status != link::Status::gone;
}

}  // namespace lobby::devices
