#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <vector>

#include "daemon/flows/ports.hpp"
#include "daemon/hall/event.hpp"

namespace lobby::flows {

/// What an earlier life of the daemon did today.
struct EarlierPrinting {
  std::vector<hall::DeviceId> used;  ///< the printers that it printed on
  std::vector<hall::DeviceId> torn;  ///< those in which it may have left part of a ticket
};
EarlierPrinting earlier_printing(const hall::State& state);

/// The issue walk behind the decision: paper for every ticket that is due some, once.
///
/// Per printer one ticket is in flight. TicketPrintStarted is durable before the first byte leaves; the
/// outcome is recorded after. A ticket that was being sent when the daemon died is unknown: a person settles
/// it, it is never printed again by itself. A ticket that could not be begun within `patience_ms` is not
/// printed any more, because its owner has gone to the desk by then. One that the printer threw away is
/// printed again, marked, before all that wait, and so at most three times; where that cannot be begun in
/// time, a person must look, because its owner stands there with nothing. After a restart only the clock says
/// how old a ticket is; one from the future is too old.
class Issue {
 public:
  Issue(Desk& desk, Paper& paper, std::int64_t patience_ms);

  /// Takes up what the journal left over. Once, after the state was recovered.
  void start();
  /// Every durable event, in order.
  void on_event(const hall::Event& event);
  /// A printer became ready or stopped being so.
  void on_printer(const hall::DeviceId& printer);
  /// About once a second.
  void tick();
  /// The daemon is being stopped: nothing more is begun, what waits is left to the journal. `idle` runs once,
  /// when nothing is being printed and what became of it was reported; at once when nothing is.
  void stop(std::function<void()> idle);

 private:
  struct Job {
    hall::TicketId ticket;
    std::uint32_t copy = 0;
    std::int64_t begin_by_ms = 0;  ///< monotonic: whoever sets the clock neither ends nor prolongs a wait
    bool replaces = false;         ///< a sheet that the printer threw away
  };
  struct Queue {
    std::deque<Job> waiting;
    bool in_flight = false;
  };
  std::int64_t left_ms(const hall::Ticket& ticket) const;
  void enqueue(const hall::DeviceId& printer, Job job);
  void pump(const hall::DeviceId& printer);
  void begin(const hall::DeviceId& printer, Job job);
  void finish(const hall::DeviceId& printer, const Job& job, Paper::Result result, std::string reason);
  void learn(const hall::DeviceId& printer, const Job& job, Paper::Later what);
  void tell_if_idle();

  Desk& desk_;
  Paper& paper_;
  std::int64_t patience_ms_;
  std::map<hall::DeviceId, Queue> queues_;
  bool stopping_ = false;
  std::function<void()> idle_;  ///< who waits for it; empty: nobody
};

}  // namespace lobby::flows
