#include "daemon/journal/reports.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace lobby::journal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int low_priority = 10;  // of 19, as of nice(1)

/// On Linux a thread has a priority of its own. That it cannot be lowered is no reason to make no reports.
void step_back() {
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), low_priority));
}

}  // namespace

Reports::Reports(Options options) : options_(std::move(options)), books_(options_.directory, options_.vfs) {
  thread_ = std::thread{[this] { run(); }};
}

Reports::~Reports() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool Reports::ask(const hall::StatisticsQuery& query, Render render, Done done) {
  {
    const std::lock_guard lock{mutex_};
    if (waiting_.size() >= most_waiting) {
      return false;
    }
    waiting_.push_back({query, std::move(render), std::move(done)});
  }
  wake_.notify_one();
  return true;
}

bool Reports::take(Question& question) {
  const std::lock_guard lock{mutex_};
  if (waiting_.empty()) {
    return false;
  }
  question = std::move(waiting_.front());
  waiting_.pop_front();
  return true;
}

/// false: it is to stop, and nobody waits any more.
bool Reports::wait_until(Clock::time_point due) {
  std::unique_lock lock{mutex_};
  wake_.wait_until(lock, due, [this] { return stopping_ || !waiting_.empty(); });
  return !stopping_ || !waiting_.empty();
}

bool Reports::somebody_waits() {
  const std::lock_guard lock{mutex_};
  return !waiting_.empty();
}

void Reports::run() {
  step_back();
  auto due = Clock::now() + options_.first_after;
  while (wait_until(due)) {
    Question question;
    if (take(question)) {
      due = answer(std::move(question)) ? due : Clock::now();
    } else {
      due = keep_books() ? Clock::now() + options_.every : Clock::now();
    }
  }
  static_cast<void>(books_.write());
}

bool Reports::answer(Question question) {
  const auto until = Clock::now() + options_.patience;
  auto report = books_.report(question.query, [&] {
    counted_ = books_.counted();
    return !stopping_ && Clock::now() < until;
  });
  counted_ = books_.counted();
  std::variant<std::string, hall::Refusal> result;
  if (auto* refusal = std::get_if<hall::Refusal>(&report)) {
    result = std::move(*refusal);
  } else {
    result = question.render(std::get<hall::Statistics>(report));
  }
  // Moved, so that what `done` holds of the loop's dies there and not here.
  options_.post(
      [done = std::move(question.done), result = std::move(result)]() mutable { done(std::move(result)); });
  return !books_.is_behind();
}

bool Reports::keep_books() {
  const auto caught = books_.catch_up([this] {
    counted_ = books_.counted();
    return !stopping_ && !somebody_waits();
  });
  counted_ = books_.counted();
  if (caught == Bookkeeper::Caught::up) {
    static_cast<void>(books_.write());
  }
  return caught != Bookkeeper::Caught::interrupted;
}

}  // namespace lobby::journal
