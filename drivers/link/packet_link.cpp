#include "drivers/link/packet_link.hpp"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "drivers/link/reopening_datagrams.hpp"

namespace lobby::link {
namespace {

constexpr int packet_send_buffer = 1024 * 1024;

class PacketLink final : public ReopeningDatagrams {
 public:
  PacketLink(boost::asio::io_context& loop, std::string interface_name, std::uint16_t protocol)
      : ReopeningDatagrams(loop), interface_(std::move(interface_name)), protocol_(protocol) {}

 private:
  void open() override {
    Descriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(protocol_)));
    if (!socket) {
      failed(errno == EPERM || errno == EACCES ? "raw Ethernet is not permitted: lobbyd needs CAP_NET_RAW"
                                               : std::strerror(errno));
      return;
    }
    if (auto fault = fault_of(socket.get()); !fault.empty()) {
      failed(std::move(fault));
      return;
    }
    sockaddr_ll here{};
    here.sll_family = AF_PACKET;
    here.sll_protocol = htons(protocol_);
    here.sll_ifindex = static_cast<int>(::if_nametoindex(interface_.c_str()));
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) {
      failed(std::strerror(errno));
      return;
    }
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &packet_send_buffer, sizeof packet_send_buffer);
    opened(std::move(socket));
  }

  std::string fault_of(int socket) override {
    ifreq request{};
    std::copy_n(interface_.begin(), std::min<std::size_t>(interface_.size(), IFNAMSIZ - 1), request.ifr_name);
    if (::ioctl(socket, SIOCGIFFLAGS, &request) != 0) {
      return errno == ENODEV ? "there is no interface " + interface_ : std::string(std::strerror(errno));
    }
    const auto flags = static_cast<unsigned>(request.ifr_flags);
    if ((flags & IFF_UP) == 0) {
      return "interface " + interface_ + " is off";
    }
    return (flags & IFF_RUNNING) == 0 ? "interface " + interface_ + " has no carrier" : std::string();
  }

  ssize_t put(int socket, std::span<const std::uint8_t> bytes,
              const DatagramLink::Group* /*group*/) override {
    return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  std::string interface_;
  std::uint16_t protocol_;
};

}  // namespace

std::unique_ptr<DatagramLink> make_packet_link(boost::asio::io_context& io, std::string interface_name,
                                               std::uint16_t protocol) {
  std::string description = "ethernet " + interface_name;
  return std::make_unique<DatagramHandle>(
      std::make_shared<PacketLink>(io, std::move(interface_name), protocol), std::move(description));
}

}  // namespace lobby::link
