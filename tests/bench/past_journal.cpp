#include "tests/bench/past_journal.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace lobby::bench {

/// The loop of the journal's completions, run by hand.
struct PastJournal::Completions {
  void post(std::function<void()> work) {
    const std::lock_guard lock(mutex);
    queue.push_back(std::move(work));
    ready.notify_one();
  }
  void run_one() {
    std::unique_lock lock(mutex);
    ready.wait(lock, [this] { return !queue.empty(); });
    auto work = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    work();
  }
  std::mutex mutex;
  std::condition_variable ready;
  std::deque<std::function<void()>> queue;
};

PastJournal::PastJournal(const std::string& state_directory) : completions_(std::make_unique<Completions>()) {
  journal::Options options;
  options.directory = state_directory;
  options.post = [this](std::function<void()> work) { completions_->post(std::move(work)); };
  journal_ = journal::Journal::open(std::move(options));
}

PastJournal::~PastJournal() = default;

void PastJournal::add(const hall::Event& event, const hall::State& state) {
  batch_.events.push_back(journal::to_line(event));
  if (batch_.events.size() > 5000 && state.seq == event.seq) {
    flush(state);
  }
}

void PastJournal::flush(const hall::State& state) {
  bool committed = false;
  bool durable = false;
  journal_->append(std::exchange(batch_, {}), [&](journal::Commit outcome) {
    committed = true;
    durable = outcome == journal::Commit::durable;
  });
  while (!committed) {
    completions_->run_one();
  }
  if (!durable) {
    throw std::runtime_error("the past cannot be written: " + journal_->reason());
  }
  if (journal_->wants_snapshot()) {
    journal_->snapshot(state);
  }
}

}  // namespace lobby::bench
