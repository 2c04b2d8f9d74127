#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "daemon/feed/failure.hpp"
#include "daemon/feed/request.hpp"

namespace lobby::feed {

/// What came back of one request, as far as it may be kept.
struct Reply {
  int status = 0;
  std::string date, retry_after, etag, cache_control, content_type;  ///< headers; empty: not there
  std::string body;  ///< decompressed; of a 2xx, and the first 16 KiB of a 422, which says what is wrong
};

/// One way to the upstream. Every exchange blocks until the answer is there, has failed, or the deadline has
/// passed; nothing beyond the bounds of strict_json.hpp is kept while it arrives. Redirects are not followed.
class Wire {
 public:
  virtual ~Wire() = default;
  /// Failure: no whole answer came. A status that is no success is a Reply.
  virtual std::variant<Reply, Failure> exchange(const FilledRequest& request) = 0;
};

using Deadline = std::chrono::steady_clock::time_point;
/// Everything on one wire must be over at the deadline.
using Connect = std::function<std::variant<std::unique_ptr<Wire>, Failure>(Deadline)>;

}  // namespace lobby::feed
