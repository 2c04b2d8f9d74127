#include "drivers/link/sender.hpp"

#include <algorithm>
#include <utility>

namespace lobby::link {
namespace {

constexpr std::uint8_t xon = 0x11;
constexpr std::uint8_t xoff = 0x13;
constexpr std::chrono::milliseconds lines_linger{200};

bool by_lines(Flow flow) {
  return flow == Flow::rts_cts || flow == Flow::dtr_dsr;
}

}  // namespace

Sender::Sender(Executor& executor, Kernel& kernel, Manner manner)
    : executor_(executor),
      kernel_(kernel),
      manner_(manner),
      writer_(manner.pace),
      again_(executor),
      rest_(executor) {}

void Sender::opened(std::unique_ptr<ModemLines> lines) {
  is_open_ = true;
  is_waiting_ = false;
  is_watching_ = false;
  life_ = std::make_shared<int>();
  lines_ = std::move(lines);
  writer_.hold(by_lines(manner_.flow));  // until they were read
}

void Sender::send(Bytes bytes, Done done, bool is_urgent) {
  if (!is_open_) {
    kernel_.answer(std::move(done), Status::gone);
  } else if (!writer_.add(bytes, done, is_urgent)) {
    kernel_.answer(std::move(done), Status::busy);
  } else {
    watch_lines();
    pump();
  }
}

void Sender::heard(std::span<const std::uint8_t> bytes) {
  if (manner_.flow == Flow::xon_xoff) {
    const auto last = std::find_if(bytes.rbegin(), bytes.rend(),
                                   [](std::uint8_t byte) { return byte == xon || byte == xoff; });
    if (last != bytes.rend()) {
      writer_.hold(*last == xoff);
    }
  }
  pump();
}

std::vector<Sender::Done> Sender::drop() {
  is_open_ = false;
  life_ = nullptr;
  lines_ = nullptr;
  again_.cancel();
  rest_.cancel();
  return writer_.drop();
}

void Sender::watch_lines() {
  if (!lines_ || !writer_.has_usual()) {
    return;
  }
  rest_.cancel();
  if (!std::exchange(is_watching_, true)) {
    writer_.hold(true);  // what was read before may have changed since
    lines_->watch([this](ModemLines::State state) {
      writer_.hold(!(manner_.flow == Flow::rts_cts ? state.cts : state.dsr));
      pump();
    });
  }
}

void Sender::pump() {
  again_.cancel();
  while (is_open_ && !is_waiting_ && writer_.has_any()) {
    // A stop that is here already counts before anything else leaves.
    if (manner_.flow == Flow::xon_xoff && kernel_.has_input()) {
      return;
    }
    const auto now = executor_.now();
    writer_.kernel_holds(kernel_.holds(), now);
    const auto turn = writer_.next(now);
    if (turn.again) {
      again_.start(*turn.again - now, [this] { pump(); });
    }
    if (!turn.bytes || !hand_over(*turn.bytes)) {
      return;
    }
  }
  if (is_watching_ && !writer_.has_usual() && !rest_.pending()) {
    rest_.start(lines_linger, [this] {
      is_watching_ = false;
      lines_->rest();
    });
  }
}

/// May more be handed over at once?
bool Sender::hand_over(std::span<const std::uint8_t> bytes) {
  auto taken =
      bytes.empty() ? Kernel::Taken{} : kernel_.write(bytes.first(std::min(bytes.size(), manner_.chunk)));
  if (!taken.fault.empty()) {
    lose(std::move(taken.fault));
    return false;
  }
  const bool is_full = taken.count == 0 && !bytes.empty();
  const bool counts_later = manner_.is_taken_when_writable && !bytes.empty();
  if (!counts_later) {
    took(taken.count);
  }
  if (!is_full && !counts_later) {
    return true;
  }
  is_waiting_ = true;
  kernel_.when_writable([this, life = std::weak_ptr(life_), count = counts_later ? taken.count : 0] {
    if (life.expired()) {
      return;
    }
    is_waiting_ = false;
    if (count > 0) {
      took(count);
    }
    pump();
  });
  return false;
}

void Sender::took(std::size_t count) {
  if (auto done = writer_.took(count, executor_.now())) {
    kernel_.answer(std::move(done), Status::ok);
  }
}

void Sender::lose(std::string fault) {
  is_waiting_ = true;  // nothing leaves any more
  executor_.post([this, life = std::weak_ptr(life_), fault = std::move(fault)]() mutable {
    if (!life.expired()) {
      kernel_.lost(std::move(fault));
    }
  });
}

}  // namespace lobby::link
