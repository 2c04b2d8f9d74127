#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/feed/failure.hpp"

/// Events of the hall on their way to another system, without the network.
namespace lobby::feed {

/// One event. What it says is no business of this program's, only its id is.
struct PushItem {
  std::string id;
  std::string json;  ///< an object on one line
};

/// What a target will not take, now or ever.
struct Refused {
  std::string id;
  std::string reason;  ///< at most 200 characters, no numbers of persons
};

/// What came back of one POST: a status that says something of the body.
struct PostAnswer {
  int status = 0;
  std::string body;  ///< UTF-8
};
/// 2xx, 400, 409, 413 or 422; every other status is a failure.
bool is_answer(int status);

/// Posts one body to the target and waits for the answer.
class Poster {
 public:
  virtual ~Poster() = default;
  virtual std::variant<PostAnswer, Failure> post(const std::string& body) = 0;
};

/// Brings batches to a target that takes every id once. The body is `{"items":[…]}`; the answer to a batch
/// that was taken is any 2xx without a body, or with `{"code":0}`, which may list what is not wanted:
/// `{"code":0,"data":{"rejected":[{"id":…,"reason":…}]}}`.
///
/// 409 says that something of it is there already, 413 that it is too long, 422 that something in it is bad:
/// then both halves go alone, down to single events, of which 409 is taken and 413 and 422 are refused, with
/// what the answer says of it in `detail`, `message` or `msg`. After a 413, batches stay short for a while.
///
/// 400, and 2xx with a failing code that blames neither us (401, 403), nor too many requests (429), nor the
/// target (5xx), may mean one event or a target that is broken. It is a failure; when the same events were
/// answered so five times in a row, halves go alone too, and a single event that is still answered so is
/// refused, but only if the target has taken another one of the batch. If it takes none, that stays a
/// failure.
class Push {
 public:
  /// `goes_on`: the target has answered, and there is more to be posted of this batch.
  Push(Poster& poster, std::function<void()> goes_on) : poster_(poster), goes_on_(std::move(goes_on)) {}

  /// Every item is at the target, or refused, and then it is in the list; else the failure, and the target
  /// may have got some of them.
  std::variant<std::vector<Refused>, Failure> send(const std::vector<PushItem>& items);

 private:
  struct Part;
  struct Sending;
  std::optional<Failure> take(const PostAnswer& answer, Part part, Sending& sending);
  void learn(int status, std::size_t size);
  bool insists(const std::string& id, const std::string& reason);

  Poster& poster_;
  std::function<void()> goes_on_;
  std::size_t fits_ = most;         ///< events that the target takes at a time, as far as is known
  unsigned doubts_ = 0;             ///< in a row
  std::string doubted_id_, doubt_;  ///< the first event of what was doubted last, and how
  unsigned good_ = 0;               ///< posts of that many since it was learnt
  static constexpr std::size_t most = 500;
};

}  // namespace lobby::feed
