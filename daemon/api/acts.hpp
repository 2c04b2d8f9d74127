#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/api/call.hpp"

namespace lobby::api {

/// What a command's answer shows; nothing: it has no content.
enum class Shows : std::uint8_t {
  nothing,
  ticket,
  window,
  appointment,
  block,
  service,
  draft,
  text,
  emergency,
  evaluation
};

/// A POST or DELETE that is a command to the hall.
void perform(Desk& desk, Call call);

/// Sees to it that what carries an Idempotency-Key is done once: the same request again gets the first one's
/// answer, also while that is still under way.
class Acts {
 public:
  Acts(Backend& backend, const Options& options) : backend_(backend), options_(options) {}

  using Finish = std::function<void(Response)>;
  /// `work` does it and calls `finish` once. `keeps`: the answer is kept here, in memory, because the journal
  /// does not (it may hold a secret).
  enum class Keeps : std::uint8_t { journal, memory };
  void once(const Call& call, Keeps keeps,
            const std::function<void(std::optional<IdempotencyKey>, Finish)>& work);

 private:
  struct Flight {
    std::string body_hash;
    std::vector<std::shared_ptr<Exchange>> waiting;
  };
  struct Kept {
    std::string body_hash;
    Response response;
    Options::MonoTime until;
  };
  static constexpr std::size_t most_kept = 256;
  /// Answered already, or found to be a misuse?
  bool settle(const IdempotencyKey& key, const std::string& place, const std::shared_ptr<Exchange>& exchange);
  void land(const std::string& place, Keeps keeps, const Response& response);

  Backend& backend_;
  const Options& options_;
  std::map<std::string, Flight> flights_;  ///< by account, path and key
  std::map<std::string, Kept> kept_;
  std::deque<std::string> kept_order_;
};

}  // namespace lobby::api
