#include <doctest/doctest.h>

#include <map>

#include "tests/journal/powercut_vfs.hpp"
#include "tests/journal/support.hpp"

using namespace lobby;
using journal::Commit;
using journal::Journal;
using tests::History;
using tests::Loop;
using tests::PowercutVfs;

namespace {

/// A journal on a disk that can fail, with some events on it.
struct Bench {
  PowercutVfs disk;
  Loop loop;
  History history{11};
  std::unique_ptr<Journal> journal = open();

  Bench() { REQUIRE(append(20) == Commit::durable); }

  std::unique_ptr<Journal> open() {
    journal::Options options;
    options.directory = "/state";
    options.post = loop.poster();
    options.checkpoint_pages = 8;
    options.snapshot_every = 50;
    options.vfs = disk.name();
    return Journal::open(options);
  }
  journal::Batch next(std::size_t events) {
    journal::Batch batch;
    batch.events = history.next_lines(events);
    const auto& first = batch.events.front();
    batch.answers.push_back({"a", "p", std::to_string(first.seq), "hash", 201, first.json, first.at_ms});
    return batch;
  }
  Commit append(std::size_t events) {
    const auto commit = append_and_wait(*journal, loop, next(events));
    if (commit == Commit::durable && journal->wants_snapshot()) {
      journal->snapshot(history.state);
    }
    return commit;
  }

  /// After a failure: state, events and answers are those of `seq`, now and after a restart.
  void check_stands_at(const hall::State& durable) {
    CHECK((hall::encode(journal->recover()) == hall::encode(durable)));
    CHECK(journal->after(0, 1'000'000).size() == durable.seq);
    CHECK(!journal->kept_answer("a", "p", std::to_string(durable.seq + 1), history.state.last_at.utc_ms));
  }
  /// The way of the loop: back to what is durable, then on.
  void go_on_from(const hall::State& durable) {
    REQUIRE(probe_and_wait(*journal, loop) == Commit::durable);
    history.state = journal->recover();
    CHECK(journal->reason().empty());
    CHECK((hall::encode(history.state) == hall::encode(durable)));
    for (int i = 0; i < 30; ++i) {
      REQUIRE(append(3) == Commit::durable);
    }
    journal.reset();
    journal = open();
    CHECK((hall::encode(journal->recover()) == hall::encode(history.state)));
    CHECK(journal->after(0, 1'000'000).size() == history.state.seq);
  }
};

}  // namespace

TEST_CASE("a full disk refuses, keeps what was promised, serves reads, and recovers by itself") {
  for (const std::uint64_t room : {0ULL, 1ULL, 700ULL, 4096ULL, 20'000ULL, 90'000ULL}) {
    Bench bench;
    bench.disk.set_room(bench.disk.used() + room);
    auto durable = bench.history.state;
    while (bench.append(2) == Commit::durable) {
      durable = bench.history.state;
      REQUIRE(durable.seq < 100'000);
    }
    CHECK(tests::contains(bench.journal->reason(), "/state/journal.db: the disk is full"));
    bench.check_stands_at(durable);
    CHECK(bench.append(1) == Commit::failed);  // whoever has not heard of it yet
    CHECK(probe_and_wait(*bench.journal, bench.loop) == Commit::failed);
    CHECK(tests::contains(bench.journal->reason(), "the disk is full"));
    CHECK(bench.append(1) == Commit::failed);
    bench.check_stands_at(durable);
    bench.disk.set_room(UINT64_MAX);
    CHECK(bench.append(1) == Commit::failed);  // not before a probe
    bench.go_on_from(durable);
  }
}

TEST_CASE("a disk that cannot sync promises nothing") {
  Bench bench;
  const auto durable = bench.history.state;
  bench.disk.refuse_syncs(true);
  CHECK(bench.append(2) == Commit::failed);
  CHECK(tests::contains(bench.journal->reason(), "the disk fails"));
  bench.check_stands_at(durable);
  CHECK(probe_and_wait(*bench.journal, bench.loop) == Commit::failed);
  bench.disk.refuse_syncs(false);
  bench.go_on_from(durable);
}

TEST_CASE("what waits when a commit fails, fails with it, in order, and nothing of it is there later") {
  Bench bench;
  const auto durable = bench.history.state;
  bench.disk.hold_syncs(true);
  std::vector<int> told;
  const auto append = [&](int number) {
    bench.journal->append(bench.next(1), [&told, number](Commit commit) {
      CHECK(commit == Commit::failed);
      told.push_back(number);
    });
  };
  append(0);
  bench.disk.wait_for_held_sync();
  bench.disk.refuse_syncs(true);
  for (int i = 1; i < 6; ++i) {
    append(i);
  }
  bench.journal->snapshot(bench.history.state);  // of a state that never became durable
  append(6);
  bench.disk.hold_syncs(false);
  bench.loop.run_until([&] { return told.size() == 7; });
  CHECK(told == std::vector<int>{0, 1, 2, 3, 4, 5, 6});
  bench.disk.refuse_syncs(false);
  bench.check_stands_at(durable);
  bench.go_on_from(durable);
}

TEST_CASE("a disk that cannot be read is told, and nothing is taken on top of half a state") {
  Bench bench;
  for (int i = 0; i < 60; ++i) {
    REQUIRE(bench.append(3) == Commit::durable);
  }
  const auto durable = bench.history.state;
  bench.disk.refuse_reads(true);
  bench.disk.refuse_syncs(true);
  CHECK(bench.append(1) == Commit::failed);
  bench.history.state = bench.journal->recover();
  CHECK(!bench.journal->reason().empty());
  bench.disk.refuse_syncs(false);
  bench.disk.refuse_reads(false);
  REQUIRE(probe_and_wait(*bench.journal, bench.loop) == Commit::durable);
  if (bench.history.state.seq != durable.seq) {
    CHECK(bench.append(1) == Commit::failed);
  }
  bench.go_on_from(durable);
}

TEST_CASE("the log is moved into the file under steady load and does not grow for ever") {
  Bench bench;
  std::size_t largest = 0;
  for (int i = 0; i < 300; ++i) {
    REQUIRE(bench.append(1) == Commit::durable);
    largest = std::max(largest, bench.disk.content("/state/journal.db-wal").size());
  }
  CHECK(largest < 120U * 4120U);  // 4 * 8 pages, and what one commit adds
  bench.journal.reset();
  CHECK(bench.disk.content("/state/journal.db-wal").empty());
}
