// The writer's thread: what is said to be written is on the disk, in order, whatever the disk does.
#include "daemon/evidence/writer.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>

#include "tests/evidence/bundle.hpp"

using namespace lobby;
using namespace lobby::tests;
using evidence::Finding;
using evidence::Writer;

namespace {

/// The loop: runs what the thread posts, until something has happened.
class WriterHouse {
 public:
  explicit WriterHouse(std::size_t most_waiting = 20'000) : most_(most_waiting) { begin(); }
  /// Its thread ends before what it posts to does.
  ~WriterHouse() { writer.reset(); }
  WriterHouse(const WriterHouse&) = delete;
  WriterHouse& operator=(const WriterHouse&) = delete;
  void begin() {
    Writer::Options options;
    options.folder = vault.path("bundles");
    options.key_file = vault.path("writer.key");
    options.post = [this](std::function<void()> work) {
      const std::lock_guard lock(mutex_);
      posted_.push_back(std::move(work));
      wake_.notify_one();
    };
    options.fault = [this](std::string fault) { faults.push_back(std::move(fault)); };
    options.log_id = [this] { return "log-" + std::to_string(++logs_); };
    options.most_waiting = most_;
    writer.emplace(std::move(options));
  }
  template <class Holds>
  bool until(Holds holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!holds()) {
      std::unique_lock lock(mutex_);
      if (!wake_.wait_until(lock, end, [this] { return !posted_.empty(); })) {
        return false;
      }
      auto work = std::move(posted_.front());
      posted_.pop_front();
      lock.unlock();
      work();
    }
    return true;
  }
  void write(const std::string& id, const std::string& kind, std::int64_t at, bool seal = false) {
    writer->write(id, {record(kind, opening_ms + at)}, seal, [this] { ++written; });
  }
  std::string finish(const std::string& id, std::int64_t at) {
    std::optional<std::string> head;
    writer->finish(id, record("closed", opening_ms + at), [&](std::string said) { head = std::move(said); });
    REQUIRE(until([&] { return head.has_value(); }));
    return *head;
  }
  Writer::Bundle read(const std::string& id, std::int64_t at) {
    std::optional<Writer::Bundle> bundle;
    writer->read(id, record("open", opening_ms + at), [&](Writer::Bundle said) { bundle = std::move(said); });
    REQUIRE(until([&] { return bundle.has_value(); }));
    return *bundle;
  }
  std::string file(const std::string& id) const { return vault.path("bundles/" + id + ".ndjson"); }

  Vault vault;
  std::optional<Writer> writer;
  int written = 0;
  std::vector<std::string> faults;

 private:
  std::size_t most_;
  int logs_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> posted_;
};

/// No file of this process may grow beyond that.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit now = before_;
    now.rlim_cur = bytes;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &now) == 0);
  }
  ~SmallFiles() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("what was written is whole, and nothing stands behind its end") {
  WriterHouse house;
  house.write("1", "planned", 1);
  house.write("1", "command", 2, true);
  house.write("2", "planned", 3);
  REQUIRE(house.until([&] { return house.written == 3; }));
  const auto head = house.finish("1", 4);
  const auto text = text_of(house.file("1"));
  CHECK(verdict_of(text).finding == Finding::whole);
  CHECK(text.find("\"head\":\"" + head + "\"") != std::string::npos);
  house.write("1", "late", 5, true);
  REQUIRE(house.until([&] { return house.written == 4; }));
  CHECK(text_of(house.file("1")) == text);
  CHECK(house.finish("1", 6) == head);  // told again after a crash between the two
  CHECK(text_of(house.file("1")) == text);
  CHECK(std::get<std::string>(house.read("1", 7)) == text);
  CHECK(house.faults.empty());
}

TEST_CASE("an open bundle is handed out whole, and goes on") {
  WriterHouse house;
  CHECK(std::get<Writer::Fault>(house.read("1", 1)).is_missing);
  house.write("1", "planned", 2);
  const auto open = std::get<std::string>(house.read("1", 3));
  CHECK(verdict_of(open).finding == Finding::whole);
  CHECK(open.find("\"kind\":\"open\"") != std::string::npos);
  house.write("1", "command", 4);
  house.finish("1", 5);
  const auto closed = std::get<std::string>(house.read("1", 6));
  CHECK(closed.starts_with(open));
  CHECK(verdict_of(closed).finding == Finding::whole);
}

TEST_CASE("another life goes on behind a torn line, and knows when the last one ended") {
  WriterHouse house;
  house.write("1", "command", 700);
  REQUIRE(house.until([&] { return house.written == 1; }));
  house.writer.reset();
  put_text(house.file("1"), text_of(house.file("1")) + "{\"seq\":2,\"prev\":\"12");
  house.begin();
  std::optional<std::optional<std::int64_t>> last;
  house.writer->last_written("1", [&](std::optional<std::int64_t> said) { last = said; });
  REQUIRE(house.until([&] { return last.has_value(); }));
  CHECK(*last == opening_ms + 700);
  last.reset();
  house.writer->last_written("9", [&](std::optional<std::int64_t> said) { last = said; });
  REQUIRE(house.until([&] { return last.has_value(); }));
  CHECK_FALSE(last->has_value());
  house.write("1", "resumed", 900);
  house.finish("1", 1'000);
  CHECK(verdict_of(text_of(house.file("1"))).finding == Finding::whole);
}

TEST_CASE("a clock that was set back is told by the bundle, and ends nothing") {
  WriterHouse house;
  house.write("1", "command", 60'000);
  house.write("1", "probe", 10'000, true);
  REQUIRE(house.until([&] { return house.written == 2; }));
  house.writer.reset();
  house.begin();
  house.write("1", "resumed", 12'000);
  const auto head = house.finish("1", 14'000);
  CHECK(head.size() == 64);
  CHECK(house.faults.empty());
  const auto text = text_of(house.file("1"));
  CHECK(text.find("\"kind\":\"resumed\"") != std::string::npos);
  CHECK(text.find("\"head\":\"" + head + "\"") != std::string::npos);
  CHECK(verdict_of(text).finding == Finding::time_back);
}

TEST_CASE("a full disk is said once, and what waited is written in order when there is room") {
  WriterHouse house;
  house.write("1", "planned", 1);
  REQUIRE(house.until([&] { return house.written == 1; }));
  {
    const SmallFiles limit(std::filesystem::file_size(house.file("1")) + 10);
    for (int i = 0; i < 20; ++i) {
      house.write("1", "heartbeat", 10 + i, i % 5 == 0);
    }
    REQUIRE(house.until([&] { return !house.faults.empty(); }));
    CHECK_FALSE(house.faults.front().empty());
    CHECK_FALSE(std::get<Writer::Fault>(house.read("1", 40)).is_missing);
    CHECK(house.written == 1);
  }
  REQUIRE(house.until([&] { return house.written == 21 && house.faults.size() == 2; }));
  CHECK(house.faults.back().empty());
  house.finish("1", 100);
  const auto text = text_of(house.file("1"));
  CHECK(verdict_of(text).finding == Finding::whole);
  CHECK(lines_of(text).size() >= 1 + 21 + 1 + 1);
}

TEST_CASE("what is too much to wait is counted") {
  WriterHouse house(5);
  house.write("1", "planned", 1);
  REQUIRE(house.until([&] { return house.written == 1; }));
  {
    const SmallFiles limit(std::filesystem::file_size(house.file("1")) + 10);
    house.write("1", "heartbeat", 2);
    REQUIRE(house.until([&] { return !house.faults.empty(); }));
    for (int i = 0; i < 20; ++i) {
      house.write("1", "heartbeat", 10 + i);
    }
  }
  REQUIRE(house.until([&] { return house.written >= 6; }));
  house.finish("1", 100);
  const auto text = text_of(house.file("1"));
  CHECK(verdict_of(text).finding == Finding::whole);
  CHECK(text.find("\"kind\":\"lost\"") != std::string::npos);
  CHECK(text.find("{\"records\":16}") != std::string::npos);
}

TEST_CASE("a bundle that somebody edited stays as it is, and the others go on") {
  WriterHouse house;
  house.write("1", "planned", 1);
  house.write("2", "planned", 1);
  REQUIRE(house.until([&] { return house.written == 2; }));
  house.writer.reset();
  auto edited = text_of(house.file("1"));
  edited[edited.find("planned")] = 'P';
  put_text(house.file("1"), edited);
  house.begin();
  house.write("1", "command", 2);
  house.write("2", "command", 2);
  REQUIRE(house.until([&] { return house.written == 3 && !house.faults.empty(); }));
  CHECK(house.finish("1", 3).empty());
  CHECK_FALSE(house.finish("2", 3).empty());
  CHECK(text_of(house.file("1")) == edited);
  CHECK(std::get<std::string>(house.read("1", 4)) == edited);  // whoever asks finds out by himself
  CHECK(verdict_of(text_of(house.file("2"))).finding == Finding::whole);
}
