#pragma once

#include <chrono>
#include <map>
#include <random>
#include <tuple>

#include "drivers/bus/bus.hpp"
#include "drivers/bus/turn_queue.hpp"
#include "tests/fakes/virtual_executor.hpp"
#include "tests/fakes/window_unit_model.hpp"

namespace lobby::fakes {

/// An RS-485 line with window units in virtual time, and with all that goes wrong on one.
class VirtualLine final : public bus::Bus {
 public:
  /// Per mille of the exchanges.
  struct Trouble {
    int request_lost = 0;
    int reply_lost = 0;  ///< the unit did it, and nobody heard so
    int corrupt = 0;     ///< the unit did it, the answer is damaged
    int twice = 0;       ///< the unit heard the request twice
    int stale = 0;       ///< the answer is that of the last exchange of the same form
  };

  VirtualLine(VirtualExecutor& loop, unsigned seed) : executor(loop), random_(seed) {}

  void exchange(bus::Exchange exchange, std::function<void(bus::Reply)> done) override {
    bus::TurnQueue::Waiting waiting{std::move(exchange), std::move(done)};
    if (away || !queue_.push(waiting)) {
      const auto status = away ? link::Status::gone : link::Status::busy;
      executor.post([done = std::move(waiting.done), status] { done({status, {}}); });
      return;
    }
    if (!speaking_) {
      next();
    }
  }

  bus::UnitCounts counts(bus::BusAddress) const override { return {}; }

  VirtualExecutor& executor;
  std::map<std::uint8_t, WindowUnitModel> units;
  Trouble trouble;
  bool away = false;
  link::Duration takes = std::chrono::milliseconds(12);
  link::Duration timeout = std::chrono::milliseconds(110);

 private:
  void next() {
    auto waiting = queue_.pop();
    if (!waiting) {
      return;
    }
    speaking_ = true;
    auto reply = answer(waiting->exchange);
    const auto time = reply.status == link::Status::timeout ? timeout : takes;
    executor.after(time, [this, done = std::move(waiting->done), reply = std::move(reply)] {
      speaking_ = false;
      executor.post([done, reply] { done(reply); });
      next();
    });
  }

  bus::Reply answer(const bus::Exchange& request) {
    const auto unit = units.find(request.address.value);
    int luck = static_cast<int>(random_() % 1000);
    const auto happens = [&luck](int share) {
      luck -= share;
      return luck < 0 && luck >= -share;
    };
    if (unit == units.end() || happens(trouble.request_lost)) {
      return {link::Status::timeout, {}};
    }
    const auto form = std::tuple(request.address.value, request.kind, request.start, request.count);
    const auto before = last_.find(form);
    const bool is_stale = happens(trouble.stale) && before != last_.end();
    const bus::Reply old = is_stale ? before->second : bus::Reply{};
    bus::Reply reply = unit->second.answer(request);
    last_[form] = reply;
    if (happens(trouble.twice)) {
      unit->second.answer(request);
    }
    if (happens(trouble.reply_lost)) {
      return {link::Status::timeout, {}};
    }
    if (happens(trouble.corrupt)) {
      return {link::Status::corrupt, {}};
    }
    return is_stale ? old : reply;
  }

  std::mt19937 random_;
  bus::TurnQueue queue_;
  bool speaking_ = false;
  std::map<std::tuple<std::uint8_t, bus::Exchange::Kind, std::uint16_t, std::uint16_t>, bus::Reply> last_;
};

}  // namespace lobby::fakes
