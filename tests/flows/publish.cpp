#include "daemon/flows/publish.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <memory>
#include <utility>

#include "tests/fakes/memory_desk.hpp"

namespace {

using namespace lobby;

/// The table of all feeds, as the journal keeps it: rows take the version of the event they travel with, and
/// without an event nothing is written.
struct MemoryTable final : flows::CaseTable {
  explicit MemoryTable(fakes::MemoryDesk& given) : desk(given) {}
  std::optional<hall::CaseRow> find(const hall::DeviceId& feed, std::string_view id) override {
    const auto& kept = feeds[feed.value];
    const auto found = kept.find(std::string(id));
    return found == kept.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<std::string> ids(const hall::DeviceId& feed) override {
    std::vector<std::string> result;
    for (const auto& [id, row] : feeds[feed.value]) {
      result.push_back(id);
    }
    return result;
  }
  void write(hall::ReportApprovals report, std::vector<hall::CaseRow> changed,
             std::vector<std::string> removed, std::string given_cursor,
             std::function<void(bool)> done) override {
    largest = std::max(largest, changed.size());
    desk.ask(report, report.feed.value, [=, this](const std::optional<hall::Refusal>& refusal) mutable {
      cursor = refusal || given_cursor.empty() ? cursor : given_cursor;
      const auto version = desk.state().approvals_version;
      if (!refusal && std::exchange(last_version, version) != version) {
        auto& kept = feeds[report.feed.value];
        for (auto& row : changed) {
          row.version = version;
          kept[row.id] = row;
        }
        for (const auto& id : removed) {
          kept.erase(id);
        }
      }
      done(!refusal);
    });
  }
  fakes::MemoryDesk& desk;
  std::map<std::string, std::map<std::string, hall::CaseRow>> feeds;
  std::map<std::string, hall::CaseRow>& rows = feeds["feed"];
  std::string cursor;
  std::uint64_t last_version = 0;
  std::size_t largest = 0;
};

struct PublishHall {
  bool give(flows::CaseBatch batch) {
    const auto taken = begin("feed", std::move(batch));
    run();
    REQUIRE(*taken);
    return **taken;
  }
  std::shared_ptr<std::optional<bool>> begin(const std::string& feed, flows::CaseBatch batch) {
    auto taken = std::make_shared<std::optional<bool>>();
    publish.on_batch({feed}, std::move(batch), [taken](bool durable) { *taken = durable; });
    return taken;
  }
  void run() {
    for (;;) {
      desk.drain();
      if (later.empty()) {
        break;
      }
      auto work = std::move(later.front());
      later.pop_front();
      work();
    }
  }
  fakes::MemoryDesk desk{fakes::small_site()};
  MemoryTable table{desk};
  std::deque<std::function<void()>> later;
  flows::Publish publish{table, [this](std::function<void()> work) { later.push_back(std::move(work)); }};
};

flows::CaseBatch rows(int count, const std::string& status) {
  flows::CaseBatch batch;
  batch.cursor = "c1";
  for (int i = 0; i < count; ++i) {
    hall::CaseRow row;
    row.id = std::to_string(i);
    row.case_no = "5106820" + std::to_string(i);
    row.applicant_display = "张**";
    row.status = status;
    batch.rows.push_back(row);
  }
  return batch;
}

}  // namespace

TEST_CASE("an answer that says nothing new leaves no event and moves no version") {
  PublishHall hall;
  CHECK(hall.give(rows(3, "accepted")));
  const auto events = hall.desk.events.size();
  CHECK(hall.desk.state().approvals_version == 1);
  auto same = rows(3, "accepted");
  same.cursor = "c2";
  CHECK(hall.give(same));
  CHECK(hall.desk.events.size() == events);
  CHECK(hall.table.cursor == "c2");
}

TEST_CASE("the event counts what was added, changed and removed; a full answer removes what it lacks") {
  PublishHall hall;
  hall.give(rows(4, "accepted"));
  auto next = rows(3, "accepted");
  next.full = true;
  next.rows[0].status = "finished";
  next.rows.push_back(rows(6, "accepted").rows[5]);
  CHECK(hall.give(next));
  const auto& event = std::get<hall::ApprovalsAdvanced>(hall.desk.events.back().body);
  CHECK(event.added == 1);
  CHECK(event.changed == 1);
  CHECK(event.removed == 1);
  CHECK(event.total == 4);
  CHECK(hall.table.rows.at("0").version == 2);
  CHECK(hall.table.rows.at("1").version == 1);
  CHECK(hall.table.rows.count("3") == 0);
}

TEST_CASE("a big answer is written in slices, its place in the list with the last one") {
  PublishHall hall;
  CHECK(hall.give(rows(2000, "accepted")));
  CHECK(hall.table.rows.size() == 2000);
  CHECK(hall.table.largest <= 250);
  CHECK(hall.desk.events.size() == 8);
  CHECK(hall.table.cursor == "c1");
}

TEST_CASE("an answer that the disk refuses is not taken and comes again") {
  PublishHall hall;
  hall.desk.disk_fails = true;
  CHECK_FALSE(hall.give(rows(3, "accepted")));
  CHECK(hall.table.rows.empty());
  CHECK(hall.table.cursor.empty());
  hall.desk.disk_recovers();
  CHECK(hall.give(rows(3, "accepted")));
  CHECK(hall.table.rows.size() == 3);
}

TEST_CASE("two feeds that wait for one commit take two versions, and no row comes without its event") {
  PublishHall hall;
  const auto first = hall.begin("feed", rows(3, "accepted"));
  const auto second = hall.begin("other", rows(2, "accepted"));
  hall.run();
  CHECK(*first == true);
  CHECK(*second == true);
  REQUIRE(hall.desk.events.size() == 2);
  CHECK(hall.desk.state().approvals_version == 2);
  CHECK(hall.table.feeds["feed"].at("0").version == 1);
  CHECK(hall.table.feeds["other"].at("0").version == 2);
  CHECK(hall.table.feeds["other"].size() == 2);
}

TEST_CASE("a feed that starts again while its old answer is being written is shown as it is now") {
  PublishHall hall;
  hall.give(rows(600, "received"));
  const auto old = hall.begin("feed", rows(600, "accepted"));
  auto now = rows(600, "finished");
  now.rows[0].status = "received";  // what the old answer's first slice, still on its way, changes
  now.full = true;
  SUBCASE("the old answer has slices to go") {}
  SUBCASE("and the feed starts once more") {
    const auto between = hall.begin("feed", rows(600, "void"));
    const auto latest = hall.begin("feed", now);
    hall.run();
    CHECK(*between == false);
    CHECK(*latest == true);
  }
  const auto young = hall.begin("feed", now);
  hall.run();
  CHECK(*old == false);
  CHECK(*young == true);
  CHECK(hall.table.rows.at("0").status == "received");
  CHECK(hall.table.rows.at("1").status == "finished");
  CHECK(hall.table.rows.at("599").status == "finished");
  CHECK(hall.table.rows.size() == 600);
}
