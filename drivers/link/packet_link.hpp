#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "drivers/link/datagram_link.hpp"

namespace lobby::link {

/// Whole Ethernet frames on one interface, from the destination's address on. Frames of `protocol` (the two
/// bytes behind the addresses) are heard. Down while the interface is missing, off or without a carrier, and,
/// said by name, while this process may not send raw frames (CAP_NET_RAW).
std::unique_ptr<DatagramLink> make_packet_link(boost::asio::io_context& io, std::string interface_name,
                                               std::uint16_t protocol);

}  // namespace lobby::link
