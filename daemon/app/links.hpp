#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <variant>

#include "daemon/devices/config.hpp"
#include "drivers/link/byte_link.hpp"

namespace lobby::app {

/// The link that the site gives a device.
std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io,
                                        const std::variant<devices::TcpAddress, devices::SerialPort>& where);
/// A serial printer's is the paced one: it may be busy.
std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io, const devices::PrinterConfig& printer);
std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io, const devices::ReaderConfig& reader);

}  // namespace lobby::app
