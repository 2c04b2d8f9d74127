#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "drivers/link/descriptor.hpp"

namespace lobby::link {

enum class Parity : std::uint8_t { none, even, odd };

/// How the far end says that it takes no more. We obey it ourselves (sender.hpp); the kernel's own flow
/// control stays off.
enum class Flow : std::uint8_t {
  none,
  xon_xoff,  ///< 13h stops us, 11h lets us go on
  rts_cts,   ///< our CTS is low
  dtr_dsr    ///< our DSR is low: the printer's DTR
};
constexpr std::string_view to_text(Flow flow) {
  constexpr std::string_view words[] = {"none", "xon_xoff", "rts_cts", "dtr_dsr"};
  return words[static_cast<std::size_t>(flow)];
}

/// A serial port as the site names it; always 8 data bits, 1 stop bit.
struct SerialSettings {
  std::string path;  ///< stable: /dev/serial/by-id/… or a udev link; may be a pty
  std::uint32_t baud = 19200;
  Parity parity = Parity::none;
};

/// `/dev/ttyUSB0 19200 8N1`.
std::string to_text(const SerialSettings& settings);

/// Start bit, eight data bits, parity if any, one stop bit.
std::uint32_t bytes_per_s(const SerialSettings& settings);

bool is_standard_baud(std::uint32_t baud);

struct OpenedSerial {
  Descriptor descriptor;  ///< empty: not opened
  std::string fault;      ///< why not: one short sentence
};

/// Opens the port raw and non-blocking, for us alone: a second opener that plays by the rules (flock), or any
/// at all where the kernel enforces it (TIOCEXCL), is refused. What waits in its buffers is thrown away. An
/// adapter that can is told not to sit on what it received. Any thread.
OpenedSerial open_serial(const SerialSettings& settings);

}  // namespace lobby::link
