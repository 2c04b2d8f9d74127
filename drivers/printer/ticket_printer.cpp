#include "drivers/printer/ticket_printer.hpp"

#include <optional>
#include <utility>

#include "drivers/printer/escpos.hpp"
#include "drivers/printer/status_round.hpp"

namespace lobby::printer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr link::Duration poll_every = seconds(1);
constexpr link::Duration job_within = seconds(14);  ///< the contract says 15
constexpr link::Duration sync_within = seconds(2);
constexpr link::Duration broken_off_after = milliseconds(100);
constexpr int silent_after = 3;  ///< rounds without an answer
constexpr unsigned most_owed = 8;
constexpr std::string_view no_answer = "the printer does not answer";

/// Fences of two lives of the daemon must not be taken for each other, so they start where the clock is: one
/// for each 10 ms, round again after nine days.
std::uint32_t first_fence(link::MonoTime now) {
  const auto ticks = std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count() / 10;
  return static_cast<std::uint32_t>(ticks % escpos::fence_ids);
}

}  // namespace

class TicketPrinter::Machine final : public link::ByteLink::Listener,
                                     public std::enable_shared_from_this<Machine> {
 public:
  using Done = std::function<void(PrintResult, std::string)>;

  Machine(link::Executor& executor, std::unique_ptr<link::ByteLink> link, Profile profile,
          TicketPrinter::Listener& listener)
      : executor_(executor),
        link_(std::move(link)),
        profile_(std::move(profile)),
        listener_(listener),
        round_(
            executor, [this](escpos::Bytes bytes) { send(std::move(bytes)); },
            [this](std::optional<escpos::Condition> condition) { round_ended(condition); }),
        poll_(executor),
        patience_(executor),
        deadline_(executor),
        sync_(executor),
        next_fence_(first_fence(executor.now())) {}

  void start() { link_->start(*this); }
  bool is_ready() const { return link_->is_up() && known_ && status_ == link::Status::ok && !work_; }
  std::string describe() const { return link_->describe(); }

  // --- before anybody counts on it ---
  void refresh(std::function<void()> done) {
    const bool is_fresh = known_ && executor_.now() - heard_at_ <= fresh_for;
    if (!profile_.answers_dle_eot() || !link_->is_up() || work_ || is_fresh) {
      done();
      return;
    }
    waiting_.push_back(std::move(done));
    if (!patience_.pending()) {
      patience_.start(answer_within, [this] { no_news(); });
      round_.start(answer_within);
    }
  }

  // --- the job ---
  void print(const Job& job, Done done) {
    if (work_) {
      refuse(std::move(done), "busy");
      return;
    }
    if (!link_->is_up()) {
      refuse(std::move(done), reason_.empty() ? "the printer is not connected" : reason_);
      return;
    }
    if (known_ && status_ != link::Status::ok) {
      refuse(std::move(done), reason_);
      return;
    }
    work_.emplace(Work{escpos::encode(job, profile_).bytes, std::move(done)});
    deadline_.start(job_within, [this] { deadline_passed(); });
    if (profile_.answers_dle_eot()) {
      round_.start();
    } else {
      begin_job();
    }
  }

  // --- the link ---
  void link_up() override {
    const auto self = shared_from_this();
    decoder_.reset();
    misses_ = 0;
    if (profile_.answers_dle_eot()) {
      round_.start();
    } else {
      change(link::Status::ok, "");
    }
  }

  void link_down(std::string_view reason) override {
    const auto self = shared_from_this();
    round_.stop();
    poll_.cancel();
    decoder_.reset();
    end_by_loss(reason);
    change(link::Status::gone, reason);
    tell_waiting();
  }

  void link_bytes(std::span<const std::uint8_t> bytes) override {
    const auto self = shared_from_this();
    last_byte_ = executor_.now();
    for (const auto byte : bytes) {
      if (const auto answer = decoder_.take(byte)) {
        std::visit([this](const auto& each) { take(each); }, *answer);
      }
    }
  }

 private:
  void no_news() {
    const auto self = shared_from_this();
    change(link::Status::timeout, no_answer);
    tell_waiting();
  }

  void tell_waiting() {
    patience_.cancel();
    for (const auto& done : std::exchange(waiting_, {})) {
      done();
    }
  }

  /// How far the one job is. Up to `syncing` not a byte of it has left.
  enum class Phase : std::uint8_t {
    asking,    ///< is the printer fit to print?
    syncing,   ///< waits for the answers to old fences, which look like its own
    printing,  ///< bytes are on their way; waits for the fence
    checking   ///< the fence came; was there a fault before it?
  };
  struct Work {
    escpos::Bytes bytes;
    Done done;
    Phase phase = Phase::asking;
    escpos::FenceId fence{};
    bool old_round = false;  ///< while checking: the round that runs began before the fence
  };

  // --- answers ---
  void take(const escpos::RealTime& answer) { round_.take(answer); }
  void take(const escpos::Block&) {}
  void take(const escpos::Automatic& answer) { condition_is(answer.condition); }

  void take(const escpos::ProcessId& answer) {
    const bool awaited = work_ && work_->phase == Phase::printing &&
                         profile_.confirm == Profile::Confirm::process_id && answer.id == work_->fence;
    if (awaited) {
      fence_came();
    }
  }

  void take(const escpos::InOrder& answer) {
    constexpr std::uint8_t no_paper_or_no_answer = 0x9C;
    if (owed_ == 0 || (answer.bits & no_paper_or_no_answer) != 0) {
      return;
    }
    --owed_;
    answered_in_sync_ = true;
    if (owed_ > 0 || !work_) {
      return;
    }
    if (work_->phase == Phase::syncing) {
      send_job();
    } else if (work_->phase == Phase::printing) {
      fence_came();
    }
  }

  // --- the printer's condition ---
  void round_ended(std::optional<escpos::Condition> condition) {
    const auto self = shared_from_this();
    poll_.start(poll_every, [this] { round_.start(); });
    if (!condition) {
      round_missed();
      return;
    }
    misses_ = 0;
    if (is_checking() && std::exchange(work_->old_round, false)) {
      // It says nothing of what happened up to the fence, neither good nor bad.
      change_to(*condition);
      check();
      return;
    }
    condition_is(*condition);
    tell_waiting();
    round_was_clean(condition->can_print());
  }

  void round_missed() {
    if (executor_.now() - last_byte_ >= broken_off_after) {
      decoder_.reset();  // what was half read will not go on
    }
    ++misses_;
    if (misses_ >= silent_after || !known_) {
      change(link::Status::timeout, no_answer);
    }
    if (is_checking()) {
      work_->old_round = false;
      check();  // an answer may be late: the job's deadline decides
    } else if (work_ && work_->phase == Phase::asking) {
      if (misses_ >= silent_after) {
        finish(PrintResult::failed, std::string(no_answer));
      } else {
        round_.start();
      }
    }
  }

  bool is_checking() const { return work_ && work_->phase == Phase::checking; }

  /// All that matters is asked after the fence, and its answers have the time that the job has.
  void check() { round_.start(StatusRound::lost_after); }

  void change_to(const escpos::Condition& condition) {
    heard_at_ = executor_.now();
    change(condition.can_print() ? link::Status::ok : link::Status::refused, condition.reason());
  }

  void condition_is(const escpos::Condition& condition) {
    const auto reason = condition.reason();
    change_to(condition);
    if (condition.can_print() || !work_) {
      return;
    }
    const bool untouched = work_->phase == Phase::asking || work_->phase == Phase::syncing;
    if (untouched) {
      finish(PrintResult::failed, std::string(reason));
    } else {
      // It may print the rest when someone has helped it, or may not.
      finish(PrintResult::unknown, std::string(reason) + " while printing");
    }
  }

  void round_was_clean(bool can_print) {
    if (!can_print || !work_) {
      return;
    }
    if (work_->phase == Phase::asking) {
      begin_job();
    } else if (work_->phase == Phase::checking) {
      finish(PrintResult::printed, "");
    }
  }

  void change(link::Status status, std::string_view reason) {
    if (known_ && status_ == status && reason_ == reason) {
      return;
    }
    known_ = true;
    status_ = status;
    reason_ = reason;
    listener_.printer_changed(status_, reason_);
  }

  void refuse(Done done, std::string reason) {
    executor_.post(
        [done = std::move(done), reason = std::move(reason)] { done(PrintResult::failed, reason); });
  }

  void begin_job() {
    if (owed_ == 0) {
      send_job();
      return;
    }
    // An answer to GS r 1 does not say whose it is: ask once more and wait until no old one can come.
    work_->phase = Phase::syncing;
    answered_in_sync_ = false;
    ++owed_;
    sync_.start(sync_within, [this] { sync_ended(); });
    send(escpos::fence(Profile::Confirm::in_order_status, {}));
  }

  void sync_ended() {
    const auto self = shared_from_this();
    if (!work_ || work_->phase != Phase::syncing) {
      return;
    }
    if (answered_in_sync_) {
      owed_ = 0;  // it answers, so what did not come was lost
      send_job();
    } else {
      owed_ = std::min(owed_, most_owed);
      finish(PrintResult::failed, std::string(no_answer));
    }
  }

  void send_job() {
    sync_.cancel();
    work_->phase = Phase::printing;
    work_->fence = escpos::fence_id(next_fence_++);
    auto bytes = std::move(work_->bytes);
    const auto fence = escpos::fence(profile_.confirm, work_->fence);
    bytes.insert(bytes.end(), fence.begin(), fence.end());
    owed_ += profile_.confirm == Profile::Confirm::in_order_status ? 1 : 0;
    const auto job = ++jobs_;
    link_->send(std::move(bytes), [weak = weak_from_this(), job](link::Status status) {
      if (const auto self = weak.lock(); self && self->work_ && self->jobs_ == job) {
        self->job_left(status);
      }
    });
  }

  void job_left(link::Status status) {
    if (work_->phase != Phase::printing) {
      return;  // the fence was faster than the kernel's word
    }
    if (status == link::Status::busy) {
      owed_ -= profile_.confirm == Profile::Confirm::in_order_status ? 1 : 0;
      finish(PrintResult::failed, "the link is full");
    } else if (status != link::Status::ok) {
      finish(PrintResult::unknown, "connection lost while printing");
    } else if (profile_.confirm == Profile::Confirm::none) {
      finish(PrintResult::sent, "");
    }
  }

  void fence_came() {
    work_->phase = Phase::checking;
    if (!profile_.answers_dle_eot()) {
      finish(PrintResult::printed, "");
      return;
    }
    // A round that runs is not broken off: the answer to its open question could not be told from the next
    // one's.
    work_->old_round = round_.is_running();
    if (!work_->old_round) {
      check();
    }
  }

  void end_by_loss(std::string_view reason) {
    if (!work_) {
      return;
    }
    if (work_->phase == Phase::checking) {
      finish(PrintResult::unknown, "connection lost behind the ticket: " + std::string(reason));
    } else if (work_->phase == Phase::printing) {
      finish(PrintResult::unknown, "connection lost while printing: " + std::string(reason));
    } else {
      finish(PrintResult::failed, std::string(reason));
    }
  }

  void deadline_passed() {
    const auto self = shared_from_this();
    const bool untouched = work_->phase == Phase::asking || work_->phase == Phase::syncing;
    if (untouched) {
      finish(PrintResult::failed, std::string(no_answer));
    } else {
      finish(PrintResult::unknown, is_checking() ? "the printer fell silent behind the ticket"
                                                 : "the printer did not confirm in time");
    }
  }

  void finish(PrintResult result, std::string reason) {
    deadline_.cancel();
    sync_.cancel();
    auto done = std::move(work_->done);
    work_.reset();
    done(result, std::move(reason));
  }

  void send(escpos::Bytes bytes) {
    link_->send(std::move(bytes), [](link::Status) {});  // what it asked for times out by itself
  }

  link::Executor& executor_;
  std::unique_ptr<link::ByteLink> link_;
  Profile profile_;
  TicketPrinter::Listener& listener_;
  escpos::Decoder decoder_;
  StatusRound round_;
  link::Timer poll_, patience_, deadline_, sync_;
  std::uint32_t next_fence_;
  link::MonoTime heard_at_{};                   ///< when it last said how it is
  std::vector<std::function<void()>> waiting_;  ///< for news of it
  std::optional<Work> work_;
  std::uint64_t jobs_ = 0;
  int misses_ = 0;
  link::MonoTime last_byte_{};
  unsigned owed_ = 0;  ///< answers to GS r 1 that have not come, of this job and of earlier ones
  bool answered_in_sync_ = false;
  bool known_ = false;  ///< has the listener been told anything?
  link::Status status_ = link::Status::gone;
  std::string reason_;
};

TicketPrinter::TicketPrinter(link::Executor& executor, std::unique_ptr<link::ByteLink> link, Profile profile,
                             Listener& listener)
    : machine_(std::make_shared<Machine>(executor, std::move(link), std::move(profile), listener)) {}

TicketPrinter::~TicketPrinter() = default;

void TicketPrinter::start() {
  machine_->start();
}

void TicketPrinter::refresh(std::function<void()> done) {
  machine_->refresh(std::move(done));
}

bool TicketPrinter::is_ready() const {
  return machine_->is_ready();
}

void TicketPrinter::print(const Job& job, std::function<void(PrintResult, std::string)> done) {
  machine_->print(job, std::move(done));
}

std::string TicketPrinter::describe() const {
  return machine_->describe();
}

}  // namespace lobby::printer
