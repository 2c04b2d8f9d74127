#include "drivers/link/modem_lines.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "drivers/link/descriptor.hpp"

namespace lobby::link {
namespace {

using Lines = boost::asio::local::datagram_protocol;

constexpr std::chrono::milliseconds between_readings{1};

/// What the loop and the thread share. The thread holds nothing of the loop's: it tells through a socket, and
/// an adapter that never answers an ioctl again keeps nobody from ending.
struct Watched {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint8_t watch = 0;  ///< counts the watches; their readings carry it
  bool is_watching = false;
  bool is_over = false;
};

using Calls = std::shared_ptr<const LineCalls>;

void watch_lines(Watched& shared, const LineCalls& calls, int port, int bell) {
  std::optional<std::array<std::uint8_t, 2>> told;
  std::unique_lock lock(shared.mutex);
  while (!shared.is_over) {
    if (!shared.is_watching) {
      shared.changed.wait(lock, [&] { return shared.is_over || shared.is_watching; });
      continue;
    }
    const auto watch = shared.watch;
    lock.unlock();
    const auto lines = calls.read(port);
    if (!lines) {
      return;  // the port is gone; who reads from it finds out as well
    }
    const std::array<std::uint8_t, 2> news{
        watch, static_cast<std::uint8_t>((lines->cts ? 1U : 0U) | (lines->dsr ? 2U : 0U))};
    if (told != news) {
      if (::send(bell, news.data(), news.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == std::ssize(news)) {
        told = news;
      } else if (errno != EAGAIN) {
        return;
      }
    }
    lock.lock();
    shared.changed.wait_for(lock, between_readings, [&] { return shared.is_over || shared.watch != watch; });
  }
}

/// What the handler of a reading may still find when its owner has ended.
struct Bell : std::enable_shared_from_this<Bell> {
  explicit Bell(boost::asio::io_context& io) : socket(io) {}
  void listen() {
    socket.async_receive(boost::asio::buffer(news),
                         [self = shared_from_this()](boost::system::error_code ec, std::size_t size) {
                           if (ec || size != self->news.size()) {
                             return;
                           }
                           if (self->changed && self->news[0] == self->watch) {
                             const auto tell = self->changed;
                             tell({(self->news[1] & 1) != 0, (self->news[1] & 2) != 0});
                           }
                           if (self->socket.is_open()) {
                             self->listen();
                           }
                         });
  }
  Lines::socket socket;
  std::array<std::uint8_t, 2> news{};
  std::uint8_t watch = 0;
  std::function<void(ModemLines::State)> changed;
};

class PortLines final : public ModemLines {
 public:
  PortLines(boost::asio::io_context& io, Calls calls, Descriptor port, Descriptor ours, Descriptor theirs)
      : shared_(std::make_shared<Watched>()), bell_(std::make_shared<Bell>(io)) {
    bell_->socket.assign(Lines(), ours.release());
    bell_->listen();
    std::thread([shared = shared_, calls = std::move(calls), held = std::move(port),
                 end = std::move(theirs)] {
      watch_lines(*shared, *calls, held.get(), end.get());
    }).detach();
  }
  ~PortLines() override {
    set([](Watched& shared) { shared.is_over = true; });
    bell_->changed = nullptr;
    boost::system::error_code ignored;
    bell_->socket.close(ignored);
  }
  PortLines(const PortLines&) = delete;
  PortLines& operator=(const PortLines&) = delete;

  void watch(std::function<void(State)> changed) override {
    bell_->changed = std::move(changed);
    ++bell_->watch;
    set([this](Watched& shared) {
      shared.watch = bell_->watch;
      shared.is_watching = true;
    });
  }
  void rest() override {
    bell_->changed = nullptr;
    set([](Watched& shared) { shared.is_watching = false; });
  }

 private:
  template <class Change>
  void set(Change change) {
    const std::lock_guard lock(shared_->mutex);
    change(*shared_);
    shared_->changed.notify_all();
  }

  std::shared_ptr<Watched> shared_;
  std::shared_ptr<Bell> bell_;
};

OpenedLines lines_failed(std::string_view what) {
  return {nullptr, std::string(what) + ": " + std::generic_category().message(errno)};
}

}  // namespace

LineCalls LineCalls::real() {
  return {[](int port) -> std::optional<ModemLines::State> {
            int bits = 0;
            if (::ioctl(port, TIOCMGET, &bits) != 0) {
              return std::nullopt;
            }
            return ModemLines::State{(bits & TIOCM_CTS) != 0, (bits & TIOCM_DSR) != 0};
          },
          [](int port) {
            const int ours = TIOCM_RTS | TIOCM_DTR;
            return ::ioctl(port, TIOCMBIS, &ours) == 0;
          }};
}

OpenedLines open_port_lines(boost::asio::io_context& io, int port, LineCalls calls) {
  if (!calls.read(port)) {
    return {nullptr, "the port has no CTS and DSR lines"};
  }
  if (!calls.raise(port)) {
    return lines_failed("cannot raise RTS and DTR");
  }
  Descriptor held(::fcntl(port, F_DUPFD_CLOEXEC, 0));
  int ends[2] = {-1, -1};
  if (!held || ::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return lines_failed("cannot watch the port's lines");
  }
  return {std::make_unique<PortLines>(io, std::make_shared<const LineCalls>(std::move(calls)),
                                      std::move(held), Descriptor(ends[0]), Descriptor(ends[1])),
          {}};
}

}  // namespace lobby::link
