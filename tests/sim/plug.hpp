#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tests/sim/pty.hpp"
#include "tests/sim/site.hpp"

namespace lobby::sim {

/// Where a printer is plugged in. Belongs to the printer's thread.
class Plug {
 public:
  virtual ~Plug() = default;
  /// Plugs in; a sentence when that fails, empty when it is in (or was already).
  virtual std::string plug_in() = 0;
  /// Out: the near end sees a hang-up or a refused connection.
  virtual void pull_out() = 0;
  /// A host's connection ends, the plug stays in. No effect on a wire.
  virtual void hang_up() = 0;
  /// The far end goes with the printer's power, as a network port does; a wire stays.
  virtual bool needs_power() const = 0;
  /// What the line can carry as the host has set it; 0: no line, what there is room for.
  virtual unsigned bytes_per_s() const = 0;
  /// The host's port stops by itself when it is told XOFF: what it has written already waits there.
  virtual bool host_obeys_flow() const = 0;
  /// What to poll for reading: a listener, or the host's bytes. -1 = nothing.
  virtual int listen_fd() const = 0;
  virtual int data_fd() const = 0;
  /// The listener is readable; `refuse` closes the newcomer at once.
  virtual void accept(bool refuse) = 0;
  /// Bytes got; 0 = none now (or the host is gone).
  virtual std::size_t read(std::span<std::uint8_t> into) = 0;
  /// What the host does not take is lost, as on a wire.
  virtual void write(std::span<const std::uint8_t> bytes) = 0;
  virtual std::string where() const = 0;
};

std::unique_ptr<Plug> make_serial_plug(std::string path);
/// A printer's node: no baud rate, and it goes with the printer's power. The near end's ioctls fail here.
std::unique_ptr<Plug> make_usb_plug(std::string path);
/// One host at a time; others wait until it leaves.
std::unique_ptr<Plug> make_tcp_plug(TcpEnd end);
/// Each read is one datagram; what is written goes to where the last one came from.
std::unique_ptr<Plug> make_udp_plug(TcpEnd end);
/// Whole Ethernet frames of an interface, but for those that this machine sends itself. Needs CAP_NET_RAW.
std::unique_ptr<Plug> make_ether_plug(std::string interface);

}  // namespace lobby::sim
