#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "drivers/link/datagram_link.hpp"

namespace lobby::link {

/// UDP to one far end. `host` is an address or a name, resolved beside the loop anew for each attempt. That
/// nobody listens there is noticed where the far end's kernel says so, which makes the link go down.
std::unique_ptr<DatagramLink> make_udp_link(boost::asio::io_context& io, std::string host,
                                            std::uint16_t port);

}  // namespace lobby::link
