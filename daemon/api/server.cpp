#include "daemon/api/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "daemon/api/acts.hpp"
#include "daemon/api/connection.hpp"
#include "daemon/api/crowd.hpp"
#include "daemon/api/fields.hpp"

namespace lobby::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

tcp::endpoint endpoint_of(const std::string& address) {
  const auto colon = address.rfind(':');
  const auto port = colon == std::string::npos ? std::nullopt : parse_number(address.substr(colon + 1));
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  error_code error;
  const auto ip = asio::ip::make_address(host, error);
  if (error || !port || *port > 65535) {
    throw std::runtime_error("cannot listen at \"" + address + "\": write ADDRESS:PORT, like 127.0.0.1:8080");
  }
  return {ip, static_cast<std::uint16_t>(*port)};
}

std::string to_text(const tcp::endpoint& endpoint) {
  const std::string ip = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + ip + "]" : ip) + ":" + std::to_string(endpoint.port());
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& io, Backend& backend, Accounts& accounts, Options given)
      : options(std::move(given)),
        stretcher(io),
        sessions(accounts, stretcher, options),
        streams(backend, options),
        acts(backend, options),
        desk{backend, accounts, sessions, stretcher, streams, acts, counters, options, {}},
        connections{desk, {}, {}},
        acceptor(io),
        sweep_timer(io),
        pause(io),
        next_beat(options.now() + options.heartbeat) {}

  /// Before anything else.
  void begin();
  void listen(const tcp::endpoint& endpoint);
  void accept();
  void welcome(tcp::socket socket);
  void sweep();
  void each_stream(void (Connection::*act)());
  void publish(EventLine line);
  void pump_some();
  void stop();

  Options options;
  Counters counters;
  Stretcher stretcher;
  Sessions sessions;
  Streams streams;
  Acts acts;
  Desk desk;
  Connections connections;
  tcp::acceptor acceptor;
  asio::steady_timer sweep_timer;
  asio::steady_timer pause;
  Options::MonoTime next_beat;
  std::vector<std::weak_ptr<Connection>> to_pump;  ///< streams whose turn is still to come in this round
  bool pumping = false;
  bool pump_again = false;  ///< events came during the round
  bool stopped = false;
};

void Server::Impl::begin() {
  // What is kept for later may outlive the server.
  desk.later = [weak = weak_from_this(), executor = acceptor.get_executor()](std::function<void()> work) {
    asio::post(executor, [weak, work = std::move(work)] {
      const auto self = weak.lock();
      if (self && !self->stopped) {
        work();
      }
    });
  };
}

void Server::Impl::listen(const tcp::endpoint& endpoint) {
  acceptor.open(endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(endpoint);
  acceptor.listen(1024);
  accept();
  sweep();
}

void Server::Impl::accept() {
  acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
    if (self->stopped) {
      return;
    }
    if (!error) {
      self->welcome(std::move(socket));
      return self->accept();
    }
    // Out of descriptors, most likely: trying at once would burn the processor and change nothing.
    self->pause.expires_after(std::chrono::milliseconds(100));
    self->pause.async_wait([self](error_code cancelled) {
      if (!cancelled && !self->stopped) {
        self->accept();
      }
    });
  });
}

void Server::Impl::welcome(tcp::socket socket) {
  auto connection = std::make_shared<Connection>(connections, std::move(socket));
  if (!make_room(connections, connection->address())) {
    ++counters.refused;
    return;
  }
  ++counters.accepted;
  ++counters.connections;
  const auto place = connections.open.insert(connections.open.end(), connection);
  connection->start(place);
}

void Server::Impl::sweep() {
  const auto now = options.now();
  for (auto it = connections.open.begin(); it != connections.open.end();) {
    (*it++)->check_deadline(now);
  }
  desk.accounts.refresh();
  if (now >= next_beat) {
    next_beat = now + options.heartbeat;
    each_stream(&Connection::beat);
  }
  sweep_timer.expires_after(options.sweep);
  sweep_timer.async_wait([self = shared_from_this()](error_code error) {
    if (!error && !self->stopped) {
      self->sweep();
    }
  });
}

void Server::Impl::each_stream(void (Connection::*act)()) {
  for (auto it = connections.open.begin(); it != connections.open.end();) {
    const auto connection = *it++;
    if (connection->is_streaming()) {
      (connection.get()->*act)();
    }
  }
}

/// The streams are served after whoever waits for an answer, some at a time: a thousand of them are
/// milliseconds of work. What comes meanwhile goes out together in the next round.
void Server::Impl::publish(EventLine line) {
  streams.add(std::move(line));
  pump_again = true;
  if (!pumping) {
    pumping = true;
    asio::post(acceptor.get_executor(), [self = shared_from_this()] { self->pump_some(); });
  }
}

void Server::Impl::pump_some() {
  constexpr std::size_t at_once = 100;
  if (to_pump.empty() && std::exchange(pump_again, false)) {
    for (const auto& connection : connections.open) {
      if (connection->is_streaming()) {
        to_pump.push_back(connection);
      }
    }
  }
  for (std::size_t i = 0; i < at_once && !to_pump.empty(); ++i) {
    const auto connection = to_pump.back().lock();
    to_pump.pop_back();
    if (connection && connection->is_streaming()) {
      connection->pump();
    }
  }
  pumping = !stopped && (pump_again || !to_pump.empty());
  if (pumping) {
    asio::post(acceptor.get_executor(), [self = shared_from_this()] { self->pump_some(); });
  }
}

void Server::Impl::stop() {
  if (stopped) {
    return;
  }
  stopped = true;
  error_code ignored;
  acceptor.close(ignored);
  sweep_timer.cancel();
  pause.cancel();
  while (!connections.open.empty()) {
    const auto connection = connections.open.front();
    connection->close();
  }
}

Server::Server(asio::io_context& io, Backend& backend, Accounts& accounts, Options options)
    : impl_(std::make_shared<Impl>(io, backend, accounts, std::move(options))) {
  impl_->begin();
}

Server::~Server() {
  impl_->stop();
}

std::string Server::listen(const std::string& address) {
  const auto endpoint = endpoint_of(address);
  try {
    impl_->listen(endpoint);
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error("cannot listen at " + address + ": " + error.code().message());
  }
  return to_text(impl_->acceptor.local_endpoint());
}

void Server::publish(const EventLine& line) {
  impl_->publish(line);
}

void Server::refuse_commands() {
  impl_->desk.closing = true;
}

void Server::stop() {
  impl_->stop();
}

const Counters& Server::counters() const {
  return impl_->counters;
}

}  // namespace lobby::api
