#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/hall/site.hpp"
#include "daemon/hall/state.hpp"

/// What people put on boards by hand, and the catalogue that may have moved since. Pages that are made of the
/// catalogue follow it by themselves; of these words a person must say that they are still right.
namespace lobby::hall {

/// Of what notices and texts are likely to speak: matters with their limits and fees, services with their
/// hours, windows with what they serve. Another one whenever some of it is different.
std::string catalogue_mark(const Site& site);

/// Words of a board that are older than the catalogue.
struct OldWords {
  Instant since;               ///< when the catalogue moved
  std::vector<DraftId> texts;  ///< that are up and were approved before that
  bool notices = false;        ///< of the site file, against the matters of the superior system
  friend bool operator==(const OldWords&, const OldWords&) = default;
};

/// Which hand-written pages the board has.
struct HandPages {
  bool texts = true, notices = true;
};

/// nullopt: none, or somebody has looked at the board since.
std::optional<OldWords> old_words(const Site& site, const State& state, const DeviceId& board,
                                  const HandPages& pages, Instant now);

/// Whether nothing has moved since somebody looked at the board.
bool is_checked(const State& state, const DeviceId& board);

}  // namespace lobby::hall
