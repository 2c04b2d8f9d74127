#include "daemon/flows/outbox.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace {

using namespace lobby;
using flows::Outbox;
using flows::OutboxItem;
using flows::OutboxLine;

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;

/// A journal that makes its events up while it is read, and a disk in the hand of the test.
struct World final : flows::OutboxPort {
  hall::Instant now() const override { return {now_ms, 480}; }
  std::uint64_t newest() override { return events; }
  std::vector<OutboxLine> read(std::uint64_t seq, std::size_t limit) override {
    std::vector<OutboxLine> lines;
    while (lines.size() < limit && seq < events) {
      ++seq;
      lines.push_back({seq, at_ms(seq), wanted(seq), std::string(bytes_each, 'x')});
    }
    lines_read += lines.size();
    most_read = std::max(most_read, lines.size());
    return lines;
  }
  std::optional<OutboxItem> item(const OutboxLine& line) override {
    ++translated;
    return is_nothing == line.seq ? std::nullopt : std::optional(OutboxItem{id_of(line.seq), line.json});
  }
  std::optional<std::uint64_t> place() override { return kept; }
  void keep_place(std::uint64_t seq, std::function<void(bool)> done) override {
    waiting.push_back([this, seq, done = std::move(done)] {
      if (!disk_fails) {
        kept = seq;
        ++places;
      }
      done(!disk_fails);
    });
  }
  void bury(std::vector<flows::DeadLetter> letters, std::function<void(bool)> done) override {
    waiting.push_back([this, letters = std::move(letters), done = std::move(done)] {
      if (!graves_full) {
        buried.insert(buried.end(), letters.begin(), letters.end());
      }
      done(!graves_full);
    });
  }
  void dropped(std::uint64_t count) override { told.push_back(count); }

  static std::string id_of(std::uint64_t seq) { return "north-" + std::to_string(seq); }
  void disk() {
    auto work = std::exchange(waiting, {});
    for (auto& one : work) {
      one();
    }
  }

  std::int64_t now_ms = 1'800'000'000'000;
  std::uint64_t events = 0;
  std::function<std::int64_t(std::uint64_t)> at_ms = [this](std::uint64_t) { return now_ms - hour_ms; };
  std::function<bool(std::uint64_t)> wanted = [](std::uint64_t) { return true; };
  std::size_t bytes_each = 10;
  std::uint64_t is_nothing = 0;
  std::optional<std::uint64_t> kept = 0;
  int places = 0;
  bool disk_fails = false, graves_full = false;
  std::vector<std::function<void()>> waiting;
  std::vector<flows::DeadLetter> buried;
  std::vector<std::uint64_t> told;
  std::size_t lines_read = 0, most_read = 0, translated = 0;
};

/// A target that takes every id once.
struct Target {
  /// Everything that can be sent, with nobody in the way; returns how many batches went.
  int empty(World& world, Outbox& outbox) {
    int batches = 0;
    for (int idle = 0; idle < 3;) {
      const auto batch = outbox.next();
      if (!batch.items.empty()) {
        ++batches;
        take(batch);
        outbox.confirmed({}, [](bool) {});
      }
      idle = batch.items.empty() && !batch.more ? idle + 1 : 0;
      world.disk();
    }
    return batches;
  }
  void take(const Outbox::Batch& batch) {
    largest = std::max(largest, batch.items.size());
    for (const auto& item : batch.items) {
      if (ids.insert(item.id).second) {
        order.push_back(item.id);
      } else {
        ++again;
      }
    }
  }
  std::set<std::string> ids;
  std::vector<std::string> order;
  std::size_t largest = 0;
  int again = 0;
};

std::vector<std::string> ids_of(const Outbox::Batch& batch) {
  std::vector<std::string> ids;
  for (const auto& item : batch.items) {
    ids.push_back(item.id);
  }
  return ids;
}

TEST_CASE("every event goes once, in order, in batches of at most 500, while nothing goes wrong") {
  World world;
  world.events = 1203;
  Outbox outbox(world);
  Target target;
  CHECK(target.empty(world, outbox) == 3);
  CHECK(target.largest == 500);
  REQUIRE(target.order.size() == 1203);
  for (std::uint64_t seq = 1; seq <= 1203; ++seq) {
    CHECK(target.order[seq - 1] == World::id_of(seq));
  }
  CHECK(target.again == 0);
  CHECK(world.kept == 1203);
  CHECK(outbox.counts().sent == 1203);
  world.events = 1204;
  CHECK(target.empty(world, outbox) == 1);
  CHECK(target.order.back() == World::id_of(1204));
}

TEST_CASE("one batch is in flight, and the next one waits until the place is kept") {
  World world;
  world.events = 600;
  Outbox outbox(world);
  REQUIRE(outbox.next().items.size() == 500);
  CHECK(outbox.next().items.empty());
  outbox.confirmed({}, [](bool) {});
  CHECK(outbox.next().items.empty());
  CHECK(world.kept == 0);
  world.disk();
  CHECK(world.kept == 500);
  CHECK(outbox.next().items.size() == 100);
}

TEST_CASE("what was confirmed but not kept comes again after a restart, by the same ids") {
  World world;
  world.events = 20;
  std::vector<std::string> first;
  {
    Outbox outbox(world);
    first = ids_of(outbox.next());
    outbox.confirmed({}, [](bool) {});
    world.waiting.clear();  // killed before the place was on the disk
  }
  Outbox outbox(world);
  CHECK(ids_of(outbox.next()) == first);
  outbox.confirmed({}, [](bool) {});
  world.disk();
  Outbox third(world);
  CHECK(third.next().items.empty());
}

TEST_CASE("a batch that was lost comes again; a place that the disk refuses is not taken for kept") {
  World world;
  world.events = 20;
  Outbox outbox(world);
  const auto first = ids_of(outbox.next());
  outbox.lost();
  CHECK(ids_of(outbox.next()) == first);
  world.disk_fails = true;
  std::optional<bool> kept;
  outbox.confirmed({}, [&](bool durable) { kept = durable; });
  world.disk();
  CHECK(kept == false);
  const auto pause = outbox.next();  // not at once, while the disk fails
  CHECK(pause.items.empty());
  CHECK_FALSE(pause.more);
  CHECK(ids_of(outbox.next()) == first);
  world.disk_fails = false;
  outbox.confirmed({}, [&](bool durable) { kept = durable; });
  world.disk();
  CHECK(kept == true);
  CHECK(outbox.counts().sent == 20);
  CHECK(outbox.next().items.empty());
}

TEST_CASE("what a target refuses for good is buried before the place moves") {
  World world;
  world.events = 500;
  Outbox outbox(world);
  outbox.next();
  std::optional<bool> kept;
  const auto answer = [&](bool durable) { kept = durable; };
  outbox.confirmed({{"north-250", "bad window"}, {"north-7000", "not ours"}, {"north-250", "twice"}}, answer);
  SUBCASE("on a good disk") {
    world.disk();
    REQUIRE(world.buried.size() == 1);
    CHECK(world.kept == 0);
  }
  SUBCASE("on a full one nothing is lost: the batch comes again until there is room") {
    world.graves_full = true;
    world.disk();
    CHECK(kept == false);
    CHECK(world.kept == 0);
    CHECK(world.buried.empty());
    CHECK(outbox.next().items.empty());
    REQUIRE(outbox.next().items.size() == 500);
    world.graves_full = false;
    outbox.confirmed({{"north-250", "bad window"}}, answer);
    world.disk();
  }
  world.disk();
  CHECK(kept == true);
  CHECK(world.kept == 500);
  REQUIRE(world.buried.size() == 1);
  CHECK(world.buried[0].item.id == "north-250");
  CHECK(world.buried[0].item.json == "xxxxxxxxxx");
  CHECK(world.buried[0].reason == "bad window");
  CHECK(outbox.counts().sent == 499);
  CHECK(outbox.counts().refused == 1);
}

TEST_CASE("events that waited for more than 30 days are passed over, counted, and told once") {
  World world;
  world.events = 26'000;
  world.wanted = [](std::uint64_t seq) { return seq % 2 == 0; };
  world.at_ms = [&](std::uint64_t seq) {
    return world.now_ms - 30 * day_ms + (static_cast<std::int64_t>(seq) - 25'000) * 10;
  };
  Outbox outbox(world);
  Target target;
  target.empty(world, outbox);
  // Event 25,000 is exactly 30 days old.
  REQUIRE(target.order.size() == 501);
  CHECK(target.order.front() == World::id_of(25'000));
  CHECK(world.told == std::vector<std::uint64_t>{12'499});
  CHECK(outbox.counts().dropped == 12'499);
  CHECK(world.translated == 501);
  Outbox restarted(world);
  target.empty(world, restarted);
  CHECK(world.told.size() == 1);
  CHECK(target.again == 0);
}

TEST_CASE("dropped events are told also when no younger one follows, and when the disk was full meanwhile") {
  World world;
  world.events = 700;
  world.at_ms = [&](std::uint64_t) { return world.now_ms - 31 * day_ms; };
  world.disk_fails = true;
  Outbox outbox(world);
  Target target;
  target.empty(world, outbox);
  CHECK(world.told.empty());
  CHECK(world.kept == 0);
  world.disk_fails = false;
  target.empty(world, outbox);
  CHECK(world.told == std::vector<std::uint64_t>{700});
  CHECK(world.kept == 700);
  CHECK(target.order.empty());
}

TEST_CASE("dropped events in front of young ones of the same batch are not told twice when it is lost") {
  World world;
  world.events = 100;
  world.at_ms = [&](std::uint64_t seq) { return world.now_ms - (seq <= 40 ? 31 : 1) * day_ms; };
  Outbox outbox(world);
  CHECK(outbox.next().items.size() == 60);
  outbox.lost();
  CHECK(outbox.next().items.size() == 60);
  CHECK(world.told.empty());
  outbox.confirmed({}, [](bool) {});
  world.disk();
  CHECK(world.told == std::vector<std::uint64_t>{40});
}

TEST_CASE("30 days offline: 3.6 million events, and never more than one batch in memory") {
  World world;
  world.events = 3'600'000;
  world.at_ms = [&](std::uint64_t seq) {
    return world.now_ms - 30 * day_ms + static_cast<std::int64_t>(seq) * 720;
  };
  Outbox outbox(world);
  std::uint64_t next = 1;
  int wrong = 0;
  for (;;) {
    const auto batch = outbox.next();
    if (batch.items.empty()) {
      break;
    }
    for (const auto& item : batch.items) {
      wrong += item.id == World::id_of(next++) ? 0 : 1;
    }
    outbox.confirmed({}, [](bool) {});
    world.disk();
  }
  CHECK(wrong == 0);
  CHECK(next == 3'600'001);
  CHECK(world.most_read == 500);
  CHECK(world.lines_read == 3'600'000);
  CHECK(world.told.empty());
}

TEST_CASE("what concerns nobody is passed over in bounded reads, and its place is kept now and then") {
  World world;
  world.events = 30'200;
  world.wanted = [](std::uint64_t seq) { return seq == 30'100; };
  Outbox outbox(world);
  Target target;
  CHECK(target.empty(world, outbox) == 1);
  CHECK(target.order == std::vector<std::string>{"north-30100"});
  CHECK(world.most_read == 500);
  CHECK(world.places <= 5);
  // And again after a restart only what was not kept.
  world.lines_read = 0;
  Outbox restarted(world);
  CHECK(target.empty(world, restarted) == 0);
  CHECK(world.lines_read < 10'000);
}

TEST_CASE("a batch has a largest size in bytes too, but one event always fits") {
  World world;
  world.events = 100;
  world.bytes_each = 100'000;
  Outbox outbox(world);
  CHECK(outbox.next().items.size() == 5);
  outbox.confirmed({}, [](bool) {});
  world.disk();
  CHECK(world.kept == 5);
  world.bytes_each = 2'000'000;
  CHECK(outbox.next().items.size() == 1);
}

TEST_CASE("an event that nothing can be made of is passed over") {
  World world;
  world.events = 3;
  world.is_nothing = 2;
  Outbox outbox(world);
  CHECK(ids_of(outbox.next()) == std::vector<std::string>{"north-1", "north-3"});
}

TEST_CASE("a new outbox begins with what happens from now on, and remembers where that was") {
  World world;
  world.kept = std::nullopt;
  world.events = 40;
  world.disk_fails = true;
  {
    Outbox outbox(world);
    CHECK(outbox.next().items.empty());
    world.disk();
    CHECK(outbox.next().items.empty());  // nothing goes before the place is kept
    CHECK(outbox.next().items.empty());
    world.disk_fails = false;
    world.disk();
    CHECK(world.kept == 40);
  }
  world.events = 42;
  Outbox outbox(world);
  CHECK(ids_of(outbox.next()) == std::vector<std::string>{"north-41", "north-42"});
}

}  // namespace
