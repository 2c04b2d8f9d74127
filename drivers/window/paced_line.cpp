#include "drivers/window/paced_line.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lobby::window {

PacedLine::PacedLine(link::Executor& executor, std::unique_ptr<link::ByteLink> link, Timing timing,
                     Listener& listener)
    : executor_(executor), timing_(timing), listener_(listener), alarm_(executor), link_(std::move(link)) {}

PacedLine::Slot PacedLine::add_slot(link::Duration pause, std::function<void()> sent) {
  SlotState slot;
  slot.pause = pause;
  slot.sent = std::move(sent);
  slots_.push_back(std::move(slot));
  return slots_.size() - 1;
}

void PacedLine::start() {
  link_->start(*this);
}

link::Duration PacedLine::on_wire(std::size_t bytes) const {
  return timing_.baud == 0 ? link::Duration::zero()
                           : link::Duration(std::chrono::seconds(bytes * 10)) / timing_.baud;
}

void PacedLine::want(Slot slot, MakeFrame frame, Rank rank) {
  auto& state = slots_[slot];
  state.rank = state.turn == 0 ? rank : std::min(state.rank, rank);
  state.frame = std::move(frame);
  state.is_level = true;
  ++state.version;
  if (state.turn == 0) {  // a newer wish does not lose the place of the older one
    state.turn = ++turns_;
  }
  go();
}

void PacedLine::once(Slot slot, Bytes frame) {
  if (!link_->is_up()) {
    return;
  }
  auto& state = slots_[slot];
  state.frame = [frame = std::move(frame)] { return frame; };
  ++state.version;
  if (state.turn == 0) {
    state.turn = ++turns_;
  }
  go();
}

void PacedLine::answer(Bytes frame) {
  constexpr std::size_t most = 16;
  if (link_->is_up() && answers_.size() < most) {
    answers_.push_back(std::move(frame));
    go();
  }
}

void PacedLine::link_up() {
  listener_.line_up();
  go();
}

void PacedLine::link_bytes(std::span<const std::uint8_t> bytes) {
  const auto others = echo_.others(bytes, executor_.now());
  if (!others.empty()) {
    listener_.line_bytes(others);
  }
}

void PacedLine::link_down(std::string_view reason) {
  ++life_;
  is_sending_ = false;
  alarm_.cancel();
  echo_.forget();
  answers_.clear();
  for (auto& slot : slots_) {
    if (!slot.is_level) {
      slot.frame = nullptr;
      slot.turn = 0;
    } else if (slot.turn == 0) {
      slot.turn = ++turns_;
    }
  }
  listener_.line_down(reason);
}

/// Who has waited longest of those whose turn it is; else whose sign was told longest ago, when that is long.
PacedLine::SlotState* PacedLine::next_slot() {
  std::array<SlotState*, 2> first{};
  SlotState* oldest = nullptr;
  for (auto& slot : slots_) {
    auto*& next = first[static_cast<std::size_t>(slot.rank)];
    if (slot.turn != 0 && (next == nullptr || slot.turn < next->turn)) {
      next = &slot;
    }
    if (slot.is_level && (oldest == nullptr || slot.sent_at < oldest->sent_at)) {
      oldest = &slot;
    }
  }
  auto [now, page] = first;
  if (now != nullptr && (page == nullptr || passed_over_ < patience)) {
    passed_over_ += page != nullptr ? 1 : 0;
    return now;
  }
  passed_over_ = 0;
  if (page != nullptr || oldest == nullptr) {
    return page;
  }
  const auto due = oldest->sent_at + timing_.refresh;
  if (due > executor_.now()) {
    wait_until(due);
    return nullptr;
  }
  return oldest;
}

void PacedLine::go() {
  if (!link_->is_up() || is_sending_) {
    return;
  }
  const auto now = executor_.now();
  if (!answers_.empty()) {
    if (wire_free_at_ > now) {
      wait_until(wire_free_at_);
      return;
    }
    auto bytes = std::move(answers_.front());
    answers_.pop_front();
    // The silence that the frame before it needs is not shortened by an answer to somebody else.
    send(std::move(bytes), std::max(link::Duration::zero(), quiet_until_ - now), nullptr);
    return;
  }
  if (quiet_until_ > now) {
    wait_until(quiet_until_);
    return;
  }
  if (auto* slot = next_slot()) {
    slot->turn = 0;
    slot->sent_at = now;
    send(slot->frame(), slot->pause, slot);
  }
}

/// `slot`: whose frame it is; null: an answer.
void PacedLine::send(Bytes bytes, link::Duration pause, SlotState* slot) {
  wire_free_at_ = executor_.now() + on_wire(bytes.size());
  quiet_until_ = wire_free_at_ + pause;
  is_sending_ = true;
  echo_.sent(bytes, wire_free_at_);
  const auto version = slot == nullptr ? 0 : slot->version;
  link_->send(std::move(bytes), [this, life = life_, slot, version](link::Status status) {
    if (life != life_) {
      return;
    }
    is_sending_ = false;
    if (slot != nullptr && slot->version == version) {
      sent(*slot, status);
    }
    go();
  });
}

void PacedLine::sent(SlotState& slot, link::Status status) {
  if (status != link::Status::ok) {
    quiet_until_ = executor_.now() + std::chrono::seconds(1);
    slot.turn = ++turns_;
    return;
  }
  if (!slot.is_level) {
    slot.frame = nullptr;
  }
  if (slot.sent) {
    slot.sent();
  }
}

void PacedLine::wait_until(link::MonoTime when) {
  alarm_.start(when - executor_.now(), [this] { go(); });
}

}  // namespace lobby::window
