#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "drivers/link/byte_link.hpp"
#include "drivers/link/serial_port.hpp"

namespace lobby::link {

/// A serial port, used by us alone, that is opened again by its path after the adapter was unplugged. Once
/// the link is destroyed none of its callbacks runs any more.
std::unique_ptr<ByteLink> make_serial_link(boost::asio::io_context& io, std::string path, std::uint32_t baud,
                                           Parity parity);

}  // namespace lobby::link
