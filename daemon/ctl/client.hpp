#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/ctl/verbs.hpp"

namespace lobby::ctl {

struct Answer {
  int status = 0;
  std::string body;
};

/// The server did not answer. `sent`: the request had left, so it may have been carried out.
struct NoAnswer {
  std::string sentence;
  bool sent = false;
};

using Outcome = std::variant<Answer, NoAnswer>;

/// The API over HTTP. Blocks: at most 5 s to connect, 30 s for an answer.
class Client {
 public:
  /// `server`: http://HOST:PORT; `token` may be empty.
  Client(std::string server, std::string token) : server_(std::move(server)), token_(std::move(token)) {}

  /// `key`: the Idempotency-Key of a POST; with the same key a repeated request is carried out once.
  Outcome send(const Request& request, const std::string& key) const;

  /// A GET whose answer is taken piece by piece while it comes, for as long as the server says something at
  /// least every 45 s. `took` returns false to end it. The answer's body is empty after status 200.
  Outcome stream(const std::string& path, const std::string& last_event_id,
                 const std::function<bool(std::string_view)>& took) const;

 private:
  std::string server_, token_;
};

}  // namespace lobby::ctl
