#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tests/sim/plug.hpp"

namespace lobby::sim {
namespace {

/// Datagrams have no connection: there is nobody to hang up on.
class DatagramPlug : public Plug {
 public:
  ~DatagramPlug() override { shut(); }
  void pull_out() override { shut(); }
  void hang_up() override {}
  bool needs_power() const override { return true; }
  unsigned bytes_per_s() const override { return 0; }
  bool host_obeys_flow() const override { return false; }
  int listen_fd() const override { return -1; }
  int data_fd() const override { return fd_; }
  void accept(bool) override {}

 protected:
  void shut() {
    if (fd_ >= 0) {
      ::close(fd_);
      fd_ = -1;
    }
  }
  /// The reason as the system says it; the socket is closed.
  std::string give_up() {
    std::string why = where() + ": " + std::strerror(errno);
    shut();
    return why;
  }

  int fd_ = -1;
};

class UdpPlug final : public DatagramPlug {
 public:
  explicit UdpPlug(TcpEnd end) : end_(std::move(end)) {}

  std::string plug_in() override {
    if (fd_ >= 0) {
      return {};
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    if (::getaddrinfo(end_.host.c_str(), std::to_string(end_.port).c_str(), &hints, &found) != 0) {
      return end_.host + " is no address.";
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    fd_ = ::socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // A frame of many datagrams comes at once.
    const int buffer = 1024 * 1024;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    return fd_ < 0 || ::bind(fd_, found->ai_addr, found->ai_addrlen) != 0 ? give_up() : std::string();
  }
  std::size_t read(std::span<std::uint8_t> into) override {
    peer_size_ = sizeof peer_;
    const ssize_t got = ::recvfrom(fd_, into.data(), into.size(), MSG_DONTWAIT,
                                   reinterpret_cast<sockaddr*>(&peer_), &peer_size_);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  void write(std::span<const std::uint8_t> bytes) override {
    if (fd_ >= 0 && peer_size_ != 0) {
      [[maybe_unused]] const ssize_t sent =
          ::sendto(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                   reinterpret_cast<const sockaddr*>(&peer_), peer_size_);
    }
  }
  std::string where() const override { return "udp:" + end_.host + ":" + std::to_string(end_.port); }

 private:
  TcpEnd end_;
  sockaddr_storage peer_{};
  socklen_t peer_size_ = 0;
};

class EtherPlug final : public DatagramPlug {
 public:
  explicit EtherPlug(std::string interface) : interface_(std::move(interface)) {}

  std::string plug_in() override {
    if (fd_ >= 0) {
      return {};
    }
    constexpr auto all = static_cast<std::uint16_t>(ETH_P_ALL);
    fd_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(all));
    if (fd_ < 0) {
      return give_up();
    }
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(all);
    address.sll_ifindex = static_cast<int>(::if_nametoindex(interface_.c_str()));
    if (address.sll_ifindex == 0 ||
        ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      return give_up();
    }
    packet_mreq every{};
    every.mr_ifindex = address.sll_ifindex;
    every.mr_type = PACKET_MR_PROMISC;
    ::setsockopt(fd_, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &every, sizeof every);
    return {};
  }
  std::size_t read(std::span<std::uint8_t> into) override {
    sockaddr_ll from{};
    socklen_t size = sizeof from;
    const ssize_t got =
        ::recvfrom(fd_, into.data(), into.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&from), &size);
    return got > 0 && from.sll_pkttype != PACKET_OUTGOING ? static_cast<std::size_t>(got) : 0;
  }
  void write(std::span<const std::uint8_t> bytes) override {
    if (fd_ >= 0) {
      [[maybe_unused]] const ssize_t sent =
          ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
  }
  std::string where() const override { return "ether:" + interface_; }

 private:
  std::string interface_;
};

}  // namespace

std::unique_ptr<Plug> make_udp_plug(TcpEnd end) {
  return std::make_unique<UdpPlug>(std::move(end));
}

std::unique_ptr<Plug> make_ether_plug(std::string interface) {
  return std::make_unique<EtherPlug>(std::move(interface));
}

}  // namespace lobby::sim
