#pragma once

#include <cstdint>
#include <string_view>

/// The words every driver speaks.
namespace lobby::link {

/// What became of an act on a wire. A fault keeps its name up to the hand that can act on it.
enum class Status : std::uint8_t {
  ok,       ///< done, and the far end said so where it can
  busy,     ///< not now: the wire or the queue is taken; nothing was sent
  timeout,  ///< no whole answer within the deadline
  corrupt,  ///< an answer came, but its checksum, address or form is wrong
  refused,  ///< the far end understood and said no
  gone      ///< the wire itself is not there (unplugged, connection lost)
};

constexpr std::string_view to_text(Status status) {
  constexpr std::string_view words[] = {"ok", "busy", "timeout", "corrupt", "refused", "gone"};
  return words[static_cast<std::size_t>(status)];
}

}  // namespace lobby::link
