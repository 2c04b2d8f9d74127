#pragma once

#include <string.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/link/back_off.hpp"
#include "drivers/link/byte_link.hpp"

namespace lobby::link {

/// What TCP and serial links have in common: the bounded send queue, the reading, the way back after a loss.
/// `Stream` is an Asio stream. Lives as long as one of its operations; the owner ends it with close().
template <class Stream>
class ReopeningLink : public std::enable_shared_from_this<ReopeningLink<Stream>> {
 public:
  explicit ReopeningLink(boost::asio::io_context& io) : io_(io), pause_(io) {}
  virtual ~ReopeningLink() = default;

  void start(ByteLink::Listener& listener) {
    listener_ = &listener;
    boost::asio::post(io_, [self = this->shared_from_this()] { self->try_open(); });
  }

  void close() {
    listener_ = nullptr;
    pause_.cancel();
    stop_opening();
    drop_stream();
    begun_ = nullptr;
    usual_.waiting.clear();
    urgent_.waiting.clear();
  }

  void send(std::vector<std::uint8_t> bytes, std::function<void(Status)> done) {
    enqueue(usual_, send_limit, std::move(bytes), std::move(done));
  }
  void send_now(std::vector<std::uint8_t> bytes, std::function<void(Status)> done) {
    enqueue(urgent_, urgent_limit, std::move(bytes), std::move(done));
  }

  bool is_up() const { return stream_.has_value(); }

 protected:
  static constexpr std::size_t send_limit = 256 * 1024;
  static constexpr std::size_t urgent_limit = 4 * 1024;

  /// Begins one attempt; it ends with opened() or failed(), also at once.
  virtual void open() = 0;
  /// Gives the attempt up; neither opened() nor failed() follows.
  virtual void stop_opening() = 0;

  bool is_closed() const { return listener_ == nullptr; }
  boost::asio::io_context& io() { return io_; }

  void opened(Stream stream) {
    stream_.emplace(std::move(stream));
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
    if (begun_) {
      answer(std::exchange(begun_, nullptr), Status::gone);
    }
    for (auto* queue : {&urgent_, &usual_}) {
      for (auto& lost : std::exchange(queue->waiting, {})) {
        answer(std::move(lost.done), Status::gone);
      }
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
  struct Waiting {
    std::vector<std::uint8_t> bytes;
    std::function<void(Status)> done;
  };
  struct Queue {
    std::deque<Waiting> waiting;
    std::size_t bytes = 0;  ///< of what waits, and of what has begun to be written
  };

  void enqueue(Queue& queue, std::size_t limit, std::vector<std::uint8_t> bytes,
               std::function<void(Status)> done) {
    if (!stream_) {
      answer(std::move(done), Status::gone);
      return;
    }
    if (queue.bytes + bytes.size() > limit) {
      answer(std::move(done), Status::busy);
      return;
    }
    queue.bytes += bytes.size();
    queue.waiting.push_back({std::move(bytes), std::move(done)});
    if (!begun_) {
      write_next();
    }
  }

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
    usual_.bytes = 0;
    urgent_.bytes = 0;
    ++life_;
  }

  void answer(std::function<void(Status)> done, Status status) {
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
          self->listener_->link_bytes(std::span(self->buffer_.data(), size));
          // A reader's bytes may be somebody's number.
          ::explicit_bzero(self->buffer_.data(), size);
          if (life == self->life_) {
            self->read_next();
          }
        });
  }

  void write_next() {
    auto& queue = urgent_.waiting.empty() ? usual_ : urgent_;
    if (queue.waiting.empty()) {
      return;
    }
    auto next = std::move(queue.waiting.front());
    queue.waiting.pop_front();
    begun_ = std::move(next.done);
    // The bytes live in the handler: the link may be closed while the kernel still reads them.
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(std::move(next.bytes));
    boost::asio::async_write(*stream_, boost::asio::buffer(*bytes),
                             [self = this->shared_from_this(), life = life_, bytes, &queue](
                                 boost::system::error_code ec, std::size_t) {
                               if (life == self->life_) {
                                 queue.bytes -= bytes->size();
                                 self->written(ec);
                               }
                             });
  }

  void written(boost::system::error_code ec) {
    if (ec) {
      failed(reason_of(ec));
      return;
    }
    auto done = std::exchange(begun_, nullptr);
    write_next();
    done(Status::ok);
  }

  static std::string reason_of(boost::system::error_code ec) {
    return ec == boost::asio::error::eof ? std::string("hung up by the far end") : ec.message();
  }

  boost::asio::io_context& io_;
  boost::asio::steady_timer pause_;
  ByteLink::Listener* listener_ = nullptr;  ///< null: not started, or closed
  std::optional<Stream> stream_;
  std::uint64_t life_ = 0;  ///< tells the operations of one stream from those of the last
  Queue usual_;
  Queue urgent_;                       ///< goes before, between whole sends
  std::function<void(Status)> begun_;  ///< of the send that is being written; null: none
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
    link_->send_now(std::move(bytes), std::move(done));
  }
  bool is_up() const override { return link_->is_up(); }
  std::uint32_t bytes_per_s() const override { return bytes_per_s_; }
  std::string describe() const override { return description_; }

 private:
  std::shared_ptr<Link> link_;
  std::string description_;
  std::uint32_t bytes_per_s_;
};

}  // namespace lobby::link
