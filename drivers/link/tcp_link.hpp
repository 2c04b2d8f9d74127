#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "drivers/link/byte_link.hpp"

namespace lobby::link {

/// A TCP connection that opens itself again. `host` is an address or a name; a name is resolved beside the
/// loop, anew for each attempt, within 3 s, and the connection made within another 3 s. A far end that died
/// silently is noticed within 15 s. Once the link is destroyed none of its callbacks runs any more.
std::unique_ptr<ByteLink> make_tcp_link(boost::asio::io_context& io, std::string host, std::uint16_t port);

}  // namespace lobby::link
