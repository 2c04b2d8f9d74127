#include "display/screen/room_poller.hpp"

#include <chrono>
#include <utility>

namespace lobby::display {
namespace {

using namespace std::chrono_literals;

/// Names of rooms change with the site, when the daemon starts anew.
constexpr Instant rooms_every = 30s;

}  // namespace

RoomPoller::RoomPoller(Settings settings)
    : settings_(std::move(settings)), link_(settings_.server, MonitorBounds::bytes) {
  thread_ = std::thread([this] { run(); });
}

RoomPoller::~RoomPoller() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  turn_.notify_all();
  link_.leave();
  thread_.join();
}

std::optional<RoomPoller::News> RoomPoller::news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, std::nullopt);
}

void RoomPoller::run() {
  link_.set_token_from(settings_.token_file);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto asked = std::chrono::steady_clock::now();
    ask();
    lock.lock();
    turn_.wait_until(lock, asked + (refused_ ? asks_refused_every : asks_every),
                     [this] { return stopping_; });
  }
}

bool RoomPoller::holds(const ServerLink::Answer& answer) {
  refused_ = answer.status == 401 || answer.status == 403;
  if (answer.status == 200) {
    return true;
  }
  say(trouble_of(answer.status, settings_.server, settings_.token_file,
                 "the server knows nothing of evaluations"));
  if (refused_) {
    link_.set_token_from(settings_.token_file);
  }
  return false;
}

void RoomPoller::ask() {
  if (rooms_.empty() || steady_now() >= rooms_due_) {
    auto rooms = link_.get("/api/v1/rooms");
    if (!holds(rooms)) {
      return;
    }
    rooms_ = std::move(rooms.body);
    rooms_due_ = rooms.answered + rooms_every;
  }
  const auto answer = link_.get("/api/v1/evaluations");
  if (!holds(answer)) {
    return;
  }
  auto monitor = read_room_monitor(rooms_, answer.body, settings_.id);
  if (!monitor) {
    rooms_.clear();
    refused_ = true;
    return say("the server knows no room " + settings_.id);
  }
  say("shows the room " + settings_.id + " of " + settings_.server);
  {
    const std::lock_guard lock(mutex_);
    news_ = News{std::move(*monitor), answer.asked};
  }
  settings_.on_news();
}

void RoomPoller::say(std::string sentence) {
  if (sentence != state_) {
    state_ = std::move(sentence);
    settings_.on_state(state_);
  }
}

}  // namespace lobby::display
