#pragma once

#include <string.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/link/asio_executor.hpp"
#include "drivers/link/back_off.hpp"
#include "drivers/link/byte_link.hpp"
#include "drivers/link/sender.hpp"

namespace lobby::link {

/// What TCP, serial and USB links have in common: the bounded sending, the reading, the way back after a
/// loss. `Stream` is an Asio stream. Lives as long as one of its operations; the owner ends it with close().
template <class Stream>
class ReopeningLink : public std::enable_shared_from_this<ReopeningLink<Stream>>, private Sender::Kernel {
 public:
  explicit ReopeningLink(boost::asio::io_context& io, Sender::Manner manner = {})
      : io_(io), pause_(io), executor_(io), sender_(executor_, *this, manner) {}
  ~ReopeningLink() override = default;

  void start(ByteLink::Listener& listener) {
    listener_ = &listener;
    boost::asio::post(io_, [self = this->shared_from_this()] { self->try_open(); });
  }

  void close() {
    listener_ = nullptr;
    pause_.cancel();
    stop_opening();
    if constexpr (requires(Stream & stream) { stream.drain(); }) {
      if (stream_) {
        stream_->drain();
      }
    }
    drop_stream();
    static_cast<void>(sender_.drop());
  }

  void send(std::vector<std::uint8_t> bytes, std::function<void(Status)> done, bool is_urgent = false) {
    sender_.send(std::move(bytes), std::move(done), is_urgent);
  }

  bool is_up() const { return stream_.has_value(); }
  /// What people should know of it now besides what it is; empty: nothing.
  virtual std::string_view remark() const { return sender_.is_held() ? "held off" : ""; }

 protected:
  /// Begins one attempt; it ends with opened() or failed(), also at once.
  virtual void open() = 0;
  /// Gives the attempt up; neither opened() nor failed() follows.
  virtual void stop_opening() = 0;

  /// What Sender::Kernel::holds and has_input tell; asked of those only that are paced, or obey flow bytes.
  virtual std::size_t kernel_holds(Stream& /*stream*/) { return 0; }
  virtual bool kernel_has_input(Stream& /*stream*/) { return false; }

  bool is_closed() const { return listener_ == nullptr; }
  boost::asio::io_context& io() { return io_; }

  void opened(Stream stream, std::unique_ptr<ModemLines> lines = nullptr) {
    stream_.emplace(std::move(stream));
    boost::system::error_code ignored;
    stream_->non_blocking(true, ignored);
    sender_.opened(std::move(lines));
    ++life_;
    told_reason_.clear();
    opened_at_ = std::chrono::steady_clock::now();
    const auto life = life_;
    listener_->link_up();
    if (life == life_ && stream_) {
      read_next();
    }
  }

  /// The attempt came to nothing, or the open stream broke.
  void failed(std::string reason) {
    // Something that accepts us and hangs up at once is not a recovery.
    if (stream_ && std::chrono::steady_clock::now() - opened_at_ > std::chrono::seconds(5)) {
      back_off_.reset();
    }
    const bool was_up = stream_.has_value();
    drop_stream();
    for (auto& done : sender_.drop()) {
      answer(std::move(done), Status::gone);
    }
    pause_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(back_off_.next()));
    pause_.async_wait([self = this->shared_from_this()](boost::system::error_code ec) {
      if (!ec) {
        self->try_open();
      }
    });
    if (was_up || reason != told_reason_) {
      told_reason_ = std::move(reason);
      listener_->link_down(told_reason_);
    }
  }

 private:
  void try_open() {
    if (!is_closed()) {
      open();
    }
  }

  void drop_stream() {
    if (stream_) {
      boost::system::error_code ignored;
      stream_->close(ignored);
      stream_.reset();
    }
    ++life_;
  }

  void answer(std::function<void(Status)> done, Status status) override {
    boost::asio::post(io_, [self = this->shared_from_this(), done = std::move(done), status] {
      if (!self->is_closed()) {
        done(status);
      }
    });
  }

  void read_next() {
    stream_->async_read_some(
        boost::asio::buffer(buffer_),
        [self = this->shared_from_this(), life = life_](boost::system::error_code ec, std::size_t size) {
          if (life != self->life_) {
            return;
          }
          if (ec) {
            self->failed(reason_of(ec));
            return;
          }
          self->sender_.heard(std::span<const std::uint8_t>(self->buffer_.data(), size));
          self->listener_->link_bytes(std::span(self->buffer_.data(), size));
          // A reader's bytes may be somebody's number.
          ::explicit_bzero(self->buffer_.data(), size);
          if (life == self->life_) {
            self->read_next();
          }
        });
  }

  Taken write(std::span<const std::uint8_t> bytes) override {
    boost::system::error_code ec;
    const auto count = stream_->write_some(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    const bool is_full = ec == boost::asio::error::would_block || ec == boost::asio::error::try_again;
    return {ec ? 0 : count, ec && !is_full ? reason_of(ec) : std::string()};
  }
  void when_writable(std::function<void()> then) override {
    stream_->async_wait(Stream::wait_write, [self = this->shared_from_this(), life = life_,
                                             then = std::move(then)](boost::system::error_code ec) {
      if (life != self->life_) {
        return;
      }
      if (ec) {
        self->failed(reason_of(ec));
        return;
      }
      then();
    });
  }
  std::size_t holds() override { return stream_ ? kernel_holds(*stream_) : 0; }
  bool has_input() override { return stream_ && kernel_has_input(*stream_); }
  void lost(std::string fault) override { failed(std::move(fault)); }

  static std::string reason_of(boost::system::error_code ec) {
    return ec == boost::asio::error::eof ? std::string("hung up by the far end") : ec.message();
  }

  boost::asio::io_context& io_;
  boost::asio::steady_timer pause_;
  AsioExecutor executor_;
  Sender sender_;
  ByteLink::Listener* listener_ = nullptr;  ///< null: not started, or closed
  std::optional<Stream> stream_;
  std::uint64_t life_ = 0;  ///< tells the operations of one stream from those of the last
  std::array<std::uint8_t, 4096> buffer_{};
  BackOff back_off_;
  std::chrono::steady_clock::time_point opened_at_;
  std::string told_reason_;
};

/// The owner's hand on a ReopeningLink.
template <class Link>
class LinkHandle final : public ByteLink {
 public:
  LinkHandle(std::shared_ptr<Link> link, std::string description, std::uint32_t bytes_per_s = 0)
      : link_(std::move(link)), description_(std::move(description)), bytes_per_s_(bytes_per_s) {}
  ~LinkHandle() override { link_->close(); }
  LinkHandle(const LinkHandle&) = delete;
  LinkHandle& operator=(const LinkHandle&) = delete;

  void start(Listener& listener) override { link_->start(listener); }
  void send(std::vector<std::uint8_t> bytes, std::function<void(Status)> done) override {
    link_->send(std::move(bytes), std::move(done));
  }
  void send_now(std::vector<std::uint8_t> bytes, std::function<void(Status)> done) override {
    link_->send(std::move(bytes), std::move(done), true);
  }
  bool is_up() const override { return link_->is_up(); }
  std::uint32_t bytes_per_s() const override { return bytes_per_s_; }
  std::string describe() const override {
    const auto remark = link_->remark();
    return remark.empty() ? description_ : description_ + ", " + std::string(remark);
  }

 private:
  std::shared_ptr<Link> link_;
  std::string description_;
  std::uint32_t bytes_per_s_;
};

}  // namespace lobby::link
