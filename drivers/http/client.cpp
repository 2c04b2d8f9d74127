#include "drivers/http/client.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "drivers/http/answer_reader.hpp"

namespace lobby::http {
namespace {

bool is_line_safe(std::string_view text, bool space_allowed) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' ? byte != 0x7f : space_allowed && (c == ' ' || c == '\t');
  });
}

bool is_well_formed(const Request& request) {
  return !request.method.empty() && is_line_safe(request.method, false) && request.target.starts_with('/') &&
         is_line_safe(request.target, false) &&
         std::all_of(request.fields.begin(), request.fields.end(), [](const Field& field) {
           return !field.first.empty() && is_line_safe(field.first, false) &&
                  is_line_safe(field.second, true);
         });
}

std::string to_bytes(const Request& request, const std::string& host, const std::string& authorization) {
  std::string out = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + host + "\r\n";
  if (!authorization.empty()) {
    out += "Authorization: " + authorization + "\r\n";
  }
  out += "Accept: */*\r\nConnection: keep-alive\r\n";
  for (const auto& [name, value] : request.fields) {
    out += name;
    out += ": " + value + "\r\n";
  }
  if (!request.body.empty() || (request.method != "GET" && request.method != "DELETE")) {
    out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return out + "\r\n" + request.body;
}

}  // namespace

std::string random_cnonce() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : random_bytes(16)) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

class Client::Machine final : public Connection::Listener, public std::enable_shared_from_this<Machine> {
 public:
  Machine(link::Executor& executor, std::unique_ptr<Connection> connection, std::shared_ptr<Login> login,
          ClientOptions options)
      : executor_(executor),
        connection_(std::move(connection)),
        login_(std::move(login)),
        options_(std::move(options)),
        handshake_(login_, options_.cnonce),
        deadline_(executor) {}

  Id ask(Request request, Done done) {
    Job job{++last_id_, std::move(request), std::move(done), {}};
    job.deadline = executor_.now() + job.request.within;
    const Id id = job.id;
    if (!is_well_formed(job.request)) {
      answer_later(std::move(job), {Fault::malformed, "the request is malformed"});
    } else if (waiting_.size() >= options_.waiting_limit) {
      answer_later(std::move(job), {Fault::busy, "too many requests wait"});
    } else {
      auto place = waiting_.end();
      if (job.request.urgent) {
        place = std::find_if(waiting_.begin(), waiting_.end(),
                             [](const Job& one) { return !one.request.urgent; });
      }
      waiting_.insert(place, std::move(job));
      go_on_later();
      arm();
    }
    return id;
  }

  void cancel(Id id) {
    std::erase_if(waiting_, [&](const Job& job) { return job.id == id; });
    std::erase(answering_, id);
    if (current_ && current_->id == id) {
      let_go();
      drop_connection();
      go_on_later();
    }
    arm();
  }

  void end() {
    let_go();
    drop_connection();
    waiting_.clear();
    answering_.clear();
    deadline_.cancel();
    has_ended_ = true;
  }

  // --- the connection ---
  void connection_open() override {
    const auto self = shared_from_this();
    state_ = State::open;
    transmit();
  }
  void connection_bytes(std::string_view bytes) override {
    const auto self = shared_from_this();
    if (!current_ || !reader_) {
      drop_connection();  // nobody asked
      return;
    }
    has_heard_ = true;
    judge(reader_->take(bytes));
  }
  void connection_lost(Fault fault, std::string_view reason) override {
    const auto self = shared_from_this();
    const bool was_open = std::exchange(state_, State::closed) == State::open;
    if (!current_) {
      return;
    }
    if (was_open && has_heard_) {
      judge(reader_->take_end());
    } else if (was_open && is_reused_) {
      // The device had given up the connection that we kept; this says nothing about the request.
      open();
    } else {
      finish({fault, std::string(reason)});
    }
  }

 private:
  enum class State : std::uint8_t { closed, opening, open };
  struct Job {
    Id id = 0;
    Request request;
    Done done;
    link::MonoTime deadline;
  };

  void go_on_later() {
    if (!std::exchange(is_going_on_, true)) {
      executor_.post([self = shared_from_this()] {
        self->is_going_on_ = false;
        self->go_on();
      });
    }
  }

  void go_on() {
    while (!has_ended_ && !current_ && !waiting_.empty()) {
      Job job = std::move(waiting_.front());
      waiting_.pop_front();
      if (login_ && !login_->may_try(executor_.now())) {
        answer_later(std::move(job), {Fault::held_back, "user or password were refused a short time ago"});
      } else {
        begin(std::move(job));
      }
    }
    arm();
  }

  void begin(Job job) {
    current_ = std::move(job);
    was_sent_ = false;
    handshake_.begin();
    if (state_ == State::open && !current_->request.repeatable) {
      drop_connection();
    }
    is_reused_ = state_ == State::open;
    if (is_reused_) {
      transmit();
    } else {
      open();
    }
  }

  void open() {
    is_reused_ = false;
    state_ = State::opening;
    connection_->open(*this);
  }

  void transmit() {
    const auto& request = current_->request;
    const auto authorization = handshake_.authorization(request.method, request.target);
    if (!authorization.empty() && !login_->claim(this)) {
      give_up({Fault::busy, "another request is trying user and password"});
      return;
    }
    reader_.emplace(options_.head_limit, options_.body_limit);
    has_heard_ = false;
    was_sent_ = true;
    asked_at_ = executor_.now();
    connection_->send(to_bytes(request, options_.host, authorization));
  }

  void judge(AnswerReader::State state) {
    using enum AnswerReader::State;
    switch (state) {
      case incomplete:
        return;
      case not_http:
        return give_up({Fault::not_http, "what came is no answer of HTTP"});
      case too_long:
        return give_up({Fault::too_long, "the answer is longer than it may be"});
      case cut_off:
        return give_up({Fault::closed, "the device hung up in the middle of its answer"});
      case whole:
        break;
    }
    Answer answer = reader_->answer();
    if (!reader_->may_go_on() || state_ != State::open) {
      drop_connection();
    }
    reader_.reset();
    if (answer.status == 401) {
      challenged(answer);
      return;
    }
    handshake_.answered();
    finish(std::move(answer));
  }

  void challenged(Answer& answer) {
    std::vector<std::string_view> challenges;
    for (const auto& [name, value] : answer.fields) {
      if (is_same_name(name, "WWW-Authenticate")) {
        challenges.emplace_back(value);
      }
    }
    if (handshake_.challenged(challenges, executor_.now()) != Handshake::Next::again) {
      answer.fault = Fault::unauthorized;
      answer.reason = handshake_.reason();
      finish(std::move(answer));
      return;
    }
    // What was refused for its credentials was not acted on: it may be sent again whatever it asks for.
    is_reused_ = state_ == State::open && current_->request.repeatable;
    if (state_ == State::open) {
      transmit();
    } else {
      open();
    }
  }

  void give_up(Answer answer) {
    drop_connection();
    finish(std::move(answer));
  }

  void finish(Answer answer) {
    answer.was_sent = was_sent_;
    answer.asked_at = asked_at_;
    Job job = *std::exchange(current_, std::nullopt);
    reader_.reset();
    if (login_) {
      login_->release(this);
    }
    answer_later(std::move(job), std::move(answer));
    go_on_later();
    arm();
  }

  void let_go() {
    current_.reset();
    reader_.reset();
    if (login_) {
      login_->release(this);
    }
  }

  void drop_connection() {
    state_ = State::closed;
    connection_->close();
  }

  void answer_later(Job job, Answer answer) {
    answering_.push_back(job.id);
    executor_.post([self = shared_from_this(), id = job.id, done = std::move(job.done),
                    answer = std::move(answer)]() mutable {
      if (std::erase(self->answering_, id) != 0) {
        done(std::move(answer));
      }
    });
  }

  /// One timer for the request that is asked and those that wait.
  void arm() {
    deadline_.cancel();
    if (has_ended_ || (!current_ && waiting_.empty())) {
      return;
    }
    link::MonoTime first = current_ ? current_->deadline : link::MonoTime::max();
    for (const Job& job : waiting_) {
      first = std::min(first, job.deadline);
    }
    deadline_.start(first - executor_.now(), [this] {
      const auto self = shared_from_this();
      expire();
    });
  }

  void expire() {
    const auto now = executor_.now();
    for (std::size_t i = 0; i < waiting_.size();) {
      if (waiting_[i].deadline > now) {
        ++i;
        continue;
      }
      answer_later(std::move(waiting_[i]), {Fault::timeout, "no answer in time: others were before it"});
      waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (current_ && current_->deadline <= now) {
      const bool was_open = state_ == State::open;
      give_up({Fault::timeout, was_open ? "no whole answer in time" : "no connection in time"});
    }
    arm();
  }

  link::Executor& executor_;
  std::unique_ptr<Connection> connection_;
  std::shared_ptr<Login> login_;
  ClientOptions options_;
  Handshake handshake_;
  link::Timer deadline_;
  std::deque<Job> waiting_;
  std::optional<Job> current_;
  std::vector<Id> answering_;  ///< whose answers are on their way
  std::optional<AnswerReader> reader_;
  link::MonoTime asked_at_{};
  Id last_id_ = 0;
  State state_ = State::closed;
  bool is_going_on_ = false;
  bool is_reused_ = false;  ///< the connection had served before, and nothing has come since
  bool has_heard_ = false;
  bool was_sent_ = false;
  bool has_ended_ = false;
};

Client::Client(link::Executor& executor, std::unique_ptr<Connection> connection, std::shared_ptr<Login> login,
               ClientOptions options)
    : machine_(
          std::make_shared<Machine>(executor, std::move(connection), std::move(login), std::move(options))) {}

Client::~Client() {
  machine_->end();
}

Client::Id Client::ask(Request request, Done done) {
  return machine_->ask(std::move(request), std::move(done));
}

void Client::cancel(Id id) {
  machine_->cancel(id);
}

}  // namespace lobby::http
