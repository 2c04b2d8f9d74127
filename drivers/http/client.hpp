#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "drivers/http/connection.hpp"
#include "drivers/http/login.hpp"
#include "drivers/http/message.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::http {

/// Sixteen random bytes from the system, in hexadecimal.
std::string random_cnonce();

struct ClientOptions {
  std::string host;  ///< for the Host field: as the device is named, with its port unless that is 80
  std::size_t head_limit = 16 * 1024;    ///< bytes of an answer's head
  std::size_t body_limit = 1024 * 1024;  ///< and of its body
  std::size_t waiting_limit = 16;        ///< requests besides the one that is asked
  Handshake::RandomText cnonce = random_cnonce;
};

/// Asks one device, one request at a time, over a connection that is kept while the device keeps it. No TLS,
/// no redirects followed, no cookies. A device has as many clients as it has ports; they share its Login.
class Client {
 public:
  using Id = std::uint64_t;
  using Done = std::function<void(Answer)>;

  /// `login` may be null: no credentials are given then.
  Client(link::Executor& executor, std::unique_ptr<Connection> connection, std::shared_ptr<Login> login,
         ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// `done` runs once, in a later turn, within the request's time; never after cancel() or the client's end.
  Id ask(Request request, Done done);
  /// Unknown ids are ignored. A request that has left may be acted on all the same.
  void cancel(Id id);

 private:
  class Machine;
  std::shared_ptr<Machine> machine_;
};

}  // namespace lobby::http
