#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/hall/bids.hpp"

/// The rooms of a trading centre, as their doors and board B tell of them.
namespace lobby::hall {

enum class RoomState : std::uint8_t {
  free,        ///< 空闲
  preparing,   ///< 准备
  opening,     ///< 开标中
  evaluating,  ///< 评标中 请勿打扰
  ended        ///< 已结束
};
template <>
struct Words<RoomState> {
  static constexpr std::array<std::string_view, 5> text{"free", "preparing", "opening", "evaluating",
                                                        "ended"};
};

struct RoomRules {
  std::int32_t prepare_minutes = 30;   ///< before the opening the room is being prepared
  bool name_while_evaluating = false;  ///< whether the sign of an evaluation room says of what
  friend bool operator==(const RoomRules&, const RoomRules&) = default;
};

/// A row of board B, and the sign at the door. The last and the next use may be of the same project.
struct Room {
  std::string name;
  RoomState state = RoomState::free;
  std::string project_name, section_name;  ///< of what the state is; empty if it is nobody's business
  std::optional<Instant> from, to;         ///< of an opening
  std::uint32_t others = 0;                ///< sections that are in the same state there at the same time
  std::optional<Instant> next_at;
  std::string next_project, next_section;
  friend bool operator==(const Room&, const Room&) = default;
};
/// The rooms by these names, in their order. A room is in use by what the source says of its projects and by
/// the time: an opening begins no earlier than its time, and ends at its end or when the source says that it
/// goes on elsewhere. What was postponed, failed or terminated uses no room. `ended` is for the rest of the
/// day, until the room is prepared again.
std::vector<Room> rooms(const std::vector<BidOpening>& openings, const std::vector<std::string>& names,
                        const RoomRules& rules, Instant now);

}  // namespace lobby::hall
