#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <tuple>

#include "drivers/bus/bus.hpp"
#include "drivers/bus/line_scheduler.hpp"
#include "tests/fakes/virtual_executor.hpp"
#include "tests/fakes/virtual_wire.hpp"
#include "tests/fakes/window_unit_model.hpp"

namespace lobby::fakes {

/// A line in virtual time: the scheduler of the real ones, on a wire in virtual time.
class ScheduledLine final : public bus::Bus {
 public:
  ScheduledLine(VirtualExecutor& loop, bus::LineTiming timing, VirtualWire::Units units)
      : executor_(loop), wire_(timing, std::move(units)), scheduler_(timing) {}

  void exchange(bus::Exchange exchange, std::function<void(bus::Reply)> done) override {
    if (auto settled = scheduler_.add(std::move(exchange), std::move(done))) {
      answer(std::move(settled->done), {settled->status, {}});
    }
    go();
  }
  bus::UnitCounts counts(bus::BusAddress address) const override { return scheduler_.counts(address); }
  std::size_t waiting() const { return scheduler_.waiting(); }

  /// The adapter is pulled out, or back.
  void plug(bool in) {
    if (in) {
      scheduler_.came_up(executor_.now());
      go();
      return;
    }
    for (auto& one : scheduler_.went_down()) {
      answer(std::move(one.done), {link::Status::gone, {}});
    }
  }

 private:
  void answer(std::function<void(bus::Reply)> done, bus::Reply reply) {
    executor_.post([done = std::move(done), reply = std::move(reply)] { done(reply); });
  }
  void go() {
    const auto ready = scheduler_.ready_at();
    if (is_speaking_ || ready == link::MonoTime::max()) {
      return;
    }
    if (ready > executor_.now()) {
      alarm_.start(ready - executor_.now(), [this] { go(); });
      return;
    }
    auto order = scheduler_.next(executor_.now());
    if (!order) {
      return;
    }
    is_speaking_ = true;
    const auto began = executor_.now();
    auto end = began;
    auto heard = wire_.exchange(order->waiting.exchange, order->late, end);
    executor_.after(end - began, [this, began, heard, waiting = std::move(order->waiting)]() mutable {
      is_speaking_ = false;
      scheduler_.finished(waiting.exchange, heard, began, executor_.now());
      heard.reply.was_late = heard.was_late;
      answer(std::move(waiting.done), std::move(heard.reply));
      go();
    });
  }

  VirtualExecutor& executor_;
  VirtualWire wire_;
  bus::LineScheduler scheduler_;
  bool is_speaking_ = false;
  link::Timer alarm_{executor_};
};

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

  VirtualLine(VirtualExecutor& loop, unsigned seed)
      : executor(loop), random_(seed), line_(loop, {}, [this](const bus::Exchange& request) {
          return VirtualWire::Answer{answer(request), thinks, std::nullopt};
        }) {}

  void exchange(bus::Exchange exchange, std::function<void(bus::Reply)> done) override {
    if (away) {
      executor.post([done = std::move(done)] { done({link::Status::gone, {}}); });
      return;
    }
    line_.exchange(std::move(exchange), std::move(done));
  }
  bus::UnitCounts counts(bus::BusAddress address) const override { return line_.counts(address); }

  VirtualExecutor& executor;
  std::map<std::uint8_t, WindowUnitModel> units;
  std::map<std::uint8_t, WindowUnitModel> twins;  ///< at an address of `units` too; one of the two is heard
  Trouble trouble;
  bool away = false;
  link::Duration thinks = std::chrono::milliseconds(2);

 private:
  bus::Reply answer(const bus::Exchange& request) {
    if (request.kind == bus::Exchange::Kind::broadcast) {
      return broadcast(request);
    }
    auto unit = units.find(request.address.value);
    if (const auto twin = twins.find(request.address.value); twin != twins.end() && random_() % 2 == 0) {
      unit = twin;
    }
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
    if (const auto to = std::exchange(unit->second.moves_to, std::nullopt)) {
      auto moved = units.extract(unit);
      moved.key() = *to;
      units.insert(std::move(moved));
    }
    if (happens(trouble.reply_lost)) {
      return {link::Status::timeout, {}};
    }
    if (happens(trouble.corrupt)) {
      return {link::Status::corrupt, {}};
    }
    return is_stale ? old : reply;
  }

  bus::Reply broadcast(const bus::Exchange& request) {
    for (auto* all : {&units, &twins}) {
      const auto held =
          std::find_if(all->begin(), all->end(), [](const auto& each) { return each.second.is_key_held; });
      if (request.start == 0x1C4 && held != all->end()) {
        auto moved = all->extract(held);
        moved.key() = static_cast<std::uint8_t>(request.values.at(0));
        units.insert(std::move(moved));
      }
    }
    return {link::Status::ok, {}};
  }

  std::mt19937 random_;
  ScheduledLine line_;
  std::map<std::tuple<std::uint8_t, bus::Exchange::Kind, std::uint16_t, std::uint16_t>, bus::Reply> last_;
};

}  // namespace lobby::fakes
