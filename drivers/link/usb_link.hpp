#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "drivers/link/byte_link.hpp"

namespace lobby::link {

/// The calls into Linux's usblp driver that behave in its own ways; a test gives its own. Each as its
/// namesake, with errno.
struct UsbCalls {
  std::function<int(const char* path, int flags)> open;
  std::function<ssize_t(int node, void* to, std::size_t size)> read;
  std::function<ssize_t(int node, const void* from, std::size_t size)> write;
  static UsbCalls real();
};

/// The node of a printer on USB (/dev/usb/lp0, best by a udev link of its own), opened again by its path
/// after the printer was unplugged. A printer that cannot answer (a unidirectional interface) is written to
/// only; describe() says so. As usblp takes a chunk before the printer has it, and forgets the last one on
/// closing: a chunk (8 KiB at most) counts when the node takes the next one, and the end waits half a second
/// for it. Facts from Linux's drivers/usb/class/usblp.c.
std::unique_ptr<ByteLink> make_usb_link(boost::asio::io_context& io, std::string path,
                                        UsbCalls calls = UsbCalls::real());

}  // namespace lobby::link
