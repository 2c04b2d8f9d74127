#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "drivers/link/executor.hpp"

namespace lobby::bus {

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

/// Name resolution for a thread that must end in time: getaddrinfo, which knows no limit, runs on a thread
/// that nobody waits for and that holds nothing of ours. At most one at a time.
class NameLookup {
 public:
  /// Empty: `fault` says why. A lookup that was given up goes on; its answer is there for the next call.
  std::vector<SocketAddress> find(const std::string& host, std::uint16_t port, link::Duration limit,
                                  const std::stop_token& stop, std::string& fault);

 private:
  struct Work;
  std::shared_ptr<Work> work_;
};

}  // namespace lobby::bus
