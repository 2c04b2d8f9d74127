#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <utility>
#include <vector>

#include "drivers/http/connection.hpp"
#include "drivers/link/resolver.hpp"

namespace lobby::http {
namespace {

using boost::asio::ip::tcp;

Fault fault_of(boost::system::error_code ec) {
  namespace error = boost::asio::error;
  return ec == error::connection_refused ? Fault::refused
         : ec == error::timed_out        ? Fault::timeout
                                         : Fault::unreachable;
}

class TcpConnection final : public Connection {
 public:
  TcpConnection(boost::asio::io_context& io, std::string host, std::uint16_t port)
      : io_(io), host_(std::move(host)), port_(port), resolver_(io) {}
  ~TcpConnection() override { close(); }
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;

  void open(Listener& listener) override {
    close();
    listener_ = &listener;
    resolver_.resolve(host_, port_, [this](link::Resolver::Answer answer) {
      if (answer.endpoints.empty()) {
        lose(Fault::unresolved, answer.fault.empty() ? "no address for " + host_ : answer.fault);
        return;
      }
      connect(std::move(answer.endpoints));
    });
  }

  void send(std::string bytes) override {
    if (!life_) {
      return;
    }
    const auto life = life_;
    life->out = std::move(bytes);
    boost::asio::async_write(life->socket, boost::asio::buffer(life->out),
                             [this, life](boost::system::error_code ec, std::size_t) {
                               if (ec && life->is_current) {
                                 lose(Fault::closed, "the device hung up");
                               }
                             });
  }

  void close() override {
    listener_ = nullptr;
    resolver_.cancel();
    if (life_) {
      life_->is_current = false;
      boost::system::error_code ignored;
      life_->socket.close(ignored);
      life_.reset();
    }
  }

 private:
  /// One connection; what comes back late finds itself outdated, and this object perhaps gone.
  struct Life {
    explicit Life(boost::asio::io_context& io) : socket(io) {}
    tcp::socket socket;
    std::vector<tcp::endpoint> endpoints;
    std::string out;
    std::array<char, 8192> in{};
    bool is_current = true;
  };

  void connect(std::vector<tcp::endpoint> endpoints) {
    life_ = std::make_shared<Life>(io_);
    life_->endpoints = std::move(endpoints);
    boost::asio::async_connect(life_->socket, life_->endpoints,
                               [this, life = life_](boost::system::error_code ec, const tcp::endpoint&) {
                                 if (!life->is_current) {
                                   return;
                                 }
                                 if (ec) {
                                   lose(fault_of(ec), ec.message());
                                   return;
                                 }
                                 boost::system::error_code ignored;
                                 life->socket.set_option(tcp::no_delay(true), ignored);
                                 read(life);
                                 listener_->connection_open();
                               });
  }

  void read(const std::shared_ptr<Life>& life) {
    life->socket.async_read_some(boost::asio::buffer(life->in),
                                 [this, life](boost::system::error_code ec, std::size_t size) {
                                   if (!life->is_current) {
                                     return;
                                   }
                                   if (ec) {
                                     lose(Fault::closed, "the device hung up");
                                     return;
                                   }
                                   listener_->connection_bytes({life->in.data(), size});
                                   if (life->is_current) {
                                     read(life);
                                   }
                                 });
  }

  void lose(Fault fault, const std::string& reason) {
    Listener* listener = listener_;
    close();
    if (listener != nullptr) {
      listener->connection_lost(fault, reason);
    }
  }

  boost::asio::io_context& io_;
  std::string host_;
  std::uint16_t port_;
  link::Resolver resolver_;
  Listener* listener_ = nullptr;
  std::shared_ptr<Life> life_;
};

}  // namespace

std::unique_ptr<Connection> make_tcp_connection(boost::asio::io_context& io, std::string host,
                                                std::uint16_t port) {
  return std::make_unique<TcpConnection>(io, std::move(host), port);
}

}  // namespace lobby::http
