#include "drivers/bus/name_lookup.hpp"

#include <netdb.h>

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

namespace lobby::bus {

struct NameLookup::Work {
  std::mutex mutex;
  std::condition_variable_any bell;
  bool is_finished = false;  ///< and all below, under the mutex
  std::vector<SocketAddress> found;
  std::string fault;
};

namespace {

std::vector<SocketAddress> look_up(const std::string& host, std::uint16_t port, std::string& fault) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
  addrinfo* all = nullptr;
  if (const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &all); code != 0) {
    fault = "cannot resolve " + host + ": " + ::gai_strerror(code);
    return {};
  }
  std::vector<SocketAddress> found;
  for (const addrinfo* one = all; one != nullptr; one = one->ai_next) {
    SocketAddress address;
    address.size = one->ai_addrlen;
    std::memcpy(&address.bytes, one->ai_addr, one->ai_addrlen);
    found.push_back(address);
  }
  ::freeaddrinfo(all);
  return found;
}

}  // namespace

std::vector<SocketAddress> NameLookup::find(const std::string& host, std::uint16_t port, link::Duration limit,
                                            const std::stop_token& stop, std::string& fault) {
  if (!work_) {
    work_ = std::make_shared<Work>();
    std::thread([work = work_, host, port] {
      std::string why;
      auto found = look_up(host, port, why);
      const std::lock_guard lock(work->mutex);
      work->found = std::move(found);
      work->fault = std::move(why);
      work->is_finished = true;
      work->bell.notify_all();
    }).detach();
  }
  const auto work = work_;
  std::unique_lock lock(work->mutex);
  if (!work->bell.wait_for(lock, stop, limit, [&] { return work->is_finished; })) {
    fault = "the name " + host + " is not resolved in time";
    return {};
  }
  work_.reset();
  fault = work->fault;
  return std::move(work->found);
}

}  // namespace lobby::bus
