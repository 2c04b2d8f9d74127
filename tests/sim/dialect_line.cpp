#include "tests/sim/dialect_line.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "tests/sim/log.hpp"

namespace lobby::sim {

DialectLine::DialectLine(std::string id, std::string path, std::string dialect,
                         std::vector<std::shared_ptr<Talker>> talkers)
    : id_(std::move(id)), path_(std::move(path)), dialect_(std::move(dialect)), talkers_(std::move(talkers)) {
  for (const auto& talker : talkers_) {
    talker->wake = [this] { wakeup_.signal(); };
  }
}

DialectLine::~DialectLine() {
  stop_ = true;
  wakeup_.signal();
  if (thread_.joinable()) {
    thread_.join();
  }
  for (const auto& talker : talkers_) {
    talker->wake = [] {};
  }
}

std::string DialectLine::start() {
  std::string why;
  pty_ = Pty::open(path_, why);
  if (why.empty()) {
    thread_ = std::thread([this] { run(); });
  }
  return why;
}

void DialectLine::run() {
  while (!stop_) {
    fit_adapter();
    serve();
    wait();
  }
}

void DialectLine::fit_adapter() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(replug_, false) || faults_.has(Fault::gone)) {
    pty_.reset();
  }
  if (pty_ != nullptr || faults_.has(Fault::gone)) {
    return;
  }
  std::string why;
  pty_ = Pty::open(path_, why);
  if (!why.empty()) {
    log(id_ + ": " + why);
  }
}

void DialectLine::serve() {
  constexpr std::size_t kept_bytes = 256 * 1024;
  const std::lock_guard lock(mutex_);
  if (pty_ == nullptr) {
    return;
  }
  std::array<std::uint8_t, 512> buffer{};
  const auto got = ::read(pty_->fd(), buffer.data(), buffer.size());
  const auto now = Clock::now();
  if (got > 0) {
    const std::span<const std::uint8_t> bytes(buffer.data(), static_cast<std::size_t>(got));
    bytes_ += bytes.size();
    raw_.append(bytes.begin(), bytes.end());
    raw_.erase(0, raw_.size() - std::min(raw_.size(), kept_bytes));
    for (const auto& talker : talkers_) {
      talker->hear(bytes, now);
    }
  }
  for (const auto& talker : talkers_) {
    if (const Bytes said = talker->speak(now); !said.empty()) {
      [[maybe_unused]] const auto sent = ::write(pty_->fd(), said.data(), said.size());
    }
  }
}

void DialectLine::wait() {
  std::array<pollfd, 2> waits{{{wakeup_.fd(), POLLIN, 0}, {-1, POLLIN, 0}}};
  auto until = Clock::now() + std::chrono::seconds(1);
  {
    const std::lock_guard lock(mutex_);
    waits[1].fd = pty_ == nullptr ? -1 : pty_->fd();
    for (const auto& talker : talkers_) {
      until = std::min(until, talker->next().value_or(until));
    }
  }
  const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
  ::poll(waits.data(), waits.size(), static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000)));
  if (waits[0].revents != 0) {
    wakeup_.drain();
  }
}

void DialectLine::inject(Fault fault, milliseconds slow_by) {
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

void DialectLine::clear(std::optional<Fault> fault) {
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

boost::json::object DialectLine::describe() {
  const std::lock_guard lock(mutex_);
  return {{"id", id_},
          {"kind", kind()},
          {"port", path_},
          {"dialect", dialect_},
          {"host_baud", pty_ == nullptr ? 0U : pty_->host_baud()},
          {"bytes", bytes_},
          {"faults", faults_.words()}};
}

std::optional<Device::File> DialectLine::file(std::string_view name, std::size_t) {
  if (name != "bytes") {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  return File{"application/octet-stream", raw_};
}

}  // namespace lobby::sim
