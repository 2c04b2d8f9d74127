#pragma once

#include <string>
#include <vector>

#include "tests/e2e/approvals_site.hpp"

namespace lobby::tests {

/// A fault of a superior system, and what an operator reads of it.
struct Trouble {
  std::string kind;
  std::string reason;  ///< part of the feed's reason
  std::string more;    ///< of the body of the fault: `,"mb":8`
  std::string mapping = "native";
  /// How often it may be asked in so many seconds; nullptr: after 1, 2, 4 … s, less a fifth.
  double (*most_requests)(double seconds) = nullptr;
  bool stays = false;  ///< goes on waiting when the fault is over
};

/// One hall with a source for each of them. All have their fault at the same time: what is shown stays what
/// it was and gets no younger, each reason is told once, nobody takes more memory than before or than
/// allowed, nobody asks in a tight loop, and all are caught up with when the faults are over.
void endure(const std::vector<Trouble>& troubles);

}  // namespace lobby::tests
