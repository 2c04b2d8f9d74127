#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/link/executor.hpp"
#include "drivers/link/status.hpp"

namespace lobby::link {

/// A stream of bytes to one device, that opens itself again after every loss (0.2 s … 5 s apart). Owned by
/// the driver, used on the loop thread only. A device never learns whether it hangs on TCP, a serial line or
/// a fake.
class ByteLink {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void link_up() = 0;
    virtual void link_bytes(std::span<const std::uint8_t> bytes) = 0;
    /// Lost, or an attempt to open failed; `reason` is one short sentence. Repeated attempts report again
    /// only when the reason changes.
    virtual void link_down(std::string_view reason) = 0;
  };

  virtual ~ByteLink() = default;
  /// The listener outlives the link. Called once.
  virtual void start(Listener& listener) = 0;
  /// Sends all of it, in order after earlier sends. `ok`: the kernel took every byte (not: the device got
  /// it). `gone`: the link was or went down; a part may have left. `busy`: more than 256 KiB wait; nothing
  /// was queued.
  virtual void send(std::vector<std::uint8_t> bytes, std::function<void(Status)> done) = 0;
  /// Real-time bytes: they overtake every send that has not begun, never stand inside one that has, and keep
  /// their order among themselves. They leave also while the far end holds us off (XOFF, a busy line), as far
  /// as the wire can: a TCP peer that takes nothing takes these neither. Answers as send(); `busy`: more than
  /// 4 KiB of them wait.
  virtual void send_now(std::vector<std::uint8_t> bytes, std::function<void(Status)> done) = 0;
  virtual bool is_up() const = 0;
  /// How fast the wire takes bytes when nobody holds us off; 0: not known (TCP, USB).
  virtual std::uint32_t bytes_per_s() const = 0;
  /// For people, as it is now: `tcp 127.0.0.1:9101`, `serial /dev/… 19200 8N1 xon_xoff, held off`.
  virtual std::string describe() const = 0;
};

}  // namespace lobby::link
