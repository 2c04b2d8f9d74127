#include "daemon/app/registrar.hpp"

#include <utility>

namespace lobby::app {

using journal::Batch;
using journal::Commit;

Registrar::Registrar(journal::Journal& journal, const hall::Site& site, Now now, Hooks hooks)
    : journal_(journal),
      site_(site),
      now_(std::move(now)),
      hooks_(std::move(hooks)),
      state_(journal.recover()) {}

void Registrar::submit(Request request) {
  waiting_.push_back(std::move(request));
  flush_soon();
}

/// Posted, not called: what else this turn of the loop brings goes into the same commit.
void Registrar::flush_soon() {
  if (committing_ || flush_posted_ || waiting_.empty()) {
    return;
  }
  flush_posted_ = true;
  hooks_.post([this] {
    flush_posted_ = false;
    flush();
  });
}

void Registrar::report(hall::Command command, std::string by) {
  if (failed_) {
    if (reports_.size() == max_reports) {
      reports_.pop_front();
    }
    reports_.emplace_back(std::move(command), std::move(by));
    return;
  }
  Request request;
  request.command = command;
  request.by = by;
  request.done = [this, command = std::move(command), by = std::move(by)](const auto& result) {
    const auto* refusal = std::get_if<hall::Refusal>(&result);
    if (refusal != nullptr && refusal->code == hall::Refused::storage_failed) {
      report(command, by);
    }
  };
  submit(std::move(request));
}

void Registrar::when_durable(std::function<void()> then) {
  if (committing_) {
    readers_.push_back(std::move(then));
  } else {
    then();
  }
}

void Registrar::when_idle(std::function<void()> then) {
  until_idle_.push_back(std::move(then));
  tell_if_idle();
}

void Registrar::tell_if_idle() {
  if (committing_ || !waiting_.empty() || !reports_.empty()) {
    return;
  }
  for (auto& then : std::exchange(until_idle_, {})) {
    then();
  }
}

void Registrar::turn_day_if_due() {
  if (failed_) {
    return;
  }
  const auto now = now_();
  if (hall::day_is_due(state_, now)) {
    report(hall::TurnDay{}, "");
  } else if (hall::expiry_is_due(state_, site_, now)) {
    report(hall::ExpireDay{}, "");
  }
}

void Registrar::flush() {
  if (committing_ || waiting_.empty()) {
    return;
  }
  Batch batch;
  while (!waiting_.empty()) {
    auto request = std::move(waiting_.front());
    waiting_.pop_front();
    decide_into(std::move(request), batch);
  }
  committing_ = true;
  if (batch.events.empty() && batch.answers.empty() && batch.presses.empty() && batch.places.empty()) {
    hooks_.post([this] { settle(); });  // only refusals and reports of what is known
    return;
  }
  journal_.append(std::move(batch), [this](Commit outcome) { committed(outcome); });
}

void Registrar::decide_into(Request request, Batch& batch) {
  if (failed_) {
    group_.push_back({std::move(request), hall::Refusal{hall::Refused::storage_failed, journal_.reason()}});
    return;
  }
  if (!request.asks_hall) {
    request.attach({}, batch);
    group_.push_back({std::move(request), std::vector<hall::Event>{}});
    return;
  }
  const hall::Context context{now_(), request.by};
  const bool turns_day = std::holds_alternative<hall::TurnDay>(request.command);
  if (!turns_day && hall::day_is_due(state_, context.now)) {
    const auto day = hall::decide(state_, site_, hall::TurnDay{}, {context.now, ""});
    record_into(std::get<std::vector<hall::Event>>(day), batch);
  }
  auto decision = hall::decide(state_, site_, request.command, context);
  if (const auto* events = std::get_if<std::vector<hall::Event>>(&decision)) {
    record_into(*events, batch);
    if (request.attach) {
      request.attach(*events, batch);
    }
  }
  if (request.press) {
    batch.presses.push_back(*request.press);
  }
  group_.push_back({std::move(request), std::move(decision)});
}

void Registrar::record_into(const std::vector<hall::Event>& events, Batch& batch) {
  for (const auto& event : events) {
    hall::apply(state_, event);
    auto line = journal::to_line(event);
    batch.events.push_back(line);
    group_events_.emplace_back(event, std::move(line));
  }
}

void Registrar::committed(Commit outcome) {
  if (outcome == Commit::failed) {
    fail();
  } else if (journal_.wants_snapshot()) {
    journal_.snapshot(state_);
  }
  settle();
}

void Registrar::settle() {
  committing_ = false;
  auto group = std::exchange(group_, {});
  auto events = std::exchange(group_events_, {});
  auto readers = std::exchange(readers_, {});
  for (const auto& [event, line] : events) {
    hooks_.recorded(event, line);
  }
  for (auto& pending : group) {
    if (pending.request.done) {
      pending.request.done(std::move(pending.result));
    }
  }
  for (auto& reader : readers) {
    reader();
  }
  // Who was answered may ask again at once: a turn of the loop later it shares the next commit.
  hooks_.post([this] {
    flush_soon();
    tell_if_idle();
  });
}

void Registrar::fail() {
  const hall::Refusal refusal{hall::Refused::storage_failed, journal_.reason()};
  group_events_.clear();
  for (auto& pending : group_) {
    pending.result = refusal;
  }
  state_ = journal_.recover();
  failed_ = true;
  hooks_.storage(false, refusal.detail);
  hooks_.in_one_second([this] { probe(); });
}

void Registrar::probe() {
  journal_.probe([this](Commit outcome) {
    if (outcome == Commit::failed) {
      hooks_.in_one_second([this] { probe(); });
      return;
    }
    failed_ = false;
    hooks_.storage(true, "");
    send_reports();
  });
}

void Registrar::send_reports() {
  auto reports = std::exchange(reports_, {});
  for (auto& [command, by] : reports) {
    report(std::move(command), std::move(by));
  }
}

}  // namespace lobby::app
