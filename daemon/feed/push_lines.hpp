#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/feed/push.hpp"
#include "daemon/feed/retry.hpp"

/// What lobbyd and a lobby-feed that pushes say to each other; the protocol: daemon/devices/outbox_lines.hpp.
namespace lobby::feed {

/// A batch as lobbyd gives it.
struct PushLine {
  std::uint64_t batch = 0;
  std::vector<PushItem> items;
};
/// nullopt: no line of the protocol.
std::optional<PushLine> read_push_line(std::string_view line);

/// Takes lines of lobbyd, posts, and writes lines back.
class PushDesk {
 public:
  using Write = std::function<void(std::string)>;
  /// `jitter`: uniform in [-1, 1], for each pause.
  PushDesk(Poster& poster, Write write, std::function<double()> jitter);

  /// Blocks until the batch is at the target or has failed, and has told which. false: no line of the
  /// protocol.
  bool on_line(std::string_view line);

 private:
  Write write_;
  std::function<double()> jitter_;
  Retry retry_{std::chrono::seconds(0)};
  std::uint64_t batch_ = 0;
  Push push_;
};

}  // namespace lobby::feed
