#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "drivers/link/executor.hpp"
#include "drivers/link/modem_lines.hpp"

namespace lobby::fakes {

/// A serial port's control lines in a test's hand, read every millisecond like the real ones.
class LineHand : public std::enable_shared_from_this<LineHand> {
 public:
  using State = link::ModemLines::State;

  explicit LineHand(link::Executor& executor) : executor_(executor) {}

  void set(State state) {
    state_ = state;
    read_soon();
  }
  State state() const { return state_; }
  bool is_watched() const { return changed_ != nullptr; }

  std::unique_ptr<link::ModemLines> lines() { return std::make_unique<Lines>(shared_from_this()); }

 private:
  struct Lines final : link::ModemLines {
    explicit Lines(std::shared_ptr<LineHand> from) : hand(std::move(from)) {}
    ~Lines() override { rest(); }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
    void watch(std::function<void(State)> changed) override {
      hand->changed_ = std::move(changed);
      hand->is_told_ = false;
      hand->read_soon();
    }
    void rest() override { hand->changed_ = nullptr; }
    std::shared_ptr<LineHand> hand;
  };

  void read_soon() {
    executor_.after(std::chrono::milliseconds(1), [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self && self->changed_ && !(self->is_told_ && self->told_ == self->state_)) {
        self->is_told_ = true;
        self->told_ = self->state_;
        const auto tell = self->changed_;
        tell(self->state_);
      }
    });
  }

  link::Executor& executor_;
  State state_;
  State told_;
  bool is_told_ = false;
  std::function<void(State)> changed_;
};

}  // namespace lobby::fakes
