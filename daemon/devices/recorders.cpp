#include "daemon/devices/recorders.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace lobby::devices {
namespace {

std::int64_t ms_of(link::MonoTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

hall::RecorderAnswer answer_of(const cctv::Outcome& outcome) {
  hall::RecorderAnswer answer;
  answer.word = outcome.word == cctv::Word::done     ? hall::RecorderWord::done
                : outcome.word == cctv::Word::failed ? hall::RecorderWord::failed
                                                     : hall::RecorderWord::unknown;
  answer.fault = outcome.fault == cctv::Fault::none ? "" : std::string(cctv::to_text(outcome.fault));
  answer.reason = outcome.reason;
  answer.raw_sha256 = outcome.raw_sha256;
  return answer;
}

hall::RecordingVerdict verdict_of(cctv::Verdict verdict) {
  switch (verdict) {
    case cctv::Verdict::recording:
      return hall::RecordingVerdict::recording;
    case cctv::Verdict::triggered:
      return hall::RecordingVerdict::triggered;
    case cctv::Verdict::not_recording:
      return hall::RecordingVerdict::not_recording;
    case cctv::Verdict::unknown:
      break;
  }
  return hall::RecordingVerdict::unknown;
}

hall::Seen seen_of(cctv::Proof::Seen seen) {
  return seen == cctv::Proof::Seen::yes  ? hall::Seen::yes
         : seen == cctv::Proof::Seen::no ? hall::Seen::no
                                         : hall::Seen::unknown;
}

/// Two proofs make it recording: it is as old as the second newest of them.
std::int64_t good_ms_of(const cctv::Reading& reading) {
  std::vector<std::int64_t> times;
  for (const auto& proof : reading.proofs) {
    if (proof.seen == cctv::Proof::Seen::yes) {
      times.push_back(ms_of(proof.at));
    }
  }
  std::sort(times.begin(), times.end(), std::greater<>());
  return times.size() < 2 ? 0 : times[1];
}

hall::RecordingReading reading_of(const cctv::Reading& reading, link::MonoTime now, link::Duration limit) {
  hall::RecordingReading out;
  out.verdict = verdict_of(cctv::judge(reading, now, limit));
  out.good_ms = good_ms_of(reading);
  for (const auto& proof : reading.proofs) {
    out.proofs.push_back({proof.probe, seen_of(proof.seen),
                          proof.fault == cctv::Fault::none ? "" : std::string(cctv::to_text(proof.fault)),
                          proof.reason, ms_of(proof.at), proof.raw_sha256});
  }
  if (reading.clock_offset) {
    out.clock_offset_ms = reading.clock_offset->count();
  }
  return out;
}

hall::RecorderReport report_of(const cctv::Preflight& found) {
  hall::RecorderReport report;
  for (const auto& check : found.checks) {
    report.checks.push_back({check.name, answer_of(check.outcome)});
  }
  report.version = found.version;
  if (found.clock_offset) {
    report.clock_offset_ms = found.clock_offset->count();
  }
  return report;
}

bool is_silent(cctv::Fault fault) {
  return fault == cctv::Fault::unreachable || fault == cctv::Fault::timeout;
}

}  // namespace

struct Recorders::Unit {
  Unit(link::Executor& executor, const RecorderConfig& config, Roster& all)
      : id(config.id), roster(all), look(executor) {}

  void tell(hall::DeviceState state, const std::string& reason) { roster.tell(id, state, reason); }
  void learn(const cctv::Preflight& found) {
    for (const auto& check : found.checks) {
      if (check.outcome.word != cctv::Word::done) {
        tell(is_silent(check.outcome.fault) ? hall::DeviceState::gone : hall::DeviceState::degraded,
             check.name + ": " + check.outcome.reason);
        return;
      }
    }
    if (!found.checks.empty()) {
      tell(hall::DeviceState::ok, "");
    }
  }
  void learn(const cctv::Reading& reading, cctv::Verdict verdict) {
    if (verdict == cctv::Verdict::recording || verdict == cctv::Verdict::triggered) {
      tell(hall::DeviceState::ok, "");
      return;
    }
    const bool all_silent = !reading.proofs.empty() &&
                            std::all_of(reading.proofs.begin(), reading.proofs.end(),
                                        [](const cctv::Proof& proof) { return is_silent(proof.fault); });
    for (const auto& proof : reading.proofs) {
      if (proof.seen != cctv::Proof::Seen::yes && proof.fault != cctv::Fault::none) {
        // That a file could be looked at does not make a dead recorder a living one.
        tell(all_silent || is_silent(proof.fault) ? hall::DeviceState::gone : hall::DeviceState::degraded,
             proof.reason);
        return;
      }
    }
  }

  /// A look that is under way serves everybody who asks meanwhile.
  void check(std::function<void(hall::RecorderReport)> done) {
    asking.push_back(std::move(done));
    if (asking.size() > 1) {
      return;
    }
    recorder->preflight([this](const cctv::Preflight& found) {
      learn(found);
      const auto report = report_of(found);
      for (const auto& each : std::exchange(asking, {})) {
        each(report);
      }
    });
  }

  hall::DeviceId id;
  Roster& roster;
  std::vector<std::function<void(hall::RecorderReport)>> asking;
  std::unique_ptr<cctv::Recorder> recorder;  ///< nullptr: it cannot be asked, for the reason in the roster
  link::Timer look;
  link::MonoTime used{};  ///< when it was probed last
};

Recorders::Recorders(link::Executor& executor, const std::vector<RecorderConfig>& configs, const Make& make,
                     Roster& roster, Options options)
    : executor_(executor), options_(std::move(options)) {
  for (const auto& config : configs) {
    hall::DeviceView view;
    view.id = config.id;
    view.kind = hall::DeviceKind::recorder;
    view.driver = config.driver;
    roster.add(std::move(view));
    auto unit = std::make_unique<Unit>(executor, config, roster);
    try {
      unit->recorder = make(config);
      roster.detail(config.id, unit->recorder->describe());
    } catch (const std::runtime_error& error) {
      unit->tell(hall::DeviceState::degraded, error.what());
    }
    units_.push_back(std::move(unit));
  }
  // Not all at once.
  std::size_t place = 0;
  for (auto& unit : units_) {
    if (unit->recorder) {
      look_later(*unit, std::chrono::milliseconds(200 * ++place));
    }
  }
}

Recorders::~Recorders() = default;

void Recorders::look_later(Unit& unit, link::Duration after) {
  unit.look.start(after, [this, &unit] {
    const bool is_used = executor_.now() - unit.used < options_.look_every && unit.used != link::MonoTime{};
    if (!is_used) {
      unit.check([](const hall::RecorderReport&) {});
    }
    look_later(unit, options_.look_every);
  });
}

Recorders::Unit* Recorders::find(const hall::DeviceId& camera) {
  const auto it =
      std::find_if(units_.begin(), units_.end(), [&](const auto& unit) { return unit->id == camera; });
  return it == units_.end() || !(*it)->recorder ? nullptr : it->get();
}

void Recorders::start(const hall::DeviceId& camera,
                      std::function<void(hall::RecorderAnswer, hall::RecordingSession)> done) {
  Unit* const unit = find(camera);
  if (unit == nullptr) {
    return executor_.post([done = std::move(done), now = options_.now()] {
      done({hall::RecorderWord::failed, "unsupported", "there is no such recorder", {}}, {now, {}});
    });
  }
  unit->recorder->start(
      [this, done = std::move(done)](const cctv::Outcome& outcome, const cctv::Session& session) {
        hall::RecordingSession kept{options_.now(), session.previous};
        kept.since.utc_ms = session.since.time_since_epoch().count();
        done(answer_of(outcome), std::move(kept));
      });
}

void Recorders::resume(const hall::DeviceId& camera, hall::RecordingSession session) {
  if (Unit* const unit = find(camera)) {
    unit->recorder->resume(
        {cctv::UtcTime(std::chrono::milliseconds(session.since.utc_ms)), std::move(session.previous)});
  }
}

void Recorders::stop(const hall::DeviceId& camera, std::function<void(hall::RecorderAnswer)> done) {
  Unit* const unit = find(camera);
  if (unit == nullptr) {
    return executor_.post([done = std::move(done)] {
      done({hall::RecorderWord::failed, "unsupported", "there is no such recorder", {}});
    });
  }
  unit->recorder->stop([done = std::move(done)](const cctv::Outcome& outcome) { done(answer_of(outcome)); });
}

void Recorders::probe(const hall::DeviceId& camera, std::function<void(hall::RecordingReading)> done) {
  Unit* const unit = find(camera);
  if (unit == nullptr) {
    return executor_.post([done = std::move(done)] { done({}); });
  }
  unit->used = executor_.now();
  unit->recorder->probe([this, unit, done = std::move(done)](const cctv::Reading& reading) {
    unit->learn(reading, cctv::judge(reading, executor_.now(), options_.lost_after));
    done(reading_of(reading, executor_.now(), options_.lost_after));
  });
}

void Recorders::check(const hall::DeviceId& camera, std::function<void(hall::RecorderReport)> done) {
  Unit* const unit = find(camera);
  if (unit == nullptr) {
    return executor_.post([done = std::move(done)] { done({}); });
  }
  unit->check(std::move(done));
}

}  // namespace lobby::devices
