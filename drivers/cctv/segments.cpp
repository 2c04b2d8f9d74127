#include "drivers/cctv/segments.hpp"

#include <algorithm>

#include "drivers/cctv/talk.hpp"

namespace lobby::cctv {
namespace {

/// Clocks that tell whole seconds, twice.
constexpr std::chrono::seconds slack{3};
/// A recorder lists what it writes a little later; what is older is no head any more.
constexpr std::chrono::seconds longest_behind{60};

}  // namespace

Proof judge_written(std::string_view probe, const http::Answer& answer, const Written& written,
                    UtcTime since) {
  using enum Proof::Seen;
  std::optional<UtcTime> head;
  for (const Span& one : written.spans) {
    if (one.end > since && one.begin <= written.now + slack) {
      head = std::max(head.value_or(one.end), one.end);
    }
    if (one.begin > written.now + slack ||
        (one.end > written.now + slack && one.end + slack < written.until)) {
      return proof_of(probe, answer, unknown, Fault::clock,
                      "what is written bears times of the future: another zone than was set");
    }
  }
  if (!head) {
    return proof_of(probe, answer, no, Fault::not_written, "nothing on the disk is newer than the start");
  }
  const auto behind = std::max(written.now - *head, std::chrono::milliseconds(0));
  if (behind > longest_behind) {
    return proof_of(probe, answer, no, Fault::not_written, "what is written on the disk has come to an end");
  }
  Proof out = proof_of(probe, answer, yes, Fault::none, {});
  out.at -= behind;
  return out;
}

}  // namespace lobby::cctv
