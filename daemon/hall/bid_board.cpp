#include "daemon/hall/bid_board.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace lobby::hall {
namespace {

std::vector<std::string> rooms_of(const std::vector<BidOpening>& openings) {
  std::set<std::string> names;
  for (const BidOpening& opening : openings) {
    names.insert(opening.open_room);
    names.insert(opening.eval_room);
  }
  names.erase("");
  return {names.begin(), names.end()};
}

}  // namespace

BidsPage bids_page(const std::vector<BidOpening>& openings, const std::vector<BidNotice>& notices, Date date,
                   Instant now) {
  BidsPage page;
  for (const BidOpening& opening : openings) {
    const bool is_of_day = opening.open_at && local_date({opening.open_at->utc_ms, now.offset_min}) == date;
    if (auto view = is_of_day ? shown(opening, now) : std::nullopt) {
      page.openings.push_back(*std::move(view));
    }
  }
  std::stable_sort(page.openings.begin(), page.openings.end(),
                   [](const OpeningView& a, const OpeningView& b) { return *a.open_at < *b.open_at; });
  page.rooms = rooms(openings, rooms_of(openings), {}, now);
  for (const BidNotice& notice : notices) {
    if (auto view = shown(notice, now)) {
      page.notices.push_back(*std::move(view));
    }
  }
  std::stable_sort(page.notices.begin(), page.notices.end(), [](const NoticeView& a, const NoticeView& b) {
    return a.publish_from.value_or(Date{}) > b.publish_from.value_or(Date{});
  });
  return page;
}

std::string_view public_wording(BidStatus status) {
  constexpr std::array<std::string_view, 12> words{"",         "已公告", "已变更",     "投标截止",
                                                   "开标中",   "评标中", "候选人公示", "结果公示",
                                                   "已签合同", "延期",   "流标",       "终止"};
  return words[static_cast<std::size_t>(status)];
}

std::string_view public_wording(RoomState state) {
  constexpr std::array<std::string_view, 5> words{"空闲", "准备", "开标中", "评标中 请勿打扰", "已结束"};
  return words[static_cast<std::size_t>(state)];
}

}  // namespace lobby::hall
