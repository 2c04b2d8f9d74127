#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "drivers/link/status.hpp"

namespace lobby::link {

/// Datagrams to one device, by a door that opens itself again after every loss (0.2 s … 1 s apart). Owned by
/// the driver, used on the loop thread only. Nobody says whether a datagram arrived.
class DatagramLink {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    /// The door is open, which says nothing of the far end.
    virtual void link_up() = 0;
    virtual void link_datagram(std::span<const std::uint8_t> bytes) = 0;
    /// Lost, or an attempt to open failed; `reason` is one short sentence. Repeated attempts report again
    /// only when the reason changes.
    virtual void link_down(std::string_view reason) = 0;
  };
  using Group = std::array<std::uint8_t, 4>;  ///< of IPv4, high byte first

  virtual ~DatagramLink() = default;
  /// The listener outlives the link. Called once.
  virtual void start(Listener& listener) = 0;
  /// At once, or never. `ok`: the kernel took it. `busy`: it has no room now. `gone`: the link was or went
  /// down, of which the listener hears later. `group`: there instead of to the device, at the same port.
  virtual Status send(std::span<const std::uint8_t> bytes, const Group* group = nullptr) = 0;
  virtual bool is_up() const = 0;
  /// For people: `udp 10.1.1.7:4048`, `ethernet eth1`.
  virtual std::string describe() const = 0;
};

}  // namespace lobby::link
