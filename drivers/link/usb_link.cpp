#include "drivers/link/usb_link.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "drivers/link/descriptor.hpp"
#include "drivers/link/reopening_link.hpp"

namespace lobby::link {
namespace {

using Node = boost::asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr std::size_t largest_chunk = 8192;
constexpr int drain_ms = 500;
/// A printer that has nothing to say may say so with empty packets, one after the other.
constexpr std::chrono::milliseconds after_nothing{20};

error_code last_error() {
  return {errno, boost::system::system_category()};
}

/// An empty answer is none, but that of a node which is hung up is its end.
bool is_hung_up(int node) {
  pollfd asked{node, 0, 0};
  return ::poll(&asked, 1, 0) > 0;
}

/// The printer's node as an Asio stream. What its handlers need stays until they have run.
class UsbStream {
 public:
  static constexpr auto wait_write = Node::wait_write;

  UsbStream(boost::asio::io_context& io, int node, bool can_read, const UsbCalls& calls)
      : state_(std::make_shared<State>(io, node, can_read, calls)) {}

  void non_blocking(bool /*mode*/, error_code& /*ec*/) {}  // it was opened so
  void close(error_code& ec) {
    state_->pause.cancel();
    state_->node.close(ec);
  }
  /// Closing ends what is under way.
  void drain() {
    pollfd node{state_->node.native_handle(), POLLOUT, 0};
    if (state_->is_under_way) {
      static_cast<void>(::poll(&node, 1, drain_ms));
    }
  }

  std::size_t write_some(boost::asio::const_buffer bytes, error_code& ec) {
    const auto count = state_->calls.write(state_->node.native_handle(), bytes.data(), bytes.size());
    ec = count < 0 ? last_error() : error_code();
    // Out of paper with the chunk on its way: it comes out after the reload, so it must not be sent again.
    if (count < 0 && errno == ENOSPC) {
      ec = {};
      state_->is_under_way = true;
      return bytes.size();
    }
    state_->is_under_way = state_->is_under_way || count > 0;
    return count < 0 ? 0 : static_cast<std::size_t>(count);
  }

  template <class Handler>
  void async_wait(Node::wait_type what, Handler handler) {
    state_->node.async_wait(what, [state = state_, what, handler = std::move(handler)](error_code ec) {
      if (what == wait_write && !ec) {
        state->is_under_way = false;
      }
      handler(ec);
    });
  }

  template <class Handler>
  void async_read_some(boost::asio::mutable_buffer to, Handler handler) {
    read(state_, to, std::move(handler));
  }

 private:
  struct State {
    State(boost::asio::io_context& io, int fd, bool readable, const UsbCalls& given)
        : node(io, fd), pause(io), can_read(readable), calls(given) {}
    Node node;
    boost::asio::steady_timer pause;
    bool can_read;
    bool is_under_way = false;  ///< a chunk was written, and whether the printer has it is not known
    UsbCalls calls;
  };

  template <class Handler>
  static void read(std::shared_ptr<State> state, boost::asio::mutable_buffer to, Handler handler) {
    auto& node = state->node;
    // Of a printer that cannot answer only its end is heard.
    const auto what = state->can_read ? Node::wait_read : Node::wait_error;
    node.async_wait(what, [state = std::move(state), to, handler = std::move(handler)](error_code ec) {
      if (!ec && !state->can_read) {
        ec = {ENODEV, boost::system::system_category()};
      }
      if (ec) {
        handler(ec, 0);
        return;
      }
      const auto count = state->calls.read(state->node.native_handle(), to.data(), to.size());
      if (count > 0) {
        handler({}, static_cast<std::size_t>(count));
      } else if (count < 0 && errno != EAGAIN && errno != EINTR) {
        handler(last_error(), 0);
      } else if (is_hung_up(state->node.native_handle())) {
        handler({ENODEV, boost::system::system_category()}, 0);
      } else {
        read_later(state, to, handler);
      }
    });
  }
  template <class Handler>
  static void read_later(std::shared_ptr<State> state, boost::asio::mutable_buffer to, Handler handler) {
    auto& pause = state->pause;
    pause.expires_after(after_nothing);
    pause.async_wait([state = std::move(state), to, handler = std::move(handler)](error_code ec) {
      if (ec || !state->node.is_open()) {
        handler(boost::asio::error::operation_aborted, 0);
        return;
      }
      read(state, to, handler);
    });
  }

  std::shared_ptr<State> state_;
};

class UsbLink final : public ReopeningLink<UsbStream> {
 public:
  UsbLink(boost::asio::io_context& io, std::string path, UsbCalls calls)
      : ReopeningLink(io, manner()), path_(std::move(path)), calls_(std::move(calls)) {}

  std::string_view remark() const override { return is_up() && !can_read_ ? "cannot answer" : ""; }

 private:
  static Sender::Manner manner() {
    Sender::Manner manner;
    manner.chunk = largest_chunk;
    manner.is_taken_when_writable = true;
    return manner;
  }

  void open() override {
    Descriptor node(calls_.open(path_.c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat about {};
    if (!node || ::fstat(node.get(), &about) != 0) {
      failed(errno == EBUSY ? "in use by another program"
                            : "cannot open: " + std::generic_category().message(errno));
      return;
    }
    if (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)) {
      failed("not a printer");
      return;
    }
    // A read of nothing tells: usblp refuses every read where the printer has no way back.
    std::uint8_t none = 0;
    can_read_ = calls_.read(node.get(), &none, 0) >= 0 || errno != EINVAL;
    opened(UsbStream(io(), node.release(), can_read_, calls_));
  }
  void stop_opening() override {}

  std::string path_;
  UsbCalls calls_;
  bool can_read_ = true;
};

}  // namespace

UsbCalls UsbCalls::real() {
  return {[](const char* path, int flags) { return ::open(path, flags); }, ::read, ::write};
}

std::unique_ptr<ByteLink> make_usb_link(boost::asio::io_context& io, std::string path, UsbCalls calls) {
  std::string description = "usb " + path;
  return std::make_unique<LinkHandle<UsbLink>>(
      std::make_shared<UsbLink>(io, std::move(path), std::move(calls)), std::move(description));
}

}  // namespace lobby::link
