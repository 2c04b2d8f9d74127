#include <doctest/doctest.h>

#include <array>
#include <random>

#include "daemon/hall/bid_rooms.hpp"
#include "daemon/hall/bids.hpp"

namespace bids_tests {

using namespace lobby::hall;

namespace {

Instant local(std::string_view text) {
  const auto instant =
      parse_instant(std::string(text.substr(0, 10)) + "T" + std::string(text.substr(11)) + ":00+08:00");
  REQUIRE(instant.has_value());
  return *instant;
}

Date day(std::string_view text) {
  return *parse_date(text);
}

BidStatus status(std::string_view word) {
  const auto read = parse_word<BidStatus>(word);
  REQUIRE(read.has_value());
  return *read;
}

BidOpening an_opening(std::string_view word) {
  BidOpening opening;
  opening.project_no = "GC-2026-017";
  opening.project_name = "城区道路改造";
  opening.section_no = "1";
  opening.section_name = "一标段";
  opening.trade_type = "工程建设";
  opening.tenderer = "市住建局";
  opening.agency = "某代理公司";
  opening.open_at = local("2026-03-10 09:30");
  opening.open_room = "开标一室";
  opening.eval_room = "评标二室";
  opening.status = status(word);
  opening.bidder_count = 7;
  return opening;
}

BidNotice a_notice(NoticeType type, std::string_view word) {
  BidNotice notice;
  notice.project_no = "GC-2026-017";
  notice.project_name = "城区道路改造";
  notice.type = type;
  notice.title = "甲公司为第一中标候选人";
  notice.candidates = {{2, "乙公司", "201 万元"}, {1, "甲公司", "198 万元"}};
  notice.publish_from = day("2026-03-12");
  notice.publish_to = day("2026-03-16");
  notice.objection_contact = "监督科";
  notice.url = "https://example.test/notice/17";
  notice.status = status(word);
  return notice;
}

constexpr std::array all_types{NoticeType::other,      NoticeType::tender,  NoticeType::change,
                               NoticeType::candidates, NoticeType::result,  NoticeType::failed,
                               NoticeType::terminated, NoticeType::contract};

}  // namespace

TEST_CASE("the number of bidders is nobody's before the opening, by the clock and by the word") {
  for (const char* word :
       {"opening", "evaluating", "candidates_published", "result_published", "contracted"}) {
    CAPTURE(word);
    CHECK(!shown(an_opening(word), local("2026-03-10 09:29"))->bidder_count.has_value());
    CHECK(shown(an_opening(word), local("2026-03-10 09:30"))->bidder_count == 7);
    BidOpening timeless = an_opening(word);
    timeless.open_at.reset();
    CHECK(!shown(timeless, local("2026-03-20 09:30"))->bidder_count.has_value());
  }
  for (const char* word :
       {"unknown", "announced", "changed", "bidding_closed", "postponed", "failed", "terminated"}) {
    CAPTURE(word);
    CHECK(!shown(an_opening(word), local("2026-03-20 09:30"))->bidder_count.has_value());
  }
}

TEST_CASE("the rest of an opening is shown as it is") {
  const auto view = shown(an_opening("announced"), local("2026-03-10 08:00"));
  REQUIRE(view.has_value());
  CHECK(view->project_no == "GC-2026-017");
  CHECK(view->project_name == "城区道路改造");
  CHECK(view->section_no == "1");
  CHECK(view->section_name == "一标段");
  CHECK(view->trade_type == "工程建设");
  CHECK(view->tenderer == "市住建局");
  CHECK(view->agency == "某代理公司");
  CHECK(view->open_at == local("2026-03-10 09:30"));
  CHECK(view->open_room == "开标一室");
  CHECK(view->eval_room == "评标二室");
  CHECK(view->status == BidStatus::announced);
  BidOpening nameless = an_opening("announced");
  nameless.project_no.clear();
  CHECK(shown(nameless, local("2026-03-10 08:00")).has_value());
  nameless.project_name.clear();
  CHECK(!shown(nameless, local("2026-03-10 08:00")).has_value());
}

TEST_CASE("candidates are there from their publication to the end of its last day") {
  for (const NoticeType type : {NoticeType::candidates, NoticeType::result}) {
    CAPTURE(to_text(type));
    const BidNotice notice = a_notice(type, "candidates_published");
    CHECK(!shown(notice, local("2026-03-11 23:59")).has_value());
    const auto view = shown(notice, local("2026-03-12 00:00"));
    REQUIRE(view.has_value());
    REQUIRE(view->candidates.size() == 2);
    CHECK(view->candidates[0] == Candidate{1, "甲公司", "198 万元"});
    CHECK(view->title == "甲公司为第一中标候选人");
    CHECK(view->url == "https://example.test/notice/17");
    CHECK(view->objection_contact == "监督科");
    CHECK(shown(notice, local("2026-03-16 23:59")).has_value());
    CHECK(!shown(notice, local("2026-03-17 00:00")).has_value());
    BidNotice undated = notice;
    undated.publish_from.reset();
    CHECK(!shown(undated, local("2026-03-13 09:00")).has_value());
  }
}

TEST_CASE("a notice of candidates is not there at all before they are published") {
  // Its title and its page would tell.
  for (const char* word : {"unknown", "announced", "changed", "bidding_closed", "opening", "evaluating",
                           "postponed", "failed", "terminated"}) {
    CAPTURE(word);
    for (const NoticeType type : {NoticeType::candidates, NoticeType::result, NoticeType::other}) {
      CHECK(!shown(a_notice(type, word), local("2026-03-13 09:00")).has_value());
    }
  }
  for (const char* word : {"candidates_published", "result_published", "contracted"}) {
    CHECK(shown(a_notice(NoticeType::candidates, word), local("2026-03-13 09:00"))->candidates.size() == 2);
  }
}

TEST_CASE("other notices show no candidates whatever they carry") {
  for (const NoticeType type : all_types) {
    CAPTURE(to_text(type));
    const bool may = type == NoticeType::candidates || type == NoticeType::result;
    const auto view = shown(a_notice(type, "contracted"), local("2026-03-13 09:00"));
    REQUIRE(view.has_value());
    CHECK(view->candidates.empty() == !may);
  }
  BidNotice tender = a_notice(NoticeType::tender, "announced");
  tender.title = "城区道路改造招标公告";
  tender.candidates.clear();
  tender.publish_from.reset();
  tender.publish_to.reset();
  CHECK(shown(tender, local("2026-03-13 09:00")).has_value());
  tender.title.clear();
  tender.project_name.clear();
  CHECK(!shown(tender, local("2026-03-13 09:00")).has_value());
}

TEST_CASE("a mapping that puts a notice of candidates elsewhere opens no gate") {
  const auto now = local("2026-03-13 09:00");
  for (const NoticeType type : all_types) {
    CAPTURE(to_text(type));
    for (const char* title : {"中标候选人公示：某公司", "成交结果公告", "定标结果", "入围中选单位"}) {
      BidNotice notice = a_notice(type, "evaluating");
      notice.candidates.clear();
      notice.title = title;
      CHECK(!shown(notice, now).has_value());
    }
    BidNotice carrying = a_notice(type, "evaluating");
    carrying.title = "公告";
    CHECK(!shown(carrying, now).has_value());
    BidNotice plain = carrying;
    plain.candidates.clear();
    const bool is_known =
        type != NoticeType::candidates && type != NoticeType::result && type != NoticeType::other;
    CHECK(shown(plain, now).has_value() == is_known);
  }
}

TEST_CASE("a publication that begins at an hour does not begin at midnight") {
  BidNotice notice = a_notice(NoticeType::candidates, "candidates_published");
  notice.begins_at = local("2026-03-12 15:00");
  CHECK(!shown(notice, local("2026-03-12 00:00")).has_value());
  CHECK(!shown(notice, local("2026-03-12 14:59")).has_value());
  CHECK(shown(notice, local("2026-03-12 15:00")).has_value());
  CHECK(shown(notice, local("2026-03-16 23:59")).has_value());
}

TEST_CASE("staff see a publication of candidates that is shorter than the law's three days") {
  BidNotice notice = a_notice(NoticeType::candidates, "candidates_published");
  CHECK(!is_too_short(notice));
  notice.publish_to = day("2026-03-15");  // 13, 14 and 15 March
  CHECK(!is_too_short(notice));
  notice.publish_to = day("2026-03-14");
  CHECK(is_too_short(notice));
  notice.publish_to.reset();
  CHECK(is_too_short(notice));
  notice.type = NoticeType::result;
  CHECK(!is_too_short(notice));
}

TEST_CASE("a project goes forward, or out, and back only from where it was postponed") {
  const std::array<const char*, 8> way{"announced",        "changed",    "bidding_closed",
                                       "opening",          "evaluating", "candidates_published",
                                       "result_published", "contracted"};
  for (std::size_t from = 0; from < way.size(); ++from) {
    CAPTURE(way[from]);
    for (std::size_t to = 0; to < way.size(); ++to) {
      CAPTURE(way[to]);
      CHECK(may_follow(status(way[from]), status(way[to])) == (to >= from));
      CHECK(has_reached(status(way[from]), status(way[to])) == (from >= to));
    }
    for (const char* exit : {"postponed", "failed", "terminated"}) {
      CAPTURE(exit);
      CHECK(may_follow(status(way[from]), status(exit)) == (from != 7));
      CHECK(may_follow(status(exit), status(way[from])) == (status(exit) == BidStatus::postponed));
      CHECK(!has_reached(status(exit), status(way[from])));
      CHECK(!has_reached(status(way[from]), status(exit)));
      CHECK(is_out(status(exit)));
    }
    CHECK(!is_out(status(way[from])));
    CHECK(may_follow(status("unknown"), status(way[from])));
    CHECK(may_follow(status(way[from]), status("unknown")));
    CHECK(!has_reached(BidStatus::unknown, status(way[from])));
  }
  CHECK(may_follow(BidStatus::postponed, BidStatus::terminated));
  CHECK(!may_follow(BidStatus::failed, BidStatus::terminated));
}

TEST_CASE("whatever a source says, nothing secret is shown before its gate") {
  std::mt19937 random(20260310);
  const auto pick = [&random](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  const Instant base = local("2026-03-10 00:00");
  int counts = 0;
  int candidates = 0;
  for (int round = 0; round < 20'000; ++round) {
    const Instant now{base.utc_ms + pick(-3, 3) * 86'400'000LL + pick(0, 86'399) * 1000LL, 480};
    BidOpening opening = an_opening("unknown");
    opening.status = static_cast<BidStatus>(pick(0, 11));
    opening.open_at = Instant{base.utc_ms + pick(-200'000, 200'000) * 1000LL, pick(0, 1) * 480};
    if (pick(0, 9) == 0) {
      opening.open_at.reset();
    }
    const auto view = shown(opening, now);
    REQUIRE(view.has_value());
    if (view->bidder_count) {
      ++counts;
      REQUIRE((opening.open_at && now.utc_ms >= opening.open_at->utc_ms));
      REQUIRE((opening.status >= BidStatus::opening && opening.status <= BidStatus::contracted));
    }
    const auto signs = rooms({opening}, {"开标一室", "评标二室"}, {}, now);
    REQUIRE(signs[1].project_name.empty());
    REQUIRE(signs[1].section_name.empty());
    REQUIRE(signs[1].next_project.empty());

    BidNotice notice = a_notice(static_cast<NoticeType>(pick(0, 7)), "unknown");
    notice.status = static_cast<BidStatus>(pick(0, 11));
    notice.publish_from = Date{day("2026-03-10").days + pick(-4, 4)};
    notice.publish_to = Date{notice.publish_from->days + pick(0, 4)};
    if (const auto row = shown(notice, now)) {
      REQUIRE(*notice.publish_from <= local_date(now));
      REQUIRE(local_date(now) <= *notice.publish_to);
      const bool published =
          notice.status >= BidStatus::candidates_published && notice.status <= BidStatus::contracted;
      const bool names_them = row->type == NoticeType::candidates || row->type == NoticeType::result;
      REQUIRE((published || !names_them));
      REQUIRE((row->candidates.empty() || (published && names_them)));
      candidates += row->candidates.empty() ? 0 : 1;
    }
  }
  CHECK(counts > 500);
  CHECK(candidates > 200);
}

}  // namespace bids_tests
