#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "drivers/link/byte_link.hpp"
#include "drivers/link/modem_lines.hpp"
#include "drivers/link/serial_port.hpp"

namespace lobby::link {

/// A serial port, used by us alone, that is opened again by its path after the adapter was unplugged. The
/// kernel takes a send as it comes. Once the link is destroyed none of its callbacks runs any more.
std::unique_ptr<ByteLink> make_serial_link(boost::asio::io_context& io, std::string path, std::uint32_t baud,
                                           Parity parity);

/// How the lines of an open port are had; a test gives its own.
using OpenLines = std::function<OpenedLines(boost::asio::io_context& io, int port)>;
inline OpenedLines open_own_lines(boost::asio::io_context& io, int port) {
  return open_port_lines(io, port);
}

/// The same to a printer, which may be busy. The kernel is given a few milliseconds of the line at a time
/// (paced_writer.hpp), so that a stop stops us in time and send_now() does not stand behind a whole ticket:
/// `ok` to a send then means that at most 20 ms of it are not on the wire. Flow control is obeyed by us,
/// and by send_now() not at all. XON and XOFF reach the listener like any byte. A printer that stops us for
/// ever gets nothing more: sends are then answered when the link is lost, and describe() says "held off". A
/// port without the lines that `flow` needs is not opened, and says so.
std::unique_ptr<ByteLink> make_paced_serial_link(boost::asio::io_context& io, SerialSettings settings,
                                                 Flow flow, OpenLines open_lines = open_own_lines);

}  // namespace lobby::link
