#include "daemon/devices/outboxes.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <deque>

#include "tests/fakes/scripted_process.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace lobby::devices::outboxes_tests {
namespace {

namespace json = boost::json;
using fakes::Script;
using fakes::ScriptedProcess;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Hall {
  Hall() {
    OutboxConfig config;
    config.id.value = "supervision";
    config.driver = "queue_events";
    config.url = "https://h/queue-events";
    config.token_file = "/secret/token";
    config.auth = "hmac-sha256";
    config.app_id = "hall-1";
    Outboxes::Source source;
    source.next = [this](const hall::DeviceId&) {
      ++looks;
      Outboxes::Batch batch;
      batch.more = empty_looks > 0 && empty_looks-- > 0;
      if (!batch.more && !queue.empty()) {
        batch.items = queue.front();
      }
      return batch;
    };
    source.confirmed = [this](const hall::DeviceId&, std::vector<outbox_lines::Rejected> refused,
                              std::function<void(bool)> kept) {
      rejected = std::move(refused);
      answers.push_back(std::move(kept));
    };
    source.lost = [this](const hall::DeviceId&) { ++lost; };
    source.detail = [this](const hall::DeviceId&) { return "sent " + std::to_string(answers.size()); };
    outboxes = std::make_unique<Outboxes>(
        executor, std::vector<OutboxConfig>{config},
        [this](const FeedConfig& process, Feeds::ProcessEvents events) {
          scripts.push_back(std::make_shared<Script>(Script{process, std::move(events), {}, false}));
          return std::make_unique<ScriptedProcess>(scripts.back());
        },
        roster, std::move(source));
    executor.run_for(milliseconds(1));
  }

  Script& child() { return *scripts.back(); }
  void say(const std::string& line) {
    child().events.line(line);
    executor.drain();
  }
  void put(const std::string& id) { queue.push_back({R"({"id":")" + id + "\"}"}); }
  /// The batch that the process was given last; its number.
  std::uint64_t given() {
    return json::parse(child().written.back()).as_object().at("batch").to_number<std::uint64_t>();
  }
  std::string posted(std::uint64_t batch, const std::string& rest = R"("rejected":[])") {
    return R"({"kind":"posted","batch":)" + std::to_string(batch) + "," + rest + "}";
  }
  void keep(bool durable) {
    auto answer = answers.back();
    if (durable && !queue.empty()) {
      queue.pop_front();
    }
    answer(durable);
    executor.run_for(milliseconds(1));
  }
  /// How many batches the last process was given.
  std::size_t posts() { return child().written.size() - 1; }
  const hall::DeviceView& device() { return *roster.find({"supervision"}); }

  fakes::VirtualExecutor executor;
  std::deque<std::vector<std::string>> queue;
  int empty_looks = 0;
  int looks = 0;
  int lost = 0;
  std::vector<outbox_lines::Rejected> rejected;
  std::vector<std::function<void(bool)>> answers;
  std::vector<hall::ReportDevice> changes;
  Roster roster{
      [this] {
        return hall::Instant{executor.now().time_since_epoch() / milliseconds(1) + 1'800'000'000'000, 480};
      },
      [this](const hall::ReportDevice& change) { changes.push_back(change); }};
  std::vector<std::shared_ptr<Script>> scripts;
  std::unique_ptr<Outboxes> outboxes;
};

TEST_CASE("the process is told where to, and holds no secret") {
  Hall hall;
  REQUIRE(hall.scripts.size() == 1);
  REQUIRE(hall.child().written.size() == 1);
  const auto line = json::parse(hall.child().written[0]).as_object();
  CHECK(line.at("mode") == "push");
  CHECK(line.at("url") == "https://h/queue-events");
  CHECK(line.at("token_file") == "/secret/token");
  CHECK(line.at("auth") == "hmac-sha256");
  CHECK(line.at("app_id") == "hall-1");
  CHECK(line.at("total_s") == 20);
  CHECK_FALSE(line.contains("trial_clock_ms"));
  CHECK(hall.child().config.memory_mb == 128);
  CHECK(hall.device().kind == hall::DeviceKind::feed);
  CHECK(hall.device().driver == "queue_events");
  CHECK(hall.device().state == hall::DeviceState::absent);
}

TEST_CASE("a batch goes out, is kept when it is confirmed, and the next one follows at once") {
  Hall hall;
  hall.put("north-1");
  hall.put("north-2");
  hall.executor.run_for(seconds(5));
  REQUIRE(hall.posts() == 1);
  CHECK(hall.child().written.back() == R"({"kind":"post","batch":1,"items":[{"id":"north-1"}]})");
  hall.executor.run_for(seconds(10));
  CHECK(hall.posts() == 1);  // one at a time
  hall.say(hall.posted(1, R"("rejected":[{"id":"north-1","reason":"why"}])"));
  REQUIRE(hall.answers.size() == 1);
  REQUIRE(hall.rejected.size() == 1);
  CHECK(hall.rejected[0].reason == "why");
  hall.executor.run_for(seconds(100));
  CHECK(hall.posts() == 1);  // and not before the last one is kept
  CHECK(hall.device().state == hall::DeviceState::absent);
  hall.keep(true);
  CHECK(hall.device().state == hall::DeviceState::ok);
  CHECK(hall.device().detail == "sent 1");
  CHECK(hall.child().written.back() == R"({"kind":"post","batch":2,"items":[{"id":"north-2"}]})");
  hall.answers[0](true);  // twice is once
  CHECK(hall.posts() == 2);
  CHECK(hall.lost == 0);
}

TEST_CASE("an empty queue is looked at every interval, what is not to be sent is passed over soon") {
  Hall hall;
  CHECK(hall.looks == 1);
  hall.executor.run_for(seconds(50));
  CHECK(hall.looks == 11);
  hall.empty_looks = 20;
  hall.executor.run_for(seconds(5));
  CHECK(hall.looks == 12);
  hall.executor.run_for(milliseconds(200));
  CHECK(hall.looks == 32);
  CHECK(hall.posts() == 0);
}

TEST_CASE("after a fault the batch comes again when lobby-feed says, and the device recovers at once") {
  Hall hall;
  hall.put("north-1");
  hall.executor.run_for(seconds(5));
  hall.say(R"({"kind":"fault","what":"","reason":"HTTP 500","retry_s":8})");
  CHECK(hall.lost == 1);
  CHECK(hall.device().state == hall::DeviceState::degraded);
  CHECK(hall.device().reason == "HTTP 500");
  hall.executor.run_for(seconds(7));
  CHECK(hall.posts() == 1);
  hall.executor.run_for(seconds(1));
  REQUIRE(hall.posts() == 2);
  CHECK(hall.given() == 2);
  const auto before = hall.changes.size();
  hall.say(R"({"kind":"fault","what":"","reason":"HTTP 500","retry_s":16})");
  CHECK(hall.changes.size() == before);  // the same trouble is recorded once
  hall.executor.run_for(seconds(16));
  hall.say(hall.posted(3));
  hall.keep(true);
  CHECK(hall.device().state == hall::DeviceState::ok);
  CHECK(hall.device().reason.empty());
  CHECK(hall.lost == 2);
}

TEST_CASE("a pause beyond all reason is bounded") {
  Hall hall;
  hall.put("north-1");
  hall.executor.run_for(seconds(5));
  hall.say(R"({"kind":"fault","what":"","reason":"why","retry_s":99999999})");
  hall.executor.run_for(seconds(4'500));
  CHECK(hall.posts() == 2);
}

TEST_CASE("what cannot be kept is said so, and is tried again after the interval") {
  Hall hall;
  hall.put("north-1");
  hall.executor.run_for(seconds(5));
  hall.say(hall.posted(1));
  hall.keep(false);
  CHECK(hall.device().state == hall::DeviceState::degraded);
  CHECK(hall.posts() == 1);
  hall.executor.run_for(seconds(5));
  CHECK(hall.child().written.back() == R"({"kind":"post","batch":2,"items":[{"id":"north-1"}]})");
  hall.say(hall.posted(2));
  hall.keep(true);
  CHECK(hall.device().state == hall::DeviceState::ok);
}

TEST_CASE("a batch that goes on in parts is waited for, silence is not") {
  Hall hall;
  hall.put("north-1");
  hall.executor.run_for(seconds(5));
  for (int i = 0; i < 20; ++i) {
    hall.executor.run_for(seconds(25));
    hall.say(
        hall.posted(1, R"("rejected":[{"id":"p)" + std::to_string(i) + R"(","reason":""}],"more":true)"));
  }
  CHECK(hall.scripts.size() == 1);
  SUBCASE("and its refusals are put together") {
    hall.say(hall.posted(1, R"("rejected":[{"id":"last","reason":""}])"));
    CHECK(hall.rejected.size() == 21);
  }
  SUBCASE("silent for longer than a request may take") {
    hall.executor.run_for(seconds(31));
    CHECK(hall.scripts[0]->killed);
    CHECK(hall.device().state == hall::DeviceState::gone);
    CHECK(hall.lost == 1);
    REQUIRE(hall.scripts.size() == 2);
    CHECK(hall.posts() == 1);
  }
}

TEST_CASE("an idle process may be silent for ever") {
  Hall hall;
  hall.executor.run_for(seconds(100'000));
  CHECK(hall.scripts.size() == 1);
  CHECK_FALSE(hall.child().killed);
}

TEST_CASE("a process that ends loses the batch, comes back 1, 2, 4 … 60 s later, and gets it again") {
  Hall hall;
  hall.put("north-1");
  hall.executor.run_for(seconds(5));
  std::vector<long> pauses;
  for (int i = 0; i < 8; ++i) {
    const auto count = hall.scripts.size();
    hall.child().events.ended("lobby-feed was ended by SIGKILL");
    const auto died = hall.executor.now();
    while (hall.scripts.size() == count) {
      hall.executor.run_for(milliseconds(100));
    }
    pauses.push_back((hall.executor.now() - died) / seconds(1));
    hall.executor.run_for(milliseconds(1));
    CHECK(hall.posts() == 1);
  }
  CHECK(pauses == std::vector<long>{1, 2, 4, 8, 16, 32, 60, 60});
  CHECK(hall.lost == 8);
  CHECK(hall.device().reason == "lobby-feed was ended by SIGKILL");
  hall.say(hall.posted(hall.given()));
  hall.keep(true);
  hall.child().events.ended("crashed");
  hall.executor.run_for(seconds(1));
  CHECK(hall.scripts.size() == 10);
  CHECK(hall.lost == 8);  // nothing was out
}

TEST_CASE("why a process gave up is in the reason") {
  Hall hall;
  hall.say(R"({"kind":"fault","what":"","reason":"`url` in the settings is wrong","retry_s":0})");
  hall.child().events.ended("lobby-feed ended with status 2");
  CHECK(hall.device().reason == "lobby-feed ended with status 2: `url` in the settings is wrong");
}

TEST_CASE("whatever is no answer to the batch that is out ends the process") {
  for (const std::string& line :
       {std::string("hello"), std::string(R"({"kind":"posted","batch":2,"rejected":[]})"),
        std::string(R"({"kind":"fresh","rows":1})")}) {
    CAPTURE(line);
    Hall hall;
    hall.put("north-1");
    hall.executor.run_for(seconds(5));
    hall.say(line);
    CHECK(hall.scripts[0]->killed);
    CHECK(hall.device().state == hall::DeviceState::gone);
    CHECK(hall.lost == 1);
    CHECK(hall.answers.empty());
    hall.scripts[0]->events.line(hall.posted(1));  // what the old one still says is not heard
    CHECK(hall.answers.empty());
  }
  Hall hall;
  hall.say(hall.posted(0));  // none is out
  CHECK(hall.scripts[0]->killed);
}

TEST_CASE("a confirmation is kept although its process has ended, and the next one waits for that") {
  Hall hall;
  hall.put("north-1");
  hall.put("north-2");
  hall.executor.run_for(seconds(5));
  hall.say(hall.posted(1));
  hall.child().events.ended("crashed");
  hall.executor.run_for(seconds(3));
  REQUIRE(hall.scripts.size() == 2);
  CHECK(hall.posts() == 0);
  CHECK(hall.lost == 0);
  hall.keep(true);
  CHECK(hall.child().written.back().find("north-2") != std::string::npos);
}

TEST_CASE("stopped outboxes send nothing any more") {
  Hall hall;
  hall.put("north-1");
  hall.put("north-2");
  hall.executor.run_for(seconds(5));
  SUBCASE("a batch is out") {}
  SUBCASE("one is being kept") {
    hall.say(hall.posted(1));
  }
  SUBCASE("the process is to be restarted") {
    hall.child().events.ended("crashed");
  }
  hall.outboxes->stop();
  hall.executor.run_for(seconds(1000));
  for (const auto& answer : hall.answers) {
    answer(true);
  }
  hall.executor.run_for(seconds(1000));
  CHECK(hall.child().killed);
  CHECK(hall.scripts.size() == 1);
  hall.outboxes.reset();
  for (const auto& answer : hall.answers) {
    answer(true);
  }
}

}  // namespace
}  // namespace lobby::devices::outboxes_tests
