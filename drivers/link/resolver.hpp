#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lobby::link {

/// Name resolution that can neither block the loop nor outlive it badly: getaddrinfo runs on a thread that
/// holds nothing of the loop's, so a name server that never answers delays no one, not even our end.
class Resolver {
 public:
  struct Answer {
    std::vector<boost::asio::ip::tcp::endpoint> endpoints;
    std::string fault;  ///< why there are none
  };
  explicit Resolver(boost::asio::io_context& io);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// `done` runs once on the loop, never from within this call, unless cancel() or a further resolve() comes
  /// first. While an abandoned question is still with the name server no second one is asked.
  void resolve(const std::string& host, std::uint16_t port, std::function<void(Answer)> done);
  void cancel();

 private:
  struct Question;
  boost::asio::io_context& io_;
  std::shared_ptr<Question> question_;
};

}  // namespace lobby::link
