// What people put on boards by hand, when the catalogue has moved since.
#include <doctest/doctest.h>

#include "daemon/hall/board_reminder.hpp"
#include "tests/hall/a_hall.hpp"

namespace board_reminder_tests {

using namespace lobby::hall;
using testing::at;
using testing::Hall;
using testing::Types;
using testing::types;

namespace {

struct Boards : Hall {
  Boards() {
    site.boards = {{"wall"}, {"door"}};
    by = "li";
    open_day();
    site_is(site);
  }
  void site_is(const Site& other) {
    site = other;
    by = "";
    must(ReportCatalogue{catalogue_mark(site)});
  }
  DraftId put_up(const char* board, int seconds = 30 * 24 * 3600) {
    Instant until = now;
    until.utc_ms += std::int64_t{seconds} * 1000;
    by = "li";
    const auto draft =
        std::get<TextDrafted>(must(DraftText{{board}, "社保窗口改到三号", until})[0].body).draft;
    by = "wang";
    must(ApproveText{draft});
    return draft;
  }
  void matters_move(std::uint32_t added, std::uint32_t changed, std::uint32_t removed, std::uint32_t total) {
    by = "";
    must(ReportSource{{"feed"}, What::matters, state.seq + 1, added, changed, removed, total});
  }
  void check(const char* board) {
    by = "wang";
    must(CheckBoard{{board}});
  }
  std::optional<OldWords> old(const char* board, HandPages pages = {}) const {
    return old_words(site, state, {board}, pages, now);
  }
  std::vector<DraftId> old_texts(const char* board) const {
    const auto words = old(board);
    return words ? words->texts : std::vector<DraftId>{};
  }
  void restart() {
    auto back = decode(encode(state));
    REQUIRE(back.has_value());
    state = *std::move(back);
  }
};

using Drafts = std::vector<DraftId>;

Site renamed(Site site) {
  site.services[0].name = "社会保险";
  return site;
}

PublicNotice a_notice() {
  return {.id = "n", .title = "公示", .text = "办事不收费", .unit = "", .from = {}, .until = {}};
}

}  // namespace

TEST_CASE("texts that were approved before the catalogue moved are to be looked at, later ones are not") {
  Boards hall;
  const auto before = hall.put_up("wall");
  hall.pass(60);
  CHECK_FALSE(hall.old("wall"));
  hall.matters_move(0, 3, 0, 200);
  const auto moved = hall.now;
  hall.pass(60);
  CHECK(hall.put_up("wall") != before);
  const auto words = hall.old("wall");
  REQUIRE(words);
  CHECK(words->texts == Drafts{before});
  CHECK(words->since == moved);
  CHECK_FALSE(words->notices);
  CHECK_FALSE(hall.old("door"));
}

TEST_CASE("the first answer of a source is no move, and neither are its staff and its cases") {
  Boards hall;
  hall.put_up("wall");
  hall.pass(60);
  hall.matters_move(200, 0, 0, 200);
  CHECK_FALSE(hall.old("wall"));
  hall.must(ReportSource{{"feed"}, What::staff, 900, 0, 5, 1, 60});
  hall.must(ReportSource{{"feed"}, What::cases, 901, 2, 5, 1, 60});
  CHECK_FALSE(hall.old("wall"));
  hall.matters_move(1, 0, 0, 201);
  CHECK(hall.old("wall"));
}

TEST_CASE("the site's own catalogue moves with what it says of matters, services, hours and windows") {
  const Site plain = testing::a_site();
  const auto changed = [&](auto change) {
    Site site = plain;
    change(site);
    return catalogue_mark(site) != catalogue_mark(plain);
  };
  CHECK(changed([](Site& site) { site.services[0].name = "社会保险"; }));
  CHECK(changed([](Site& site) { site.services[1].hours[4].pop_back(); }));
  CHECK(changed([](Site& site) { site.services[1].extended[5] = {{540, 720}}; }));
  CHECK(changed([](Site& site) { site.windows[0].number = 7; }));
  CHECK(changed([](Site& site) { site.windows[1].services.pop_back(); }));
  CHECK(changed([](Site& site) {
    Matter matter;
    matter.code = "1";
    site.catalogue.groups = {{"g", "许可", {{"d", "市监局", "", {matter}}}}};
  }));
  CHECK_FALSE(changed([](Site& site) { site.hotline = "12345"; }));
  CHECK_FALSE(changed([](Site& site) { site.catalogue.notices = {a_notice()}; }));

  Boards hall;
  const auto text = hall.put_up("wall");
  hall.pass(60);
  CHECK(hall.must(ReportCatalogue{catalogue_mark(hall.site)}).empty());
  CHECK_FALSE(hall.old("wall"));
  hall.site_is(renamed(hall.site));
  CHECK(hall.old_texts("wall") == Drafts{text});
}

TEST_CASE("whoever looks at a board ends its reminder, in the journal and by name, until the next move") {
  Boards hall;
  const auto text = hall.put_up("wall");
  hall.put_up("door");
  hall.pass(60);
  hall.matters_move(0, 1, 0, 200);
  hall.pass(60);
  hall.by = "wang";
  const auto events = hall.must(CheckBoard{{"wall"}});
  REQUIRE(types(events) == Types{"BoardChecked"});
  CHECK(events[0].by == "wang");
  CHECK_FALSE(hall.old("wall"));
  CHECK(hall.old("door"));
  CHECK(hall.must(CheckBoard{{"wall"}}).empty());  // it is looked at already
  CHECK(hall.refused(CheckBoard{{"no such"}}) == "unknown_board");
  hall.pass(60);
  hall.matters_move(0, 0, 1, 199);
  CHECK(hall.old_texts("wall") == Drafts{text});
}

TEST_CASE("a text that is taken down, or whose time is over, is not looked at any more") {
  Boards hall;
  const auto first = hall.put_up("wall", 600);
  const auto second = hall.put_up("wall");
  hall.pass(60);
  hall.matters_move(0, 1, 0, 200);
  CHECK(hall.old_texts("wall") == Drafts{first, second});
  hall.pass(600);
  CHECK(hall.old_texts("wall") == Drafts{second});
  hall.must(WithdrawText{second});
  CHECK_FALSE(hall.old("wall"));
}

TEST_CASE("a draft is no word of a board") {
  Boards hall;
  Instant until = hall.now;
  until.utc_ms += 3'600'000;
  hall.must(DraftText{{"wall"}, "草稿", until});
  hall.pass(60);
  hall.matters_move(0, 1, 0, 200);
  CHECK_FALSE(hall.old("wall"));
}

TEST_CASE("notices of the site are looked at when the matters above moved, where and while they are shown") {
  Boards hall;
  hall.site.catalogue.notices = {a_notice()};
  hall.matters_move(0, 1, 0, 200);
  REQUIRE(hall.old("wall"));
  CHECK(hall.old("wall")->notices);
  CHECK(hall.old("wall")->texts.empty());
  CHECK_FALSE(hall.old("wall", {true, false}));
  hall.site.catalogue.notices[0].until = Date{local_date(hall.now).days - 1};
  CHECK_FALSE(hall.old("wall"));
  hall.site.catalogue.notices[0].until = local_date(hall.now);
  CHECK(hall.old("wall"));
  hall.pass(1);
  hall.check("wall");
  CHECK_FALSE(hall.old("wall"));
  hall.pass(1);
  // Whoever wrote the site's other words had the notices before them.
  hall.site_is(renamed(hall.site));
  CHECK_FALSE(hall.old("wall"));
}

TEST_CASE("reminders outlive restarts and midnight") {
  Boards hall;
  const auto text = hall.put_up("wall");
  hall.put_up("door");
  hall.pass(60);
  hall.matters_move(0, 1, 0, 200);
  hall.pass(60);
  hall.check("door");
  hall.restart();
  CHECK(hall.old_texts("wall") == Drafts{text});
  CHECK_FALSE(hall.old("door"));
  const auto before = hall.old("wall");
  hall.now = at("2026-11-24T08:00:00+08:00");
  hall.by = "";
  const auto events = hall.must(TurnDay{});
  State fresh;  // a day is the fold from its first event on
  fresh.seq = events.back().seq - 1;
  apply(fresh, events.back());
  hall.state = fresh;
  CHECK(hall.old("wall") == before);
  CHECK_FALSE(hall.old("door"));
  CHECK(hall.must(ReportCatalogue{catalogue_mark(hall.site)}).empty());
  hall.restart();
  CHECK(hall.old("wall") == before);
}

}  // namespace board_reminder_tests
