#include "daemon/journal/writer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lobby::journal {
namespace {

constexpr auto idle_after = std::chrono::milliseconds{250};

}  // namespace

Writer::Writer(std::unique_ptr<Ledger> ledger, Post post, int checkpoint_pages)
    : ledger_(std::move(ledger)), post_(std::move(post)), checkpoint_pages_(checkpoint_pages) {
  thread_ = std::thread{[this] { run(); }};
}

Writer::~Writer() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::append(Batch batch, Done done) {
  put(Append{std::move(batch), std::move(done)});
}

void Writer::probe(Done done) {
  put(Probe{std::move(done)});
}

void Writer::snapshot(std::uint64_t seq, std::string state) {
  put(Snapshot{seq, std::move(state)});
}

std::string Writer::reason() const {
  const std::lock_guard lock{mutex_};
  return reason_;
}

void Writer::set_reason(std::string reason) {
  const std::lock_guard lock{mutex_};
  reason_ = std::move(reason);
}

void Writer::put(Task task) {
  {
    const std::lock_guard lock{mutex_};
    waiting_.push_back(std::move(task));
  }
  wake_.notify_one();
}

/// False: nothing waits and nothing more will come. Empty tasks: nobody has asked for a while.
bool Writer::take(Tasks& tasks) {
  tasks.clear();
  std::unique_lock lock{mutex_};
  const auto something = [this] { return stopping_ || !waiting_.empty(); };
  if (checkpoint_is_due(true)) {
    wake_.wait_for(lock, idle_after, something);
  } else {
    wake_.wait(lock, something);
  }
  tasks.swap(waiting_);
  return !tasks.empty() || !stopping_;
}

void Writer::run() {
  Tasks tasks;
  while (take(tasks)) {
    const bool idle = tasks.empty();
    work_off(tasks);
    if (checkpoint_is_due(idle)) {
      ledger_->checkpoint();
    }
  }
}

bool Writer::checkpoint_is_due(bool idle) const {
  return !failed_ && ledger_->log_pages() >= (idle ? checkpoint_pages_ : 4 * checkpoint_pages_);
}

void Writer::work_off(Tasks& tasks) {
  for (auto it = tasks.begin(); it != tasks.end();) {
    if (std::holds_alternative<Append>(*it)) {
      it = store(it, tasks.end());
      continue;
    }
    if (auto* probe = std::get_if<Probe>(&*it)) {
      probe_disk(*probe);
    } else {
      store_snapshot(std::get<Snapshot>(*it));
    }
    ++it;
  }
}

/// Stores the run of batches that begins at `first`; returns where it ends.
Writer::Tasks::iterator Writer::store(Tasks::iterator first, Tasks::iterator last) {
  last = std::find_if(first, last, [](const Task& task) { return !std::holds_alternative<Append>(task); });
  std::vector<const Batch*> batches;
  std::vector<Done> done;
  for (auto it = first; it != last; ++it) {
    auto& append = std::get<Append>(*it);
    batches.push_back(&append.batch);
    done.push_back(std::move(append.done));
  }
  if (!failed_ && !ledger_->store(batches)) {
    failed_ = true;
    set_reason(ledger_->fault());
  }
  answer(std::move(done), failed_ ? Commit::failed : Commit::durable);
  return last;
}

void Writer::store_snapshot(const Snapshot& snapshot) {
  // The state may be ahead of the disk when the batches before it failed.
  if (!failed_ && snapshot.seq <= ledger_->last_seq()) {
    static_cast<void>(ledger_->store_snapshot(snapshot.seq, snapshot.state));
  }
}

void Writer::probe_disk(Probe& probe) {
  const bool works = ledger_->probe();
  failed_ = !works;
  set_reason(ledger_->fault());
  std::vector<Done> done;
  done.push_back(std::move(probe.done));
  answer(std::move(done), works ? Commit::durable : Commit::failed);
}

void Writer::answer(std::vector<Done> done, Commit result) {
  post_([done = std::move(done), result] {
    for (const Done& tell : done) {
      if (tell) {
        tell(result);
      }
    }
  });
}

}  // namespace lobby::journal
