#include "daemon/journal/case_store.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "daemon/journal/case_file.hpp"
#include "daemon/journal/case_reader.hpp"

namespace lobby::journal {
namespace {

constexpr int longest_by_usual_log = 8;
constexpr std::chrono::milliseconds quiet_time{200};
/// Of the thread: a clerk's key never waits for a processor that a big answer has.
constexpr int niceness = 10;

/// The thread that writes, one change after another.
class CaseWriter {
 public:
  using Done = std::function<void(std::optional<std::uint64_t>)>;

  CaseWriter(std::unique_ptr<CaseLedger> ledger, std::function<void(std::function<void()>)> post,
             int checkpoint_pages)
      : ledger_(std::move(ledger)),
        post_(std::move(post)),
        checkpoint_pages_(checkpoint_pages),
        thread_([this] { run(); }) {}
  ~CaseWriter() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  CaseWriter(const CaseWriter&) = delete;
  CaseWriter& operator=(const CaseWriter&) = delete;

  void put(hall::SourceChange change, Done done) {
    {
      const std::lock_guard lock{mutex_};
      waiting_.push_back({std::move(change), {}, std::move(done)});
    }
    wake_.notify_one();
  }
  void judge_all_by(std::string rules) {
    {
      const std::lock_guard lock{mutex_};
      waiting_.push_back({{}, std::move(rules), {}});
    }
    wake_.notify_one();
  }
  std::string reason() const {
    const std::lock_guard lock{mutex_};
    return reason_;
  }

 private:
  struct Task {
    hall::SourceChange change;
    std::string rules;  ///< not empty: to judge all by, instead
    Done done;
  };

  void run() {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);
    std::unique_lock lock{mutex_};
    for (;;) {
      wait_for_tasks(lock);
      auto tasks = std::exchange(waiting_, {});
      if (tasks.empty()) {
        return;
      }
      lock.unlock();
      for (Task& task : tasks) {
        work_off(task);
      }
      lock.lock();
    }
  }

  /// A write is answered when it is in the log. That is moved when nobody asks for anything, or at last when
  /// it is very long.
  void wait_for_tasks(std::unique_lock<std::mutex>& lock) {
    const auto ready = [this] { return stopping_ || !waiting_.empty(); };
    const bool is_long = ledger_->log_pages() >= longest_by_usual_log * checkpoint_pages_;
    if (ledger_->log_pages() >= checkpoint_pages_ && (is_long || !wake_.wait_for(lock, quiet_time, ready))) {
      lock.unlock();
      ledger_->checkpoint();
      lock.lock();
    }
    wake_.wait(lock, ready);
  }

  void work_off(Task& task) {
    std::optional<std::uint64_t> version;
    if (task.rules.empty()) {
      version = ledger_->store(task.change);
    } else {
      static_cast<void>(ledger_->judge_all_by(task.rules));
    }
    {
      const std::lock_guard lock{mutex_};
      reason_ = ledger_->fault();
    }
    if (task.done) {
      // The rows go where they came from. If they were given back here, this thread, which has to wait for
      // every other one, would hold the loop's memory meanwhile.
      post_([done = std::move(task.done), version,
             rows = std::make_shared<hall::SourceChange>(std::move(task.change))] { done(version); });
    }
  }

  std::unique_ptr<CaseLedger> ledger_;
  std::function<void(std::function<void()>)> post_;
  const int checkpoint_pages_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Task> waiting_;
  std::string reason_;
  bool stopping_ = false;
  std::thread thread_;
};

class SqliteCaseStore final : public CaseStore {
 public:
  SqliteCaseStore(CaseStoreOptions options, std::unique_ptr<CaseLedger> ledger,
                  std::unique_ptr<CaseReader> reader)
      : writer_(std::move(ledger), std::move(options.post), options.checkpoint_pages),
        reader_(std::move(reader)) {}

  void write(hall::SourceChange change, std::function<void(std::optional<std::uint64_t>)> done) override {
    writer_.put(std::move(change), std::move(done));
  }
  std::string reason() const override { return writer_.reason(); }
  std::optional<std::int64_t> each_known(std::string_view feed, hall::What what, std::int64_t place,
                                         const UseKnown& use) override {
    return reader_->each_known(feed, what, place, use);
  }
  std::vector<std::uint64_t> oldest(std::string_view feed, hall::What what, std::size_t limit) override {
    return reader_->oldest(feed, what, limit);
  }
  std::string cursor(std::string_view feed, hall::What what) override { return reader_->cursor(feed, what); }
  std::vector<DueCase> due(std::int64_t now_ms, std::size_t limit) override {
    return reader_->due(now_ms, limit);
  }
  void judge_all_by(std::string_view rules) override { writer_.judge_all_by(std::string(rules)); }
  std::uint64_t version() override { return reader_->version(); }
  hall::CasePage cases(const hall::CaseQuery& query) override { return reader_->cases(query); }
  std::optional<hall::CaseRow> find_case(std::string_view case_no) override {
    return reader_->find_case(case_no);
  }
  hall::CaseTotals totals(std::string_view today) override { return reader_->totals(today); }
  std::vector<hall::CaseRow> mismatches(std::size_t limit) override { return reader_->mismatches(limit); }
  std::vector<hall::ReturnedTwice> returned_twice(std::size_t limit) override {
    return reader_->returned_twice(limit);
  }
  std::vector<hall::Record> records(hall::What what, std::size_t limit) override {
    return reader_->records(what, limit);
  }

 private:
  CaseWriter writer_;
  std::unique_ptr<CaseReader> reader_;  ///< closes before the writer, whose close tidies the log up
};

/// It can be had again from the sources; what cannot be read must not keep the hall shut.
void put_aside(const std::string& file) {
  std::rename(file.c_str(), (file + ".old").c_str());
  std::remove((file + "-wal").c_str());
  std::remove((file + "-shm").c_str());
}

}  // namespace

std::unique_ptr<CaseStore> CaseStore::open(CaseStoreOptions options) {
  const auto file = options.directory + "/approvals.db";
  auto ledger = std::make_unique<CaseLedger>();
  auto refusal = ledger->open(file, options.vfs);
  if (refusal && ledger->is_useless()) {
    ledger = std::make_unique<CaseLedger>();
    put_aside(file);
    refusal = ledger->open(file, options.vfs);
  }
  if (refusal) {
    throw std::runtime_error(fmt::format(
        "{}: {}; see to it that its directory exists, can be written and has room", file, *refusal));
  }
  if (options.only && !ledger->keep_only(*options.only)) {
    throw std::runtime_error(fmt::format("{}: {}", file, ledger->fault()));
  }
  auto reader = std::make_unique<CaseReader>();
  if (const auto fault = reader->open(file, options.vfs)) {
    throw std::runtime_error(fmt::format("{}: {}", file, *fault));
  }
  return std::make_unique<SqliteCaseStore>(std::move(options), std::move(ledger), std::move(reader));
}

}  // namespace lobby::journal
