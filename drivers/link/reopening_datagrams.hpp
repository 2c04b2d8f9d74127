#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/link/back_off.hpp"
#include "drivers/link/datagram_link.hpp"
#include "drivers/link/descriptor.hpp"

namespace lobby::link {

/// What datagram links have in common: the reading, the fault of a send, the way back after a loss. Lives as
/// long as one of its operations; the owner ends it with close().
class ReopeningDatagrams : public std::enable_shared_from_this<ReopeningDatagrams> {
 public:
  explicit ReopeningDatagrams(boost::asio::io_context& io);
  virtual ~ReopeningDatagrams() = default;
  ReopeningDatagrams(const ReopeningDatagrams&) = delete;
  ReopeningDatagrams& operator=(const ReopeningDatagrams&) = delete;

  void start(DatagramLink::Listener& listener);
  void close();
  Status send(std::span<const std::uint8_t> bytes, const DatagramLink::Group* group);
  bool is_up() const { return socket_.has_value(); }

 protected:
  /// Begins one attempt; it ends with opened() or failed(), also at once.
  virtual void open() = 0;
  /// Gives the attempt up; neither opened() nor failed() follows.
  virtual void stop_opening() {}
  /// Looked at once a second while it is open; empty: all is well.
  virtual std::string fault_of(int /*socket*/) { return {}; }
  /// One datagram out; as ::send.
  virtual ssize_t put(int socket, std::span<const std::uint8_t> bytes, const DatagramLink::Group* group) = 0;

  /// A socket that does not block.
  void opened(Descriptor socket);
  void failed(std::string reason);
  boost::asio::io_context& io() { return io_; }

 private:
  void try_open();
  void read_next();
  void read_all();
  void watch();

  boost::asio::io_context& io_;
  boost::asio::steady_timer pause_;
  DatagramLink::Listener* listener_ = nullptr;  ///< null: not started, or closed
  std::optional<boost::asio::posix::stream_descriptor> socket_;
  std::uint64_t life_ = 0;  ///< tells the operations of one socket from those of the last
  std::vector<std::uint8_t> buffer_;
  BackOff back_off_;
  std::chrono::steady_clock::time_point opened_at_;
  std::string told_reason_;
};

/// The owner's hand on one.
class DatagramHandle final : public DatagramLink {
 public:
  DatagramHandle(std::shared_ptr<ReopeningDatagrams> link, std::string description)
      : link_(std::move(link)), description_(std::move(description)) {}
  ~DatagramHandle() override { link_->close(); }
  DatagramHandle(const DatagramHandle&) = delete;
  DatagramHandle& operator=(const DatagramHandle&) = delete;

  void start(Listener& listener) override { link_->start(listener); }
  Status send(std::span<const std::uint8_t> bytes, const Group* group) override {
    return link_->send(bytes, group);
  }
  bool is_up() const override { return link_->is_up(); }
  std::string describe() const override { return description_; }

 private:
  std::shared_ptr<ReopeningDatagrams> link_;
  std::string description_;
};

}  // namespace lobby::link
