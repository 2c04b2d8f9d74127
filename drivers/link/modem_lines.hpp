#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace lobby::link {

/// The control lines of one open serial port. Real: PortLines; in tests: tests/fakes/modem_lines.hpp. On the
/// loop.
class ModemLines {
 public:
  struct State {
    bool cts = false;
    bool dsr = false;
    bool operator==(const State&) const = default;
  };
  virtual ~ModemLines() = default;
  /// `changed` runs on the loop, soon with the first reading, then with each that is another one, until
  /// rest(); never from within this call.
  virtual void watch(std::function<void(State)> changed) = 0;
  virtual void rest() = 0;
};

struct OpenedLines {
  std::unique_ptr<ModemLines> lines;  ///< none: `fault` says why
  std::string fault;
};

/// The calls into a port's driver; a test gives its own. Reading may take as long as it likes, on a thread.
struct LineCalls {
  std::function<std::optional<ModemLines::State>(int port)> read;  ///< nullopt: there are no lines
  std::function<bool(int port)> raise;                             ///< RTS and DTR; false: errno says why
  static LineCalls real();
};

/// Raises our own RTS and DTR (the far end may speak) and makes the port's lines readable. They are read
/// every millisecond while they are watched, on a thread of their own: a USB adapter needs a round trip for
/// each reading. A pty has no such lines. `port` need not stay open.
OpenedLines open_port_lines(boost::asio::io_context& io, int port, LineCalls calls = LineCalls::real());

}  // namespace lobby::link
