#include "daemon/evidence/writer.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "daemon/evidence/disk.hpp"
#include "daemon/evidence/read_lines.hpp"

namespace lobby::evidence {
namespace {

constexpr auto try_again_after = std::chrono::seconds(1);
constexpr std::uint64_t largest_bundle = 64U << 20U;

std::string made_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    fail(folder);
  }
  sync_folder_of(folder);
  return folder;
}

bool is_there(const std::string& file) {
  return ::access(file.c_str(), F_OK) == 0;
}

std::string text_of(const std::string& file) {
  std::string text;
  const auto rest = read_lines(file, 1U << 20U, [&text](std::string_view line) {
    text.append(line).push_back('\n');
    return text.size() <= largest_bundle;
  });
  if (text.size() > largest_bundle) {
    fail(file, "the bundle is larger than 64 MB: copy the file itself");
  }
  return text + rest;
}

}  // namespace

Writer::Writer(Options options)
    : options_(std::move(options)),
      key_((made_folder(options_.folder), SigningKey::of_file(options_.key_file))),
      thread_([this] { run(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

std::string Writer::file_of(const std::string& evaluation) const {
  return options_.folder + "/" + evaluation + ".ndjson";
}

void Writer::push(const std::string& evaluation, Task task) {
  {
    const std::lock_guard lock(mutex_);
    Lane& lane = lanes_[evaluation];
    if (task.what == Task::What::write && lane.waiting + task.records.size() > options_.most_waiting) {
      lane.lost += task.records.size();
      return;
    }
    lane.waiting += task.records.size();
    lane.tasks.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Writer::write(const std::string& evaluation, std::vector<Record> records, bool seal,
                   std::function<void()> done) {
  Task task;
  task.records = std::move(records);
  task.seal = seal;
  task.written = std::move(done);
  push(evaluation, std::move(task));
}

void Writer::finish(const std::string& evaluation, Record closed, std::function<void(std::string)> done) {
  Task task;
  task.what = Task::What::finish;
  task.records.push_back(std::move(closed));
  task.finished = std::move(done);
  push(evaluation, std::move(task));
}

void Writer::last_written(const std::string& evaluation,
                          std::function<void(std::optional<std::int64_t>)> done) {
  Task task;
  task.what = Task::What::last;
  task.told = std::move(done);
  push(evaluation, std::move(task));
}

void Writer::read(const std::string& evaluation, Record open, std::function<void(Bundle)> done) {
  Task task;
  task.what = Task::What::read;
  task.records.push_back(std::move(open));
  task.read = std::move(done);
  push(evaluation, std::move(task));
}

void Writer::run() {
  Lock lock(mutex_);
  for (;;) {
    bool worked = false, waits = false;
    for (auto& [evaluation, lane] : lanes_) {
      worked = work(evaluation, lane, lock) || worked;
      waits = waits || !lane.tasks.empty();
    }
    if (worked) {
      continue;
    }
    if (stopping_) {
      return;
    }
    if (waits) {
      wake_.wait_for(lock, try_again_after / 4);
    } else {
      wake_.wait(lock);
    }
  }
}

/// What waits for one bundle; false: nothing, or it is not its time. Unlocked while it is carried out: a lane
/// is never taken out of the map.
bool Writer::work(const std::string& evaluation, Lane& lane, Lock& lock) {
  const bool is_time = std::chrono::steady_clock::now() >= lane.not_before;
  if (lane.tasks.empty() || (!is_time && !stopping_) || (stopping_ && lane.is_faulty)) {
    return false;
  }
  std::deque<Task> tasks = std::exchange(lane.tasks, {});
  if (const auto lost = std::exchange(lane.lost, 0); lost > 0 && !tasks.front().records.empty()) {
    Record record = tasks.front().records.front();
    record.camera.clear();
    record.kind = "lost";
    record.request_id.clear();
    record.raw_sha256.clear();
    record.detail = {{"records", static_cast<std::int64_t>(lost)}};
    Task task;
    task.records.push_back(std::move(record));
    task.written = [] {};
    ++lane.waiting;
    // Behind what came before them, before what comes now.
    tasks.push_back(std::move(task));
  }
  lock.unlock();
  carry_out(evaluation, lane, tasks, lock);
  for (auto it = tasks.rbegin(); it != tasks.rend(); ++it) {
    lane.tasks.push_front(std::move(*it));
  }
  return true;
}

/// Ends locked again; what is left in `tasks` waits for the next try.
void Writer::carry_out(const std::string& evaluation, Lane& lane, std::deque<Task>& tasks, Lock& lock) {
  std::size_t done = 0;
  try {
    while (!tasks.empty()) {
      const auto records = tasks.front().records.size();
      perform(evaluation, lane, tasks.front());
      done += records;
      tasks.pop_front();
    }
    say(lane, "");
  } catch (const NotWhole& error) {
    say(lane, error.what());
    for (const auto& task : tasks) {
      done += task.records.size();
    }
    give_up(lane, tasks, error.what());
  } catch (const std::runtime_error& error) {
    // What the file holds is found out anew.
    lane.chain.reset();
    lane.not_before = std::chrono::steady_clock::now() + try_again_after;
    say(lane, error.what());
    answer_readers(tasks, error.what());
  }
  lock.lock();
  lane.waiting -= std::min(done, lane.waiting);
}

void Writer::perform(const std::string& evaluation, Lane& lane, Task& task) {
  using What = Task::What;
  if (task.what == What::read) {
    options_.post([done = std::move(task.read), bundle = bundle_of(evaluation, lane, task.records.front())] {
      done(bundle);
    });
    return;
  }
  if (task.what == What::last && !is_there(file_of(evaluation))) {
    options_.post([done = std::move(task.told)] { done(std::nullopt); });
    return;
  }
  Chain& chain = chain_of(evaluation, lane, task.records.empty() ? 0 : task.records.front().utc_ms);
  if (task.what == What::last) {
    const auto last = chain.seq() == 0 ? std::nullopt : std::optional(chain.last_utc_ms());
    options_.post([done = std::move(task.told), last] { done(last); });
    return;
  }
  // What was appended is so once, also when the checkpoint behind it fails.
  if (chain.last_kind() != "closed") {
    chain.append(task.records);
    task.seal = task.seal && chain.last_kind() != "closed";
  } else {
    task.seal = false;
  }
  task.records.clear();
  if (task.what == What::finish) {
    const auto sealed = chain.seal(chain.last_utc_ms());
    options_.post([done = std::move(task.finished), head = to_hex(sealed.head)] { done(head); });
    lane.chain.reset();
    return;
  }
  if (task.seal && chain.seq() > 0) {
    chain.seal(chain.last_utc_ms());
  }
  options_.post(std::move(task.written));
}

Chain& Writer::chain_of(const std::string& evaluation, Lane& lane, std::int64_t utc_ms) {
  if (!lane.chain) {
    Chain::Opening opening;
    opening.file = file_of(evaluation);
    opening.header.log_id = options_.log_id();
    opening.header.evaluation = evaluation;
    opening.header.utc_ms = utc_ms;
    opening.header.tolerance_ms = options_.tolerance_ms;
    opening.header.digest = options_.digest;
    lane.chain = std::make_unique<Chain>(std::move(opening), key_);
  }
  return *lane.chain;
}

void Writer::give_up(Lane& lane, std::deque<Task>& tasks, const std::string& why) {
  lane.chain.reset();
  answer_readers(tasks, why);
  for (auto& task : tasks) {
    if (task.finished) {
      options_.post([done = std::move(task.finished)] { done(""); });
    }
  }
  tasks.clear();
}

/// Nobody is kept waiting for a disk that does not take anything.
void Writer::answer_readers(std::deque<Task>& tasks, const std::string& why) {
  for (auto& task : tasks) {
    if (task.read) {
      options_.post([done = std::move(task.read), why] { done(Fault{why, false}); });
    } else if (task.told) {
      options_.post([done = std::move(task.told)] { done(std::nullopt); });
    }
  }
  std::erase_if(
      tasks, [](const Task& task) { return task.what == Task::What::read || task.what == Task::What::last; });
}

void Writer::say(Lane& lane, const std::string& fault) {
  if (std::exchange(lane.is_faulty, !fault.empty()) == fault.empty()) {
    options_.post([tell = options_.fault, fault] { tell(fault); });
  }
}

Writer::Bundle Writer::bundle_of(const std::string& evaluation, Lane& lane, const Record& open) {
  const auto file = file_of(evaluation);
  if (!is_there(file)) {
    return Fault{"nothing was written of this evaluation", true};
  }
  try {
    Chain& chain = chain_of(evaluation, lane, open.utc_ms);
    if (chain.last_kind() != "closed") {
      chain.append({open});
    }
    chain.seal(open.utc_ms);
    if (chain.last_kind() == "closed") {
      lane.chain.reset();
    }
  } catch (const NotWhole&) {
    // Whoever asks gets what is there, and finds out by himself.
    lane.chain.reset();
  }
  return text_of(file);
}

}  // namespace lobby::evidence
