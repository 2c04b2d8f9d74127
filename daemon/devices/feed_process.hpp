#pragma once

#include <string>

#include "daemon/devices/feeds.hpp"

namespace boost::asio {
class io_context;
}

namespace lobby::devices {

/// Starts `program` (lobby-feed) as a child of its own process group for each call: address space limited to
/// the feed's memory_mb, no core dumps, no descriptor of ours but one socket as its standard input and output
/// (standard error is shared), killed when we end. Its lines are at most feed_lines::max_line long; a longer
/// one ends it. Destroying the Process kills the group; it is reaped on the loop, which never waits for it.
/// `io` outlives everything that is spawned.
Feeds::Spawn feed_spawner(boost::asio::io_context& io, std::string program);

}  // namespace lobby::devices
