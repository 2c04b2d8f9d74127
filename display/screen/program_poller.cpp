#include "display/screen/program_poller.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace lobby::display {
namespace {

using namespace std::chrono_literals;

/// An answer without a program says nothing of the server's clock: so often one is asked for all the same.
constexpr Instant clock_every = 20s;
constexpr int clock_answers_at_first = 4;
constexpr std::size_t most_news = 64;

}  // namespace

ProgramPoller::ProgramPoller(Settings settings)
    : settings_(std::move(settings)), link_(settings_.server, ProgramBounds::bytes) {
  thread_ = std::thread([this] { run(); });
}

ProgramPoller::~ProgramPoller() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  turn_.notify_all();
  link_.leave();
  thread_.join();
}

std::vector<ProgramPoller::News> ProgramPoller::news() {
  const std::lock_guard lock(mutex_);
  std::vector<News> all(std::make_move_iterator(news_.begin()), std::make_move_iterator(news_.end()));
  news_.clear();
  return all;
}

void ProgramPoller::shown(std::uint64_t version) {
  {
    const std::lock_guard lock(mutex_);
    to_tell_ = version;
  }
  turn_.notify_all();
}

void ProgramPoller::run() {
  link_.set_token_from(settings_.token_file);
  for (;;) {
    const auto asked = std::chrono::steady_clock::now();
    ask();
    bool may_tell = !refused_ && tell_shown();
    const auto until = asked + (refused_ ? asks_refused_every : asks_every);
    // What is shown is told at once; what could not be told, after the next question.
    std::unique_lock lock(mutex_);
    while (turn_.wait_until(lock, until, [&] { return stopping_ || (may_tell && to_tell_); })) {
      if (stopping_) {
        return;
      }
      lock.unlock();
      may_tell = tell_shown();
      lock.lock();
    }
  }
}

void ProgramPoller::ask() {
  const std::string path = "/api/v1/boards/" + settings_.id + "/program";
  const bool for_clock = clock_answers_ < clock_answers_at_first || steady_now() >= clock_due_;
  const auto answer = link_.get(path, for_clock ? std::string() : etag_);
  refused_ = answer.status == 401 || answer.status == 403 || answer.status == 404;
  if (answer.status == ServerLink::not_modified) {
    took({std::nullopt, answer.asked, answer.answered, std::exchange(was_lost_, false)});
  } else if (answer.status == 200) {
    took_program(answer);
  } else {
    was_lost_ = true;
    say_trouble(answer.status);
  }
}

void ProgramPoller::took_program(const ServerLink::Answer& answer) {
  auto program = read_program(answer.body);
  if (!program) {
    etag_.clear();
    say("the server's program cannot be read; is it of another version than this one?");
    return;
  }
  const bool is_other = std::exchange(was_lost_, false) || etag_ != answer.etag;
  etag_ = answer.etag;
  clock_due_ = answer.answered + clock_every;
  ++clock_answers_;
  took({std::move(program), answer.asked, answer.answered, is_other});
}

void ProgramPoller::say_trouble(int status) {
  say(trouble_of(status, settings_.server, settings_.token_file,
                 "the server knows no board " + settings_.id));
  if (refused_) {
    link_.set_token_from(settings_.token_file);
  }
}

bool ProgramPoller::tell_shown() {
  std::uint64_t version = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!to_tell_) {
      return true;
    }
    version = *to_tell_;
  }
  const int status = link_.post("/api/v1/boards/" + settings_.id + "/shown",
                                "{\"version\": " + std::to_string(version) + "}");
  if (status == 0 || status >= 500 || status == 429) {
    return false;
  }
  const std::lock_guard lock(mutex_);
  if (to_tell_ == version) {
    to_tell_.reset();
  }
  return true;
}

void ProgramPoller::took(News news) {
  say("shows the board " + settings_.id + " of " + settings_.server);
  {
    const std::lock_guard lock(mutex_);
    if (news_.size() == most_news) {
      news_.pop_front();
    }
    news_.push_back(std::move(news));
  }
  settings_.on_news();
}

void ProgramPoller::say(std::string sentence) {
  if (sentence != state_) {
    state_ = std::move(sentence);
    settings_.on_state(state_);
  }
}

}  // namespace lobby::display
