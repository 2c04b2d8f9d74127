#include "tests/sim/line.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "tests/sim/log.hpp"

namespace lobby::sim {

Line::Line(std::string id, std::string path, LinePace pace, std::vector<Drop> drops)
    : id_(std::move(id)),
      path_(std::move(path)),
      drops_(std::move(drops)),
      noise_(static_cast<std::uint32_t>(drops_.size())),
      model_(pace) {}

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
    last_name_ = pty_->name();
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
    pty_ = another_adapter();
  }
  return pty_ != nullptr;
}

/// An adapter that was pulled out comes back under another name, as USB gives them.
std::unique_ptr<Pty> Line::another_adapter() {
  std::string why;
  std::unique_ptr<Pty> pty = Pty::open(path_, why, last_name_);
  if (!why.empty() && why != last_fault_) {
    log(id_ + ": " + why);
  }
  last_fault_ = why;
  last_name_ = pty == nullptr ? last_name_ : pty->name();
  return pty;
}

void Line::serve() {
  const std::lock_guard lock(mutex_);
  const TimePoint now = Clock::now();
  hear_host(now);
  hear_stations(now);
  const Bytes out = model_.take_sent(now);
  if (!out.empty()) {
    [[maybe_unused]] const ssize_t sent = ::write(pty_->fd(), out.data(), out.size());
  }
  while (const std::optional<LineModel::Said> said = model_.take_said(now)) {
    pass_on(*said);
  }
  if (const std::optional<Bytes> frame = model_.take_frame(now)) {
    offer(*frame, now);
    if (std::exchange(is_doubled_, false)) {
      offer(*frame, now);
    }
  }
}

void Line::hear_host(TimePoint now) {
  std::array<std::uint8_t, 512> buffer{};
  const ssize_t got = ::read(pty_->fd(), buffer.data(), buffer.size());
  if (got <= 0 || faults_.has(Fault::freeze)) {
    return;
  }
  const std::span<std::uint8_t> bytes(buffer.data(), static_cast<std::size_t>(got));
  const Noise::Does hit = noise_.hit(bytes);
  if (hit != Noise::Does::lose) {
    is_doubled_ = hit == Noise::Does::twice;
    model_.host_wrote(bytes, now);
  }
}

void Line::hear_stations(TimePoint now) {
  for (std::size_t i = 0; i < drops_.size(); ++i) {
    Station& station = *drops_[i].station;
    if (station.speech_fd() < 0) {
      continue;
    }
    if (Bytes bytes = station.take_speech(); !bytes.empty()) {
      say(i, std::move(bytes), now);
    }
  }
}

/// Stations hear each other too; nobody hears himself.
void Line::pass_on(const LineModel::Said& said) {
  const bool whole = said.who != LineModel::host && is_whole(said.bytes);
  for (std::size_t i = 0; i < drops_.size(); ++i) {
    Station& station = *drops_[i].station;
    if (said.who == LineModel::host) {
      station.carry(said.bytes);
      if (is_doubled_) {
        station.carry(said.bytes);
      }
    } else if (said.who != i + 1) {
      station.overhear(said.bytes, whole);
    }
  }
}

void Line::offer(const Bytes& frame, TimePoint now) {
  const std::optional<RtuRequest> request = parse_request(frame);
  const HeardFrame heard{frame, request.has_value(), request};
  for (std::size_t i = 0; i < drops_.size(); ++i) {
    if (std::optional<Station::Spoken> spoken = drops_[i].station->hear(heard, now)) {
      say(i, std::move(spoken->bytes), model_.answer_time() + spoken->late);
    }
  }
}

void Line::say(std::size_t drop, Bytes bytes, TimePoint from) {
  if (faults_.has(Fault::silent)) {
    return;
  }
  if (faults_.has(Fault::corrupt)) {
    bytes.back() = static_cast<std::uint8_t>(bytes.back() ^ 0x5A);
  }
  if (faults_.has(Fault::garbage)) {
    noise_.scramble(bytes);
  }
  const Noise::Does hit = noise_.hit(bytes);
  if (hit == Noise::Does::lose) {
    return;
  }
  model_.speak(drop + 1, bytes, from + faults_.slow_by());
  if (hit == Noise::Does::twice) {
    model_.speak(drop + 1, bytes, from + faults_.slow_by());
  }
}

void Line::wait() {
  std::vector<pollfd> waits{{wakeup_.fd(), POLLIN, 0}};
  std::optional<TimePoint> next;
  {
    const std::lock_guard lock(mutex_);
    if (pty_ != nullptr) {
      waits.push_back({pty_->fd(), POLLIN, 0});
    }
    for (const Drop& drop : drops_) {
      if (const int fd = drop.station->speech_fd(); fd >= 0 && pty_ != nullptr) {
        waits.push_back({fd, POLLIN, 0});
      }
    }
    next = model_.next();
  }
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
    case Fault::noise:
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

void Line::set_noise(unsigned per_mille) {
  const std::lock_guard lock(mutex_);
  noise_.set(per_mille);
}

void Line::clear(std::optional<Fault> fault) {
  {
    const std::lock_guard lock(mutex_);
    if (fault) {
      faults_.remove(*fault);
    } else {
      faults_.clear();
    }
    if (!faults_.has(Fault::noise)) {
      noise_.set(0);
    }
  }
  wakeup_.signal();
}

boost::json::object Line::describe() {
  const std::lock_guard lock(mutex_);
  boost::json::array units;
  for (const Drop& drop : drops_) {
    units.emplace_back(drop.id);
  }
  const LineModel::Counts& counts = model_.counts();
  const Noise::Counts& noise = noise_.counts();
  return {{"id", id_},
          {"kind", kind()},
          {"port", path_},
          {"adapter", pty_ == nullptr ? std::string() : pty_->name()},
          {"baud", model_.pace().baud},
          {"host_baud", pty_ == nullptr ? 0U : pty_->host_baud()},
          {"units", std::move(units)},
          {"frames", counts.frames},
          {"collisions", counts.collisions},
          {"short_silences", counts.short_silences},
          {"busy_ms", std::chrono::duration_cast<milliseconds>(counts.busy).count()},
          {"noise", boost::json::object{{"per_mille", noise_.per_mille()},
                                        {"lost", noise.lost},
                                        {"doubled", noise.doubled},
                                        {"spoilt", noise.spoilt}}},
          {"faults", faults_.words()}};
}

}  // namespace lobby::sim
