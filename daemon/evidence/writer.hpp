#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "daemon/evidence/chain.hpp"

namespace lobby::evidence {

/// The bundles of a site, `FOLDER/EVALUATION.ndjson`, written and synced by a thread of its own: a bad disk
/// takes its time. What cannot be written waits, and is tried again each second; then it is told of a fault.
/// The bundles of the others go on meanwhile.
class Writer {
 public:
  struct Options {
    std::string folder;    ///< is made
    std::string key_file;  ///< of the site; is made at the first start
    Algorithm digest = Algorithm::sha256;
    std::int64_t tolerance_ms = 2'000;
    std::function<void(std::function<void()>)> post;  ///< runs it on the loop; thread-safe
    /// On the loop: the first fault, and empty when everything was written again.
    std::function<void(std::string)> fault;
    /// Of a new bundle: never given twice.
    std::function<std::string()> log_id;
    std::size_t most_waiting = 20'000;  ///< records of one bundle; what comes beyond is counted, and lost
  };
  /// What a reader gets: the whole bundle, or a sentence.
  struct Fault {
    std::string sentence;
    bool is_missing = false;  ///< there is no such bundle
  };
  using Bundle = std::variant<std::string, Fault>;

  /// Throws std::runtime_error with a sentence: folder or key cannot be made or read.
  explicit Writer(Options options);
  ~Writer();  ///< writes what can be written
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  const PublicKey& public_key() const { return key_.public_key(); }

  // From the loop; each `done` runs on the loop, once, or never when what waits is not written before the
  // end.
  /// Behind a record `closed` nothing is written any more, which counts as done.
  void write(const std::string& evaluation, std::vector<Record> records, bool seal,
             std::function<void()> done);
  /// The record `closed` and its checkpoint, once; `done` with the head that it vouches for. Empty: the
  /// bundle is not whole, and nothing was added.
  void finish(const std::string& evaluation, Record closed, std::function<void(std::string)> done);
  /// The time of the last record; none: there is no bundle yet, or it cannot be read.
  void last_written(const std::string& evaluation, std::function<void(std::optional<std::int64_t>)> done);
  /// The bundle as it is handed out: one that is not closed ends with `open` and a checkpoint.
  void read(const std::string& evaluation, Record open, std::function<void(Bundle)> done);

 private:
  struct Task {
    enum class What : std::uint8_t { write, finish, last, read } what = What::write;
    std::vector<Record> records;
    bool seal = false;
    std::function<void()> written;
    std::function<void(std::string)> finished;
    std::function<void(std::optional<std::int64_t>)> told;
    std::function<void(Bundle)> read;
  };
  /// One bundle's.
  struct Lane {
    std::deque<Task> tasks;
    std::size_t waiting = 0, lost = 0;  ///< records
    std::unique_ptr<Chain> chain;       ///< of the thread alone
    std::chrono::steady_clock::time_point not_before{};
    bool is_faulty = false;
  };
  using Lock = std::unique_lock<std::mutex>;

  void push(const std::string& evaluation, Task task);
  void run();
  bool work(const std::string& evaluation, Lane& lane, Lock& lock);
  void carry_out(const std::string& evaluation, Lane& lane, std::deque<Task>& tasks, Lock& lock);
  void perform(const std::string& evaluation, Lane& lane, Task& task);
  Chain& chain_of(const std::string& evaluation, Lane& lane, std::int64_t utc_ms);
  void give_up(Lane& lane, std::deque<Task>& tasks, const std::string& why);
  void answer_readers(std::deque<Task>& tasks, const std::string& why);
  void say(Lane& lane, const std::string& fault);
  std::string file_of(const std::string& evaluation) const;
  Bundle bundle_of(const std::string& evaluation, Lane& lane, const Record& open);

  const Options options_;
  const SigningKey key_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, Lane> lanes_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace lobby::evidence
