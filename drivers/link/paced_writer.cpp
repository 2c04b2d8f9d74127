#include "drivers/link/paced_writer.hpp"

#include <algorithm>
#include <utility>

namespace lobby::link {

Pace serial_pace(std::uint32_t bytes_per_s) {
  constexpr std::size_t in_flight = 80;
  const auto window = std::clamp<std::size_t>(bytes_per_s / 100, 16, 48);
  return {bytes_per_s, window, in_flight - window};
}

Pace unstopped_pace(std::uint32_t bytes_per_s) {
  return {bytes_per_s, std::max<std::size_t>(bytes_per_s / 50, 16), 0};
}

bool PacedWriter::add(Bytes& bytes, Done& done, bool is_urgent) {
  auto& queue = is_urgent ? urgent_ : usual_;
  if (queue.bytes + bytes.size() > (is_urgent ? urgent_limit : usual_limit)) {
    return false;
  }
  queue.bytes += bytes.size();
  queue.sends.push_back({std::move(bytes), std::move(done)});
  return true;
}

PacedWriter::Queue* PacedWriter::whose_turn() {
  const bool wants_gap = !urgent_.sends.empty();
  if (wants_gap && usual_.gone == 0) {
    return &urgent_;
  }
  if (usual_.sends.empty()) {
    return nullptr;
  }
  if (!is_held_) {
    return &usual_;
  }
  // urgent_.gone is 0 here: a real-time send that has begun is on its way through the first branch.
  const auto left = usual_.sends.front().bytes.size() - usual_.gone;
  return wants_gap && left <= pace_.finish ? &usual_ : nullptr;
}

Duration PacedWriter::wire_time(std::size_t bytes) const {
  return Duration(std::chrono::seconds(bytes)) / pace_.bytes_per_s;
}

PacedWriter::Turn PacedWriter::next(MonoTime now) {
  turn_ = whose_turn();
  if (turn_ == nullptr) {
    return {};
  }
  const auto rest = std::span<const std::uint8_t>(turn_->sends.front().bytes).subspan(turn_->gone);
  if (pace_.bytes_per_s == 0) {
    return {rest, std::nullopt};
  }
  // Not byte by byte: a quarter of the window, or what there is.
  const auto least = std::min(rest.size(), (pace_.window + 3) / 4);
  const auto ready_at = empty_at_ - wire_time(pace_.window - least);
  if (ready_at > now) {
    turn_ = nullptr;
    return {std::nullopt, ready_at};
  }
  const auto before = std::max(empty_at_ - now, Duration::zero());
  const auto ahead =
      (before * pace_.bytes_per_s + std::chrono::seconds(1) - Duration(1)) / std::chrono::seconds(1);
  const auto room = pace_.window - std::min(static_cast<std::size_t>(ahead), pace_.window - least);
  return {rest.first(std::min(rest.size(), room)), std::nullopt};
}

PacedWriter::Done PacedWriter::took(std::size_t count, MonoTime now) {
  if (turn_ == nullptr) {
    return nullptr;
  }
  auto& queue = *turn_;
  if (pace_.bytes_per_s != 0) {
    empty_at_ = std::max(empty_at_, now) + wire_time(count);
  }
  queue.gone += count;
  if (queue.gone < queue.sends.front().bytes.size()) {
    return nullptr;
  }
  turn_ = nullptr;
  auto done = std::move(queue.sends.front().done);
  queue.bytes -= queue.sends.front().bytes.size();
  queue.sends.pop_front();
  queue.gone = 0;
  return done;
}

void PacedWriter::kernel_holds(std::size_t count, MonoTime now) {
  if (pace_.bytes_per_s != 0) {
    empty_at_ = std::max(empty_at_, now + wire_time(count));
  }
}

std::vector<PacedWriter::Done> PacedWriter::drop() {
  std::vector<Done> dones;
  if (usual_.gone > 0) {
    dones.push_back(std::move(usual_.sends.front().done));
    usual_.sends.pop_front();
  }
  for (auto* queue : {&urgent_, &usual_}) {
    for (auto& send : queue->sends) {
      dones.push_back(std::move(send.done));
    }
    *queue = {};
  }
  turn_ = nullptr;
  empty_at_ = {};
  return dones;
}

}  // namespace lobby::link
