#include "daemon/flows/camera_watch.hpp"

#include <algorithm>
#include <utility>

namespace lobby::flows {

namespace {

/// The recorder has another order on its way: that is no failure.
constexpr std::int64_t busy_pause = 250;

}  // namespace

void CameraWatch::enter(Stage stage, std::int64_t now) {
  stage_ = stage;
  since_ = now;
}

void CameraWatch::start(std::int64_t now) {
  enter(Stage::arming, now);
  next_order_ = now;
}

void CameraWatch::resume(std::int64_t now) {
  enter(Stage::verifying, now);
  next_probe_ = now;
}

void CameraWatch::stop(std::int64_t now) {
  enter(Stage::closing, now);
  next_order_ = now;
  pause_ = 0;
}

std::int64_t CameraWatch::next_pause() {
  pause_ = pause_ == 0 ? times_.again_first : std::min(pause_ * 2, times_.again_most);
  return pause_;
}

void CameraWatch::lose(std::int64_t now) {
  const bool was_rec = stage_ == Stage::rec;
  enter(Stage::lost, now);
  // A recording that broke off is ordered again at once, then ever less often.
  next_order_ = was_rec ? now : now + next_pause();
  next_probe_ = std::min(next_probe_, now + times_.probe_every);
  if (!std::exchange(is_missing_, true)) {
    news_ = News::missing;
  }
}

void CameraWatch::answered(std::int64_t now, const hall::RecorderAnswer& answer) {
  is_ordering_ = false;
  if (stage_ != Stage::arming && stage_ != Stage::lost) {
    return;
  }
  if (answer.word != hall::RecorderWord::failed) {
    enter(Stage::verifying, now);
    next_probe_ = now;
    return;
  }
  if (answer.fault == "busy") {
    next_order_ = now + busy_pause;
    return;
  }
  fault_ = answer.fault;
  reason_ = answer.reason;
  if (stage_ == Stage::arming) {
    lose(now);
  } else {
    next_order_ = now + next_pause();
  }
}

/// Why it is not recording, by the proof that says most.
void CameraWatch::note(const hall::RecordingReading& reading) {
  is_triggered_ = reading.verdict == hall::RecordingVerdict::triggered;
  says_no_ = reading.verdict == hall::RecordingVerdict::not_recording;
  if (is_triggered_) {
    fault_ = "unverified";
    reason_ = "the recorder was triggered, and nobody can verify that it records";
    return;
  }
  const auto wanted = says_no_ ? hall::Seen::no : hall::Seen::unknown;
  for (const auto& proof : reading.proofs) {
    if (proof.seen == wanted) {
      fault_ = proof.fault;
      reason_ = proof.reason;
      return;
    }
  }
}

void CameraWatch::read(std::int64_t now, const hall::RecordingReading& reading) {
  is_probing_ = false;
  if (stage_ != Stage::verifying && stage_ != Stage::rec && stage_ != Stage::lost) {
    return;
  }
  if (reading.verdict != hall::RecordingVerdict::recording) {
    note(reading);
    if (stage_ == Stage::rec && says_no_) {
      lose(now);
    }
    return;
  }
  if (now - reading.good_ms > times_.lost_after) {
    return;
  }
  last_good_ = std::max(last_good_.value_or(reading.good_ms), reading.good_ms);
  is_triggered_ = says_no_ = false;
  fault_.clear();
  reason_.clear();
  if (stage_ != Stage::rec) {
    enter(Stage::rec, now);
    news_ = News::verified;
    is_missing_ = false;
    pause_ = 0;
    next_probe_ = reading.good_ms + times_.probe_every;
  }
}

void CameraWatch::released(std::int64_t now, const hall::RecorderAnswer& answer) {
  is_releasing_ = false;
  if (stage_ != Stage::closing) {
    return;
  }
  if (answer.word == hall::RecorderWord::done) {
    enter(Stage::closed, now);
    news_ = News::released;
    return;
  }
  fault_ = answer.fault;
  reason_ = answer.reason;
  next_order_ = now + next_pause();
}

void CameraWatch::pass_deadlines(std::int64_t now) {
  const std::int64_t age = now - since_;
  if (stage_ == Stage::arming && age > times_.arm_within) {
    fault_ = "timeout";
    reason_ = "the recorder did not answer the order in time";
    lose(now);
  } else if (stage_ == Stage::verifying && age > times_.verify_within) {
    if (reason_.empty()) {
      fault_ = "unverified";
      reason_ = "no proof of a recording came in time";
    }
    lose(now);
  } else if (stage_ == Stage::rec && now - last_good_.value_or(since_) > times_.lost_after) {
    if (reason_.empty()) {
      fault_ = "timeout";
      reason_ = "the last proof of a recording is too old";
    }
    lose(now);
  } else if (stage_ == Stage::closing && age > times_.stop_within) {
    enter(Stage::closed, now);
    news_ = News::stuck;
  }
}

void CameraWatch::begin(Todo& todo, std::int64_t now) {
  // Who is triggered and cannot be verified is not ordered again: that says no more.
  const bool wants_order = stage_ == Stage::arming || (stage_ == Stage::lost && !is_triggered_);
  if (wants_order && !is_ordering_ && now >= next_order_) {
    todo.order = is_ordering_ = true;
  }
  if (stage_ == Stage::closing && !is_releasing_ && !is_ordering_ && now >= next_order_) {
    todo.release = is_releasing_ = true;
  }
  const bool is_watching = stage_ == Stage::verifying || stage_ == Stage::rec || stage_ == Stage::lost;
  if (is_watching && !is_probing_ && now >= next_probe_) {
    todo.probe = is_probing_ = true;
    next_probe_ = now + (stage_ == Stage::verifying ? times_.verifying_every : times_.probe_every);
  }
}

CameraWatch::Todo CameraWatch::step(std::int64_t now) {
  pass_deadlines(now);
  Todo todo;
  todo.news = std::exchange(news_, std::nullopt);
  begin(todo, now);
  return todo;
}

hall::CameraShown CameraWatch::shown(std::int64_t now) const {
  using enum hall::CameraShown;
  switch (stage_) {
    case Stage::idle:
    case Stage::closed:
      return off;
    case Stage::rec:
      return last_good_ && now - *last_good_ <= times_.lost_after ? rec : unknown;
    default:
      return is_missing_ && says_no_ ? not_recording : unknown;
  }
}

}  // namespace lobby::flows
