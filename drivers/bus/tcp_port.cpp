#include "drivers/bus/tcp_port.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "drivers/bus/clock.hpp"
#include "drivers/bus/modbus_pdu.hpp"

namespace lobby::bus {
namespace {

using link::Duration;
using link::MonoTime;
using link::Status;

constexpr std::chrono::seconds resolve_limit{3};
constexpr std::chrono::seconds connect_limit{3};
constexpr std::chrono::milliseconds stop_check{50};

/// True when one of `events`, or a fault, is there before `end`.
bool wait_for(int socket, short events, MonoTime end) {
  while (true) {
    pollfd one{socket, events, 0};
    const timespec left = to_timespec(std::max(end - mono_now(), Duration::zero()));
    const int ready = ::ppoll(&one, 1, &left, nullptr);
    if (ready >= 0 || errno != EINTR) {
      return ready > 0;
    }
  }
}

void set(int socket, int level, int name, int value) {
  static_cast<void>(::setsockopt(socket, level, name, &value, sizeof value));
}

/// Half-open connections: asked after 5 s of silence, every 3 s, three times.
void set_options(int socket) {
  set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, 5);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, 3);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 15'000);
}

}  // namespace

LineTiming TcpPort::usual_timing() {
  LineTiming timing;
  timing.baud = 0;
  timing.turnaround = usual_turnaround;
  timing.late = Duration::zero();
  return timing;
}

TcpPort::TcpPort(std::string host, std::uint16_t port, LineTiming timing)
    : host_(std::move(host)), port_(port), timing_(timing) {}

std::string TcpPort::open(const std::stop_token& stop) {
  close();
  std::string fault;
  const auto addresses = lookup_.find(host_, port_, resolve_limit, stop, fault);
  const MonoTime end = mono_now() + connect_limit;
  for (const auto& address : addresses) {
    fault = connect_to(address, end, stop);
    if (fault.empty()) {
      return {};
    }
  }
  return fault.empty() ? "no address for " + host_ : fault;
}

std::string TcpPort::connect_to(const SocketAddress& address, MonoTime end, const std::stop_token& stop) {
  const auto* where = reinterpret_cast<const sockaddr*>(&address.bytes);
  link::Descriptor socket(::socket(where->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) {
    return std::generic_category().message(errno);
  }
  if (::connect(socket.get(), where, address.size) != 0) {
    if (errno != EINPROGRESS) {
      return std::generic_category().message(errno);
    }
    while (!wait_for(socket.get(), POLLOUT, std::min(end, mono_now() + stop_check))) {
      if (stop.stop_requested() || mono_now() >= end) {
        return "no answer to the connection request";
      }
    }
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
      return std::generic_category().message(error);
    }
  }
  set_options(socket.get());
  socket_ = std::move(socket);
  reader_ = {};
  return {};
}

bool TcpPort::is_hung_up() const {
  if (!is_open()) {
    return false;
  }
  std::uint8_t byte = 0;
  const auto got = ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

Heard TcpPort::exchange(const Exchange& exchange, Duration) {
  Heard heard;
  if (!is_open()) {
    return heard;
  }
  const MonoTime end = mono_now() + timing_.deadline(exchange);
  if (!send(exchange)) {
    return heard;
  }
  heard.reply = exchange.kind == Exchange::Kind::broadcast ? Reply{Status::ok, {}} : receive(exchange, end);
  return heard;
}

bool TcpPort::send(const Exchange& exchange) {
  const bool to_all = exchange.kind == Exchange::Kind::broadcast;
  const auto frame = mbap_frame(++transaction_, to_all ? 0 : exchange.address.value, request_pdu(exchange));
  // So small a frame fits whole, unless the far end has long taken nothing: then the connection is of no use.
  const auto sent = ::send(socket_.get(), frame.data(), frame.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(frame.size())) {
    return true;
  }
  lose(sent < 0 && errno != EAGAIN ? std::generic_category().message(errno)
                                   : "the gateway takes nothing more");
  return false;
}

Reply TcpPort::receive(const Exchange& exchange, MonoTime end) {
  while (mono_now() < end && read_some(end)) {
    const auto frame = reader_.take();
    // The answer to a question that is over has another number, and is passed over.
    if (frame && frame->transaction == transaction_) {
      return frame->unit == exchange.address.value ? parse_reply(exchange, frame->pdu)
                                                   : Reply{Status::corrupt, {}};
    }
  }
  return {is_open() ? Status::timeout : Status::gone, {}};
}

/// False: nothing came in time, or the connection is lost.
bool TcpPort::read_some(MonoTime end) {
  if (!wait_for(socket_.get(), POLLIN, end)) {
    return false;
  }
  const auto room = reader_.room();
  const auto got = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
  if (got <= 0) {
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      return true;
    }
    lose(got == 0 ? "the gateway hung up" : std::generic_category().message(errno));
    return false;
  }
  reader_.filled(static_cast<std::size_t>(got));
  if (reader_.is_broken()) {
    lose("what answers there does not speak Modbus TCP");
    return false;
  }
  return true;
}

void TcpPort::lose(std::string reason) {
  fault_ = std::move(reason);
  close();
}

}  // namespace lobby::bus
