#include "drivers/printer/identification.hpp"

#include <array>
#include <utility>

#include "drivers/printer/requests.hpp"

namespace lobby::printer {
namespace {

struct Question {
  int n;
  std::string Identity::*answer;
};
constexpr std::array<Question, 5> questions{{{66, &Identity::maker},
                                             {67, &Identity::model},
                                             {65, &Identity::firmware},
                                             {68, &Identity::serial},
                                             {69, &Identity::font}}};

}  // namespace

Identification::Identification(link::Executor& executor, Ask ask)
    : ask_(std::move(ask)), deadline_(executor) {}

void Identification::start(Done done) {
  done_ = std::move(done);
  found_ = {};
  step_ = 0;
  heard_ = false;
  next();
}

void Identification::stop() {
  deadline_.cancel();
  if (auto done = std::exchange(done_, nullptr)) {
    done(heard_ ? std::optional(std::move(found_)) : std::nullopt);
  }
}

void Identification::take(const escpos::Identity& answer) {
  if (!is_running() || step_ == 0) {
    return;
  }
  heard_ = true;
  found_.*questions[step_ - 1].answer = answer.text;
  next();
}

void Identification::next() {
  // One that leaves the first two open answers none.
  if (step_ == questions.size() || (step_ == 2 && !heard_)) {
    stop();
    return;
  }
  deadline_.start(answer_within, [this] { next(); });
  ask_(escpos::ask_identity(questions[step_++].n));
}

}  // namespace lobby::printer
