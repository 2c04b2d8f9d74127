#include "drivers/bus/modbus_line.hpp"

#include <sys/prctl.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "drivers/bus/clock.hpp"
#include "drivers/bus/line_scheduler.hpp"
#include "drivers/bus/rtu_port.hpp"
#include "drivers/link/back_off.hpp"

namespace lobby::bus {
namespace {

using link::MonoTime;
using link::Status;

constexpr std::chrono::seconds hang_up_check{1};
constexpr std::chrono::seconds steady_after{5};
/// A silence of the line is slept through; for longer ones (a unit that may not be asked yet) the bell can
/// ring.
constexpr std::chrono::milliseconds short_wait{20};

/// Looking for a path costs nothing; a gateway that does not answer is asked less.
link::BackOff pauses_of(const ExchangePort& port) {
  constexpr std::chrono::milliseconds first{200};
  return port.timing().baud == 0 ? link::BackOff(first)
                                 : link::BackOff(first, std::chrono::milliseconds(500));
}

}  // namespace

struct ModbusLine::Thread {
  Thread(link::Executor& loop, std::unique_ptr<ExchangePort> its_port, Health tell_health)
      : executor(loop),
        port(std::move(its_port)),
        health(std::make_shared<Health>(std::move(tell_health))),
        back_off(pauses_of(*port)),
        scheduler(port->timing()) {}

  void run(const std::stop_token& stop) {
    // Timers of 50 µs slack, the default, would stretch every silence on the line.
    static_cast<void>(::prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL));
    while (!stop.stop_requested()) {
      if (!port->is_open()) {
        reopen(stop);
      } else if (auto order = next_order(stop)) {
        carry_out(*order);
      }
    }
    port->close();
  }

  void carry_out(LineScheduler::Order& order) {
    const MonoTime began = mono_now();
    Heard heard = port->exchange(order.waiting.exchange, order.late);
    {
      const std::lock_guard lock(mutex);
      scheduler.finished(order.waiting.exchange, heard, began, mono_now());
    }
    heard.reply.was_late = heard.was_late;
    const bool is_lost = heard.reply.status == Status::gone;
    answer(std::move(order.waiting.done), std::move(heard.reply));
    if (is_lost) {
      went_down(port->fault());
    }
  }

  /// Whose turn it is when the line is free: whoever comes meanwhile and hurries is still in time.
  std::optional<LineScheduler::Order> next_order(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    const MonoTime ready = scheduler.ready_at();
    const MonoTime now = mono_now();
    if (ready <= now) {
      return scheduler.next(now);
    }
    if (ready - now <= short_wait) {
      lock.unlock();
      hold_until(ready);
      return std::nullopt;
    }
    const bool is_idle = ready == MonoTime::max();
    const MonoTime until = is_idle ? now + hang_up_check : ready;
    const bool rang = bell.wait_until(lock, stop, until, [&] { return scheduler.ready_at() < ready; });
    lock.unlock();
    if (is_idle && !rang && !stop.stop_requested() && port->is_hung_up()) {
      port->close();
      went_down("the far end of the line hung up");
    }
    return std::nullopt;
  }

  void reopen(const std::stop_token& stop) {
    if (std::exchange(was_brief, false)) {
      rest(stop);
    }
    const auto reason = port->open(stop);
    if (reason.empty()) {
      opened_at = mono_now();
      {
        const std::lock_guard lock(mutex);
        scheduler.came_up(*opened_at);
      }
      tell(true, port->about());
      return;
    }
    went_down(reason);
    rest(stop);
  }

  void rest(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    bell.wait_for(lock, stop, back_off.next(), [] { return false; });
  }

  void went_down(const std::string& reason) {
    if (opened_at) {
      was_brief = mono_now() - *opened_at < steady_after;
      if (!was_brief) {
        back_off.reset();
      }
    }
    opened_at.reset();
    std::vector<TurnQueue::Waiting> stranded;
    {
      const std::lock_guard lock(mutex);
      stranded = scheduler.went_down();
    }
    for (auto& one : stranded) {
      answer(std::move(one.done), {Status::gone, {}});
    }
    tell(false, reason);
  }

  void tell(bool up, const std::string& text) {
    if (told && told->first == up && told->second == text) {
      return;
    }
    told.emplace(up, text);
    executor.post([weak = std::weak_ptr(health), up, text] {
      if (const auto call = weak.lock(); call && *call) {
        (*call)(up, text);
      }
    });
  }

  /// Called from the line's thread and from the loop.
  void answer(std::function<void(Reply)> done, Reply reply) {
    executor.post([weak = std::weak_ptr(health), done = std::move(done), reply = std::move(reply)] {
      if (!weak.expired()) {
        done(reply);
      }
    });
  }

  link::Executor& executor;
  const std::unique_ptr<ExchangePort> port;  ///< of the line's thread
  std::shared_ptr<Health> health;  ///< ended by the loop thread alone: then nothing posted runs any more
  link::BackOff back_off;
  std::optional<MonoTime> opened_at;
  bool was_brief = false;  ///< it came and went: no hurry to open it again
  std::optional<std::pair<bool, std::string>> told;

  mutable std::mutex mutex;
  std::condition_variable_any bell;
  LineScheduler scheduler;  ///< under the mutex

  std::jthread thread;
};

ModbusLine::ModbusLine(link::Executor& executor, std::unique_ptr<ExchangePort> port, Health health)
    : thread_(std::make_unique<Thread>(executor, std::move(port), std::move(health))) {
  thread_->thread =
      std::jthread([thread = thread_.get()](const std::stop_token& stop) { thread->run(stop); });
}

ModbusLine::ModbusLine(link::Executor& executor, link::SerialSettings port, LineTiming timing, Health health)
    : ModbusLine(executor, std::make_unique<RtuPort>(std::move(port), timing), std::move(health)) {}

ModbusLine::~ModbusLine() {
  begin_stop();
  thread_->thread.join();
}

void ModbusLine::begin_stop() {
  thread_->thread.request_stop();
}

UnitCounts ModbusLine::counts(BusAddress address) const {
  const std::lock_guard lock(thread_->mutex);
  return thread_->scheduler.counts(address);
}

void ModbusLine::exchange(Exchange exchange, std::function<void(Reply)> done) {
  std::optional<LineScheduler::Answer> settled;
  {
    const std::lock_guard lock(thread_->mutex);
    settled = thread_->scheduler.add(std::move(exchange), std::move(done));
  }
  thread_->bell.notify_one();
  if (settled) {
    thread_->answer(std::move(settled->done), {settled->status, {}});
  }
}

}  // namespace lobby::bus
