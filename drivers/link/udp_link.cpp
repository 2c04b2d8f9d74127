#include "drivers/link/udp_link.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "drivers/link/reopening_datagrams.hpp"
#include "drivers/link/resolver.hpp"

namespace lobby::link {
namespace {

/// Room for two frames of a large board.
constexpr int udp_send_buffer = 512 * 1024;

class UdpLink final : public ReopeningDatagrams {
 public:
  UdpLink(boost::asio::io_context& loop, std::string host, std::uint16_t port)
      : ReopeningDatagrams(loop), host_(std::move(host)), port_(port), resolver_(loop) {}

 private:
  void open() override {
    resolver_.resolve(host_, port_,
                      [self = std::static_pointer_cast<UdpLink>(shared_from_this())](
                          const Resolver::Answer& answer) { self->resolved(answer); });
  }
  void stop_opening() override { resolver_.cancel(); }

  void resolved(const Resolver::Answer& answer) {
    if (answer.endpoints.empty()) {
      failed(answer.fault.empty() ? "no address for " + host_ : answer.fault);
      return;
    }
    const auto& endpoint = answer.endpoints.front();
    Descriptor socket(::socket(endpoint.protocol().family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket || ::connect(socket.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0) {
      failed(std::strerror(errno));
      return;
    }
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &udp_send_buffer, sizeof udp_send_buffer);
    opened(std::move(socket));
  }

  ssize_t put(int socket, std::span<const std::uint8_t> bytes, const DatagramLink::Group* group) override {
    if (group == nullptr) {
      return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(port_);
    std::memcpy(&there.sin_addr, group->data(), group->size());
    return ::sendto(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL,
                    reinterpret_cast<const sockaddr*>(&there), sizeof there);
  }

  std::string host_;
  std::uint16_t port_;
  Resolver resolver_;
};

}  // namespace

std::unique_ptr<DatagramLink> make_udp_link(boost::asio::io_context& io, std::string host,
                                            std::uint16_t port) {
  const bool is_v6 = host.find(':') != std::string::npos;
  std::string description = "udp " + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
  return std::make_unique<DatagramHandle>(std::make_shared<UdpLink>(io, std::move(host), port),
                                          std::move(description));
}

}  // namespace lobby::link
