#include "drivers/printer/status_round.hpp"

#include <utility>

namespace lobby::printer {
namespace {

constexpr link::Duration answer_within = std::chrono::milliseconds(500);
constexpr int questions = 4;

}  // namespace

StatusRound::StatusRound(link::Executor& executor, Ask ask, Done done)
    : ask_(std::move(ask)), done_(std::move(done)), deadline_(executor) {}

void StatusRound::start() {
  if (asked_ == 0) {
    condition_ = {};
    ask_next();
  }
}

void StatusRound::stop() {
  asked_ = 0;
  deadline_.cancel();
}

void StatusRound::take(const escpos::RealTime& answer) {
  if (asked_ == 0) {
    return;  // late, or nobody asked
  }
  escpos::add_real_time(asked_, answer.bits, condition_);
  if (asked_ == questions) {
    end(condition_);
  } else {
    ask_next();
  }
}

void StatusRound::ask_next() {
  ++asked_;
  deadline_.start(answer_within, [this] { end(std::nullopt); });
  ask_(escpos::ask_status(asked_));
}

void StatusRound::end(std::optional<escpos::Condition> condition) {
  stop();
  done_(condition);
}

}  // namespace lobby::printer
