#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "drivers/link/sender.hpp"
#include "tests/fakes/modem_lines.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace lobby::fakes {

/// A kernel, a serial line and the receiving half of a ticket printer, in virtual time, byte by byte. The
/// buffer's figures are those of the Epson TM-T88III specification: 4 KB, "full" with 128 bytes left, let go
/// with 256 left; what arrives with none left is lost. DLE EOT is answered as soon as its last byte is here,
/// also when the paper is out.
class SerialPrinter final : public link::Sender::Kernel {
 public:
  using Bytes = std::vector<std::uint8_t>;
  static constexpr std::size_t buffer = 4096;
  static constexpr std::size_t full_at = 128;
  static constexpr std::size_t free_at = 256;

  /// `slower`: the wire's bytes take longer than they should, in per cent of their time.
  SerialPrinter(VirtualExecutor& executor, std::uint32_t bytes_per_s, link::Flow flow, int slower = 0)
      : executor_(executor),
        byte_time_(link::Duration(std::chrono::seconds(100 + slower)) / (100 * bytes_per_s)),
        flow_(flow),
        lines(std::make_shared<LineHand>(executor)) {
    lines->set({true, true});
    const auto pace =
        flow == link::Flow::none ? link::unstopped_pace(bytes_per_s) : link::serial_pace(bytes_per_s);
    sender = std::make_unique<link::Sender>(executor, *this, link::Sender::Manner{pace, flow});
    open();
  }
  ~SerialPrinter() override = default;
  SerialPrinter(const SerialPrinter&) = delete;
  SerialPrinter& operator=(const SerialPrinter&) = delete;

  void open() { sender->opened(has_lines() ? lines->lines() : nullptr); }
  bool has_lines() const { return flow_ == link::Flow::rts_cts || flow_ == link::Flow::dtr_dsr; }

  /// Prints so many bytes of its buffer in a second; 0: nothing, the paper is out.
  void print(std::uint32_t bytes_per_s) {
    print_time_ =
        bytes_per_s == 0 ? link::Duration::zero() : link::Duration(std::chrono::seconds(1)) / bytes_per_s;
    consume();
  }

  // --- what a test looks at ---
  Bytes arrived;
  std::size_t lost_bytes = 0;
  std::size_t stops = 0;
  std::size_t most_after_stop = 0;  ///< bytes on the wire from a stop to its end
  std::size_t kernel_most = 0;
  std::vector<link::MonoTime> answers;  ///< of DLE EOT, as they came back
  link::Duration idle{};                ///< the line's, between its first byte and its last
  link::MonoTime first_at{}, last_at{};
  std::string fault;           ///< of the next write
  std::size_t room = buffer;   ///< of the kernel
  link::Duration loop_late{};  ///< so long does the loop take to read what arrived

  // --- the kernel ---
  Taken write(std::span<const std::uint8_t> bytes) override {
    if (!fault.empty()) {
      return {0, fault};
    }
    const auto count = std::min(bytes.size(), room - std::min(room, queue_.size()));
    queue_.insert(queue_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    kernel_most = std::max(kernel_most, queue_.size());
    transmit();
    return {count, {}};
  }
  void when_writable(std::function<void()> then) override { writable_ = std::move(then); }
  std::size_t holds() override { return queue_.size(); }
  bool has_input() override { return unread_ > 0; }
  void lost(std::string reason) override {
    losses.push_back(std::move(reason));
    for (auto& done : sender->drop()) {
      answer(std::move(done), link::Status::gone);
    }
  }
  void answer(link::Sender::Done done, link::Status status) override {
    executor_.post([done = std::move(done), status] { done(status); });
  }
  std::vector<std::string> losses;

 private:
  void transmit() {
    if (is_sending_ || queue_.empty()) {
      return;
    }
    is_sending_ = true;
    if (arrived.empty()) {
      first_at = executor_.now();
    } else {
      idle += executor_.now() - last_at;
    }
    executor_.after(byte_time_, [this] {
      is_sending_ = false;
      const auto byte = queue_.front();
      queue_.pop_front();
      last_at = executor_.now();
      receive(byte);
      transmit();
      if (writable_ && queue_.size() < room) {
        std::exchange(writable_, nullptr)();
      }
    });
  }

  void receive(std::uint8_t byte) {
    arrived.push_back(byte);
    if (used_ < buffer) {
      ++used_;
    } else {
      ++lost_bytes;
    }
    if (is_stopped_) {
      most_after_stop = std::max(most_after_stop, ++after_stop_);
    }
    const auto size = arrived.size();
    if (size >= 3 && arrived[size - 3] == 0x10 && arrived[size - 2] == 0x04 && byte >= 1 && byte <= 4) {
      say(0x12, [this] { answers.push_back(executor_.now()); });
    }
    if (!is_stopped_ && buffer - used_ <= full_at) {
      is_stopped_ = true;
      ++stops;
      after_stop_ = 0;
      tell(false);
    }
    consume();
  }

  void consume() {
    if (is_printing_ || used_ == 0 || print_time_ == link::Duration::zero()) {
      return;
    }
    is_printing_ = true;
    executor_.after(print_time_, [this] {
      is_printing_ = false;
      --used_;
      if (is_stopped_ && buffer - used_ >= free_at) {
        is_stopped_ = false;
        tell(true);
      }
      consume();
    });
  }

  void tell(bool may_send) {
    if (flow_ == link::Flow::xon_xoff) {
      say(may_send ? 0x11 : 0x13, [] {});
    } else if (has_lines()) {
      // The other line says the opposite: who looks at it is found out.
      const bool by_cts = flow_ == link::Flow::rts_cts;
      lines->set({by_cts == may_send, by_cts != may_send});
    }
  }

  void say(std::uint8_t byte, std::function<void()> heard) {
    executor_.after(byte_time_, [this, byte, heard = std::move(heard)] {
      ++unread_;
      executor_.after(loop_late, [this, byte, heard] {
        --unread_;
        sender->heard(std::span(&byte, 1));
        heard();
      });
    });
  }

  VirtualExecutor& executor_;
  link::Duration byte_time_;
  link::Duration print_time_{};
  link::Flow flow_;
  std::deque<std::uint8_t> queue_;
  std::function<void()> writable_;
  std::size_t used_ = 0;
  std::size_t after_stop_ = 0;
  int unread_ = 0;
  bool is_sending_ = false;
  bool is_printing_ = false;
  bool is_stopped_ = false;

 public:
  std::shared_ptr<LineHand> lines;
  std::unique_ptr<link::Sender> sender;  ///< the last: ends first
};

}  // namespace lobby::fakes
