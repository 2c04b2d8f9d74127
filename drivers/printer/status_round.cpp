#include "drivers/printer/status_round.hpp"

#include <utility>

namespace lobby::printer {
namespace {

constexpr int questions_a_round = 4;

}  // namespace

StatusRound::StatusRound(link::Executor& executor, const Profile& profile, Ask ask, Done done)
    : executor_(executor),
      frame_question_(profile.status_ask),
      ask_(std::move(ask)),
      done_(std::move(done)),
      deadline_(executor) {}

void StatusRound::start(link::Duration patience) {
  if (is_running()) {
    return;
  }
  patience_ = patience;
  condition_ = {};
  asked_ = 0;
  if (owed_ == 0) {
    ask_next();
  } else {
    settle();
  }
}

void StatusRound::stop() {
  place_ = Place::resting;
  owed_ = 0;
  heard_ = false;
  deadline_.cancel();
}

void StatusRound::take(const escpos::RealTime& answer) {
  if (owed_ == 0 || !frame_question_.empty()) {
    return;  // nobody asked
  }
  if (place_ == Place::asking) {
    escpos::add_real_time(asked_, answer.bits, condition_);
  }
  answered();
}

void StatusRound::take(const escpos::Automatic& answer) {
  if (owed_ == 0 || frame_question_.empty()) {
    return;
  }
  if (place_ == Place::asking) {
    condition_ = answer.condition;
  }
  answered();
}

void StatusRound::answered() {
  --owed_;
  if (place_ == Place::asking) {
    if (asked_ == questions_a_round || !frame_question_.empty()) {
      end(condition_);
    } else {
      ask_next();
    }
    return;
  }
  heard_ = owed_ > 0;
  if (place_ == Place::settling) {
    if (heard_) {
      settle();
    } else {
      ask_next();
    }
  }
}

/// A printer that has said nothing is asked once more, so that it can; one that answers is given the time
/// after which nothing old can come.
void StatusRound::settle() {
  place_ = Place::settling;
  if (heard_) {
    deadline_.start(last_asked_ + lost_after - executor_.now(), [this] { settled(); });
    return;
  }
  deadline_.start(patience_, [this] { end(std::nullopt); });
  ask(1);
}

void StatusRound::settled() {
  lost_ += owed_;
  owed_ = 0;
  heard_ = false;
  ask_next();
}

void StatusRound::ask_next() {
  place_ = Place::asking;
  ++asked_;
  deadline_.start(patience_, [this] { end(std::nullopt); });
  ask(asked_);
}

void StatusRound::ask(int n) {
  ++owed_;
  last_asked_ = executor_.now();
  ask_(frame_question_.empty() ? escpos::ask_status(n) : frame_question_);
}

void StatusRound::end(std::optional<escpos::Condition> condition) {
  place_ = Place::resting;
  deadline_.cancel();
  done_(condition);
}

}  // namespace lobby::printer
