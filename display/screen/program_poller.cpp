#include "display/screen/program_poller.hpp"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <utility>

namespace lobby::display {
namespace {

using namespace std::chrono_literals;

constexpr Instant every = 500ms;
constexpr Instant every_when_refused = 10s;
constexpr Instant longest_exchange = 8s;
/// An answer without a program says nothing of the server's clock: so often one is asked for all the same.
constexpr Instant clock_every = 20s;
constexpr int clock_answers_at_first = 4;
constexpr std::size_t most_news = 64;
constexpr int not_modified = 304;

std::string first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  line.erase(line.find_last_not_of(" \t\r") + 1);
  return line;
}

}  // namespace

Instant steady_now() {
  return std::chrono::duration_cast<Instant>(std::chrono::steady_clock::now().time_since_epoch());
}

struct ProgramPoller::Answer {
  int status = 0;  ///< 0: none
  std::string body, etag;
  Instant asked = {}, answered = {};
};

/// One connection that is kept.
struct ProgramPoller::Wire {
  explicit Wire(const std::string& server) : http(server) {
    http.set_keep_alive(true);
    http.set_tcp_nodelay(true);
    http.set_connection_timeout(2s);
    http.set_read_timeout(3s);
    http.set_write_timeout(3s);
    http.set_decompress(false);
  }

  Answer get(const std::string& path, const std::string& known) {
    httplib::Request request;
    request.method = "GET";
    request.path = path;
    if (!known.empty()) {
      request.headers.emplace("If-None-Match", known);
    }
    return send_anew(request);
  }

  int post(const std::string& path, const std::string& body) {
    httplib::Request request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    request.headers.emplace("Content-Type", "application/json");
    return send_anew(request).status;
  }

  void set_token(const std::string& token) {
    http.set_default_headers(token.empty() ? httplib::Headers{}
                                           : httplib::Headers{{"Authorization", "Bearer " + token}});
  }

  httplib::Client http;
  std::string etag;
  Instant clock_due = {};
  int clock_answers = 0;
  bool was_lost = false;
  std::atomic<std::int64_t> busy_since = 0;  ///< 0: nothing is under way
  std::atomic<bool> leaving = false;

 private:
  /// The server may just have let the kept connection go, as one that ends does after each answer.
  Answer send_anew(const httplib::Request& request) {
    const bool was_open = http.is_socket_open() != 0;
    Answer answer = send(request);
    return answer.status == 0 && was_open && !leaving ? send(request) : answer;
  }
  Answer send(httplib::Request request) {
    Answer answer;
    request.content_receiver = [&answer](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
      answer.body.append(data, size);
      return answer.body.size() <= ProgramBounds::bytes;
    };
    // There is no body behind a 304, and httplib waits for one when nothing says how long it is.
    request.response_handler = [&answer](const httplib::Response& response) {
      answer.status = response.status;
      answer.etag = response.get_header_value("ETag");
      return response.status != not_modified;
    };
    answer.asked = steady_now();
    busy_since = answer.asked.count();
    const auto result = http.send(request);
    busy_since = 0;
    answer.answered = steady_now();
    if (result) {
      answer.status = result->status;  // the handler hears of no 204
    } else if (answer.status != not_modified) {
      answer.status = 0;
    }
    return answer;
  }
};

ProgramPoller::ProgramPoller(Settings settings)
    : settings_(std::move(settings)), wire_(std::make_unique<Wire>(settings_.server)) {
  thread_ = std::thread([this] { run(); });
}

ProgramPoller::~ProgramPoller() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  turn_.notify_all();
  wire_->leaving = true;
  wire_->http.stop();
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

void ProgramPoller::watch() {
  const std::int64_t since = wire_->busy_since;
  if (since != 0 && steady_now().count() - since > longest_exchange.count()) {
    wire_->http.stop();
  }
}

void ProgramPoller::run() {
  wire_->set_token(first_line(settings_.token_file));
  for (;;) {
    const auto asked = std::chrono::steady_clock::now();
    ask();
    bool may_tell = !refused_ && tell_shown();
    const auto until = asked + (refused_ ? every_when_refused : every);
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
  Wire& wire = *wire_;
  const std::string path = "/api/v1/boards/" + settings_.board + "/program";
  const bool for_clock = wire.clock_answers < clock_answers_at_first || steady_now() >= wire.clock_due;
  const auto answer = wire.get(path, for_clock ? std::string() : wire.etag);
  refused_ = answer.status == 401 || answer.status == 403 || answer.status == 404;
  if (answer.status == not_modified) {
    took({std::nullopt, answer.asked, answer.answered, std::exchange(wire.was_lost, false)});
  } else if (answer.status == 200) {
    took_program(answer);
  } else {
    wire.was_lost = true;
    say_trouble(answer.status);
  }
}

void ProgramPoller::took_program(const Answer& answer) {
  Wire& wire = *wire_;
  auto program = read_program(answer.body);
  if (!program) {
    wire.etag.clear();
    say("the server's program cannot be read; is it of another version than this one?");
    return;
  }
  const bool is_other = std::exchange(wire.was_lost, false) || wire.etag != answer.etag;
  wire.etag = answer.etag;
  wire.clock_due = answer.answered + clock_every;
  ++wire.clock_answers;
  took({std::move(program), answer.asked, answer.answered, is_other});
}

void ProgramPoller::say_trouble(int status) {
  if (status == 401 || status == 403) {
    say(settings_.token_file.empty() ? "the server wants a token: give --token-file"
                                     : "the server refuses the token in " + settings_.token_file +
                                           ": it has to be of an account with the role screen");
    wire_->set_token(first_line(settings_.token_file));
  } else if (status == 404) {
    say("the server knows no board " + settings_.board);
  } else if (status == 0) {
    say("no connection to " + settings_.server);
  } else {
    say("the server answers " + std::to_string(status));
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
  const int status = wire_->post("/api/v1/boards/" + settings_.board + "/shown",
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
  say("shows the board " + settings_.board + " of " + settings_.server);
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
