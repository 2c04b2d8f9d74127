#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <variant>

#include "daemon/devices/board_config.hpp"
#include "drivers/link/byte_link.hpp"
#include "drivers/link/datagram_link.hpp"

namespace lobby::app {

/// The link that the site gives a device.
std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io,
                                        const std::variant<devices::TcpAddress, devices::SerialPort>& where);
/// A serial printer's is the paced one: it may be busy.
std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io, const devices::PrinterConfig& printer);
std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io, const devices::ReaderConfig& reader);
/// Of a board that speaks over TCP or a serial line, and of one that takes datagrams.
std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io, const devices::BoardConfig& board);
std::unique_ptr<link::DatagramLink> datagrams_to(boost::asio::io_context& io,
                                                 const devices::BoardConfig& board);

}  // namespace lobby::app
