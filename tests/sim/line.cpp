#include "tests/sim/line.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "tests/sim/log.hpp"

namespace lobby::sim {

Line::Line(std::string id, std::string path, LinePace pace, std::vector<std::shared_ptr<Unit>> units)
    : id_(std::move(id)), path_(std::move(path)), units_(std::move(units)), model_(pace) {}

Line::~Line() {
  stop_ = true;
  wakeup_.signal();
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::string Line::start() {
  std::string why;
  pty_ = Pty::open(path_, why);
  if (why.empty()) {
    thread_ = std::thread([this] { run(); });
  }
  return why;
}

void Line::run() {
  // A line at 115200 baud is finer than the usual slack of a timer.
  ::prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
  while (!stop_) {
    if (fit_adapter()) {
      serve();
    }
    wait();
  }
}

bool Line::fit_adapter() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(replug_, false) || faults_.has(Fault::gone)) {
    pty_.reset();
    model_.reset();
  }
  if (faults_.has(Fault::gone)) {
    return false;
  }
  if (pty_ == nullptr) {
    std::string why;
    pty_ = Pty::open(path_, why);
    if (!why.empty() && why != last_fault_) {
      log(id_ + ": " + why);
    }
    last_fault_ = why;
  }
  return pty_ != nullptr;
}

void Line::serve() {
  const std::lock_guard lock(mutex_);
  std::array<std::uint8_t, 512> buffer{};
  const ssize_t got = ::read(pty_->fd(), buffer.data(), buffer.size());
  const TimePoint now = Clock::now();
  if (got > 0 && !faults_.has(Fault::freeze)) {
    model_.host_wrote({buffer.data(), static_cast<std::size_t>(got)}, now);
  }
  if (const std::optional<Bytes> frame = model_.take_frame(now)) {
    answer(*frame);
  }
  const Bytes out = model_.take_sent(now);
  if (!out.empty()) {
    [[maybe_unused]] const ssize_t sent = ::write(pty_->fd(), out.data(), out.size());
  }
}

void Line::answer(const Bytes& frame) {
  const std::optional<RtuRequest> request = parse_request(frame);
  if (!request) {
    return;
  }
  for (const std::shared_ptr<Unit>& unit : units_) {
    if (request->address != 0 && unit->address() != request->address) {
      continue;
    }
    std::optional<Unit::Spoken> spoken = unit->hear(*request);
    if (!spoken || faults_.has(Fault::silent)) {
      continue;
    }
    if (faults_.has(Fault::corrupt)) {
      spoken->bytes.back() = static_cast<std::uint8_t>(spoken->bytes.back() ^ 0x5A);
    }
    if (faults_.has(Fault::garbage)) {
      std::generate(spoken->bytes.begin(), spoken->bytes.end(),
                    [this] { return static_cast<std::uint8_t>(noise_() >> 8); });
    }
    model_.send(std::move(spoken->bytes), spoken->late + faults_.slow_by());
  }
}

void Line::wait() {
  int fd = -1;
  std::optional<TimePoint> next;
  {
    const std::lock_guard lock(mutex_);
    fd = pty_ == nullptr ? -1 : pty_->fd();
    next = model_.next();
  }
  std::array<pollfd, 2> waits{{{wakeup_.fd(), POLLIN, 0}, {fd, POLLIN, 0}}};
  nanoseconds timeout = std::chrono::seconds(1);
  if (next) {
    timeout =
        std::clamp(std::chrono::duration_cast<nanoseconds>(*next - Clock::now()), nanoseconds(0), timeout);
  }
  const timespec until{timeout.count() / 1'000'000'000, timeout.count() % 1'000'000'000};
  ::ppoll(waits.data(), waits.size(), &until, nullptr);
  if (waits[0].revents != 0) {
    wakeup_.drain();
  }
}

bool Line::can_have(Fault fault) const {
  switch (fault) {
    case Fault::gone:
    case Fault::silent:
    case Fault::slow:
    case Fault::garbage:
    case Fault::corrupt:
    case Fault::freeze:
    case Fault::power_cycle:
      return true;
    default:
      return false;
  }
}

void Line::inject(Fault fault, milliseconds slow_by) {
  {
    const std::lock_guard lock(mutex_);
    if (fault == Fault::power_cycle) {
      replug_ = true;
    } else {
      faults_.add(fault, slow_by);
    }
  }
  wakeup_.signal();
}

void Line::clear(std::optional<Fault> fault) {
  {
    const std::lock_guard lock(mutex_);
    if (fault) {
      faults_.remove(*fault);
    } else {
      faults_.clear();
    }
  }
  wakeup_.signal();
}

boost::json::object Line::describe() {
  const std::lock_guard lock(mutex_);
  boost::json::array units;
  for (const std::shared_ptr<Unit>& unit : units_) {
    units.emplace_back(unit->id());
  }
  const LineModel::Counts& counts = model_.counts();
  return {{"id", id_},
          {"kind", kind()},
          {"port", path_},
          {"baud", model_.pace().baud},
          {"host_baud", pty_ == nullptr ? 0U : pty_->host_baud()},
          {"units", std::move(units)},
          {"frames", counts.frames},
          {"collisions", counts.collisions},
          {"short_silences", counts.short_silences},
          {"busy_ms", std::chrono::duration_cast<milliseconds>(counts.busy).count()},
          {"faults", faults_.words()}};
}

}  // namespace lobby::sim
