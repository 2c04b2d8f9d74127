#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "daemon/journal/journal.hpp"
#include "daemon/journal/ledger.hpp"

/// The writer thread: takes everything that waits, stores it in one transaction, posts the outcomes in order
/// with one post.
namespace lobby::journal {

class Writer {
 public:
  using Done = std::function<void(Commit)>;
  using Post = std::function<void(std::function<void()>)>;

  /// `ledger` is open. `checkpoint_pages`: what the log may hold when nobody waits; four times as much under
  /// steady load.
  Writer(std::unique_ptr<Ledger> ledger, Post post, int checkpoint_pages);
  ~Writer();  ///< stores what waits, then stops
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void append(Batch batch, Done done);
  void probe(Done done);
  void snapshot(std::uint64_t seq, std::string state);
  std::string reason() const;  ///< any thread; empty while all is well

 private:
  struct Append {
    Batch batch;
    Done done;
  };
  struct Probe {
    Done done;
  };
  struct Snapshot {
    std::uint64_t seq;
    std::string state;
  };
  using Task = std::variant<Append, Probe, Snapshot>;
  using Tasks = std::vector<Task>;

  void put(Task task);
  bool take(Tasks& tasks);
  void run();
  void work_off(Tasks& tasks);
  Tasks::iterator store(Tasks::iterator first, Tasks::iterator last);
  void store_snapshot(const Snapshot& snapshot);
  void probe_disk(Probe& probe);
  void answer(std::vector<Done> done, Commit result);
  void set_reason(std::string reason);
  bool checkpoint_is_due(bool idle) const;

  // The writer thread's own.
  std::unique_ptr<Ledger> ledger_;
  Post post_;
  int checkpoint_pages_;
  bool failed_ = false;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Tasks waiting_;
  bool stopping_ = false;
  std::string reason_;

  std::thread thread_;
};

}  // namespace lobby::journal
