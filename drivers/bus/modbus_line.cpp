#include "drivers/bus/modbus_line.hpp"

#include <sys/prctl.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "drivers/bus/modbus_port.hpp"
#include "drivers/bus/turn_queue.hpp"
#include "drivers/link/back_off.hpp"

namespace lobby::bus {
namespace {

constexpr std::chrono::seconds hang_up_check{1};

LineTiming fitted(LineTiming timing, const link::SerialSettings& port) {
  timing.baud = port.baud;
  timing.parity = port.parity;
  return timing;
}

}  // namespace

struct ModbusLine::Thread {
  Thread(link::Executor& loop, const link::SerialSettings& port_settings, LineTiming timing,
         Health tell_health)
      : executor(loop),
        port(port_settings, timing),
        health(std::make_shared<Health>(std::move(tell_health))) {}

  void run(const std::stop_token& stop) {
    // Timers of 50 µs slack, the default, would stretch every silence on the line.
    static_cast<void>(::prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL));
    while (!stop.stop_requested()) {
      if (!port.is_open()) {
        reopen(stop);
        continue;
      }
      if (auto next = next_turn(stop)) {
        Reply reply = port.exchange(next->exchange);
        count(next->exchange, reply.status);
        const bool lost = reply.status == link::Status::gone;
        answer(std::move(next->done), std::move(reply));
        if (lost) {
          went_down(port.fault());
        }
      }
    }
    port.close();
  }

  void count(const Exchange& exchange, link::Status status) {
    const std::lock_guard lock(mutex);
    UnitCounts& unit = counts[exchange.address.value];
    unit.asked += 1;
    unit.answered += status == link::Status::ok || status == link::Status::refused ? 1 : 0;
    unit.refused += status == link::Status::refused ? 1 : 0;
    unit.timeouts += status == link::Status::timeout ? 1 : 0;
    unit.corrupt += status == link::Status::corrupt ? 1 : 0;
  }

  std::optional<TurnQueue::Waiting> next_turn(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    const bool something = bell.wait_for(lock, stop, hang_up_check, [this] { return !queue.empty(); });
    if (something && !stop.stop_requested()) {
      return queue.pop();
    }
    lock.unlock();
    if (!stop.stop_requested() && port.is_hung_up()) {
      port.close();
      went_down("the far end of the line hung up");
    }
    return std::nullopt;
  }

  void reopen(const std::stop_token& stop) {
    const auto reason = port.open();
    if (reason.empty()) {
      {
        const std::lock_guard lock(mutex);
        away = false;
      }
      opened_at = std::chrono::steady_clock::now();
      tell(true, {});
      return;
    }
    went_down(reason);
    std::unique_lock lock(mutex);
    bell.wait_for(lock, stop, back_off.next(), [] { return false; });
  }

  void went_down(const std::string& reason) {
    if (std::chrono::steady_clock::now() - opened_at > std::chrono::seconds(5)) {
      back_off.reset();
    }
    opened_at = link::MonoTime::max();
    std::vector<TurnQueue::Waiting> stranded;
    {
      const std::lock_guard lock(mutex);
      away = true;
      stranded = queue.take_all();
    }
    for (auto& one : stranded) {
      answer(std::move(one.done), {link::Status::gone, {}});
    }
    tell(false, reason);
  }

  void tell(bool up, const std::string& reason) {
    if (told && told->first == up && told->second == reason) {
      return;
    }
    told.emplace(up, reason);
    executor.post([weak = std::weak_ptr(health), up, reason] {
      if (const auto call = weak.lock(); call && *call) {
        (*call)(up, reason);
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
  ModbusPort port;                 ///< of the line's thread
  std::shared_ptr<Health> health;  ///< ended by the loop thread alone: then nothing posted runs any more
  link::BackOff back_off;
  link::MonoTime opened_at = link::MonoTime::max();
  std::optional<std::pair<bool, std::string>> told;

  mutable std::mutex mutex;
  std::condition_variable_any bell;
  TurnQueue queue;                       ///< under the mutex
  bool away = false;                     ///< under the mutex
  std::array<UnitCounts, 256> counts{};  ///< under the mutex

  std::jthread thread;
};

ModbusLine::ModbusLine(link::Executor& executor, link::SerialSettings port, LineTiming timing, Health health)
    : thread_(std::make_unique<Thread>(executor, port, fitted(timing, port), std::move(health))) {
  thread_->thread =
      std::jthread([thread = thread_.get()](const std::stop_token& stop) { thread->run(stop); });
}

ModbusLine::ModbusLine(link::Executor& executor, link::SerialSettings port, Health health)
    : ModbusLine(executor, std::move(port), LineTiming{}, std::move(health)) {}

ModbusLine::~ModbusLine() {
  begin_stop();
  thread_->thread.join();
}

void ModbusLine::begin_stop() {
  thread_->thread.request_stop();
}

UnitCounts ModbusLine::counts(BusAddress address) const {
  const std::lock_guard lock(thread_->mutex);
  return thread_->counts[address.value];
}

void ModbusLine::exchange(Exchange exchange, std::function<void(Reply)> done) {
  auto refusal = link::Status::ok;
  if (!is_valid(exchange)) {
    refusal = link::Status::refused;
  } else {
    TurnQueue::Waiting waiting{std::move(exchange), std::move(done)};
    {
      const std::lock_guard lock(thread_->mutex);
      if (thread_->away) {
        refusal = link::Status::gone;
      } else if (!thread_->queue.push(waiting)) {
        refusal = link::Status::busy;
      }
    }
    if (refusal == link::Status::ok) {
      thread_->bell.notify_one();
      return;
    }
    done = std::move(waiting.done);
  }
  thread_->answer(std::move(done), {refusal, {}});
}

}  // namespace lobby::bus
