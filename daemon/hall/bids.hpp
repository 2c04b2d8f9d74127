#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// Trading of public resources (公共资源交易): what its boards may show, and when.
///
/// The law's gates are in the types and in shown(), and nothing that a hall configures opens them:
/// - before the opening nobody learns who obtained the documents, nor how many (招标投标法 22);
/// - experts are secret (招标投标法 37): there is no field that could hold one, nor a bidder's name;
/// - candidates are shown from their publication on (实施条例 54), for as long as it lasts.
namespace lobby::hall {

enum class BidStatus : std::uint8_t {
  unknown,  ///< a word that no mapping knows: shown without a state, every gate is closed
  announced,
  changed,
  bidding_closed,
  opening,
  evaluating,
  candidates_published,
  result_published,
  contracted,
  postponed,
  failed,  ///< 流标
  terminated
};
template <>
struct Words<BidStatus> {
  static constexpr std::array<std::string_view, 12> text{"unknown",
                                                         "announced",
                                                         "changed",
                                                         "bidding_closed",
                                                         "opening",
                                                         "evaluating",
                                                         "candidates_published",
                                                         "result_published",
                                                         "contracted",
                                                         "postponed",
                                                         "failed",
                                                         "terminated"};
};

enum class NoticeType : std::uint8_t {
  other,
  tender,      ///< 招标公告
  change,      ///< 变更
  candidates,  ///< 中标候选人公示
  result,      ///< 中标结果
  failed,      ///< 流标
  terminated,  ///< 终止
  contract     ///< 合同
};
template <>
struct Words<NoticeType> {
  static constexpr std::array<std::string_view, 8> text{"other",  "tender", "change",     "candidates",
                                                        "result", "failed", "terminated", "contract"};
};

/// Postponed, failed or terminated.
bool is_out(BidStatus status);
/// Whether a project is on its way and has come as far as `least`. Never for one that is unknown or out.
bool has_reached(BidStatus status, BidStatus least);
/// Whether a source may say `to` after `from`: forward, any number of steps; out to postponed, failed or
/// terminated until the contract; from postponed back onto the way or out of it. Nothing is known of unknown.
/// Another order is for staff to look at; the gates follow the status as it is.
bool may_follow(BidStatus from, BidStatus to);

struct BidOpening {
  std::string project_no, project_name, section_no, section_name;
  std::string trade_type, tenderer, agency;
  std::optional<Instant> open_at, end_at;
  std::string open_room, eval_room;
  BidStatus status = BidStatus::unknown;
  std::optional<std::uint32_t> bidder_count;
};

/// A row of board A, 今日开标.
struct OpeningView {
  std::string project_no, project_name, section_no, section_name;
  std::string trade_type, tenderer, agency;
  std::optional<Instant> open_at, end_at;
  std::string open_room, eval_room;
  BidStatus status = BidStatus::unknown;
  std::optional<std::uint32_t> bidder_count;  ///< only once bids are opened
  friend bool operator==(const OpeningView&, const OpeningView&) = default;
};
/// nullopt: the row names no project. The number of bidders is shown when the opening time is past and the
/// source says `opening` or later; a project that was postponed, failed or terminated shows none.
std::optional<OpeningView> shown(const BidOpening& opening, Instant now);

struct Candidate {
  std::uint32_t rank = 0;  ///< 1: the first
  std::string name, price;
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct BidNotice {
  std::string project_no, project_name, section_no;
  NoticeType type = NoticeType::other;
  std::string title;
  std::vector<Candidate> candidates;
  std::optional<Date> publish_from, publish_to;  ///< first and last day, in the site's time
  std::optional<Instant> begins_at;              ///< where the source says more than the day
  std::string objection_contact, url;
  BidStatus status = BidStatus::unknown;
};

/// A row of board C, 公示公告.
struct NoticeView {
  std::string project_no, project_name, section_no;
  NoticeType type = NoticeType::other;
  std::string title;
  std::vector<Candidate> candidates;  ///< by rank
  std::optional<Date> publish_from, publish_to;
  std::string objection_contact, url;
  friend bool operator==(const NoticeView&, const NoticeView&) = default;
};
/// nullopt: before publish_from or begins_at, after the end of the day publish_to, or a row without the name
/// of a project and without a title. A notice of candidates or of the result is nothing but its candidates
/// (its title and its page name them too), so it is not there at all until candidates are published and its
/// first day is known and here; with a time of day, that too. The same holds for one of an unknown type, one
/// that carries candidates, and one whose title speaks of them, whatever type a mapping gives it. Other
/// notices show none.
std::optional<NoticeView> shown(const BidNotice& notice, Instant now);
/// For staff: candidates are published for at least three days (实施条例 54), counted from the day after the
/// first (民法典 201); true also if the period is not told. False for other notices.
bool is_too_short(const BidNotice& notice);

}  // namespace lobby::hall
