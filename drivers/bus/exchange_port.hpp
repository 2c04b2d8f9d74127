#pragma once

#include <stop_token>
#include <string>

#include "drivers/bus/bus.hpp"
#include "drivers/bus/line_timing.hpp"

namespace lobby::bus {

/// What came of one exchange.
struct Heard {
  Reply reply;
  bool was_late = false;   ///< a timeout; but then something came, while the line was kept silent for it
  bool was_stray = false;  ///< bytes came, before or instead of the answer, that nobody had asked for
};

/// One line's wire, as its scheduler (line_scheduler.hpp) uses it. It keeps no silences between exchanges and
/// decides nothing. Blocks; belongs to one thread. Real: a serial port (rtu_port.hpp), a gateway
/// (tcp_port.hpp); in tests: a wire in virtual time.
class ExchangePort {
 public:
  virtual ~ExchangePort() = default;
  virtual const LineTiming& timing() const = 0;

  /// Empty: open now. Otherwise why not, a short sentence.
  virtual std::string open(const std::stop_token& stop) = 0;
  virtual void close() = 0;
  virtual bool is_open() const = 0;
  /// Did the far end hang up while nobody spoke?
  virtual bool is_hung_up() const = 0;
  /// At most the exchange's deadline and, after an answer that did not come, `late` more: so long it is
  /// waited for, and thrown away. Behind a damaged answer the line is silent again before this returns. A
  /// broadcast returns when it is handed over. After `gone` the port is closed.
  virtual Heard exchange(const Exchange& exchange, link::Duration late) = 0;
  virtual const std::string& fault() const = 0;  ///< why it is `gone`
  /// What people should know of an open port; may be empty.
  virtual std::string about() const = 0;
};

}  // namespace lobby::bus
