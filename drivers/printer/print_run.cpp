#include "drivers/printer/print_run.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "drivers/printer/job_time.hpp"
#include "drivers/printer/requests.hpp"
#include "drivers/printer/status_round.hpp"

namespace lobby::printer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// So that a question comes between two pieces within a quarter of a second at 9600 baud.
constexpr std::size_t piece = 256;
/// Of a printer that can hold us off: what of it has begun can always be finished (paced_writer.hpp), so that
/// questions are not stuck behind it. About a line of text.
constexpr std::size_t paced_piece = 64;
std::size_t most_at_once(const link::ByteLink& link) {
  return link.bytes_per_s() > 0 ? paced_piece : piece;
}

constexpr link::Duration beyond_time = seconds(2);
constexpr link::Duration again_within = seconds(3);
constexpr link::Duration checks_within = seconds(8);
constexpr link::Duration clears_within = seconds(3);
constexpr unsigned clear_tries = 2;
constexpr unsigned linger_tries = 2;
constexpr unsigned asked_in_vain = 2;  ///< before the run lingers
constexpr unsigned eject_tries = 2;
constexpr link::Duration linger_pause = seconds(5);
/// Behind an answer in order nothing older is to be expected after that.
constexpr link::Duration quiet_after = StatusRound::lost_after;
constexpr link::Duration recovers_every = seconds(30);
constexpr std::size_t padding = 2048;
static_assert(padding > escpos::longest_command);

}  // namespace

PrintRun::PrintRun(Means means, Job job, std::function<void(Ending)> ended, std::function<void()> settled)
    : means_(std::move(means)),
      job_(std::move(job)),
      ended_(std::move(ended)),
      settled_(std::move(settled)),
      deadline_(means_.executor) {}

void PrintRun::begin() {
  deadline_.start(job_.time + beyond_time, [this] { overdue(); });
  send_next();
}

void PrintRun::begin_torn() {
  ended_ = nullptr;
  is_well_ = false;  // the link is not even up
  must_be_quiet_ = FenceBook::is_alike(means_.profile.confirm);
  await_ejection();
}

void PrintRun::begin_sync() {
  ended_ = nullptr;
  must_be_quiet_ = true;
  only_waits_ = true;
  is_well_ = false;
  place_ = Place::lingering;
}

escpos::Bytes PrintRun::completion() {
  return escpos::Bytes(padding, 0);
}

std::size_t PrintRun::largest_piece(const std::vector<std::uint32_t>& seams, const link::ByteLink& link) {
  std::size_t largest = most_at_once(link);
  std::size_t before = 0;
  for (const auto seam : seams) {
    largest = std::max(largest, seam - before);
    before = seam;
  }
  return largest;
}

// --- bytes out ---

void PrintRun::send_next() {
  const auto& seams = job_.seams;
  const auto most = most_at_once(means_.link);
  const auto beyond = std::upper_bound(seams.begin(), seams.end(), next_ + most);
  std::size_t end = beyond == seams.begin() ? 0 : *(beyond - 1);
  if (job_.bytes.size() - next_ <= most) {
    end = job_.bytes.size();
  } else if (end <= next_) {
    end = beyond == seams.end() ? job_.bytes.size() : *beyond;
  }
  escpos::Bytes bytes(job_.bytes.begin() + static_cast<std::ptrdiff_t>(next_),
                      job_.bytes.begin() + static_cast<std::ptrdiff_t>(end));
  next_ = end;
  ++pieces_;
  if (all_sent()) {
    const auto fence = means_.fences.ask({job_.number, true});
    bytes.insert(bytes.end(), fence.begin(), fence.end());
  }
  means_.link.send(std::move(bytes), [weak = weak_from_this()](link::Status status) {
    if (const auto self = weak.lock()) {
      self->sent(status);
    }
  });
}

void PrintRun::sent(link::Status status) {
  if (is_stopped_) {
    return;
  }
  if (status != link::Status::ok) {
    if (!is_open()) {
      return;  // link_down says the rest
    }
    const bool nothing_left = status == link::Status::busy && pieces_ == 1;
    end(nothing_left ? PrintResult::failed : PrintResult::unknown,
        status == link::Status::busy ? "the link is full" : "connection lost while printing");
    nothing_left ? quiet() : await_ejection();
  } else if (!all_sent()) {
    send_next();
  } else if (place_ == Place::printing && means_.profile.confirm == Profile::Confirm::none) {
    if (means_.has_status) {
      deadline_.start(job_.time, [this] { check(); });
    } else {
      end(PrintResult::sent, "");
      settle();
    }
  }
}

void PrintRun::ask_fence() {
  if (auto bytes = means_.fences.ask({job_.number, true}); !bytes.empty()) {
    means_.link.send(std::move(bytes), [](link::Status) {});  // what is lost is not answered
  }
}

// --- the result ---

void PrintRun::fence(bool skipped) {
  switch (place_) {
    case Place::printing:
      if (!all_sent()) {
        return;  // nobody asked yet
      }
      check();
      return;
    case Place::clearing:
      // It was through before it forgot anything; whether well, it did not say.
      end(PrintResult::unknown, clear_reason_ + " while printing");
      await_ejection();
      return;
    case Place::lingering:
      skipped ? await_ejection() : quiet();
      return;
    case Place::ejecting:
      quiet();
      return;
    case Place::checking:
    case Place::waiting:
    case Place::settled:
      return;
  }
}

void PrintRun::stray() {
  if (place_ == Place::lingering && must_be_quiet_) {
    quiet();
  }
}

void PrintRun::check() {
  place_ = Place::checking;
  deadline_.cancel();
  check_by_ = means_.executor.now() + checks_within;
  if (means_.has_status) {
    means_.look();
  } else {
    end(PrintResult::printed, "");
    quiet();
  }
}

void PrintRun::looked(const std::optional<escpos::Condition>& condition) {
  if (place_ != Place::checking) {
    return;
  }
  if (!condition) {
    if (means_.executor.now() < check_by_) {
      means_.look();
    } else {
      end(PrintResult::unknown, "the printer fell silent behind the ticket");
      quiet();
    }
  } else if (!condition->can_print()) {
    fault(*condition);
  } else {
    end(means_.profile.confirm == Profile::Confirm::none ? PrintResult::sent : PrintResult::printed, "");
    quiet();
  }
}

void PrintRun::condition(const escpos::Condition& condition) {
  is_well_ = condition.can_print();
  if (!is_well_) {
    fault(condition);
  } else if (place_ == Place::waiting) {
    eject();
  } else if (place_ == Place::lingering && !deadline_.pending()) {
    const auto time = must_be_quiet_ ? milliseconds(0) : job_.time + beyond_time;
    deadline_.start(time, [this] { linger_on(); });
  }
}

void PrintRun::fault(const escpos::Condition& condition) {
  const std::string reason(condition.reason());
  const auto policy = means_.profile.paper_out;
  jammed_ = jammed_ || (condition.cutter && policy != Profile::PaperOut::resume);
  if (place_ == Place::checking) {
    end(PrintResult::unknown, reason + " while printing");
    quiet();
  } else if (place_ == Place::printing && policy == Profile::PaperOut::clear) {
    clear(reason);
  } else if (place_ == Place::printing) {
    // It may print the rest when someone has helped it, or may not.
    end(PrintResult::unknown, reason + " while printing");
    const bool is_cleared = policy == Profile::PaperOut::enq_2 && condition.cutter;
    is_cleared ? await_ejection() : linger();
  } else if (place_ == Place::lingering) {
    deadline_.cancel();
  } else if (place_ == Place::ejecting) {
    await_ejection();
  }
}

void PrintRun::clear(std::string reason) {
  place_ = Place::clearing;
  is_stopped_ = true;
  clear_reason_ = std::move(reason);
  ++tries_;
  means_.link.send_now(escpos::clear_buffers(), [](link::Status) {});
  deadline_.start(clears_within, [this] {
    if (tries_ < clear_tries) {
      clear(clear_reason_);
    } else {
      end(PrintResult::unknown, clear_reason_ + " while printing");
      await_ejection();
    }
  });
}

void PrintRun::cleared() {
  if (place_ == Place::clearing) {
    end(PrintResult::voided, clear_reason_ + " while printing");
    await_ejection();
  }
}

void PrintRun::doubt() {
  if (place_ == Place::settled || place_ == Place::waiting || place_ == Place::ejecting) {
    return;
  }
  end(PrintResult::unknown, "the printer lost answers while printing");
  await_ejection();
}

void PrintRun::lost(std::string_view reason) {
  if (place_ == Place::settled) {
    return;
  }
  if (place_ == Place::lingering && only_waits_) {
    deadline_.cancel();  // there was no job, so there is no piece: it asks again when the printer is back
    is_well_ = false;
    return;
  }
  const bool behind = place_ == Place::checking;
  const bool may_be_proven = all_sent() && place_ == Place::printing;
  end({PrintResult::unknown,
       (behind ? "connection lost behind the ticket: " : "connection lost while printing: ") +
           std::string(reason),
       may_be_proven, may_be_proven});
  is_well_ = false;
  behind ? quiet() : await_ejection();
}

void PrintRun::is_back() {
  is_well_ = true;
  if (place_ == Place::waiting) {
    eject();
  }
}

void PrintRun::overdue() {
  const bool can_ask = all_sent() && means_.profile.confirm != Profile::Confirm::none;
  if (can_ask && !asked_again_) {
    asked_again_ = true;
    deadline_.start(again_within, [this] { overdue(); });
    ask_fence();
    return;
  }
  end({PrintResult::unknown,
       all_sent() ? "the printer did not confirm in time" : "the printer stopped taking the ticket",
       all_sent(), false});
  if (!all_sent() || !is_well_) {
    await_ejection();
  } else if (means_.fences.is_muddled()) {
    unanswered_ = asked_in_vain;
    linger();
  } else {
    settle();
  }
}

void PrintRun::end(PrintResult result, std::string reason) {
  end({result, std::move(reason), false, false});
}

void PrintRun::end(Ending ending) {
  if (auto ended = std::exchange(ended_, nullptr)) {
    // Not from here: whoever is told may begin with the next thing.
    means_.executor.post([ended = std::move(ended), ending = std::move(ending)] { ended(ending); });
  }
}

// --- what the printer still holds ---

void PrintRun::linger() {
  place_ = Place::lingering;
  tries_ = 0;
  deadline_.cancel();
  if (is_well_) {
    deadline_.start(linger_pause, [this] { linger_on(); });
  }
}

/// The printer has been well for as long as the whole job takes, and the fence has not come.
void PrintRun::linger_on() {
  if (!all_sent()) {
    await_ejection();
    return;
  }
  if (means_.profile.confirm == Profile::Confirm::none) {
    settle();
    return;
  }
  if (tries_ == linger_tries && !means_.fences.is_muddled()) {
    await_ejection();  // it was without power, or never answers: the next fence will tell
    return;
  }
  tries_ = std::min(tries_ + 1, linger_tries);
  ++unanswered_;
  ask_fence();
  deadline_.start(linger_pause, [this] { linger_on(); });
}

/// The printer is through with this run. Of alike answers an old one may still be on its way.
void PrintRun::quiet() {
  if (!means_.fences.is_muddled() && !must_be_quiet_) {
    settle();
    return;
  }
  place_ = Place::lingering;
  unanswered_ = 0;
  tries_ = 0;
  deadline_.start(quiet_after, [this] {
    means_.fences.forget();
    settle();
  });
}

void PrintRun::await_ejection() {
  place_ = Place::waiting;
  is_stopped_ = true;
  tries_ = 0;
  deadline_.cancel();
  if (jammed_) {
    // It is asked again and again, because it helps only once the knife is free.
    means_.link.send_now(escpos::recover_by_clearing(), [](link::Status) {});
    deadline_.start(recovers_every, [this] { await_ejection(); });
  } else if (is_well_) {
    deadline_.start(milliseconds(0), [this] { eject(); });
  }
}

void PrintRun::eject() {
  place_ = Place::ejecting;
  jammed_ = false;
  auto bytes = completion();
  bytes.insert(bytes.end(), {0x1B, 0x40, 0x0A});
  bytes.insert(bytes.end(), means_.profile.cut.begin(), means_.profile.cut.end());
  bytes.insert(bytes.end(), means_.profile.present.begin(), means_.profile.present.end());
  const auto fence = means_.fences.ask({job_.number, false});
  bytes.insert(bytes.end(), fence.begin(), fence.end());
  const auto time = line_time(bytes.size(), means_.link.bytes_per_s());
  means_.link.send(std::move(bytes), [](link::Status) {});
  deadline_.start(time + again_within, [this] { not_ejected(); });
}

/// Of a printer that says nothing at all this says nothing: it begins anew when it does.
void PrintRun::not_ejected() {
  if (!is_well_) {
    await_ejection();
  } else if (means_.profile.confirm != Profile::Confirm::none && ++tries_ < eject_tries) {
    eject();
  } else if (means_.fences.is_muddled()) {
    unanswered_ = asked_in_vain;
    linger();
  } else {
    settle();
  }
}

void PrintRun::settle() {
  place_ = Place::settled;
  deadline_.cancel();
  means_.executor.post([settled = settled_] { settled(); });
}

}  // namespace lobby::printer
