#include "drivers/link/tcp_link.hpp"

#include <netinet/tcp.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "drivers/link/reopening_link.hpp"
#include "drivers/link/resolver.hpp"

namespace lobby::link {
namespace {

using boost::asio::ip::tcp;
using Keepalive = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_KEEPALIVE>;
template <int name>
using TcpNumber = boost::asio::detail::socket_option::integer<IPPROTO_TCP, name>;

constexpr std::chrono::seconds resolve_limit{3};
constexpr std::chrono::seconds connect_limit{3};

/// What the kernel has taken, real-time bytes cannot overtake: it takes little. (It doubles this.)
constexpr int send_buffer = 8 * 1024;

/// Half-open connections: asked after 5 s of silence, every 3 s; given up 15 s after the last sign of life.
void set_options(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(boost::asio::socket_base::send_buffer_size(send_buffer), ignored);
  socket.set_option(Keepalive(true), ignored);
  socket.set_option(TcpNumber<TCP_KEEPIDLE>(5), ignored);
  socket.set_option(TcpNumber<TCP_KEEPINTVL>(3), ignored);
  socket.set_option(TcpNumber<TCP_KEEPCNT>(3), ignored);
  socket.set_option(TcpNumber<TCP_USER_TIMEOUT>(15'000), ignored);
}

class TcpLink final : public ReopeningLink<tcp::socket> {
 public:
  TcpLink(boost::asio::io_context& io, std::string host, std::uint16_t port)
      : ReopeningLink(io), host_(std::move(host)), port_(port), resolver_(io), deadline_(io) {}

 private:
  /// One attempt to connect; a late handler of an abandoned attempt finds itself outdated.
  struct Attempt {
    explicit Attempt(boost::asio::io_context& io) : socket(io) {}
    tcp::socket socket;
    std::vector<tcp::endpoint> endpoints;
  };

  std::shared_ptr<TcpLink> self() { return std::static_pointer_cast<TcpLink>(shared_from_this()); }

  void open() override {
    resolver_.resolve(host_, port_, [self = self()](Resolver::Answer answer) {
      self->deadline_.cancel();
      if (answer.endpoints.empty()) {
        self->failed(answer.fault.empty() ? "no address for " + self->host_ : std::move(answer.fault));
        return;
      }
      self->connect(std::move(answer.endpoints));
    });
    limit(resolve_limit, "the name " + host_ + " is not resolved in time");
  }

  void connect(std::vector<tcp::endpoint> endpoints) {
    attempt_ = std::make_shared<Attempt>(io());
    attempt_->endpoints = std::move(endpoints);
    boost::asio::async_connect(
        attempt_->socket, attempt_->endpoints,
        [self = self(), attempt = attempt_](boost::system::error_code ec, tcp::endpoint) {
          if (attempt == self->attempt_) {
            self->connected(ec);
          }
        });
    limit(connect_limit, "no answer to the connection request");
  }

  void connected(boost::system::error_code ec) {
    deadline_.cancel();
    const auto attempt = std::exchange(attempt_, nullptr);
    if (ec) {
      failed(ec.message());
      return;
    }
    set_options(attempt->socket);
    opened(std::move(attempt->socket));
  }

  void limit(std::chrono::seconds time, std::string reason) {
    deadline_.expires_after(time);
    deadline_.async_wait([self = self(), reason = std::move(reason)](boost::system::error_code ec) {
      if (!ec && !self->is_closed() && !self->is_up()) {
        self->stop_opening();
        self->failed(reason);
      }
    });
  }

  void stop_opening() override {
    deadline_.cancel();
    resolver_.cancel();
    if (attempt_) {
      boost::system::error_code ignored;
      attempt_->socket.close(ignored);
      attempt_ = nullptr;
    }
  }

  std::string host_;
  std::uint16_t port_;
  Resolver resolver_;
  boost::asio::steady_timer deadline_;
  std::shared_ptr<Attempt> attempt_;
};

}  // namespace

std::unique_ptr<ByteLink> make_tcp_link(boost::asio::io_context& io, std::string host, std::uint16_t port) {
  const bool is_v6 = host.find(':') != std::string::npos;
  std::string description = "tcp " + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
  return std::make_unique<LinkHandle<TcpLink>>(std::make_shared<TcpLink>(io, std::move(host), port),
                                               std::move(description));
}

}  // namespace lobby::link
