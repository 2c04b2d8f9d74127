#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/bid_board.hpp"
#include "daemon/hall/view.hpp"
#include "display/page/playlist.hpp"

/// What the pages of LED boards say, from what the hall knows. Pure.
namespace lobby::devices {

/// Pages by the words of the site.
inline constexpr std::array<std::string_view, 11> board_pages{"cases",    "totals", "windows", "notices",
                                                              "openings", "room",   "results", "hotlines",
                                                              "door",     "calls",  "texts"};

/// What is known at an instant.
struct BoardNews {
  const hall::Site& site;
  const hall::HallView& hall;
  const hall::CasePage& cases;                ///< the last moved first, with their age
  const hall::BidsPage& bids;                 ///< of today
  const std::vector<hall::BoardText>& texts;  ///< of all boards, drafts too
  hall::Instant now;
};

/// Whose board it is.
struct BoardPlace {
  std::optional<hall::ZoneId> zone;           ///< none: the whole hall
  std::string room;                           ///< of the page `room`
  hall::DeviceId id = {};                     ///< whose texts it shows
  std::optional<hall::WindowId> window = {};  ///< above which it hangs: its calls and matters alone
  /// The most of a list: where one line holds everything, nobody waits a quarter of an hour for its end.
  std::size_t most_rows = 60;
};

/// Whom the windows of this place called lately.
display::CallsView calls_page(const hall::Site& site, const hall::HallView& hall, const BoardPlace& place);

/// What the page of this word says. What is too old to be shown, or hidden from the public, is not there.
display::BoardView board_page(std::string_view page, const BoardNews& news, const BoardPlace& place);

/// What covers a board of this zone in an emergency; nothing when it is not there, or is for other zones. A
/// board of no zone is covered always.
std::optional<display::BoardView> emergency_page(const std::optional<hall::Emergency>& emergency,
                                                 const std::optional<hall::ZoneId>& zone);

/// Whose words a page says, as a publication names them: `cases`, `bids`, `catalogue`, `texts`; empty: calls
/// and counts of the hall, which are not published.
std::string_view source_of_page(std::string_view page);
/// Do both say the same, however old each is?
bool says_the_same(const display::BoardView& one, const display::BoardView& other);

}  // namespace lobby::devices
