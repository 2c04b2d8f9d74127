#include "daemon/hall/bids.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace lobby::hall {

namespace {

bool is_on_its_way(BidStatus status) {
  return status >= BidStatus::announced && status <= BidStatus::contracted;
}

bool names_candidates(const BidNotice& notice) {
  return notice.type == NoticeType::candidates || notice.type == NoticeType::result;
}

/// A word that a mapping does not know, or puts in the wrong place, opens no gate.
bool may_name_candidates(const BidNotice& notice) {
  constexpr std::array<std::string_view, 5> words{"候选", "中标", "成交", "定标", "中选"};
  return names_candidates(notice) || notice.type == NoticeType::other || !notice.candidates.empty() ||
         std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return notice.title.find(word) != std::string::npos; });
}

}  // namespace

bool is_out(BidStatus status) {
  return status == BidStatus::postponed || status == BidStatus::failed || status == BidStatus::terminated;
}

bool has_reached(BidStatus status, BidStatus least) {
  return is_on_its_way(status) && is_on_its_way(least) && status >= least;
}

bool may_follow(BidStatus from, BidStatus to) {
  if (from == to || from == BidStatus::unknown || to == BidStatus::unknown) {
    return true;
  }
  if (from == BidStatus::postponed) {
    return true;
  }
  if (!is_on_its_way(from) || from == BidStatus::contracted) {
    return false;
  }
  return is_out(to) || to > from;
}

std::optional<OpeningView> shown(const BidOpening& opening, Instant now) {
  if (opening.project_no.empty() && opening.project_name.empty()) {
    return std::nullopt;
  }
  OpeningView view;
  view.project_no = opening.project_no;
  view.project_name = opening.project_name;
  view.section_no = opening.section_no;
  view.section_name = opening.section_name;
  view.trade_type = opening.trade_type;
  view.tenderer = opening.tenderer;
  view.agency = opening.agency;
  view.open_at = opening.open_at;
  view.end_at = opening.end_at;
  view.open_room = opening.open_room;
  view.eval_room = opening.eval_room;
  view.status = opening.status;
  if (opening.open_at && now >= *opening.open_at && has_reached(opening.status, BidStatus::opening)) {
    view.bidder_count = opening.bidder_count;
  }
  return view;
}

std::optional<NoticeView> shown(const BidNotice& notice, Instant now) {
  const Date today = local_date(now);
  const bool has_begun =
      notice.publish_from && *notice.publish_from <= today && (!notice.begins_at || *notice.begins_at <= now);
  const bool gate = has_begun && has_reached(notice.status, BidStatus::candidates_published);
  if ((notice.publish_from && !has_begun) || (notice.publish_to && *notice.publish_to < today) ||
      (may_name_candidates(notice) && !gate) || (notice.project_name.empty() && notice.title.empty())) {
    return std::nullopt;
  }
  NoticeView view;
  view.project_no = notice.project_no;
  view.project_name = notice.project_name;
  view.section_no = notice.section_no;
  view.type = notice.type;
  view.title = notice.title;
  if (gate && names_candidates(notice)) {
    view.candidates = notice.candidates;
    std::stable_sort(view.candidates.begin(), view.candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.rank < b.rank; });
  }
  view.publish_from = notice.publish_from;
  view.publish_to = notice.publish_to;
  view.objection_contact = notice.objection_contact;
  view.url = notice.url;
  return view;
}

bool is_too_short(const BidNotice& notice) {
  constexpr std::int32_t least_days = 3;
  return notice.type == NoticeType::candidates &&
         (!notice.publish_from || !notice.publish_to ||
          notice.publish_to->days - notice.publish_from->days < least_days);
}

}  // namespace lobby::hall
