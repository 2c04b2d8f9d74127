#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/flows/ports.hpp"
#include "daemon/hall/event.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/printer/profile.hpp"
#include "tests/printing_proof/cable.hpp"

/// The daemon as far as paper goes, made of its real parts, and the journal that survives it.
///
/// This is the one place that knows how those parts are put together.
namespace lobby::proof {

/// What is on the disk.
struct Journal {
  std::vector<hall::Event> events;
};

/// One hall: a service, two kiosks, one printer.
hall::Site proof_site();

/// The loop of one life: what it had in mind dies with it.
class LifeExecutor final : public link::Executor {
 public:
  explicit LifeExecutor(link::Executor& world) : world_(world), alive_(std::make_shared<bool>(true)) {}
  void die() { *alive_ = false; }
  link::MonoTime now() const override { return world_.now(); }
  void post(std::function<void()> work) override { world_.post(while_alive(std::move(work))); }
  TimerId after(link::Duration delay, std::function<void()> work) override {
    return world_.after(delay, while_alive(std::move(work)));
  }
  void cancel(TimerId timer) override {
    if (*alive_) {  // else it comes to nothing anyway, and the world may be at its end
      world_.cancel(timer);
    }
  }

 private:
  std::function<void()> while_alive(std::function<void()> work) {
    return [alive = alive_, work = std::move(work)] {
      if (*alive) {
        work();
      }
    };
  }
  link::Executor& world_;
  std::shared_ptr<bool> alive_;
};

/// One life of the daemon, from its start to kill -9.
class Life {
 public:
  struct Options {
    printer::Profile profile;
    Duration commit = std::chrono::milliseconds(1);  ///< from decision to disk
    bool flow_bytes = true;
    bool shipped_paper = false;
    std::function<void(const hall::Event&)> durable = [](const hall::Event&) {};
  };
  Life(LifeExecutor& executor, Journal& journal, Cable& cable, Options options);
  ~Life();

  /// Somebody presses at a kiosk.
  void press(const std::string& kiosk);
  /// Staff asks for a copy, or says what became of an unknown print.
  void reprint(hall::TicketId ticket);
  void settle(hall::TicketId ticket, bool printed);
  const hall::State& state() const;
  /// Where time stands, in the journal's words.
  static hall::Instant wall(link::MonoTime now);

 private:
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace lobby::proof
