#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "daemon/feed/source.hpp"

namespace lobby::feed {

/// An upstream without a network: answers what it was told to, in order, and writes down what it was asked.
class FakeUpstream {
 public:
  using Answering = std::function<std::variant<Reply, Failure>(const FilledRequest&)>;

  /// The next answers, one each; the last one again and again, until it is told to say something else.
  void say(std::variant<Reply, Failure> reply) {
    say([reply](const FilledRequest&) { return reply; });
  }
  void say(Answering answering);

  Connect connect();
  Surroundings around();

  std::vector<FilledRequest> asked;
  int connections = 0;
  std::int64_t wall_ms = 1795136400000;  ///< 2026-11-20T09:00:00+08:00
  std::int64_t steady_ms = 1'000'000;

 private:
  std::deque<Answering> replies_;
  bool said_last_ = false;
  int nonces_ = 0;
};

/// 200 with a body.
Reply ok(std::string body);
Reply status(int code);

/// A mapping of lists `{"items":[…],"next":…,"more":…}`: cases (id, no, s, at) and matters (id, name) by
/// cursor, bids in one answer; with further tables behind.
std::string plain_mapping(const std::string& more = "");
/// Its answer with these cases, each `id=status` or `-id` for a deleted one.
std::string cases(const std::vector<std::string>& rows, const std::string& next = "", bool more = false);

}  // namespace lobby::feed
