#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/http/message.hpp"

namespace lobby::http {

/// One connection to one device, opened when it is needed. It has no deadlines of its own: who uses it closes
/// it. Real: TCP; in tests: tests/fakes/http_peer.hpp. On the loop.
class Connection {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void connection_open() = 0;
    virtual void connection_bytes(std::string_view bytes) = 0;
    /// It could not be opened, or it is over: `unresolved refused unreachable timeout closed`. It may be
    /// opened again, also from here.
    virtual void connection_lost(Fault fault, std::string_view reason) = 0;
  };
  virtual ~Connection() = default;
  /// Ends in one of the listener's calls, never within this one; not while it is open or opening. The
  /// listener outlives the connection, or has closed it.
  virtual void open(Listener& listener) = 0;
  /// While it is open. A failure shows as connection_lost().
  virtual void send(std::string bytes) = 0;
  /// No call to the listener comes any more.
  virtual void close() = 0;
};

/// Plain TCP to an address or a name, which is resolved beside the loop, anew for each connection.
std::unique_ptr<Connection> make_tcp_connection(boost::asio::io_context& io, std::string host,
                                                std::uint16_t port);

}  // namespace lobby::http
