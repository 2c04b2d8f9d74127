#pragma once

#include <algorithm>
#include <charconv>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/http/connection.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::fakes {

/// What a device was asked.
struct HttpAsked {
  std::string method, target, head, body;  ///< head: all of it, with its first line
  int connection = 0;                      ///< the how-manyth, from 1

  std::string field(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) {
      return {};
    }
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// How it answers: bytes as they are on the wire.
struct HttpSaid {
  std::string bytes;                        ///< empty: nothing
  link::Duration after{};                   ///< from the request's last byte
  std::size_t portion = std::string::npos;  ///< most bytes of one arrival
  bool hangs_up = false;                    ///< behind the last byte
};

inline HttpSaid http_answer(int status, const std::string& body, const std::string& fields = {}) {
  HttpSaid said;
  said.bytes = "HTTP/1.1 " + std::to_string(status) + " -\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n" + fields + "\r\n" + body;
  return said;
}

/// The far end of an HTTP connection, in a test's hand. Shared by the test and the connection that the client
/// owns; outlives both.
class HttpPeer : public std::enable_shared_from_this<HttpPeer> {
 public:
  explicit HttpPeer(link::Executor& executor) : executor_(executor) {}

  /// How it answers each whole request.
  std::function<HttpSaid(const HttpAsked&)> answer = [](const HttpAsked&) { return http_answer(200, ""); };
  http::Fault opens = http::Fault::none;  ///< what becomes of attempts to connect; `timeout`: nothing, ever
  std::vector<HttpAsked> asked;
  int connections = 0;

  /// The connection that is open is lost, as when a device is switched off.
  void hang_up() {
    if (auto* listener = std::exchange(listener_, nullptr)) {
      ++life_;
      listener->connection_lost(http::Fault::closed, "the device hung up");
    }
  }
  /// Bytes that nobody asked for.
  void say(const std::string& bytes) {
    if (listener_ != nullptr) {
      listener_->connection_bytes(bytes);
    }
  }
  bool is_open() const { return listener_ != nullptr; }

  std::unique_ptr<http::Connection> make_connection() { return std::make_unique<End>(shared_from_this()); }

 private:
  class End final : public http::Connection {
   public:
    explicit End(std::shared_ptr<HttpPeer> peer) : peer_(std::move(peer)) {}
    ~End() override { peer_->close(); }
    End(const End&) = delete;
    End& operator=(const End&) = delete;
    void open(Listener& listener) override { peer_->open(listener); }
    void send(std::string bytes) override { peer_->heard(bytes); }
    void close() override { peer_->close(); }

   private:
    std::shared_ptr<HttpPeer> peer_;
  };

  void open(http::Connection::Listener& listener) {
    listener_ = &listener;
    in_.clear();
    ++life_;
    later({}, [this] {
      if (opens == http::Fault::none) {
        ++connections;
        listener_->connection_open();
      } else if (opens != http::Fault::timeout) {
        std::exchange(listener_, nullptr)->connection_lost(opens, "as the test says");
      }
    });
  }
  void close() {
    listener_ = nullptr;
    ++life_;
  }

  void heard(const std::string& bytes) {
    in_ += bytes;
    const auto head_end = in_.find("\r\n\r\n");
    if (head_end == std::string::npos) {
      return;
    }
    HttpAsked one;
    one.head = in_.substr(0, head_end + 2);
    std::size_t size = 0;
    const auto length = one.field("Content-Length");
    std::from_chars(length.data(), length.data() + length.size(), size);
    if (in_.size() < head_end + 4 + size) {
      return;
    }
    one.body = in_.substr(head_end + 4, size);
    in_.erase(0, head_end + 4 + size);
    const auto space = one.head.find(' ');
    one.method = one.head.substr(0, space);
    one.target = one.head.substr(space + 1, one.head.find(' ', space + 1) - space - 1);
    one.connection = connections;
    asked.push_back(one);
    say_later(answer(one));
  }

  void say_later(HttpSaid said) {
    for (std::size_t at = 0; at < said.bytes.size();) {
      const auto size = std::min(said.portion, said.bytes.size() - at);
      later(said.after, [this, part = said.bytes.substr(at, size)] { listener_->connection_bytes(part); });
      at += size;
    }
    if (said.hangs_up) {
      later(said.after, [this] { hang_up(); });
    }
  }

  void later(link::Duration delay, std::function<void()> work) {
    executor_.after(delay, [weak = weak_from_this(), life = life_, work = std::move(work)] {
      const auto self = weak.lock();
      if (self && self->listener_ != nullptr && self->life_ == life) {
        work();
      }
    });
  }

  link::Executor& executor_;
  http::Connection::Listener* listener_ = nullptr;
  std::uint64_t life_ = 0;
  std::string in_;
};

}  // namespace lobby::fakes
