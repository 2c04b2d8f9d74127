#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "drivers/link/byte_link.hpp"

namespace lobby::link {

/// An input device of Linux (/dev/input/by-id/…-event-kbd), read as it comes: `struct input_event`, one after
/// the other. It is grabbed: what it types goes to nobody else. Opened again by its path after it was
/// unplugged; nothing can be sent. Anything else that can be read, a pipe, is taken without the grab.
std::unique_ptr<ByteLink> make_input_link(boost::asio::io_context& io, std::string path);

}  // namespace lobby::link
