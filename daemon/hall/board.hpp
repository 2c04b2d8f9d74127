#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

namespace lobby::hall {

enum class BoardProof : std::uint8_t {
  no,    ///< what it is to show did not arrive yet
  sent,  ///< it left, and nobody can know more
  shown  ///< the board acknowledged it
};
template <>
struct Words<BoardProof> {
  static constexpr std::array<std::string_view, 3> text{"no", "sent", "shown"};
};

/// What people put on the board by hand is older than the catalogue: somebody has to look at it.
struct BoardReminder {
  Instant since;  ///< when the catalogue moved
  Date due;       ///< until the end of this day
  std::vector<DraftId> texts;
  bool notices = false;
  friend bool operator==(const BoardReminder&, const BoardReminder&) = default;
};

/// What an LED board shows now. Live state of daemon/devices, not part of the fold.
struct BoardState {
  DeviceId id;
  std::optional<ZoneId> zone;
  std::string group;
  std::vector<std::string> pages;  ///< that are up, one for each part of the board; what has nothing to say
                                   ///< is not there
  std::string over_all;            ///< what lies over everything; empty: nothing
  BoardProof confirmed = BoardProof::no;
  std::optional<Instant> confirmed_at;  ///< when the board last said yes to anything
  std::uint64_t publication = 0;        ///< counts what it was told since the start
  std::optional<Instant> effective_at;  ///< from when on that counts
  std::optional<Instant> off_until;     ///< it is dark by its schedule until then; none: it is lit
  std::optional<BoardReminder> reminder;
  std::uint32_t missing = 0;  ///< characters of it that no font here, or none of the card, has
};

}  // namespace lobby::hall
