#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/flows/ports.hpp"

namespace lobby::fakes {

/// The hall without a disk: decides and folds with the real rules; what was asked is answered by drain(), as
/// the loop would. `disk_fails` refuses like a full disk.
class MemoryDesk final : public flows::Desk {
 public:
  explicit MemoryDesk(hall::Site site) : site_(std::move(site)) {}
  const hall::Site& site() const override { return site_; }
  const hall::State& state() const override { return state_; }
  hall::Instant now() const override { return time; }
  std::int64_t mono_ms() const override { return mono; }
  /// Time goes on, as it does when nobody sets the clock.
  void advance(std::int64_t ms) {
    time.utc_ms += ms;
    mono += ms;
  }

  void ask(hall::Command command, std::string by,
           std::function<void(std::optional<hall::Refusal>)> done) override {
    later_.push_back([this, command = std::move(command), by = std::move(by), done = std::move(done)] {
      done(disk_fails ? std::optional(hall::Refusal{hall::Refused::storage_failed, "disk full"})
                      : carry_out(command, by));
    });
  }
  void ask_for_key(hall::Command command, hall::KeyPress press,
                   std::function<void(std::optional<hall::Refusal>)> done) override {
    ask(std::move(command), press.device.value, [this, press, done = std::move(done)](const auto& refusal) {
      if (!refusal || refusal->code != hall::Refused::storage_failed) {
        presses.push_back(press);
      }
      done(refusal);
    });
  }
  void report(hall::Command command, std::string by) override {
    later_.push_back([this, command = std::move(command), by = std::move(by)] {
      if (disk_fails) {
        kept_.emplace_back(command, by);
      } else {
        carry_out(command, by);
      }
    });
  }
  /// Answers the oldest question.
  void step() {
    auto work = std::move(later_.front());
    later_.pop_front();
    work();
  }
  void drain() {
    while (!later_.empty()) {
      step();
    }
  }
  void disk_recovers() {
    disk_fails = false;
    for (auto& [command, by] : std::exchange(kept_, {})) {
      report(command, by);
    }
  }
  /// The types of the events so far, in order.
  std::vector<std::string> types() const {
    std::vector<std::string> result;
    result.reserve(events.size());
    for (const auto& event : events) {
      result.emplace_back(hall::type_of(event));
    }
    return result;
  }

  hall::Instant time{1773622800000, 480};  ///< 2026-03-16T09:00:00+08:00
  std::int64_t mono = 5'000;
  bool disk_fails = false;
  std::function<void(const hall::Event&)> recorded;
  std::vector<hall::Event> events;
  std::vector<hall::KeyPress> presses;  ///< dealt with, durably

 private:
  std::optional<hall::Refusal> carry_out(const hall::Command& command, const std::string& by) {
    auto decision = hall::decide(state_, site_, command, {time, by});
    if (auto* refusal = std::get_if<hall::Refusal>(&decision)) {
      return *refusal;
    }
    const auto decided = std::get<std::vector<hall::Event>>(decision);
    for (const auto& event : decided) {
      hall::apply(state_, event);
      events.push_back(event);
    }
    for (const auto& event : decided) {
      if (recorded) {
        recorded(event);
      }
    }
    return std::nullopt;
  }

  hall::Site site_;
  hall::State state_;
  std::deque<std::function<void()>> later_;
  std::vector<std::pair<hall::Command, std::string>> kept_;
};

/// One zone, service s1 (prefix A, always open), window w1, kiosk k1 with printer p1.
inline hall::Site small_site() {
  hall::Site site;
  site.name = "测试政务服务中心";
  site.zones = {{{"A"}, "大厅"}};
  hall::Service service;
  service.id = {"s1"};
  service.name = "不动产登记";
  service.zone = {"A"};
  service.prefix = "A";
  for (auto& day : service.hours) {
    day = {{0, 24 * 60}};
  }
  site.services = {service};
  hall::Window window;
  window.id = {"w1"};
  window.number = 1;
  window.zone = {"A"};
  window.services = {{"s1"}};
  site.windows = {window};
  site.kiosks = {{{"k1"}, "取号机", {"A"}, {"p1"}}};
  return site;
}

}  // namespace lobby::fakes
