#include "tests/sim/relay_board.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

namespace lobby::sim {
namespace {

constexpr std::size_t mbap_head = 7, before_length = 4, longest_mbap = 260;
constexpr int relay_poll_ms = 1000;

}  // namespace

RelayBoard::RelayBoard(RelayEnd end) : end_(std::move(end)), model_(end_.address) {
  if (end_.tcp) {
    plug_ = make_tcp_plug(*end_.tcp);
  }
}

RelayBoard::~RelayBoard() {
  stop_ = true;
  wakeup_.signal();
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::string RelayBoard::start() {
  if (plug_ == nullptr) {
    return {};
  }
  std::string why = plug_->plug_in();
  if (why.empty()) {
    thread_ = std::thread([this] { run(); });
  }
  return why;
}

std::optional<Station::Spoken> RelayBoard::hear(const HeardFrame& frame, TimePoint now) {
  if (!frame.whole || !frame.request) {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  auto bytes = model_.answer(*frame.request, now);
  return bytes ? std::optional(Spoken{std::move(*bytes), model_.faults().slow_by()}) : std::nullopt;
}

void RelayBoard::run() {
  while (!stop_) {
    bool is_gone = false;
    bool is_frozen = false;
    {
      const std::lock_guard lock(mutex_);
      is_gone = model_.faults().has(Fault::gone);
      is_frozen = model_.faults().has(Fault::freeze);
    }
    if (is_gone) {
      plug_->pull_out();
      in_.clear();
    } else {
      static_cast<void>(plug_->plug_in());
    }
    std::array<pollfd, 3> all{{{wakeup_.fd(), POLLIN, 0},
                               {is_frozen || is_gone ? -1 : plug_->listen_fd(), POLLIN, 0},
                               {is_frozen || is_gone ? -1 : plug_->data_fd(), POLLIN, 0}}};
    ::poll(all.data(), all.size(), say());
    wakeup_.drain();
    if (all[1].revents != 0) {
      plug_->accept(false);
      in_.clear();
    }
    if (all[2].revents != 0) {
      hear_host();
    }
  }
}

/// What is due; how many milliseconds it is to the next.
int RelayBoard::say() {
  while (const auto bytes = out_.take(Clock::now())) {
    plug_->write(*bytes);
  }
  const auto next = out_.next();
  const auto left = next ? std::chrono::ceil<milliseconds>(*next - Clock::now()).count() : relay_poll_ms;
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, relay_poll_ms));
}

void RelayBoard::hear_host() {
  std::array<std::uint8_t, 512> bytes{};
  const std::size_t got = plug_->read(bytes);
  in_.insert(in_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got));
  serve();
}

/// The frame of Modbus TCP around what the line knows with a checksum.
void RelayBoard::serve() {
  while (in_.size() >= mbap_head) {
    const std::size_t size = before_length + 2 + (std::size_t{in_[4]} << 8 | in_[5]);
    if (in_[2] != 0 || in_[3] != 0 || size > longest_mbap || size < mbap_head + 1) {
      plug_->hang_up();
      in_.clear();
      return;
    }
    if (in_.size() < size) {
      return;
    }
    const Bytes head(in_.begin(), in_.begin() + before_length);
    Bytes frame(in_.begin() + before_length + 2, in_.begin() + static_cast<std::ptrdiff_t>(size));
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(size));
    append_crc(frame);
    std::optional<Bytes> said;
    milliseconds late{0};
    {
      const std::lock_guard lock(mutex_);
      late = model_.faults().slow_by();
      if (const auto request = parse_request(frame)) {
        said = model_.answer(*request, Clock::now());
      }
    }
    if (said) {
      const std::size_t body = said->size() - 2;
      Bytes out = head;
      out.push_back(static_cast<std::uint8_t>(body >> 8));
      out.push_back(static_cast<std::uint8_t>(body & 0xFF));
      out.insert(out.end(), said->begin(), said->begin() + static_cast<std::ptrdiff_t>(body));
      out_.add(Clock::now() + late, std::move(out));
    }
  }
}

boost::json::object RelayBoard::describe() {
  boost::json::object out{{"id", end_.id}, {"kind", kind()}, {"address", end_.address}};
  if (end_.tcp) {
    out["at"] = plug_->where();
  } else {
    out["bus"] = end_.bus;
  }
  const std::lock_guard lock(mutex_);
  model_.describe(out, Clock::now());
  return out;
}

void RelayBoard::inject(Fault fault, milliseconds slow_by) {
  {
    const std::lock_guard lock(mutex_);
    model_.inject(fault, slow_by, Clock::now());
  }
  wakeup_.signal();
}

void RelayBoard::clear(std::optional<Fault> fault) {
  {
    const std::lock_guard lock(mutex_);
    model_.clear(fault);
  }
  wakeup_.signal();
}

std::string RelayBoard::press(std::string_view key) {
  const bool is_down = key.starts_with("down:");
  const auto number = key.substr(std::min(key.size(), key.find(':') + 1));
  const bool is_input = number.size() == 1 && number[0] >= '4' && number[0] <= '7';
  if ((!is_down && !key.starts_with("up:")) || !is_input) {
    return "The key must be down:4 to down:7 or up:4 to up:7.";
  }
  const std::lock_guard lock(mutex_);
  model_.set_input(static_cast<std::size_t>(number[0] - '0'), is_down);
  return {};
}

}  // namespace lobby::sim
