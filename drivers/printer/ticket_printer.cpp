#include "drivers/printer/ticket_printer.hpp"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/printer/escpos.hpp"
#include "drivers/printer/fence_book.hpp"
#include "drivers/printer/identification.hpp"
#include "drivers/printer/job_time.hpp"
#include "drivers/printer/late_proof.hpp"
#include "drivers/printer/outlet.hpp"
#include "drivers/printer/requests.hpp"
#include "drivers/printer/status_round.hpp"

namespace lobby::printer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr link::Duration poll_every = seconds(1);
constexpr link::Duration poll_outlet_every = milliseconds(500);
/// A printer that was without power is silent for longer than two of these.
constexpr link::Duration poll_run_every = milliseconds(300);
/// A question that was asked while a printer was without power leaves later than that.
constexpr link::Duration unsure_after = milliseconds(600);
constexpr link::Duration broken_off_after = milliseconds(100);
constexpr int silent_after = 3;  ///< rounds without an answer
constexpr std::string_view no_answer = "the printer does not answer";
constexpr std::string_view no_proof = "the printer does not confirm what it prints";

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
  Machine(link::Executor& executor, std::unique_ptr<link::ByteLink> link, Profile profile,
          TicketPrinter::Listener& listener, PrinterOptions options)
      : executor_(executor),
        link_(std::move(link)),
        profile_(std::move(profile)),
        listener_(listener),
        options_(std::move(options)),
        decoder_(profile_.status, options_.flow_bytes),
        round_(
            executor, profile_, [this](escpos::Bytes bytes) { ask(std::move(bytes)); },
            [this](std::optional<escpos::Condition> condition) { round_ended(condition); }),
        fences_(profile_.confirm, first_fence(executor.now())),
        outlet_(
            executor, options_.retract_after,
            profile_.retract.empty() ? std::function<void()>() : [this] { send(profile_.retract); }),
        identification_(executor, [this](escpos::Bytes bytes) { send(std::move(bytes)); }),
        poll_(executor),
        patience_(executor) {}

  void was_used() { was_used_ = true; }
  void left_torn() { is_torn_ = true; }
  void start() {
    if (is_torn_) {
      open_run({}, {}, {});
      run_->begin_torn();
    } else if (was_used_ && FenceBook::is_alike(profile_.confirm)) {
      open_run({}, {}, {});
      run_->begin_sync();
    }
    link_->start(*this);
  }

  bool is_ready() const {
    return link_->is_up() && known_ && status_ == link::Status::ok && !is_busy() && !outlet_.is_held();
  }
  std::string describe() const { return link_->describe(); }
  escpos::Losses losses() const { return losses_; }

  // --- before anybody counts on it ---
  void refresh(std::function<void()> done) {
    if (!profile_.answers_status() || !link_->is_up() || is_busy() || is_fresh()) {
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
  void print(const Job& job, Done done, std::function<void(Learnt)> learnt) {
    if (!link_->is_up()) {
      refuse(std::move(done), reason_.empty() ? "the printer is not connected" : reason_);
    } else if (known_ && status_ != link::Status::ok) {
      refuse(std::move(done), reason_);
    } else if (is_busy() || outlet_.is_held()) {
      refuse(std::move(done), "busy");
    } else if (!profile_.answers_status() || is_fresh()) {
      begin(job, std::move(done), std::move(learnt));
    } else {
      pending_.emplace(Pending{job, std::move(done), std::move(learnt)});
      round_.start(answer_within);
    }
  }

  void identify(Identification::Done done) {
    if (!profile_.identifies || !is_ready()) {
      executor_.post([done = std::move(done)] { done(std::nullopt); });
      return;
    }
    identification_.start([this, done = std::move(done)](std::optional<Identity> found) {
      executor_.post([weak = weak_from_this(), done, found = std::move(found)] {
        if (const auto self = weak.lock()) {
          done(found);
          self->tell_ready();
        }
      });
    });
  }

  // --- the link ---
  void link_up() override {
    const auto self = shared_from_this();
    decoder_.reset();
    misses_ = 0;
    if (run_ && run_->is_torn()) {
      ask(PrintRun::completion());
    }
    report_by_itself();
    if (profile_.answers_status()) {
      round_.start();
      return;
    }
    change(link::Status::ok, "");
    if (run_) {
      run_->is_back();
    }
  }

  void link_down(std::string_view reason) override {
    const auto self = shared_from_this();
    round_.stop();
    look_ = Look::none;
    poll_.cancel();
    decoder_.reset();
    fences_.spoil();
    late_.spoil();
    outlet_.lost();
    identification_.stop();
    if (run_) {
      run_->lost(reason);
    }
    fail_pending(reason);
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
  struct Pending {
    Job job;
    Done done;
    std::function<void(Learnt)> learnt;
  };
  /// A round of questions that a run asked for.
  enum class Look : std::uint8_t {
    none,
    after_this,  ///< one runs that began before, and says nothing of what was in between
    running
  };

  bool is_fresh() const { return known_ && executor_.now() - heard_at_ <= fresh_for; }
  bool is_busy() const {
    return pending_.has_value() || identification_.is_running() || (run_ && !run_->is_settled());
  }

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

  // --- answers ---
  void take(const escpos::RealTime& answer) { round_.take(answer); }
  void take(const escpos::Block&) {}
  void take(const escpos::Identity& answer) { identification_.take(answer); }
  void take(const escpos::Offline& answer) { condition_is(answer.condition); }
  void take(const escpos::Automatic& answer) {
    round_.take(answer);
    condition_is(answer.condition);
  }
  void take(const escpos::Cleared&) {
    if (run_) {
      run_->cleared();
    }
  }
  void take(const escpos::ProcessId& answer) { fence_came(fences_.take(answer)); }
  void take(const escpos::InOrder& answer) {
    const auto fence = fences_.take(answer);
    fence_came(fence);
    if (!fence && run_) {
      run_->stray();
    }
  }

  void fence_came(const std::optional<FenceBook::Fence>& fence) {
    if (!fence) {
      return;
    }
    settle_doubt();
    const unsigned rounds = round_.is_running() ? 2 : 1;
    late_.fence(*fence, profile_.answers_status() ? rounds : 0);
    if (run_ && run_->number() == fence->run) {
      run_->fence(fence->skipped);
    }
  }

  /// Answers that were lost while a job was in the printer: it may have been without power.
  void settle_doubt() {
    if (round_.lost() == lost_) {
      return;
    }
    lost_ = round_.lost();
    fences_.spoil();
    late_.drop();
    if (run_) {
      run_->doubt();
    }
  }

  // --- the printer's condition ---
  void round_ended(std::optional<escpos::Condition> condition) {
    const auto self = shared_from_this();
    settle_doubt();
    const auto look = std::exchange(look_, Look::none);
    if (condition) {
      round_answered(*condition);
    } else {
      round_missed();
    }
    if (look == Look::after_this) {
      look_ = Look::running;
      round_.start(StatusRound::lost_after);
    } else if (look == Look::running && run_) {
      run_->looked(condition);
    }
    if (!round_.is_running()) {
      poll_.start(until_next_poll(), [this] { round_.start(); });
    }
  }

  link::Duration until_next_poll() const {
    if (run_ && !run_->is_settled()) {
      return misses_ == 0 ? poll_run_every : link::Duration(0);
    }
    return outlet_.is_held() ? poll_outlet_every : poll_every;
  }

  void round_answered(const escpos::Condition& condition) {
    if (misses_ >= silent_after) {
      report_by_itself();
    }
    misses_ = 0;
    condition_is(condition);
    tell_waiting();
    if (!condition.can_print()) {
      return;
    }
    late_.round_was_clean();
    if (auto next = std::exchange(pending_, std::nullopt)) {
      begin(next->job, std::move(next->done), std::move(next->learnt));
    }
  }

  void round_missed() {
    if (executor_.now() - last_byte_ >= broken_off_after) {
      decoder_.reset();  // what was half read will not go on
    }
    ++misses_;
    if (misses_ >= silent_after || !known_) {
      change(link::Status::timeout, no_answer);
      fail_pending(no_answer);
    }
    if (run_) {
      run_->silent();
    }
  }

  void condition_is(const escpos::Condition& condition) {
    heard_at_ = executor_.now();
    if (condition.in_outlet) {
      outlet_.sense(*condition.in_outlet);
    }
    if (!condition.can_print()) {
      late_.drop();
      fail_pending(condition.reason());
    }
    if (run_) {
      run_->condition(condition);
    }
    if (run_ && run_->is_unanswered()) {
      change(link::Status::refused, no_proof);
    } else {
      change(condition.can_print() ? link::Status::ok : link::Status::refused, condition.reason());
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

  void fail_pending(std::string_view reason) {
    if (auto pending = std::exchange(pending_, std::nullopt)) {
      refuse(std::move(pending->done), std::string(reason));
    }
  }

  // --- runs ---
  void open_run(PrintRun::Job job, Done done, std::function<void(Learnt)> learnt) {
    job.number = ++runs_;
    PrintRun::Means means{executor_,         *link_, fences_, profile_, profile_.answers_status(),
                          [this] { look(); }};
    run_ = std::make_shared<PrintRun>(
        std::move(means), std::move(job),
        [weak = weak_from_this(), number = runs_, done = std::move(done),
         learnt = std::move(learnt)](const PrintRun::Ending& ending) {
          if (const auto self = weak.lock()) {
            self->run_ended(number, ending, learnt);
            done(ending.result, ending.reason);
          }
        },
        [weak = weak_from_this()] {
          if (const auto self = weak.lock()) {
            self->report_by_itself();
            self->tell_ready();
          }
        });
  }

  void begin(const Job& job, Done done, std::function<void(Learnt)> learnt) {
    auto encoded = escpos::encode(job, profile_, options_.glyphs);
    losses_ = encoded.losses;
    const auto time = job_time(job, encoded.bytes.size(), profile_, link_->bytes_per_s());
    lost_ = round_.lost();
    held_too_long_ =
        unsure_after + line_time(PrintRun::largest_piece(encoded.seams, *link_), link_->bytes_per_s());
    open_run({0, std::move(encoded.bytes), std::move(encoded.seams), time}, std::move(done),
             std::move(learnt));
    run_->begin();
    if (profile_.answers_status() && !round_.is_running()) {
      poll_.start(poll_run_every, [this] { round_.start(); });
    }
  }

  void run_ended(std::uint64_t number, const PrintRun::Ending& ending,
                 const std::function<void(Learnt)>& learnt) {
    if (!learnt) {
      return;
    }
    if (ending.may_be_proven) {
      late_.add(number, ending.by_own_fence, [learnt] { learnt(Learnt::proven); });
    }
    const bool came_out = ending.result == PrintResult::printed || ending.result == PrintResult::sent;
    if (came_out && profile_.presenter == Profile::Presenter::sensor) {
      outlet_.presented([this, learnt](Outlet::Fate fate) {
        learnt(fate == Outlet::Fate::taken ? Learnt::taken : Learnt::retracted);
        tell_ready();
      });
    }
  }

  /// Asks how the printer is from now on. A round that runs is not broken off: the answer to its open
  /// question could not be told from the next one's.
  void look() {
    if (round_.is_running()) {
      look_ = Look::after_this;
    } else {
      look_ = Look::running;
      round_.start(StatusRound::lost_after);
    }
  }

  void tell_ready() {
    if (is_ready()) {
      listener_.printer_ready();
    }
  }

  // --- bytes out ---
  /// Resetting the printer takes it away, and so does the printer's ESC @.
  void report_by_itself() {
    if (!profile_.status_on.empty()) {
      send(profile_.status_on);
    }
  }

  void ask(escpos::Bytes bytes) {
    if (Profile::are_unmarked(profile_.status)) {
      decoder_.reset();
    }
    if (leaving_++ == 0) {
      leaving_since_ = executor_.now();
    }
    // What it asked for times out by itself.
    link_->send_now(std::move(bytes), [weak = weak_from_this()](link::Status) {
      if (const auto self = weak.lock()) {
        self->question_left();
      }
    });
  }

  /// One that was held off for so long says nothing of what was meanwhile: the printer may have been without
  /// power, and then has forgotten the first part of a ticket whose second it prints.
  void question_left() {
    const auto held = executor_.now() - leaving_since_;
    if (--leaving_ > 0 || held < held_too_long_) {
      return;
    }
    late_.drop();
    if (run_ && !run_->has_ended()) {
      run_->doubt();
    }
  }
  void send(escpos::Bytes bytes) {
    link_->send(std::move(bytes), [](link::Status) {});
  }

  link::Executor& executor_;
  std::unique_ptr<link::ByteLink> link_;
  Profile profile_;
  TicketPrinter::Listener& listener_;
  PrinterOptions options_;
  escpos::Decoder decoder_;
  StatusRound round_;
  FenceBook fences_;
  LateProof late_;
  Outlet outlet_;
  Identification identification_;
  link::Timer poll_, patience_;
  Look look_ = Look::none;
  link::MonoTime heard_at_{};                   ///< when it last said how it is
  std::vector<std::function<void()>> waiting_;  ///< for news of it
  std::optional<Pending> pending_;              ///< until it has said that it is well
  std::shared_ptr<PrintRun> run_;               ///< the last one
  std::uint64_t runs_ = 0;
  escpos::Losses losses_;
  int misses_ = 0;
  unsigned lost_ = 0;     ///< answers, when the run began
  unsigned leaving_ = 0;  ///< questions that wait for the wire
  link::MonoTime leaving_since_{};
  link::Duration held_too_long_ = unsure_after;
  link::MonoTime last_byte_{};
  bool was_used_ = false;
  bool is_torn_ = false;
  bool known_ = false;  ///< has the listener been told anything?
  link::Status status_ = link::Status::gone;
  std::string reason_;
};

TicketPrinter::TicketPrinter(link::Executor& executor, std::unique_ptr<link::ByteLink> link, Profile profile,
                             Listener& listener, PrinterOptions options)
    : machine_(std::make_shared<Machine>(executor, std::move(link), std::move(profile), listener,
                                         std::move(options))) {}

TicketPrinter::~TicketPrinter() = default;

void TicketPrinter::was_used() {
  machine_->was_used();
}

void TicketPrinter::left_torn() {
  machine_->left_torn();
}

void TicketPrinter::start() {
  machine_->start();
}

void TicketPrinter::refresh(std::function<void()> done) {
  machine_->refresh(std::move(done));
}

bool TicketPrinter::is_ready() const {
  return machine_->is_ready();
}

void TicketPrinter::print(const Job& job, Done done, std::function<void(Learnt)> learnt) {
  machine_->print(job, std::move(done), std::move(learnt));
}

void TicketPrinter::identify(std::function<void(std::optional<Identity>)> done) {
  machine_->identify(std::move(done));
}

escpos::Losses TicketPrinter::losses() const {
  return machine_->losses();
}

std::string TicketPrinter::describe() const {
  return machine_->describe();
}

}  // namespace lobby::printer
