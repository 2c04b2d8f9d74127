#include "drivers/bus/line_scheduler.hpp"

#include <algorithm>

namespace lobby::bus {
namespace {

using link::MonoTime;
using link::Status;

/// Do both write the same registers of the same unit, the newer one all that the older would have?
bool replaces(const Exchange& newer, const Exchange& older) {
  const bool is_same_place = newer.kind == Exchange::Kind::broadcast || newer.address == older.address;
  const bool is_same_read = newer.kind != Exchange::Kind::read_write ||
                            (newer.write_start == older.write_start && newer.count == older.count);
  return writes(newer) && newer.kind == older.kind && is_same_place && newer.start == older.start &&
         is_same_read && newer.values.size() >= older.values.size();
}

}  // namespace

std::optional<LineScheduler::Answer> LineScheduler::add(Exchange exchange, Done done) {
  if (!is_valid(exchange)) {
    return Answer{std::move(done), Status::refused};
  }
  if (is_away_) {
    return Answer{std::move(done), Status::gone};
  }
  TurnQueue::Waiting waiting{std::move(exchange), std::move(done)};
  if (auto old =
          queue_.replace(waiting, [&](const Exchange& older) { return replaces(waiting.exchange, older); })) {
    return Answer{std::move(old->done), Status::busy};
  }
  if (!queue_.push(waiting)) {
    return Answer{std::move(waiting.done), Status::busy};
  }
  return std::nullopt;
}

MonoTime LineScheduler::ready_at() const {
  MonoTime first = MonoTime::max();
  queue_.each([&](const Exchange& one) { first = std::min(first, records_.not_before(one)); });
  return std::max(first, free_at_);
}

std::optional<LineScheduler::Order> LineScheduler::next(MonoTime now) {
  if (now < free_at_) {
    return std::nullopt;
  }
  const auto may = [&](const Exchange& one) { return now >= records_.not_before(one); };
  auto chosen = queue_.pop([&](const Exchange& one) { return may(one) && records_.is_welcome(one, now); });
  if (!chosen) {
    chosen = queue_.pop(may);
  }
  if (!chosen) {
    return std::nullopt;
  }
  const auto late = records_.late_of(chosen->exchange);
  return Order{std::move(*chosen), late};
}

void LineScheduler::finished(const Exchange& exchange, const Heard& heard, MonoTime began, MonoTime now) {
  records_.record(exchange, heard, began, now);
  free_at_ = now + timing_.gap();
  if (exchange.kind == Exchange::Kind::broadcast) {
    free_at_ = std::max(free_at_, began + timing_.broadcast(exchange) + timing_.gap());
  }
}

std::vector<TurnQueue::Waiting> LineScheduler::went_down() {
  is_away_ = true;
  return queue_.take_all();
}

void LineScheduler::came_up(MonoTime now) {
  is_away_ = false;
  records_.forget();
  free_at_ = now + timing_.gap();
}

}  // namespace lobby::bus
