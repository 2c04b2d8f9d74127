#include "tests/sim/plug.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lobby::sim {
namespace {

class SerialPlug final : public Plug {
 public:
  enum class Wire : std::uint8_t { serial, usb };
  SerialPlug(std::string path, Wire wire) : path_(std::move(path)), is_usb_(wire == Wire::usb) {}

  std::string plug_in() override {
    std::string why;
    if (pty_ == nullptr) {
      pty_ = Pty::open(path_, why);
    }
    return why;
  }
  void pull_out() override { pty_.reset(); }
  void hang_up() override {}
  bool needs_power() const override { return is_usb_; }
  unsigned bytes_per_s() const override { return is_usb_ || pty_ == nullptr ? 0 : pty_->host_baud() / 10; }
  bool host_obeys_flow() const override { return pty_ != nullptr && pty_->host_obeys_flow(); }
  int listen_fd() const override { return -1; }
  int data_fd() const override { return pty_ == nullptr ? -1 : pty_->fd(); }
  void accept(bool) override {}
  std::size_t read(std::span<std::uint8_t> into) override {
    const ssize_t got = ::read(pty_->fd(), into.data(), into.size());
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  void write(std::span<const std::uint8_t> bytes) override {
    if (pty_ != nullptr) {
      [[maybe_unused]] const ssize_t sent = ::write(pty_->fd(), bytes.data(), bytes.size());
    }
  }
  std::string where() const override { return (is_usb_ ? "usb:" : "serial:") + path_; }

 private:
  std::string path_;
  bool is_usb_;
  std::unique_ptr<Pty> pty_;
};

class TcpPlug final : public Plug {
 public:
  explicit TcpPlug(TcpEnd end) : end_(std::move(end)) {}
  ~TcpPlug() override { pull_out(); }

  std::string plug_in() override;
  /// The port first: who hears that he was hung up on finds nobody there.
  void pull_out() override {
    close(listener_);
    hang_up();
  }
  void hang_up() override { close(host_); }
  bool needs_power() const override { return true; }
  unsigned bytes_per_s() const override { return 0; }
  bool host_obeys_flow() const override { return false; }
  int listen_fd() const override { return host_ < 0 ? listener_ : -1; }
  int data_fd() const override { return host_; }
  void accept(bool refuse) override;
  std::size_t read(std::span<std::uint8_t> into) override {
    const ssize_t got = ::recv(host_, into.data(), into.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
      hang_up();
    }
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  void write(std::span<const std::uint8_t> bytes) override {
    if (host_ >= 0) {
      [[maybe_unused]] const ssize_t sent =
          ::send(host_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
  }
  std::string where() const override { return "tcp:" + end_.host + ":" + std::to_string(end_.port); }

 private:
  static void close(int& fd) {
    if (fd >= 0) {
      ::close(fd);
      fd = -1;
    }
  }

  TcpEnd end_;
  int listener_ = -1;
  int host_ = -1;
};

std::string TcpPlug::plug_in() {
  if (listener_ >= 0) {
    return {};
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (::getaddrinfo(end_.host.c_str(), std::to_string(end_.port).c_str(), &hints, &found) != 0) {
    return end_.host + " is no address.";
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  listener_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(listener_, found->ai_addr, found->ai_addrlen) != 0 || ::listen(listener_, 1) != 0) {
    std::string why = where() + ": " + std::strerror(errno);
    close(listener_);
    return why;
  }
  return {};
}

void TcpPlug::accept(bool refuse) {
  int host = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (host < 0) {
    return;
  }
  if (refuse) {
    ::close(host);
    return;
  }
  const int on = 1;
  ::setsockopt(host, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  host_ = host;
}

}  // namespace

std::unique_ptr<Plug> make_serial_plug(std::string path) {
  return std::make_unique<SerialPlug>(std::move(path), SerialPlug::Wire::serial);
}

std::unique_ptr<Plug> make_usb_plug(std::string path) {
  return std::make_unique<SerialPlug>(std::move(path), SerialPlug::Wire::usb);
}

std::unique_ptr<Plug> make_tcp_plug(TcpEnd end) {
  return std::make_unique<TcpPlug>(std::move(end));
}

}  // namespace lobby::sim
