#include "daemon/flows/publish.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "tests/fakes/memory_desk.hpp"

namespace {

using namespace lobby;

/// The file beside the journal: a write is whole or not at all, and is answered by drain().
struct MemoryTable final : flows::SourceTable {
  /// Three rows at a time, the place is the how-manieth.
  std::optional<std::int64_t> each_known(const hall::DeviceId& feed, hall::What what, std::int64_t place,
                                         const UseKnown& use) override {
    ++looks;
    const std::int64_t from = place == first_place ? 0 : place;
    std::int64_t at = 0;
    for (const auto& [id, row] : cases[feed.value]) {
      if (what == hall::What::cases && at >= from && at < from + 3) {
        use(hall::key_of(feed.value, what, id), hall::meaning(row));
      }
      ++at;
    }
    return at > from + 3 ? std::optional(from + 3) : std::nullopt;
  }
  /// Whatever has ended.
  std::vector<std::uint64_t> oldest(const hall::DeviceId& feed, hall::What what, std::size_t limit) override {
    std::vector<std::uint64_t> keys;
    for (const auto& [id, row] : cases[feed.value]) {
      if (row.status == "finished" && keys.size() < limit) {
        keys.push_back(hall::key_of(feed.value, what, id));
      }
    }
    return keys;
  }
  void write(hall::SourceChange change, std::function<void(std::optional<std::uint64_t>)> done) override {
    waiting.emplace_back(std::move(change), std::move(done));
  }
  bool step() {
    if (waiting.empty()) {
      return false;
    }
    auto [change, done] = std::move(waiting.front());
    waiting.pop_front();
    if (disk_fails) {
      done(std::nullopt);
      return true;
    }
    ++version;
    largest = std::max(largest, change.cases.size() + change.removed.size());
    auto& kept = cases[change.feed];
    for (auto& row : change.cases) {
      row.version = version;
      kept[row.id] = row;
    }
    for (auto& record : change.records) {
      records[std::string(hall::word_of(change.what)) + "/" + record.id] = record.json;
    }
    std::erase_if(kept, [&](const auto& pair) {
      const auto key = hall::key_of(change.feed, change.what, pair.first);
      return std::find(change.removed.begin(), change.removed.end(), key) != change.removed.end();
    });
    cursor = change.cursor.value_or(cursor);
    done(version);
    return true;
  }
  std::deque<std::pair<hall::SourceChange, std::function<void(std::optional<std::uint64_t>)>>> waiting;
  std::map<std::string, std::map<std::string, hall::CaseRow>> cases;
  std::map<std::string, hall::CaseRow>& rows = cases["feed"];
  std::map<std::string, std::string> records;
  std::string cursor;
  std::uint64_t version = 0;
  std::size_t largest = 0;
  int looks = 0;
  bool disk_fails = false;
};

struct Said {
  std::optional<bool> kept;
  std::string reason;
};

/// A source that answers, part after part, as lobby-feed does.
struct Source {
  explicit Source(std::string given = "feed") : feed{std::move(given)} {}
  hall::DeviceId feed;
  hall::What what = hall::What::cases;
  bool full = false;
  std::vector<hall::CaseRow> cases;
  std::vector<hall::Record> records;
  std::vector<std::string> removed;
  std::string cursor;
};

struct PublishHall {
  PublishHall() = default;
  explicit PublishHall(flows::Publish::Rules given) : rules(given) {}
  std::shared_ptr<Said> begin(const Source& source) {
    auto said = std::make_shared<Said>();
    const auto rows = static_cast<std::uint32_t>(source.cases.size() + source.records.size());
    publish.begin(source.feed, {source.what, source.full, rows}, taken(said));
    return said;
  }
  std::shared_ptr<Said> slice(const Source& source, std::size_t from, std::size_t count) {
    auto said = std::make_shared<Said>();
    hall::AnswerSlice part;
    const auto end = std::min(source.cases.size(), from + count);
    for (std::size_t i = from; i < end; ++i) {
      part.cases.push_back(source.cases[i]);
    }
    if (from == 0) {
      part.records = source.records;
      part.removed = source.removed;
    }
    publish.slice(source.feed, std::move(part), taken(said));
    return said;
  }
  std::shared_ptr<Said> end(const Source& source) {
    auto said = std::make_shared<Said>();
    publish.end(source.feed, source.cursor, taken(said));
    return said;
  }
  /// The whole answer, each part after the one before was taken; what became of the last that was said.
  Said give(const Source& source) {
    auto said = begin(source);
    run();
    for (std::size_t at = 0; said->kept.value_or(false) && (at == 0 || at < source.cases.size()); at += 250) {
      said = slice(source, at, 250);
      run();
    }
    if (said->kept.value_or(false)) {
      said = end(source);
      run();
    }
    REQUIRE(said->kept);
    return *said;
  }
  void run() {
    for (bool worked = true; worked;) {
      desk.drain();
      now_ms += table.waiting.empty() ? 0 : write_ms;
      worked = table.step();
      while (!later.empty()) {
        auto work = std::move(later.front());
        later.pop_front();
        work();
        worked = true;
      }
    }
  }
  static flows::Publish::Taken taken(const std::shared_ptr<Said>& said) {
    return [said](bool kept, const std::string& reason) {
      CHECK_FALSE(said->kept);
      *said = {kept, reason};
    };
  }
  template <class Event>
  const Event& last() const {
    REQUIRE_FALSE(desk.events.empty());
    REQUIRE(std::holds_alternative<Event>(desk.events.back().body));
    return std::get<Event>(desk.events.back().body);
  }

  fakes::MemoryDesk desk{fakes::small_site()};
  MemoryTable table;
  std::deque<std::function<void()>> later;
  flows::Publish::Rules rules;
  flows::Publish publish{
      {table, [](hall::CaseRow& row) { row.shown_status = "shown " + row.status; },
       [this](hall::ReportSource report, std::function<void(bool)> done) {
         desk.ask(report, report.feed.value,
                  [done = std::move(done)](const std::optional<hall::Refusal>& refusal) { done(!refusal); });
       },
       [this](std::function<void()> work) { later.push_back(std::move(work)); }, [this] { return now_ms; }},
      rules};
  std::int64_t now_ms = 1'000'000;
  std::int64_t write_ms = 0;  ///< what the disk takes for a write
};

Source rows(int count, const std::string& status) {
  Source source;
  source.cursor = "c1";
  for (int i = 0; i < count; ++i) {
    hall::CaseRow row;
    row.id = std::to_string(i);
    row.case_no = "5106820" + std::to_string(i);
    row.applicant_display = "张**";
    row.status = status;
    source.cases.push_back(row);
  }
  return source;
}

Source all(int count, const std::string& status) {
  Source source = rows(count, status);
  source.full = true;
  return source;
}

}  // namespace

TEST_CASE("an answer that says nothing new leaves no event and writes no row") {
  PublishHall hall;
  CHECK(*hall.give(rows(3, "accepted")).kept);
  const auto events = hall.desk.events.size();
  auto same = rows(3, "accepted");
  same.cursor = "c2";
  CHECK(*hall.give(same).kept);
  CHECK(hall.desk.events.size() == events);
  CHECK(hall.table.rows.at("0").version == 1);
  CHECK(hall.table.cursor == "c2");
}

TEST_CASE("the event counts what was added, changed and removed; a full answer removes what it lacks") {
  PublishHall hall;
  hall.give(rows(4, "accepted"));
  auto next = all(3, "accepted");
  next.cases[0].status = "finished";
  next.cases.push_back(rows(6, "accepted").cases[5]);
  CHECK(*hall.give(next).kept);
  const auto& event = hall.last<hall::ApprovalsAdvanced>();
  CHECK(event.added == 1);
  CHECK(event.changed == 1);
  CHECK(event.removed == 1);
  CHECK(event.total == 4);
  CHECK(event.version >= hall.table.rows.at("0").version);
  CHECK(hall.table.rows.at("0").shown_status == "shown finished");
  CHECK(hall.table.rows.at("1").version == 1);
  CHECK(hall.table.rows.count("3") == 0);
}

TEST_CASE("a row that comes twice hides none that is gone") {
  PublishHall hall;
  hall.give(rows(4, "accepted"));
  for (const char* changed : {"accepted", "finished"}) {
    // 0, 1, 2 and once more one of them, known or new; 3 is missing.
    auto twice = all(3, "accepted");
    twice.cases.push_back(twice.cases[1]);
    twice.cases.back().status = changed;
    CHECK(*hall.give(twice).kept);
    CHECK(hall.table.rows.count("3") == 0);
    CHECK(hall.table.rows.size() == 3);
    auto fresh = all(4, "accepted");
    fresh.cases.erase(fresh.cases.begin());
    fresh.cases.push_back(fresh.cases[2]);
    CHECK(*hall.give(fresh).kept);
    CHECK(hall.table.rows.count("0") == 0);
    CHECK(hall.table.rows.size() == 3);
    CHECK(*hall.give(all(4, "accepted")).kept);
  }
  // One that is named as removed after it was seen, and one that is missing.
  auto removing = all(3, "accepted");
  removing.removed = {"1"};
  CHECK(*hall.give(removing).kept);
  CHECK(hall.table.rows.count("3") == 0);
}

TEST_CASE("what the source calls removed goes, what nobody knows is no change") {
  PublishHall hall;
  hall.give(rows(4, "accepted"));
  auto next = rows(0, "");
  next.removed = {"2", "never seen"};
  CHECK(*hall.give(next).kept);
  CHECK(hall.last<hall::ApprovalsAdvanced>().removed == 1);
  CHECK(hall.table.rows.count("2") == 0);
  CHECK(hall.table.rows.size() == 3);
}

TEST_CASE("a big answer is written in slices with one event, its place in the list at the end") {
  PublishHall hall;
  CHECK(*hall.give(all(2000, "accepted")).kept);
  CHECK(hall.table.rows.size() == 2000);
  CHECK(hall.table.largest <= 250);
  CHECK(hall.desk.events.size() == 1);
  CHECK(hall.last<hall::ApprovalsAdvanced>().added == 2000);
  CHECK(hall.table.cursor == "c1");
}

TEST_CASE("of an answer that goes on for long, what is written is told on the way, and nothing twice") {
  for (const bool whole : {true, false}) {
    CAPTURE(whole);
    PublishHall hall;
    hall.write_ms = 900;
    auto answer = rows(2250, "accepted");
    answer.full = whole;
    std::uint32_t told = 0;
    std::uint64_t version = 0;
    auto said = hall.begin(answer);
    hall.run();
    REQUIRE(*said->kept);
    for (std::size_t at = 0; at < 2250; at += 250) {
      said = hall.slice(answer, at, 250);
      hall.run();
      REQUIRE(*said->kept);
      told = 0;
      for (const auto& event : hall.desk.events) {
        const auto& moved = std::get<hall::ApprovalsAdvanced>(event.body);
        told += moved.added;
        version = moved.version;
      }
      // Two seconds are over with the third write after the first one.
      CHECK(hall.table.rows.size() - told < 1000);
      CHECK(version <= hall.table.version);
    }
    CHECK(hall.desk.events.size() == 2);
    CHECK(hall.table.cursor.empty());
    said = hall.end(answer);
    hall.run();
    CHECK(*said->kept);
    CHECK(hall.table.cursor == "c1");
    told = 0;
    for (const auto& event : hall.desk.events) {
      told += std::get<hall::ApprovalsAdvanced>(event.body).added;
    }
    CHECK(told == 2250);
    CHECK(hall.last<hall::ApprovalsAdvanced>().total == 2250);
    CHECK(hall.desk.events.size() == 3);
  }
}

TEST_CASE("what the journal refuses in the midst of an answer makes its end be refused, and is told later") {
  PublishHall hall;
  hall.write_ms = 3000;
  hall.desk.disk_fails = true;
  CHECK_FALSE(*hall.give(rows(600, "accepted")).kept);
  CHECK(hall.table.rows.size() == 600);
  CHECK(hall.desk.events.empty());
  hall.desk.disk_fails = false;
  CHECK(*hall.give(rows(600, "accepted")).kept);
  CHECK(hall.last<hall::ApprovalsAdvanced>().added == 600);
}

TEST_CASE("while a whole answer arrives nothing that was there is blank") {
  PublishHall hall;
  hall.give(all(600, "accepted"));
  const auto next = all(600, "finished");
  hall.begin(next);
  hall.run();
  for (std::size_t at = 0; at < 600; at += 250) {
    hall.slice(next, at, 250);
    hall.run();
    CHECK(hall.table.rows.size() == 600);
  }
  CHECK(hall.table.rows.at("599").status == "finished");
}

TEST_CASE("an answer that the disk refuses is not taken and comes again") {
  PublishHall hall;
  hall.table.disk_fails = true;
  CHECK_FALSE(*hall.give(rows(3, "accepted")).kept);
  CHECK(hall.table.rows.empty());
  CHECK(hall.table.cursor.empty());
  CHECK(hall.desk.events.empty());
  hall.table.disk_fails = false;
  CHECK(*hall.give(rows(3, "accepted")).kept);
  CHECK(hall.table.rows.size() == 3);
  CHECK(hall.last<hall::ApprovalsAdvanced>().added == 3);
}

TEST_CASE("what the journal could not record is told with the next answer") {
  PublishHall hall;
  hall.desk.disk_fails = true;
  CHECK_FALSE(*hall.give(rows(3, "accepted")).kept);
  CHECK(hall.table.rows.size() == 3);
  hall.desk.disk_fails = false;
  CHECK(*hall.give(rows(3, "accepted")).kept);
  CHECK(hall.last<hall::ApprovalsAdvanced>().added == 3);
}

TEST_CASE("an answer that lost a third of the rows is held back until five agree") {
  PublishHall hall;
  hall.give(all(100, "accepted"));
  Source small;
  SUBCASE("empty after maintenance") {
    small = all(0, "");
  }
  SUBCASE("somewhat smaller") {
    small = all(69, "finished");
  }
  for (int i = 0; i < 4; ++i) {
    const Said said = hall.give(small);
    CHECK_FALSE(*said.kept);
    CHECK(said.reason.starts_with("held back: cases shrank from 100 to "));
    CHECK(hall.table.rows.size() == 100);
    CHECK(hall.table.rows.at("0").status == "accepted");
  }
  CHECK(*hall.give(small).kept);
  CHECK(hall.table.rows.size() == small.cases.size());
}

TEST_CASE("shrinking has to be confirmed by answers of the same size, one after another") {
  PublishHall hall;
  hall.give(all(100, "accepted"));
  const auto held = [&](int count) { return !*hall.give(all(count, "accepted")).kept; };
  for (int i = 0; i < 4; ++i) {
    CHECK(held(50));
  }
  CHECK(held(20));  // another size: the count begins anew
  for (int i = 0; i < 3; ++i) {
    CHECK(held(20));
  }
  CHECK_FALSE(held(100));  // it was a passing trouble
  for (int i = 0; i < 4; ++i) {
    CHECK(held(20));
  }
  CHECK_FALSE(held(21));  // about the same
  CHECK(hall.table.rows.size() == 21);
}

TEST_CASE(
    "of few rows some may vanish as they like, all only after a while; what moved is never too little") {
  PublishHall hall;
  hall.give(all(9, "accepted"));
  CHECK(*hall.give(all(1, "accepted")).kept);
  for (int i = 0; i < 4; ++i) {
    CHECK(hall.give(all(0, "")).reason == "held back: cases shrank from 1 to 0");
    CHECK(hall.table.rows.size() == 1);
  }
  CHECK(*hall.give(all(0, "")).kept);
  CHECK(hall.table.rows.empty());
  CHECK(*hall.give(all(0, "")).kept);
  hall.give(all(100, "accepted"));
  CHECK(*hall.give(rows(1, "finished")).kept);
  CHECK(hall.table.rows.size() == 100);
}

TEST_CASE("a source that breaks off leaves what it has said, told once, and removes nothing") {
  PublishHall hall;
  hall.give(all(300, "accepted"));
  const auto next = all(300, "finished");
  hall.begin(next);
  hall.run();
  SUBCASE("between two slices") {
    hall.slice(next, 0, 250);
    hall.run();
    hall.publish.broken({"feed"});
  }
  SUBCASE("while a slice is being written") {
    const auto said = hall.slice(next, 0, 250);
    hall.publish.broken({"feed"});
    hall.run();
    CHECK(said->kept == false);
  }
  hall.run();
  CHECK(hall.table.rows.size() == 300);
  CHECK(hall.table.rows.at("0").status == "finished");
  CHECK(hall.table.rows.at("299").status == "accepted");
  CHECK(hall.desk.events.size() == 2);
  CHECK(hall.last<hall::ApprovalsAdvanced>().changed == 250);
  CHECK(*hall.give(next).kept);
  CHECK(hall.last<hall::ApprovalsAdvanced>().changed == 50);
}

TEST_CASE("a source that starts again while its old answer is being written is shown as it is now") {
  PublishHall hall;
  hall.give(all(300, "received"));
  const auto old = all(300, "accepted");
  hall.begin(old);
  hall.run();
  hall.slice(old, 0, 250);  // on its way when the new answer begins
  auto now = all(300, "finished");
  now.cases[0].status = "received";  // what it was, and what the old slice changes
  const auto said = hall.begin(now);
  CHECK_FALSE(said->kept);
  hall.run();
  CHECK(*said->kept);
  hall.slice(now, 0, 250);
  hall.run();
  hall.slice(now, 250, 250);
  hall.run();
  hall.end(now);
  hall.run();
  CHECK(hall.table.rows.at("0").status == "received");
  CHECK(hall.table.rows.at("1").status == "finished");
  CHECK(hall.table.rows.at("299").status == "finished");
}

TEST_CASE("two sources with the same ids are two lists") {
  PublishHall hall;
  hall.give(all(20, "accepted"));
  Source other = all(15, "finished");
  other.feed = {"other"};
  CHECK(*hall.give(other).kept);
  CHECK(hall.table.rows.size() == 20);
  CHECK(hall.table.cases["other"].size() == 15);
  CHECK(hall.table.rows.at("0").status == "accepted");
}

TEST_CASE("after a restart the file tells what is known") {
  PublishHall hall;
  for (const auto& row : rows(20, "accepted").cases) {
    hall.table.rows[row.id] = row;
  }
  CHECK(*hall.give(all(20, "accepted")).kept);
  CHECK(hall.desk.events.empty());
  CHECK_FALSE(*hall.give(all(2, "accepted")).kept);
}

TEST_CASE("what is known is read a part in a turn, and an answer waits for all of it") {
  PublishHall hall;
  for (const auto& row : rows(20, "accepted").cases) {
    hall.table.rows[row.id] = row;
  }
  const auto turn = [&hall] {
    auto work = std::move(hall.later.front());
    hall.later.pop_front();
    work();
  };
  const auto first = hall.begin(all(20, "accepted"));
  CHECK(hall.table.looks == 1);
  turn();
  CHECK(hall.table.looks == 2);
  CHECK_FALSE(first->kept);
  SUBCASE("it is taken") {
    hall.run();
    CHECK(hall.table.looks == 7);
    CHECK(*first->kept);
    const auto rest = hall.slice(all(20, "accepted"), 0, 250);
    hall.run();
    CHECK(*rest->kept);
  }
  SUBCASE("the source breaks off meanwhile, and answers anew with less") {
    hall.publish.broken({"feed"});
    const auto again = hall.begin(all(2, "accepted"));
    hall.run();
    CHECK_FALSE(*first->kept);
    CHECK_FALSE(*again->kept);
    CHECK(again->reason.find("from 20 to 2") != std::string::npos);
    // A slice of the answer that was broken off would remove what is there.
    const auto rest = hall.slice(all(20, "accepted"), 0, 250);
    hall.run();
    CHECK_FALSE(*rest->kept);
  }
  CHECK(*hall.give(all(20, "accepted")).kept);
  CHECK(hall.desk.events.empty());
  CHECK(hall.table.rows.size() == 20);
  CHECK(hall.table.looks == 7);
}

TEST_CASE("a source that makes new ids for ever fills neither memory nor disk, and its rows go on moving") {
  flows::Publish::Rules few;
  few.most_cases = 30;
  PublishHall hall(few);
  REQUIRE(*hall.give(rows(30, "accepted")).kept);
  const auto said = hall.give(rows(31, "accepted"));
  CHECK_FALSE(*said.kept);
  CHECK(said.reason == "more than 30 cases: no new ones are taken until some are gone");
  CHECK(hall.table.rows.size() == 30);
  CHECK(*hall.give(rows(10, "finished")).kept);
  CHECK(hall.table.rows.at("7").status == "finished");
  // What has ended makes room, but not what moves in the same answer.
  auto other = rows(0, "");
  for (const char* id : {"3", "x", "y"}) {
    hall::CaseRow row;
    row.id = id;
    row.status = "finished";
    row.matter_name = "moved";
    other.cases.push_back(row);
  }
  CHECK(*hall.give(other).kept);
  CHECK(hall.table.rows.contains("3"));
  CHECK(hall.table.rows.contains("x"));
  CHECK(hall.table.rows.contains("10"));
  CHECK_FALSE(hall.table.rows.contains("7"));
  CHECK(hall.table.rows.size() == 23);
  const auto events = hall.desk.events.size();
  CHECK(*hall.give(other).kept);
  CHECK(hall.desk.events.size() == events);
}

TEST_CASE("records of other kinds have events of their own") {
  PublishHall hall;
  Source source;
  source.full = true;
  source.records = {{"m1", R"({"name":"首次登记"})"}};
  source.what = hall::What::matters;
  hall.give(source);
  CHECK(hall.last<hall::CatalogueAdvanced>().what == "matters");
  CHECK(hall.last<hall::CatalogueAdvanced>().added == 1);
  source.what = hall::What::bids;
  hall.give(source);
  CHECK(hall.last<hall::BidsAdvanced>().added == 1);
  CHECK(hall.table.records.size() == 2);
  const auto events = hall.desk.events.size();
  hall.give(source);
  CHECK(hall.desk.events.size() == events);
  source.records[0].json = R"({"name":"变更登记"})";
  hall.give(source);
  CHECK(hall.last<hall::BidsAdvanced>().changed == 1);
}
