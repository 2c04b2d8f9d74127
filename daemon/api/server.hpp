#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "daemon/api/accounts.hpp"
#include "daemon/api/backend.hpp"
#include "daemon/api/counters.hpp"
#include "daemon/api/options.hpp"

namespace lobby::api {

/// The HTTP API on a loop that somebody else runs, on one thread. Everything that it is given outlives it.
class Server {
 public:
  Server(boost::asio::io_context& io, Backend& backend, Accounts& accounts, Options options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Serves at `ADDR:PORT` (`[::1]:8080` for IPv6); port 0 picks a free one. Returns the address with the
  /// port that it became. Only while starting: throws std::runtime_error with a sentence.
  std::string listen(const std::string& address);

  /// A durable event, in order: goes to every stream that may see it.
  void publish(const EventLine& line);

  /// The lobby is being stopped: from here on whatever would change something is answered 503, reads and
  /// streams go on until stop().
  void refuse_commands();

  /// Closes every connection and takes no more.
  void stop();

  const Counters& counters() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lobby::api
