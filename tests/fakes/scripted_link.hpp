#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/link/byte_link.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::fakes {

using Bytes = std::vector<std::uint8_t>;

/// The far end of a byte link, in a test's hand: it expects bytes, answers, drops, splits, corrupts. Shared
/// by the test and the link that the driver owns.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  explicit Wire(link::Executor& executor) : executor_(executor) {}

  /// One exchange: what must be sent next, and what comes back.
  class Step {
   public:
    explicit Step(Bytes wanted) : wanted_(std::move(wanted)) {}
    Step& answer(Bytes bytes) {
      answer_ = std::move(bytes);
      return *this;
    }
    Step& drop() { return answer({}); }
    /// The answer comes byte by byte.
    Step& split() {
      split_ = true;
      return *this;
    }
    /// One bit of the answer is wrong.
    Step& corrupt(std::size_t byte, std::uint8_t mask) {
      answer_.at(byte) ^= mask;
      return *this;
    }
    Step& late(link::Duration delay) {
      delay_ = delay;
      return *this;
    }

   private:
    friend class Wire;
    Bytes wanted_, answer_;
    bool split_ = false;
    link::Duration delay_{};
  };

  // --- the script ---
  /// Steps are taken in order; each wants one whole send.
  Step& expect(Bytes wanted) { return steps_.emplace_back(std::move(wanted)); }
  /// Answers this send whenever no step is left that wants it.
  Step& whenever(Bytes wanted) {
    std::erase_if(rules_, [&](const Step& rule) { return rule.wanted_ == wanted; });
    return rules_.emplace_back(std::move(wanted));
  }
  /// Sees every send that neither a step nor a rule wanted.
  std::function<void(const Bytes&)> otherwise;
  std::size_t steps_left() const { return steps_.size(); }

  // --- what was sent ---
  std::vector<Bytes> sent;      ///< each send, in the order in which it left, those of send_now() too
  std::vector<Bytes> sent_now;  ///< those of send_now() alone

  // --- the wire itself ---
  void up() {
    is_up_ = true;
    if (listener_ != nullptr) {
      listener_->link_up();
    }
  }
  void down(std::string_view reason = "connection lost") {
    is_up_ = false;
    for (auto& held : std::exchange(held_, {})) {
      executor_.post([done = std::move(held.done)] { done(link::Status::gone); });
    }
    if (listener_ != nullptr) {
      listener_->link_down(reason);
    }
  }
  void receive(const Bytes& bytes) {
    if (listener_ != nullptr && is_up_) {
      listener_->link_bytes(bytes);
    }
  }
  /// What the next sends are answered with; nothing arrives unless it is ok.
  link::Status send_status = link::Status::ok;
  std::uint32_t bytes_per_s = 0;  ///< as the link tells it
  /// As XOFF or a busy line would: what is sent waits, unanswered, except by send_now(), until release().
  void hold_off() { is_held_ = true; }
  void release() {
    is_held_ = false;
    for (auto& held : std::exchange(held_, {})) {
      send(std::move(held.bytes), std::move(held.done));
    }
  }

  std::unique_ptr<link::ByteLink> make_link();

 private:
  friend class ScriptedLink;

  struct Held {
    Bytes bytes;
    std::function<void(link::Status)> done;
  };

  void send(Bytes bytes, std::function<void(link::Status)> done) {
    if (is_held_ && is_up_) {
      held_.push_back({std::move(bytes), std::move(done)});
      return;
    }
    pass(std::move(bytes), std::move(done));
  }
  void send_now(Bytes bytes, std::function<void(link::Status)> done) {
    if (is_up_ && send_status == link::Status::ok) {
      sent_now.push_back(bytes);
    }
    pass(std::move(bytes), std::move(done));
  }
  void pass(Bytes bytes, std::function<void(link::Status)> done) {
    const auto status = is_up_ ? send_status : link::Status::gone;
    if (status == link::Status::ok) {
      sent.push_back(bytes);
      react(bytes);
    }
    executor_.post([done = std::move(done), status] { done(status); });
  }

  void react(const Bytes& bytes) {
    if (!steps_.empty() && steps_.front().wanted_ == bytes) {
      const Step step = std::move(steps_.front());
      steps_.pop_front();
      deliver(step);
      return;
    }
    const auto rule =
        std::find_if(rules_.begin(), rules_.end(), [&](const Step& r) { return r.wanted_ == bytes; });
    if (rule != rules_.end()) {
      deliver(*rule);
    } else if (otherwise) {
      otherwise(bytes);
    }
  }

  void deliver(const Step& step) {
    const auto give = [weak = weak_from_this()](const Bytes& bytes) {
      if (const auto self = weak.lock()) {
        self->receive(bytes);
      }
    };
    if (!step.split_) {
      if (!step.answer_.empty()) {
        executor_.after(step.delay_, [give, bytes = step.answer_] { give(bytes); });
      }
      return;
    }
    for (const auto byte : step.answer_) {
      executor_.after(step.delay_, [give, byte] { give({byte}); });
    }
  }

  link::Executor& executor_;
  link::ByteLink::Listener* listener_ = nullptr;
  bool is_up_ = false;
  bool is_held_ = false;
  std::vector<Held> held_;
  std::deque<Step> steps_;
  std::vector<Step> rules_;
};

class ScriptedLink final : public link::ByteLink {
 public:
  explicit ScriptedLink(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  ~ScriptedLink() override { wire_->listener_ = nullptr; }
  void start(Listener& listener) override { wire_->listener_ = &listener; }
  void send(Bytes bytes, std::function<void(link::Status)> done) override {
    wire_->send(std::move(bytes), std::move(done));
  }
  void send_now(Bytes bytes, std::function<void(link::Status)> done) override {
    wire_->send_now(std::move(bytes), std::move(done));
  }
  bool is_up() const override { return wire_->is_up_; }
  std::uint32_t bytes_per_s() const override { return wire_->bytes_per_s; }
  std::string describe() const override { return "scripted"; }

 private:
  std::shared_ptr<Wire> wire_;
};

inline std::unique_ptr<link::ByteLink> Wire::make_link() {
  return std::make_unique<ScriptedLink>(shared_from_this());
}

}  // namespace lobby::fakes
