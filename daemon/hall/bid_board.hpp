#pragma once

#include <string_view>
#include <vector>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/bid_rooms.hpp"

namespace lobby::hall {

/// What the trading boards show of one day.
struct BidsPage {
  Age age;                            ///< of the openings
  Age notices_age;                    ///< of the notices, which a source may stop giving by themselves
  std::vector<OpeningView> openings;  ///< of that day, by time
  std::vector<Room> rooms;            ///< as they are now
  std::vector<NoticeView> notices;    ///< that are public now, the latest first
};

/// Everything behind its gate. `openings` and `notices`: all that is known.
BidsPage bids_page(const std::vector<BidOpening>& openings, const std::vector<BidNotice>& notices, Date date,
                   Instant now);

/// What a board says: 开标中, 评标中 请勿打扰 …; empty for `unknown`.
std::string_view public_wording(BidStatus status);
std::string_view public_wording(RoomState state);

}  // namespace lobby::hall
