#pragma once

#include <cstdint>
#include <deque>

#include "firmware/wire/key_chain.hpp"

namespace lobby::sim {

/// The keys at the end of the chain of firmware/wire/key_chain.hpp. They are pressed for so many scans, never
/// for so long: an emulated unit's time is not ours. Pure.
class KeyBoard {
 public:
  enum class How : std::uint8_t {
    tap,
    hold,  ///< long enough for a key's second meaning
    down,  ///< until something else is pressed
  };

  /// As often as the firmware looks at its keys; should it look less often, keys are down for longer.
  static constexpr unsigned usual = 200;

  explicit KeyBoard(unsigned scans_per_second = usual) : scans_per_second_(scans_per_second) {}

  /// Behind what is still to be pressed.
  void press(std::uint16_t keys, How how) {
    const unsigned scans = how == How::hold ? scans_per_second_ * 13 / 10 : scans_per_second_ / 8;
    queue_.push_back({keys, how == How::down ? 0 : scans});
    if (how != How::down) {
      queue_.push_back({0, scans_per_second_ / 8});
    }
  }
  /// What the chain answers to one byte of the MCU; nothing to what is no poll.
  struct Answer {
    bool any = false;
    std::uint8_t byte = 0;
  };
  Answer poll(std::uint8_t byte) {
    namespace chain = wire::key_chain;
    if (byte == chain::polls[0]) {
      step();
      return {true, static_cast<std::uint8_t>(~down_)};
    }
    if (byte == chain::polls[1]) {
      return {true, static_cast<std::uint8_t>(~down_ >> 8)};
    }
    return {byte == chain::polls[2], chain::presence};
  }
  /// All that was pressed is up again, but for what stays.
  bool is_idle() const { return queue_.empty(); }
  std::uint64_t scans() const { return scans_; }

 private:
  struct Span {
    std::uint16_t keys = 0;
    unsigned scans = 0;  ///< 0: until the next
  };
  void step() {
    ++scans_;
    if (left_ > 0) {
      --left_;
      return;
    }
    if (!queue_.empty()) {
      down_ = queue_.front().keys;
      left_ = queue_.front().scans;
      queue_.pop_front();
    }
  }

  unsigned scans_per_second_;
  std::deque<Span> queue_;
  std::uint16_t down_ = 0;
  unsigned left_ = 0;
  std::uint64_t scans_ = 0;
};

}  // namespace lobby::sim
