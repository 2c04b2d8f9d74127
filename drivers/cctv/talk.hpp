#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "drivers/cctv/recorder.hpp"
#include "drivers/http/message.hpp"

/// What the drivers of this room have in common.
namespace lobby::cctv {

Fault fault_of(http::Fault fault);
/// Of an answer that is none.
Outcome outcome_of(const http::Answer& answer);
Outcome done_by(const http::Answer& answer);
Outcome failed_by(const http::Answer& answer, Fault fault, std::string reason);
Outcome failed(Fault fault, std::string reason);
/// Of an answer that came and is no success by its status; `none` for 2xx.
Fault status_fault(unsigned status);

Proof proof_of(std::string_view probe, const http::Answer& answer, Proof::Seen seen, Fault fault,
               std::string reason);
/// Of an answer that is none, or has no success for its status.
Proof no_proof(std::string_view probe, const http::Answer& answer);

/// Nobody has started a recording, so there is none to look for.
Proof not_ordered(std::string_view probe, link::MonoTime now);

std::int64_t ms_of(UtcTime time);
UtcTime utc_of_seconds(std::int64_t seconds);

/// Waits for the parts of one reading.
class Gathering {
 public:
  using Done = std::function<void(Reading)>;
  Gathering(bool can_verify, std::size_t parts, Done done) : left_(parts), done_(std::move(done)) {
    reading.can_verify = can_verify;
  }
  void add(Proof proof) {
    reading.proofs.push_back(std::move(proof));
    came();
  }
  /// One part has come, whatever it brought.
  void came() {
    if (--left_ == 0) {
      done_(std::move(reading));
    }
  }
  Reading reading;

 private:
  std::size_t left_;
  Done done_;
};

/// One call of its kind at a time, and the answer in a later turn, unless the recorder is gone.
class Turns {
 public:
  explicit Turns(link::Executor& executor) : executor_(executor) {}
  /// False when an order is on its way already: then `done` is told so, with what it gets besides.
  template <class... More>
  bool begin_order(const std::function<void(Outcome, More...)>& done,
                   const std::type_identity_t<More>&... more) {
    if (!std::exchange(is_ordering_, true)) {
      return true;
    }
    later([done, more...] { done(failed(Fault::busy, "an order is on its way"), more...); });
    return false;
  }
  void end_order() { is_ordering_ = false; }
  /// The same of probes: a second one has nothing to say.
  bool begin_probe(const std::function<void(Reading)>& done, bool can_verify) {
    if (!std::exchange(is_probing_, true)) {
      return true;
    }
    later([done, can_verify] { done({can_verify, {}, {}}); });
    return false;
  }
  void end_probe() { is_probing_ = false; }
  bool begin_check(const std::function<void(Preflight)>& done) {
    if (!std::exchange(is_checking_, true)) {
      return true;
    }
    later([done] { done({}); });
    return false;
  }
  void end_check() { is_checking_ = false; }
  void later(std::function<void()> work) {
    executor_.post([life = std::weak_ptr<int>(life_), work = std::move(work)] {
      if (!life.expired()) {
        work();
      }
    });
  }

 private:
  link::Executor& executor_;
  bool is_ordering_ = false;
  bool is_probing_ = false;
  bool is_checking_ = false;
  std::shared_ptr<int> life_ = std::make_shared<int>(0);
};

/// Of a recorder whose order is one step, `order(is_start, done)`, which ends its turn: the session begins
/// with the first order, and lasts until an order back was carried out. It belongs to the driver, as `turns`
/// does.
template <class Order>
void start_session(Turns& turns, std::optional<Session>& session, Session fresh,
                   std::function<void(Outcome, Session)> done, Order order) {
  if (!turns.begin_order(done, session.value_or(Session{}))) {
    return;
  }
  if (!session) {
    session = std::move(fresh);
  }
  order(true, [&session, done = std::move(done)](Outcome outcome) { done(std::move(outcome), *session); });
}
template <class Order>
void stop_session(Turns& turns, std::optional<Session>& session, std::function<void(Outcome)> done,
                  Order order) {
  if (!turns.begin_order(done)) {
    return;
  }
  order(false, [&session, done = std::move(done)](Outcome outcome) {
    if (outcome.word == Word::done) {
      session.reset();
    }
    done(std::move(outcome));
  });
}

}  // namespace lobby::cctv
