#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/bus/exchange_port.hpp"

namespace lobby::fakes {

/// A pair of wires in virtual time: every byte takes its time, and what a unit says late lies on the pair
/// when it comes, whoever is being asked then. An answer is known by unit and form alone, as on a real line:
/// what could be taken for another's is.
class VirtualWire {
 public:
  /// How a unit answers one request.
  struct Answer {
    bus::Reply reply;                  ///< timeout: says nothing; corrupt: its bytes are damaged
    link::Duration thinks{};           ///< from the request's last byte to the answer's first
    std::optional<std::size_t> bytes;  ///< so many, when not as many as are due
  };
  /// How the units answer; the broadcast too, whose answer nobody hears.
  using Units = std::function<Answer(const bus::Exchange&)>;

  VirtualWire(bus::LineTiming timing, Units units) : timing_(timing), units_(std::move(units)) {}
  const bus::LineTiming& timing() const { return timing_; }

  /// What bus::ExchangePort::exchange() promises, from `now` on, which it moves to its end.
  bus::Heard exchange(const bus::Exchange& exchange, link::Duration late, link::MonoTime& now) {
    bus::Heard heard;
    heard.was_stray = forget_until(now);
    const auto start = now;
    auto answer = units_(exchange);
    const auto asked = start + timing_.wire(bus::request_bytes(exchange));
    if (exchange.kind == bus::Exchange::Kind::broadcast) {
      heard.reply.status = link::Status::ok;
      return heard;
    }
    if (answer.reply.status != link::Status::timeout) {
      const auto begins = asked + answer.thinks;
      const bool is_refusal = answer.reply.status == link::Status::refused;
      const auto size = answer.bytes.value_or(is_refusal ? 5 : bus::reply_bytes(exchange));
      frames_.push_back({begins, begins + timing_.wire(size), exchange, std::move(answer.reply)});
      std::sort(frames_.begin(), frames_.end(),
                [](const Frame& a, const Frame& b) { return a.ends < b.ends; });
    }
    listen(exchange, start, late, now, heard);
    return heard;
  }

 private:
  struct Frame {
    link::MonoTime begins, ends;
    bus::Exchange of;
    bus::Reply reply;
  };
  static bool is_same_form(const bus::Exchange& a, const bus::Exchange& b) {
    return a.address == b.address && a.kind == b.kind && bus::reply_bytes(a) == bus::reply_bytes(b);
  }

  void listen(const bus::Exchange& exchange, link::MonoTime start, link::Duration late, link::MonoTime& now,
              bus::Heard& heard) {
    const auto deadline = start + timing_.deadline(exchange);
    const auto first = frames_.empty() ? link::MonoTime::max() : frames_.front().ends;
    if (first <= deadline) {
      const Frame frame = frames_.front();
      now = std::max(now, first);
      const bool collides = frames_.size() > 1 && frames_[1].begins < frame.ends;
      frames_.erase(frames_.begin());
      const bool is_ours = is_same_form(frame.of, exchange);
      heard.was_stray = heard.was_stray || !is_ours;
      heard.reply = is_ours && !collides ? frame.reply : bus::Reply{link::Status::corrupt, {}};
      if (heard.reply.status == link::Status::corrupt) {
        await_silence(now);
      }
      return;
    }
    heard.reply.status = link::Status::timeout;
    now = deadline + late;
    const auto end = now;
    while (!frames_.empty() && frames_.front().begins < end) {
      const Frame frame = frames_.front();
      frames_.erase(frames_.begin());
      heard.was_late = true;
      now = std::max(frame.ends, deadline);
      if (is_same_form(frame.of, exchange) && frame.reply.status != link::Status::corrupt) {
        return;
      }
      now = std::max(now, end);
    }
  }
  void await_silence(link::MonoTime& now) {
    constexpr std::chrono::milliseconds portion_pause{20};
    auto silent_at = now + portion_pause;
    while (!frames_.empty() && frames_.front().begins < silent_at) {
      silent_at = frames_.front().ends + portion_pause;
      frames_.erase(frames_.begin());
    }
    now = silent_at;
  }
  bool forget_until(link::MonoTime now) {
    const auto left =
        std::remove_if(frames_.begin(), frames_.end(), [&](const Frame& one) { return one.ends <= now; });
    const bool any = left != frames_.end();
    frames_.erase(left, frames_.end());
    return any;
  }

  bus::LineTiming timing_;
  Units units_;
  std::vector<Frame> frames_;  ///< on their way, by their ends
};

}  // namespace lobby::fakes
