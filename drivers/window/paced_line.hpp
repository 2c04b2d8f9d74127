#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "drivers/link/byte_link.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/window/own_echo.hpp"

namespace lobby::window {

/// A line of other makers' devices: nobody is polled, frames leave one at a time, each with its silence
/// behind it. What a slot shows is a level: the newest wins, it is told again after every loss of the line
/// and now and then besides, as a sign that lost its power does not say so. On the loop.
class PacedLine final : private link::ByteLink::Listener {
 public:
  using Bytes = std::vector<std::uint8_t>;
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void line_up() = 0;
    /// As ByteLink::Listener::link_down.
    virtual void line_down(std::string_view reason) = 0;
    virtual void line_bytes(std::span<const std::uint8_t> bytes) = 0;
  };
  struct Timing {
    std::uint32_t baud = 9600;  ///< 10 bits to a byte; 0: the bytes take no time
    link::Duration refresh = std::chrono::seconds(60);
  };
  /// Whose frame leaves first: what somebody waits for goes before the pages of boards, first come first
  /// served within each. While pages wait, the fifth frame at the latest is one of them.
  enum class Rank : std::uint8_t { now, page };
  /// Made when its turn has come.
  using MakeFrame = std::function<Bytes()>;
  using Slot = std::size_t;

  /// The listener outlives the line.
  PacedLine(link::Executor& executor, std::unique_ptr<link::ByteLink> link, Timing timing,
            Listener& listener);

  /// Before start(). `pause`: silence after each of its frames. `sent`: what is wanted has left; nobody knows
  /// whether it arrived.
  Slot add_slot(link::Duration pause, std::function<void()> sent = {});
  void start();
  /// The slot shows this from here on. One that waits already keeps its place, and the better rank of both.
  void want(Slot slot, MakeFrame frame, Rank rank = Rank::now);
  /// Leaves once, soon: a beep. One that still waits is replaced; the line's loss ends it.
  void once(Slot slot, Bytes frame);
  /// Leaves next, without the silence of the frame before it. At most 16 wait; more are dropped.
  void answer(Bytes frame);
  bool is_up() const { return link_->is_up(); }
  std::string describe() const { return link_->describe(); }
  /// How long so many bytes are on the wire.
  link::Duration on_wire(std::size_t bytes) const;

 private:
  struct SlotState {
    link::Duration pause{};
    std::function<void()> sent;
    MakeFrame frame;  ///< empty: nothing is wanted
    bool is_level = false;
    Rank rank = Rank::now;   ///< of what is wanted
    std::uint64_t turn = 0;  ///< waits since; 0: not
    std::uint64_t version = 0;
    link::MonoTime sent_at{};
  };

  void link_up() override;
  void link_bytes(std::span<const std::uint8_t> bytes) override;
  void link_down(std::string_view reason) override;

  static constexpr int patience = 4;

  void go();
  SlotState* next_slot();
  void send(Bytes bytes, link::Duration pause, SlotState* slot);
  void sent(SlotState& slot, link::Status status);
  void wait_until(link::MonoTime when);

  link::Executor& executor_;
  Timing timing_;
  Listener& listener_;
  std::deque<SlotState> slots_;  ///< never moved
  std::deque<Bytes> answers_;
  std::uint64_t turns_ = 0;
  int passed_over_ = 0;  ///< times in a row, since a page waits
  OwnEcho echo_;
  bool is_sending_ = false;
  std::uint64_t life_ = 0;         ///< of the link: an answer about one that is lost says nothing
  link::MonoTime wire_free_at_{};  ///< the last byte is out
  link::MonoTime quiet_until_{};
  link::Timer alarm_;
  std::unique_ptr<link::ByteLink> link_;  ///< the last: calls back until it is gone
};

}  // namespace lobby::window
