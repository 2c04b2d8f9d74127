#include "daemon/feed/pull.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <thread>

#include "daemon/feed/request.hpp"
#include "daemon/feed/retry.hpp"
#include "daemon/feed/strict_json.hpp"

namespace lobby::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds connect_within{5};
constexpr seconds read_within{20};  // between two bytes; the deadline bounds the sum
constexpr std::size_t largest_body = JsonBounds{}.body;

Failure trouble(std::string reason) {
  return {Failure::Kind::trouble, std::move(reason), std::nullopt};
}

/// Ends what the client is doing when the time is over. The library's own limits are per read: a body that
/// drips would pass them for ever.
class Deadline {
 public:
  Deadline(httplib::Client& client, seconds limit)
      : client_(client), watcher_([this, limit] { watch(limit); }) {}
  ~Deadline() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    watcher_.join();
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  bool passed() const { return passed_; }

 private:
  void watch(seconds limit) {
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, limit, [this] { return done_; })) {
      return;
    }
    passed_ = true;
    // Again and again: stop() only ends a request that has begun.
    while (!wake_.wait_for(lock, milliseconds(100), [this] { return done_; })) {
      lock.unlock();
      client_.stop();
      lock.lock();
    }
  }

  httplib::Client& client_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::atomic<bool> passed_ = false;
  std::thread watcher_;
};

/// What came back of one request, as far as it may be kept.
struct Received {
  int status = 0;
  std::string retry_after, date, body;
  bool too_large = false;
};

bool is_larger(const std::string& content_length) {
  std::uint64_t length = 0;
  const auto [end, error] =
      std::from_chars(content_length.data(), content_length.data() + content_length.size(), length);
  return error == std::errc::result_out_of_range || (error == std::errc() && length > largest_body);
}

httplib::Request to_request(const FilledRequest& filled, Received& received) {
  httplib::Request request;
  request.method = filled.post ? "POST" : "GET";
  request.path = filled.target;
  request.set_header("Accept", "application/json");
  request.set_header("Accept-Encoding", "gzip");
  if (filled.post) {
    request.set_header("Content-Type", "application/json; charset=utf-8");
    request.body = filled.body;
  }
  for (const auto& [name, value] : filled.headers) {
    request.headers.erase(name);
    request.set_header(name, value);
  }
  request.response_handler = [&received](const httplib::Response& response) {
    received.status = response.status;
    received.retry_after = response.get_header_value("Retry-After");
    received.date = response.get_header_value("Date");
    received.too_large = is_larger(response.get_header_value("Content-Length"));
    return received.status == 200 && !received.too_large;
  };
  request.content_receiver = [&received](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    received.too_large = received.body.size() + size > largest_body;
    if (!received.too_large) {
      received.body.append(data, size);
    }
    return !received.too_large;
  };
  return request;
}

std::optional<Failure> failure_of_status(const Received& received) {
  const int status = received.status;
  if (status == 200) {
    return std::nullopt;
  }
  if (status == 401 || status == 403) {
    return Failure{
        Failure::Kind::unauthorised, fmt::format("the upstream refuses the token: HTTP {}", status), {}};
  }
  if (status == 404) {
    return Failure{
        Failure::Kind::missing, "HTTP 404: the upstream does not know this address, check the url", {}};
  }
  if (status == 410) {
    return Failure{Failure::Kind::outdated, "HTTP 410: the upstream wants to be read from the start", {}};
  }
  if (status == 429 || status == 503) {
    return Failure{Failure::Kind::throttled, fmt::format("the upstream asks to wait: HTTP {}", status),
                   read_retry_after(received.retry_after, received.date, std::time(nullptr))};
  }
  if (status >= 300 && status < 400) {
    return trouble(
        fmt::format("HTTP {}: redirects are not followed, put the final address in the url", status));
  }
  return trouble(fmt::format("HTTP {}", status));
}

class Puller {
 public:
  Puller(const Settings& settings, const Mapping& mapping, Url url, std::string token)
      : settings_(settings),
        mapping_(mapping),
        url_(std::move(url)),
        token_(std::move(token)),
        client_(url_.origin) {}

  std::variant<Pulled, Failure> run() {
    if (!client_.is_valid()) {
      return trouble("the url or the CA file cannot be used");
    }
    set_up();
    const Deadline deadline(client_, seconds(settings_.total_s));
    PageWalk walk(mapping_.paging);
    while (const auto page = walk.next()) {
      auto answer = ask(*page, deadline);
      if (auto* failure = std::get_if<Failure>(&answer)) {
        return std::move(*failure);
      }
      walk.take(std::get<Answer>(std::move(answer)));
    }
    return std::move(walk).result();
  }

 private:
  void set_up() {
    client_.set_connection_timeout(connect_within);
    client_.set_read_timeout(std::min(read_within, seconds(settings_.total_s)));
    client_.set_write_timeout(connect_within);
    client_.set_tcp_nodelay(true);
    client_.set_keep_alive(true);
    client_.set_follow_location(false);
    client_.set_url_encode(false);
    if (!settings_.ca_file.empty()) {
      client_.set_ca_cert_path(settings_.ca_file);
    }
  }

  Failure failure_of(httplib::Error error, const Received& received, const Deadline& deadline) const {
    if (deadline.passed()) {
      return trouble(fmt::format("no whole answer within {} s", settings_.total_s));
    }
    if (auto failure = received.status != 0 ? failure_of_status(received) : std::nullopt) {
      return *std::move(failure);
    }
    if (received.too_large) {
      return trouble(fmt::format("the answer is longer than {} MiB", largest_body / 1024 / 1024));
    }
    return trouble(fmt::format("the upstream cannot be reached: {}", httplib::to_string(error)));
  }

  std::variant<Answer, Failure> ask(std::uint32_t page, const Deadline& deadline) {
    const Filling filling{token_, settings_.area_code, settings_.cursor, page, mapping_.paging.size};
    Received received;
    auto request = to_request(fill(mapping_.request, url_.target, filling), received);
    httplib::Response response;
    auto error = httplib::Error::Success;
    const bool whole = !deadline.passed() && client_.send(request, response, error);
    received.status = whole ? response.status : received.status;
    if (!whole || deadline.passed()) {
      return failure_of(error, received, deadline);
    }
    if (auto failure = failure_of_status(received)) {
      return *std::move(failure);
    }
    auto answer = read_answer(mapping_, {settings_.area_code, token_}, received.body);
    if (auto* fault = std::get_if<AnswerFault>(&answer)) {
      const bool refused = fault->kind == AnswerFault::Kind::unauthorised;
      return Failure{
          refused ? Failure::Kind::unauthorised : Failure::Kind::trouble, std::move(fault->reason), {}};
    }
    return std::get<Answer>(std::move(answer));
  }

  const Settings& settings_;
  const Mapping& mapping_;
  Url url_;
  std::string token_;
  httplib::Client client_;
};

}  // namespace

std::variant<Pulled, Failure> pull(const Settings& settings, const Mapping& mapping) {
  auto url = parse_url(settings.url);
  if (!url) {
    return trouble("the url cannot be used");
  }
  Token token;
  if (!settings.token_file.empty()) {
    token = read_token(settings.token_file);
    if (!token.fault.empty()) {
      return Failure{Failure::Kind::unauthorised, std::move(token.fault), {}};
    }
  }
  try {
    return Puller(settings, mapping, *std::move(url), std::move(token.text)).run();
  } catch (const std::bad_alloc&) {
    // The process lives under a memory limit; what the answer took is free again here.
    return trouble("the answer needs more memory than this feed may use");
  }
}

}  // namespace lobby::feed
