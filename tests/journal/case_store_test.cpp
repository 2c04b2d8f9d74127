#include "daemon/journal/case_store.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <utility>

#include "tests/journal/powercut_vfs.hpp"
#include "tests/journal/support.hpp"

namespace {

using namespace lobby;
using namespace lobby::tests;
using hall::What;
using journal::CaseStore;

struct Store {
  explicit Store(const std::string& directory, const char* vfs = nullptr, int checkpoint_pages = 1000)
      : store(CaseStore::open({directory, loop.poster(), checkpoint_pages, vfs})) {}
  std::optional<std::uint64_t> write(hall::SourceChange change) {
    std::optional<std::optional<std::uint64_t>> version;
    store->write(std::move(change), [&](std::optional<std::uint64_t> given) { version = given; });
    loop.run_until([&] { return version.has_value(); });
    return *version;
  }
  std::string ids(const hall::CaseQuery& query) {
    std::string out;
    for (const auto& row : store->cases(query).cases) {
      out += row.id;
    }
    return out;
  }
  Loop loop;
  std::unique_ptr<CaseStore> store;
};

/// Everything that is known of a source, and how many looks at the file that took.
std::map<std::uint64_t, std::uint64_t> known_of(Store& at, const std::string& feed, What what = What::cases,
                                                int* looks = nullptr) {
  std::map<std::uint64_t, std::uint64_t> known;
  int used = 0;
  for (std::optional<std::int64_t> place = std::numeric_limits<std::int64_t>::min(); place;) {
    std::size_t rows = 0;
    place = at.store->each_known(feed, what, *place, [&](std::uint64_t key, std::uint64_t meaning) {
      CHECK(known.emplace(key, meaning).second);
      ++rows;
    });
    CHECK(rows <= CaseStore::known_at_once);
    ++used;
  }
  if (looks != nullptr) {
    *looks = used;
  }
  return known;
}

hall::CaseRow case_row(const std::string& id, const std::string& accepted, const std::string& updated = "") {
  hall::CaseRow row;
  row.id = id;
  row.case_no = "5106822026" + id;
  row.status = row.shown_status = "reviewing";
  row.light = row.shown_light = "green";
  row.accepted_at = accepted;
  row.updated_at = updated;
  return row;
}

hall::SourceChange change_of(std::vector<hall::CaseRow> rows, const std::string& feed = "north") {
  hall::SourceChange change;
  change.feed = feed;
  change.cases = std::move(rows);
  return change;
}

}  // namespace

TEST_CASE("cases are kept by source, found by number and listed last moved first") {
  const TempDir dir;
  Store at(dir.path());
  auto rows =
      std::vector{case_row("1", "2026-11-20"), case_row("2", "2026-11-19", "2026-11-23T10:00:00+08:00"),
                  case_row("3", "2026-11-22"), case_row("4", "")};
  rows[2].shown_light = "red";
  rows[3].shown_status = "finished";
  auto first = change_of(rows);
  first.cursor = "page 1";
  REQUIRE(at.write(first) == 1);
  CHECK(at.ids({}) == "2314");
  CHECK(at.store->cases({}).version == 1);
  CHECK(at.ids({{}, "", "red", 200, false}) == "3");
  CHECK(at.ids({{}, "finished", "", 200, false}) == "4");
  CHECK(at.ids({{}, "finished", "red", 200, false}).empty());
  CHECK(at.ids({{}, "", "", 2, false}) == "23");
  CHECK(at.ids({{}, "", "", 0, false}).empty());
  CHECK(at.store->find_case("51068220262")->updated_at == "2026-11-23T10:00:00+08:00");
  CHECK(!at.store->find_case("51068220269"));

  auto next = change_of({case_row("1", "2026-11-20", "2026-11-24"), case_row("5", "2026-11-25")});
  next.removed = {hall::key_of("north", What::cases, "3"), hall::key_of("south", What::cases, "2")};
  CHECK(at.write(next) == 2);
  auto other = change_of({case_row("1", "2026-01-01")}, "south");
  other.cursor = "7";
  CHECK(at.write(other) == 3);
  CHECK(at.ids({}) == "51214");
  CHECK(at.ids({1, "", "", 200, false}) == "511");
  CHECK(at.ids({2, "", "", 200, false}) == "1");
  CHECK(at.ids({UINT64_MAX, "", "", 200, false}).empty());
  CHECK(at.store->cursor("north", What::cases) == "page 1");  // none leaves it
  CHECK(at.store->cursor("south", What::cases) == "7");
  CHECK(at.store->cursor("north", What::bids).empty());
}

TEST_CASE("every field of a case comes back as it was written") {
  const TempDir dir;
  Store at(dir.path());
  hall::CaseRow row;
  int n = 0;
  const auto fill = [&n](const char* name, std::string& text) {
    text = std::string(name) + std::to_string(++n);
  };
  each_text(row, fill);
  each_own_text(row, fill);
  row.return_count = 2;
  row.suppressed = row.estimated = row.mismatch = true;
  row.overdue_days = 7;
  row.judge_at = 1795482180000;
  REQUIRE(at.write(change_of({row})));
  row.version = 1;
  CHECK(at.store->find_case(row.case_no) == row);
}

TEST_CASE("whatever of a case changes, it is found by what it is now, and by nothing else") {
  const TempDir dir;
  Store at(dir.path());
  auto row = case_row("1", "2026-11-20");
  row.judge_at = 5;
  REQUIRE(at.write(change_of({row, case_row("2", "2026-11-21")})));
  const auto is_there = [&](std::uint64_t version) {
    row.version = version;
    CHECK(at.store->find_case(row.case_no) == row);
    const auto known = known_of(at, "north");
    CHECK(known.size() == 2);
    CHECK(known.at(hall::key_of("north", What::cases, row.id)) == hall::meaning(row));
  };
  // What no index holds, then each of what they hold.
  row.status = "finished";
  row.updated_at = "2026-11-26";
  REQUIRE(at.write(change_of({row})));
  is_there(2);
  CHECK(at.ids({}) == "12");
  row.finished_at = "2026-11-26T09:00:00+08:00";
  row.judge_at = 0;
  REQUIRE(at.write(change_of({row})));
  is_there(3);
  CHECK(at.store->totals("2026-11-26").finished_today == 1);
  CHECK(at.store->due(10, 10).empty());
  row.accepted_at = "2026-11-26";
  REQUIRE(at.write(change_of({row})));
  is_there(4);
  CHECK(at.store->totals("2026-11-26").accepted_today == 1);
  CHECK(at.store->totals("2026-11-20").accepted_today == 0);
  const auto before = std::exchange(row.case_no, "5106822026X");
  REQUIRE(at.write(change_of({row})));
  is_there(5);
  CHECK(!at.store->find_case(before));
  row.suppressed = true;
  row.applicant_key = "aa";
  row.matter_code = "m";
  row.matter_name = "食品经营许可";
  row.return_count = 2;
  REQUIRE(at.write(change_of({row})));
  is_there(6);
  CHECK(at.store->totals("2026-11-26").suppressed == 1);
  CHECK(at.store->returned_twice(10).size() == 1);
  row.applicant_key.clear();
  REQUIRE(at.write(change_of({row})));
  is_there(7);
  CHECK(at.store->returned_twice(10).empty());
}

TEST_CASE("the log of answers is moved into the file under steady load and does not grow for ever") {
  PowercutVfs disk;
  Store at("/state", disk.name(), 8);
  std::size_t largest = 0;
  for (int turn = 0; turn < 100; ++turn) {
    std::vector<hall::CaseRow> rows;
    for (int i = 0; i < 10; ++i) {
      rows.push_back(case_row(std::to_string(turn) + "-" + std::to_string(i), "2026-11-21"));
    }
    REQUIRE(at.write(change_of(std::move(rows))));
    largest = std::max(largest, disk.content("/state/approvals.db-wal").size());
  }
  CHECK(largest < 160U * 4120U);  // 8 * 8 pages, and what one write adds
  at.store.reset();
  CHECK(disk.content("/state/approvals.db-wal").empty());
}

TEST_CASE("what the public is told nothing of is for those who ask for everything") {
  const TempDir dir;
  Store at(dir.path());
  auto rows =
      std::vector{case_row("1", "2026-11-20"), case_row("2", "2026-11-21"), case_row("3", "2026-11-21")};
  rows[1].shown_status = "";
  rows[1].suppressed = true;
  rows[2].finished_at = "2026-11-26T09:00:00+08:00";
  REQUIRE(at.write(change_of(rows)));
  CHECK(at.ids({}) == "31");
  CHECK(at.ids({{}, "", "", 200, true}) == "321");
  const auto totals = at.store->totals("2026-11-21");
  CHECK(totals.all == 3);
  CHECK(totals.accepted_today == 2);
  CHECK(totals.suppressed == 1);
  CHECK(at.store->totals("2026-11-26").finished_today == 1);
  // Counted anew after a write.
  REQUIRE(at.write(change_of({case_row("4", "2026-11-26T08:30:00+08:00")})));
  CHECK(at.store->totals("2026-11-26").accepted_today == 1);
}

TEST_CASE("lights that change by themselves come due in order, and all of them when the rules change") {
  const TempDir dir;
  Store at(dir.path());
  auto rows = std::vector{case_row("1", ""), case_row("2", ""), case_row("3", "")};
  rows[0].judge_at = 300;
  rows[1].judge_at = 100;
  REQUIRE(at.write(change_of(rows)));
  const auto due = at.store->due(299, 10);
  REQUIRE(due.size() == 1);
  CHECK(due[0].row.id == "2");
  CHECK(due[0].feed == "north");
  CHECK(at.store->due(300, 1).size() == 1);
  at.store->judge_all_by("others");
  REQUIRE(at.write(change_of({})));
  CHECK(at.store->due(2, 10).size() == 3);
  REQUIRE(at.write(change_of(rows)));
  at.store->judge_all_by("others");
  REQUIRE(at.write(change_of({})));
  CHECK(at.store->due(2, 10).empty());
}

TEST_CASE("who had the same matter returned twice is known by a key alone") {
  const TempDir dir;
  Store at(dir.path());
  auto rows =
      std::vector{case_row("1", "2026-11-20"), case_row("2", "2026-11-21"), case_row("3", "2026-11-22"),
                  case_row("4", "2026-11-23"), case_row("5", "2026-11-23")};
  for (auto& row : rows) {
    row.matter_name = "食品经营许可";
    row.status = "returned";
  }
  rows[0].applicant_key = rows[1].applicant_key = "aa";
  rows[2].applicant_key = "bb";  // once only
  rows[3].applicant_key = "cc";
  rows[3].status = "accepted";
  rows[3].return_count = 3;            // as the upstream counts
  REQUIRE(at.write(change_of(rows)));  // the fifth has no key
  const auto twice = at.store->returned_twice(10);
  REQUIRE(twice.size() == 2);
  CHECK(twice[0].applicant_key == "cc");
  CHECK(twice[0].returns == 3);
  CHECK(twice[1].applicant_key == "aa");
  CHECK(twice[1].returns == 2);
  CHECK(twice[1].cases == 2);
  CHECK(twice[1].last_at == "2026-11-21");
}

TEST_CASE("records are kept by kind and source") {
  const TempDir dir;
  Store at(dir.path());
  hall::SourceChange change;
  change.feed = "north";
  change.what = What::bids;
  change.records = {{"b", R"({"project_no":"2"})"}, {"a", R"({"project_no":"1"})"}};
  REQUIRE(at.write(change));
  change.what = What::notices;
  change.records = {{"a", R"({"title":"公示"})"}};
  REQUIRE(at.write(change));
  const auto bids = at.store->records(What::bids, 10);
  REQUIRE(bids.size() == 2);
  CHECK(bids[0].json == R"({"project_no":"1"})");
  CHECK(at.store->records(What::notices, 10).size() == 1);
  change.records.clear();
  change.removed = {hall::key_of("north", What::notices, "a")};
  REQUIRE(at.write(change));
  CHECK(at.store->records(What::notices, 10).empty());
  CHECK(at.store->records(What::bids, 10).size() == 2);
}

TEST_CASE("after a restart everything is known by key and meaning, and versions go on") {
  const TempDir dir;
  const auto row = case_row("1", "2026-11-20");
  {
    Store at(dir.path());
    REQUIRE(at.write(change_of({row})));
    auto gone = change_of({case_row("2", "")});
    REQUIRE(at.write(gone) == 2);
    gone.cases.clear();
    gone.removed = {hall::key_of("north", What::cases, "2")};
    REQUIRE(at.write(gone) == 3);
  }
  Store at(dir.path());
  CHECK(known_of(at, "north") == std::map<std::uint64_t, std::uint64_t>{
                                     {hall::key_of("north", What::cases, "1"), hall::meaning(row)}});
  CHECK(known_of(at, "south").empty());
  // The highest version was of a row that is gone: it is not given again.
  CHECK(at.write(change_of({row})) == 4);
}

TEST_CASE("what is known is read in parts, however the sources lie among each other") {
  const TempDir dir;
  Store at(dir.path());
  hall::SourceChange north = change_of({});
  hall::SourceChange south = change_of({}, "south");
  hall::SourceChange bids = change_of({});
  bids.what = What::bids;
  for (int i = 0; i < 2 * CaseStore::known_at_once; ++i) {
    (i % 5 == 0 ? south : north).cases.push_back(case_row(std::to_string(i), "2026-11-20"));
    bids.records.push_back({"b" + std::to_string(i), "{}"});
    if (i % 40 == 39) {
      REQUIRE(at.write(std::exchange(north, change_of({}))));
      REQUIRE(at.write(std::exchange(south, change_of({}, "south"))));
    }
  }
  REQUIRE(at.write(north));
  REQUIRE(at.write(south));
  REQUIRE(at.write(bids));
  CHECK(known_of(at, "north").size() == 400);
  CHECK(known_of(at, "south").size() == 100);
  int looks = 0;
  CHECK(known_of(at, "north", What::bids, &looks).size() == 500);
  CHECK(looks == 3);  // the last of them finds nothing more
  CHECK(known_of(at, "south", What::bids).empty());
  CHECK(known_of(at, "north", What::notices).empty());
}

TEST_CASE("what ended longest ago can go first, and of other kinds what was written first") {
  const TempDir dir;
  Store at(dir.path());
  auto change = change_of({case_row("1", "2026-11-20"), case_row("2", "2026-11-19"),
                           case_row("3", "2026-11-18"), case_row("4", "2026-11-17")});
  for (const std::size_t i : {0U, 1U, 2U}) {
    change.cases[i].status = i == 1 ? "returned" : "finished";
  }
  REQUIRE(at.write(change));
  REQUIRE(at.write(change_of({change.cases[2]}, "south")));
  const auto key = [](What what, const char* id) { return hall::key_of("north", what, id); };
  CHECK(at.store->oldest("north", What::cases, 10) ==
        std::vector{key(What::cases, "3"), key(What::cases, "2"), key(What::cases, "1")});
  CHECK(at.store->oldest("north", What::cases, 1) == std::vector{key(What::cases, "3")});
  for (const char* id : {"b", "a"}) {
    auto notices = change_of({});
    notices.what = What::notices;
    notices.records = {{id, "{}"}};
    REQUIRE(at.write(notices));
  }
  CHECK(at.store->oldest("north", What::notices, 10) ==
        std::vector{key(What::notices, "b"), key(What::notices, "a")});
  CHECK(at.store->oldest("north", What::bids, 10).empty());
}

TEST_CASE("how many cases there are is right after every write, refused ones too, and after a restart") {
  const TempDir dir;
  {
    Store at(dir.path());
    REQUIRE(at.write(change_of({case_row("1", ""), case_row("2", ""), case_row("1", "")})));
    CHECK(at.store->totals("2026-11-20").all == 2);
    auto change = change_of({case_row("3", ""), case_row("2", "2026-11-19")});
    change.removed = {hall::key_of("north", What::cases, "1"), hall::key_of("north", What::cases, "never")};
    REQUIRE(at.write(change));
    CHECK(at.store->totals("2026-11-20").all == 2);
    auto records = change_of({});
    records.what = What::bids;
    records.records = {{"b1", "{}"}};
    records.removed = {hall::key_of("north", What::bids, "b0")};
    REQUIRE(at.write(records));
    CHECK(at.store->totals("2026-11-20").all == 2);
  }
  // As a version left it that did not note the number.
  run_sql(dir.path() + "/approvals.db", "DELETE FROM meta WHERE name = 'cases'");
  Store at(dir.path());
  CHECK(at.store->totals("2026-11-20").all == 2);
}

TEST_CASE(
    "what was judged meanwhile overwrites nothing that the source has said since, and brings nothing back") {
  const TempDir dir;
  Store at(dir.path());
  auto moves = case_row("1", "2026-11-20"), goes = case_row("2", "2026-11-20"),
       stays = case_row("3", "2026-11-20");
  for (auto* row : {&moves, &goes, &stays}) {
    row->judge_at = 5;
  }
  REQUIRE(at.write(change_of({moves, goes, stays})) == 1);
  auto due = at.store->due(10, 25);
  REQUIRE(due.size() == 3);
  auto judged = change_of({});
  judged.judged = true;
  for (auto& one : due) {
    one.row.shown_light = "red";
    one.row.overdue_days = 3;
    one.row.mismatch = true;
    one.row.judge_at = 77;
    judged.cases.push_back(one.row);
  }
  // The source's news is on its way while they are judged.
  moves.status = moves.shown_status = "finished";
  moves.shown_light = "";
  auto news = change_of({moves});
  news.removed = {hall::key_of("north", What::cases, "2")};
  REQUIRE(at.write(news) == 2);
  REQUIRE(at.write(judged) == 3);
  CHECK(at.store->find_case(moves.case_no)->status == "finished");
  CHECK(at.store->find_case(moves.case_no)->shown_light.empty());
  CHECK_FALSE(at.store->find_case(goes.case_no));
  CHECK(at.store->totals("2026-11-20").all == 2);
  stays.shown_light = "red";
  stays.overdue_days = 3;
  stays.mismatch = true;
  stays.judge_at = 77;
  stays.version = 3;
  CHECK(at.store->find_case(stays.case_no) == stays);
  CHECK(known_of(at, "north").size() == 2);
}

TEST_CASE("what nobody is asked for any more is gone at the next start, and the rest stays") {
  const TempDir dir;
  hall::SourceChange bids = change_of({}, "south");
  bids.what = What::bids;
  bids.cursor = "c";
  bids.records = {{"b1", "{}"}};
  {
    Store at(dir.path());
    REQUIRE(at.write(change_of({case_row("1", ""), case_row("2", "")})));
    auto south = change_of({case_row("3", "")}, "south");
    south.cursor = "7";
    REQUIRE(at.write(south));
    REQUIRE(at.write(bids) == 3);
  }
  Loop loop;
  const auto open = [&](std::vector<std::pair<std::string, What>> only) {
    journal::CaseStoreOptions options{dir.path(), loop.poster()};
    options.only = std::move(only);
    return CaseStore::open(std::move(options));
  };
  {
    const auto store = open({{"north", What::cases}, {"south", What::cases}, {"south", What::bids}});
    CHECK(store->version() == 3);
    CHECK(store->totals("2026-11-20").all == 3);
  }
  {
    const auto store = open({{"south", What::cases}});
    CHECK(store->version() == 4);
    CHECK(store->totals("2026-11-20").all == 1);
    CHECK(store->cases({}).cases.at(0).id == "3");
    CHECK(store->cursor("south", What::cases) == "7");
    CHECK(store->cursor("south", What::bids).empty());
    CHECK(store->records(What::bids, 10).empty());
  }
  // It comes back as if it were new.
  Store at(dir.path());
  CHECK(known_of(at, "north").empty());
  CHECK(known_of(at, "south").size() == 1);
  CHECK(at.write(change_of({case_row("1", "")})) == 5);
}

TEST_CASE("a file that cannot be read is put aside and begun anew") {
  const TempDir dir;
  const auto file = dir.path() + "/approvals.db";
  SUBCASE("damaged") {
    std::ofstream(file) << std::string(8192, 'x');
  }
  SUBCASE("of a newer version") {
    { Store at(dir.path()); }
    run_sql(file, "PRAGMA user_version = 99");
  }
  Store at(dir.path());
  CHECK(at.write(change_of({case_row("1", "")})) == 1);
  CHECK(std::filesystem::exists(file + ".old"));
}

TEST_CASE("a disk that is full refuses the write, keeps what is there, and takes it again with room") {
  PowercutVfs disk;
  Store at("/state", disk.name());
  REQUIRE(at.write(change_of({case_row("1", "2026-11-20")})));
  disk.set_room(disk.used() + 4096);
  std::vector<hall::CaseRow> many;
  for (int i = 0; i < 200; ++i) {
    many.push_back(case_row("m" + std::to_string(i), "2026-11-21"));
  }
  CHECK_FALSE(at.write(change_of(many)));
  CHECK(contains(at.store->reason(), "full"));
  CHECK(at.ids({}) == "1");
  disk.set_room(UINT64_MAX);
  CHECK(at.write(change_of(many)));
  CHECK(at.store->reason().empty());
  CHECK(at.store->cases({}).cases.size() == 200);
}

TEST_CASE("a power cut takes whole writes back, the last ones first, each with its place in the list") {
  std::mt19937_64 random(std::random_device{}());
  std::size_t taken_back = 0;
  for (auto cuts = trials(50, 1000); cuts > 0; --cuts) {
    PowercutVfs disk;
    std::size_t begun = 0;
    {
      Store at("/state", disk.name());
      disk.cut_at_change(1 + random() % 60);
      while (!disk.is_off()) {
        auto change =
            change_of({case_row("a", std::to_string(++begun)), case_row("b", std::to_string(begun))});
        change.cursor = std::to_string(begun);
        at.write(std::move(change));
      }
    }
    disk.power_on(random);
    Store at("/state", disk.name());
    const auto cursor = at.store->cursor("north", What::cases);
    const auto rows = at.store->cases({}).cases;
    CHECK(rows.size() == (cursor.empty() ? 0 : 2));
    for (const auto& row : rows) {
      CHECK(row.accepted_at == cursor);
      CHECK(row.version <= at.store->version());
    }
    taken_back += cursor != std::to_string(begun) ? 1 : 0;
  }
  CHECK(taken_back > 0);
}
