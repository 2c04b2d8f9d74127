#pragma once

#include <memory>

#include "drivers/cctv/coil.hpp"
#include "drivers/cctv/recorder.hpp"

namespace lobby::cctv {

/// A recorder that is triggered by wire: a relay of a Modbus board at its alarm input, and a linkage there
/// that records the camera. Nothing comes back but the contact's own position, so it is `triggered` at best,
/// never `recording`: it cannot verify.
struct RelaySettings {
  CoilSettings coil{};
  /// `healthy_loop`: the relay is pulled while all is well and idle, and lets go to record; a cut wire, a
  /// dead board and a dead controller record, too. `closing`: it pulls to record.
  enum class Wiring : std::uint8_t { healthy_loop, closing };
  Wiring wiring = Wiring::healthy_loop;
  /// A driver that is neither started nor told of an open session for so long takes it that there is none,
  /// and puts the relay to rest. Until then it leaves it as it finds it.
  link::Duration rest_after = std::chrono::seconds(10);
};

/// The bus outlives it. resume() writes nothing at once; a relay that has moved meanwhile is put right.
std::unique_ptr<Recorder> make_relay(link::Executor& executor, bus::Bus& bus, RelaySettings settings,
                                     RecorderOptions options);

}  // namespace lobby::cctv
