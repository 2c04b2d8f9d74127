#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/journal/powercut_vfs.hpp"
#include "tests/journal/support.hpp"

using namespace lobby;
using journal::Commit;
using journal::Journal;
using tests::History;
using tests::Loop;
using tests::query_sql;
using tests::run_sql;
using tests::TempDir;

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t noon = 1795406400000;

journal::Options options(const std::string& directory, Loop& loop, std::uint32_t snapshot_every = 4000) {
  journal::Options options;
  options.directory = directory;
  options.post = loop.poster();
  options.snapshot_every = snapshot_every;
  return options;
}

journal::Batch batch_of(std::vector<journal::Line> events) {
  journal::Batch batch;
  batch.events = std::move(events);
  return batch;
}

journal::KeptAnswer answer_at(std::int64_t at_ms, const std::string& key) {
  return {"kiosk-1", "/api/v1/tickets", key, std::string(32, '\0'), 201, "{\"key\":\"" + key + "\"}", at_ms};
}

hall::State fold(const std::vector<journal::Line>& lines, hall::State state = {}) {
  for (const auto& line : lines) {
    hall::apply(state, *journal::from_json(line.json));
  }
  return state;
}

/// Appends `count` events, some at a time, with snapshots as they are wanted.
void live(Journal& journal, Loop& loop, History& history, std::size_t count) {
  for (const auto end = history.state.seq + count; history.state.seq < end;) {
    REQUIRE(append_and_wait(journal, loop, batch_of(history.next_lines(5))) == Commit::durable);
    if (journal.wants_snapshot()) {
      journal.snapshot(history.state);
    }
  }
}

}  // namespace

TEST_CASE("nothing is answered before it is synced; what waits meanwhile is one commit, answered in order") {
  tests::PowercutVfs disk;
  Loop loop;
  auto opened = options("/state", loop);
  opened.vfs = disk.name();
  const auto journal = Journal::open(opened);
  History history{1};
  std::vector<int> told;
  disk.hold_syncs(true);
  journal->append(batch_of(history.next_lines(1)), [&](Commit) { told.push_back(0); });
  disk.wait_for_held_sync();
  for (int i = 1; i < 40; ++i) {
    journal->append(batch_of(history.next_lines(2)), [&told, i](Commit commit) {
      CHECK(commit == Commit::durable);
      told.push_back(i);
    });
  }
  CHECK(loop.posts() == 0);
  CHECK(journal->after(0, 1000).empty());
  disk.hold_syncs(false);
  loop.run_until([&] { return told.size() == 40; });
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(loop.posts() == 2);
  CHECK(journal->after(0, 1000).size() == history.state.seq);
}

TEST_CASE("what was appended is served as it was, by place and by ticket, within the limit") {
  const TempDir dir;
  Loop loop;
  const auto journal = Journal::open(options(dir.path(), loop));
  History history{2};
  const auto lines = history.next_lines(600);
  REQUIRE(append_and_wait(*journal, loop, batch_of(lines)) == Commit::durable);
  const auto all = journal->after(0, 10'000);
  REQUIRE(all.size() == lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CHECK(all[i].json == lines[i].json);
    CHECK(all[i].type == lines[i].type);
    CHECK(all[i].ticket == lines[i].ticket);
    CHECK(all[i].window == lines[i].window);
    CHECK(all[i].at_ms == lines[i].at_ms);
  }
  CHECK(journal->after(590, 3).front().seq == 591);
  CHECK(journal->after(590, 3).size() == 3);
  CHECK(journal->after(lines.size(), 10).empty());
  CHECK(journal->after(UINT64_MAX, 10).empty());
  std::vector<std::uint64_t> of_first;
  for (const auto& line : lines) {
    if (line.ticket == 1) {
      of_first.push_back(line.seq);
    }
  }
  const auto first = journal->history({1}, 100);
  REQUIRE(first.size() == of_first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i].seq == of_first[i]);
  }
  CHECK(journal->history({1}, 1).size() == 1);
  CHECK(journal->history({0}, 100).empty());
  CHECK(journal->history({UINT64_MAX}, 100).empty());
}

TEST_CASE("closing keeps what waits") {
  const TempDir dir;
  Loop loop;
  History history{3};
  std::size_t durable = 0;
  {
    const auto journal = Journal::open(options(dir.path(), loop));
    for (int i = 0; i < 50; ++i) {
      journal->append(batch_of(history.next_lines(1)),
                      [&](Commit commit) { durable += commit == Commit::durable ? 1 : 0; });
    }
  }
  loop.run_posted();
  CHECK(durable == 50);
  CHECK((hall::encode(Journal::open(options(dir.path(), loop))->recover()) == hall::encode(history.state)));
}

TEST_CASE("events that do not follow the last one are not taken") {
  const TempDir dir;
  Loop loop;
  const auto journal = Journal::open(options(dir.path(), loop));
  History history{4};
  const auto lines = history.next_lines(30);
  const auto some = [&](std::size_t from, std::size_t to) {
    return std::vector<journal::Line>(lines.begin() + static_cast<std::ptrdiff_t>(from),
                                      lines.begin() + static_cast<std::ptrdiff_t>(to));
  };
  REQUIRE(append_and_wait(*journal, loop, batch_of(some(0, 10))) == Commit::durable);
  SUBCASE("a gap") {
    CHECK(append_and_wait(*journal, loop, batch_of(some(11, 12))) == Commit::failed);
  }
  SUBCASE("again") {
    CHECK(append_and_wait(*journal, loop, batch_of(some(9, 11))) == Commit::failed);
  }
  SUBCASE("a gap inside") {
    auto wrong = some(10, 13);
    wrong.erase(wrong.begin() + 1);
    CHECK(append_and_wait(*journal, loop, batch_of(wrong)) == Commit::failed);
  }
  CHECK(journal->reason().find("does not follow event") != std::string::npos);
  CHECK(journal->after(0, 100).size() == 10);
  CHECK(probe_and_wait(*journal, loop) == Commit::durable);
  CHECK(append_and_wait(*journal, loop, batch_of(some(10, 12))) == Commit::durable);
}

TEST_CASE("an answer is kept 24 hours, then forgotten and its row removed") {
  const TempDir dir;
  Loop loop;
  const auto journal = Journal::open(options(dir.path(), loop));
  History history{5};
  const auto keep = [&](std::int64_t at_ms, const std::string& key) {
    auto batch = batch_of(history.next_lines(1));
    batch.answers.push_back(answer_at(at_ms, key));
    REQUIRE(append_and_wait(*journal, loop, batch) == Commit::durable);
  };
  const auto find = [&](const std::string& key, std::int64_t now_ms) {
    return journal->kept_answer("kiosk-1", "/api/v1/tickets", key, now_ms);
  };
  keep(noon, "one");
  REQUIRE(find("one", noon));
  CHECK(find("one", noon)->answer == R"({"key":"one"})");
  CHECK(find("one", noon)->body_hash == std::string(32, '\0'));
  CHECK(find("one", noon)->status == 201);
  CHECK(find("one", noon + day_ms - 1));
  CHECK(!find("one", noon + day_ms));
  CHECK(!journal->kept_answer("kiosk-2", "/api/v1/tickets", "one", noon));
  CHECK(!journal->kept_answer("kiosk-1", "/api/v1/tickets/1/cancel", "one", noon));

  const auto kept = [&] { return query_sql(dir.journal(), "SELECT key FROM answer ORDER BY at_ms"); };
  keep(noon + day_ms - 1, "two");
  CHECK(kept() == "one\ntwo\n");
  keep(noon + day_ms + 60'000, "three");
  CHECK(kept() == "two\nthree\n");
  keep(noon + 3 * day_ms, "two");  // a key may come again after its time
  CHECK(kept() == "two\n");
  CHECK(find("two", noon + 3 * day_ms)->at_ms == noon + 3 * day_ms);
  keep(noon, "clock set back");
  keep(noon + day_ms, "later");
  CHECK(kept() == "later\ntwo\n");
}

TEST_CASE("the last press of each keypad is kept with the events, also without any") {
  const TempDir dir;
  Loop loop;
  History history{8};
  const hall::KeyPress first{{"unit-1"}, 65535, 1}, second{{"unit-1"}, 65535, 2}, other{{"unit-2"}, 0, 65535};
  {
    const auto journal = Journal::open(options(dir.path(), loop));
    CHECK(!journal->last_press({"unit-1"}));
    auto batch = batch_of(history.next_lines(1));
    batch.presses = {first, other};
    REQUIRE(append_and_wait(*journal, loop, batch) == Commit::durable);
    CHECK(journal->last_press({"unit-1"}) == first);
    journal::Batch refused;
    refused.presses = {second};
    REQUIRE(append_and_wait(*journal, loop, refused) == Commit::durable);
    auto gap = batch_of(history.next_lines(2));
    gap.events.erase(gap.events.begin());
    gap.presses = {{{"unit-1"}, 65535, 3}};
    CHECK(append_and_wait(*journal, loop, gap) == Commit::failed);
  }
  const auto journal = Journal::open(options(dir.path(), loop));
  CHECK(journal->last_press({"unit-1"}) == second);
  CHECK(journal->last_press({"unit-2"}) == other);
  CHECK(!journal->last_press({"unit-3"}));
  run_sql(dir.journal(), "UPDATE meta SET value = x'3120' WHERE name = 'key:unit-1'");
  CHECK(!journal->last_press({"unit-1"}));
}

TEST_CASE("how far an outbox has come is kept with a batch or alone, and falls with a batch that fails") {
  const TempDir dir;
  Loop loop;
  History history{8};
  {
    const auto journal = Journal::open(options(dir.path(), loop));
    CHECK(!journal->place("supervision"));
    auto batch = batch_of(history.next_lines(2));
    batch.places = {{"supervision", 1}, {"ratings", 2}};
    REQUIRE(append_and_wait(*journal, loop, batch) == Commit::durable);
    journal::Batch alone;
    alone.places = {{"supervision", 2}};
    REQUIRE(append_and_wait(*journal, loop, alone) == Commit::durable);
    auto gap = batch_of(history.next_lines(2));
    gap.events.erase(gap.events.begin());
    gap.places = {{"supervision", 4}};
    CHECK(append_and_wait(*journal, loop, gap) == Commit::failed);
  }
  const auto journal = Journal::open(options(dir.path(), loop));
  CHECK(journal->place("supervision") == 2);
  CHECK(journal->place("ratings") == 2);
  CHECK(!journal->place("other"));
  CHECK(!journal->last_press({"supervision"}));
  run_sql(dir.journal(), "UPDATE meta SET value = x'3178' WHERE name = 'outbox:ratings'");
  CHECK(!journal->place("ratings"));
}

TEST_CASE("several answers of one commit are all kept") {
  const TempDir dir;
  Loop loop;
  const auto journal = Journal::open(options(dir.path(), loop));
  History history{6};
  auto batch = batch_of(history.next_lines(3));
  for (const char* key : {"a", "b", "c"}) {
    batch.answers.push_back(answer_at(noon, key));
  }
  REQUIRE(append_and_wait(*journal, loop, batch) == Commit::durable);
  for (const char* key : {"a", "b", "c"}) {
    CHECK(journal->kept_answer("kiosk-1", "/api/v1/tickets", key, noon));
  }
}

TEST_CASE("snapshot and tail give the state that all events give, byte for byte") {
  const std::string newest = " WHERE seq = (SELECT max(seq) FROM snapshot)";
  std::string damage;
  SUBCASE("both snapshots are good") {}
  SUBCASE("the newest is damaged") {
    damage =
        "UPDATE snapshot SET state = CAST(substr(state, 1, 100) || x'a55a' || substr(state, 103) AS BLOB)";
  }
  SUBCASE("the newest is cut off") {
    damage = "UPDATE snapshot SET state = CAST(substr(state, 1, length(state) / 2) AS BLOB)";
  }
  SUBCASE("the newest is of another moment") {
    damage = "UPDATE snapshot SET seq = seq + 1";
  }
  for (std::uint64_t seed = 100; seed < 104; ++seed) {
    const TempDir dir;
    Loop loop;
    History history{seed};
    std::vector<journal::Line> lines;
    {
      const auto journal = Journal::open(options(dir.path(), loop, 40));
      live(*journal, loop, history, 150 + seed);
      lines = journal->after(0, 10'000);
    }
    const auto everything = hall::encode(fold(lines));
    CHECK((everything == hall::encode(history.state)));
    CHECK(query_sql(dir.journal(), "SELECT count(*) FROM snapshot") == "2\n");
    if (!damage.empty()) {
      run_sql(dir.journal(), damage + newest);
    }
    // What is older than both is not needed for it.
    run_sql(dir.journal(), "UPDATE event SET json = '' WHERE seq <= (SELECT min(seq) FROM snapshot)");
    const auto journal = Journal::open(options(dir.path(), loop, 40));
    CHECK((hall::encode(journal->recover()) == everything));
    CHECK((hall::encode(journal->recover()) == everything));  // also when asked again while it runs
    CHECK(journal->wants_snapshot() == !damage.empty());
  }
}

TEST_CASE("without a readable snapshot a long journal begins with its last day, and reads nothing older") {
  const TempDir dir;
  Loop loop;
  History history{7};
  std::uint64_t day = 0;
  {
    const auto journal = Journal::open(options(dir.path(), loop, 100'000));
    auto lines = history.next_lines(500);
    while (true) {  // until a day begins, and a little on
      auto more = history.next_lines(1);
      const bool opens = std::any_of(more.begin(), more.end(), [&](const journal::Line& line) {
        day = line.type == "DayOpened" ? line.seq : day;
        return line.type == "DayOpened";
      });
      lines.insert(lines.end(), more.begin(), more.end());
      if (opens) {
        break;
      }
    }
    for (auto& line : history.next_lines(20)) {
      day = line.type == "DayOpened" ? line.seq : day;
      lines.push_back(std::move(line));
    }
    REQUIRE(append_and_wait(*journal, loop, batch_of(lines)) == Commit::durable);
  }
  run_sql(dir.journal(), "INSERT INTO snapshot VALUES(300, x'ff')");
  run_sql(dir.journal(), "UPDATE event SET json = 'unreadable' WHERE seq < " + std::to_string(day));
  const auto journal = Journal::open(options(dir.path(), loop, 100));
  hall::State before;
  before.seq = day - 1;
  CHECK((hall::encode(journal->recover()) == hall::encode(fold(journal->after(day - 1, 10'000), before))));
  CHECK(journal->wants_snapshot());
}

TEST_CASE("a snapshot is wanted every so many events") {
  const TempDir dir;
  Loop loop;
  History history{8};
  const auto add = [&](Journal& journal, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const hall::Event event{history.state.seq + 1, {noon, 480}, "", hall::AccountChanged{"a", "changed"}};
      hall::apply(history.state, event);
      REQUIRE(append_and_wait(journal, loop, batch_of({journal::to_line(event)})) == Commit::durable);
    }
  };
  {
    const auto journal = Journal::open(options(dir.path(), loop, 10));
    add(*journal, 9);
    CHECK(!journal->wants_snapshot());
    add(*journal, 1);
    CHECK(journal->wants_snapshot());
    journal->snapshot(history.state);
    CHECK(!journal->wants_snapshot());
    add(*journal, 7);
  }
  const auto journal = Journal::open(options(dir.path(), loop, 10));
  CHECK(!journal->wants_snapshot());
  add(*journal, 3);
  CHECK(journal->wants_snapshot());
}
