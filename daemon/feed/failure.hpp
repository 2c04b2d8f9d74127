#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace lobby::feed {

/// Why a pull brought nothing. The reason is one line without personal data, parts of bodies or secrets, and
/// the same as long as the trouble is: each new one is an event for ever.
struct Failure {
  enum class Kind : std::uint8_t {
    trouble,       ///< network, deadline, 5xx, not JSON, a failing business code
    unauthorised,  ///< 401, 403, or the upstream's own word for it
    missing,       ///< 404: the address is wrong
    throttled,     ///< 429, 503
    outdated       ///< 410: the cursor is too old, the next pull is to ask without it
  } kind = Kind::trouble;
  std::string reason;
  std::optional<std::chrono::seconds> retry_after;  ///< as the upstream asked
  bool tried_again = false;   ///< unauthorised: a new login was refused too, no quick retry is of use
  bool whole_source = false;  ///< everything that is asked of this upstream would fail alike
};

}  // namespace lobby::feed
