#include "daemon/devices/feeds.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <map>

#include "daemon/devices/feed_lines.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace lobby::devices {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// lobby-feed as a script: what was written to it, and a way to speak as it.
struct Script {
  FeedConfig config;
  Feeds::ProcessEvents events;
  std::vector<std::string> written;
  bool killed = false;
};

class ScriptedProcess final : public Feeds::Process {
 public:
  explicit ScriptedProcess(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  ~ScriptedProcess() override { script_->killed = true; }
  ScriptedProcess(const ScriptedProcess&) = delete;
  ScriptedProcess& operator=(const ScriptedProcess&) = delete;
  void write_line(std::string line) override { script_->written.push_back(std::move(line)); }

 private:
  std::shared_ptr<Script> script_;
};

std::string case_line(const std::string& id) {
  std::string line = R"({"kind":"case","id":")" + id + '"';
  for (const char* key :
       {"case_no", "query_code", "matter_name", "dept_name", "applicant_type", "applicant_display", "status",
        "status_raw", "light", "accepted_at", "due_promised", "finished_at", "updated_at"}) {
    line += std::string(",\"") + key + "\":\"" + key + "\"";
  }
  return line + "}";
}

std::string end_line(int rows) {
  return R"({"kind":"end","cursor":"c9","rows":)" + std::to_string(rows) +
         R"(,"skipped":2,"unknown_status":1,"bad_values":0})";
}

constexpr const char* begin_line = R"({"kind":"begin","full":true})";
constexpr const char* fresh_line =
    R"({"kind":"fresh","rows":7,"skipped":0,"unknown_status":0,"bad_values":0})";

std::string fault_line(const std::string& reason, int retry_s) {
  return R"({"kind":"fault","reason":")" + reason + R"(","retry_s":)" + std::to_string(retry_s) + "}";
}

struct Desk {
  explicit Desk(int count = 1) {
    for (int i = 0; i < count; ++i) {
      FeedConfig config;
      config.id.value = i == 0 ? "approvals" : "approvals-" + std::to_string(i);
      config.driver = "epoint";
      config.mapping_file = "/m/epoint.toml";
      config.url = "http://h/p";
      config.token_file = "/secret/token";
      config.area_code = "510682";
      configs.push_back(config);
    }
    feeds = std::make_unique<Feeds>(
        executor, configs,
        [this](const FeedConfig& config, Feeds::ProcessEvents events) {
          scripts.push_back(std::make_shared<Script>(Script{config, std::move(events), {}, false}));
          return std::make_unique<ScriptedProcess>(scripts.back());
        },
        [](const hall::DeviceId&) { return std::string("c8"); }, roster,
        [this](const hall::DeviceId&, FeedBatch batch, std::function<void(bool)> taken) {
          batches.push_back(std::move(batch));
          answers.push_back(std::move(taken));
        });
    executor.run_for(milliseconds(1));
  }

  Script& child() { return *scripts.back(); }
  void say(const std::string& line) {
    child().events.line(line);
    executor.drain();
  }
  void batch(const std::vector<std::string>& ids) {
    say(begin_line);
    for (const std::string& id : ids) {
      say(case_line(id));
    }
    say(end_line(static_cast<int>(ids.size())));
  }
  const hall::DeviceView& device(std::size_t i = 0) { return *roster.find(configs[i].id); }
  hall::Instant now() const {
    return {executor.now().time_since_epoch() / milliseconds(1) + 1'800'000'000'000, 480};
  }

  fakes::VirtualExecutor executor;
  std::vector<FeedConfig> configs;
  std::vector<hall::ReportDevice> changes;
  Roster roster{[this] { return now(); },
                [this](const hall::ReportDevice& change) { changes.push_back(change); }};
  std::vector<std::shared_ptr<Script>> scripts;
  std::vector<FeedBatch> batches;
  std::vector<std::function<void(bool)>> answers;
  std::unique_ptr<Feeds> feeds;
};

TEST_CASE("a feed is started with its settings and no secret") {
  Desk desk;
  REQUIRE(desk.scripts.size() == 1);
  REQUIRE(desk.child().written.size() == 1);
  const auto line = boost::json::parse(desk.child().written[0]).as_object();
  CHECK(line.at("url") == "http://h/p");
  CHECK(line.at("mapping") == "/m/epoint.toml");
  CHECK(line.at("token_file") == "/secret/token");
  CHECK(line.at("area_code") == "510682");
  CHECK(line.at("interval_s") == 30);
  CHECK(line.at("total_s") == 60);
  CHECK(line.at("cursor") == "c8");
  CHECK(desk.device().kind == hall::DeviceKind::feed);
  CHECK(desk.device().driver == "epoint");
  CHECK(desk.device().state == hall::DeviceState::absent);
  CHECK_FALSE(desk.feeds->as_of());
  CHECK(desk.feeds->is_stale(desk.now()));
}

TEST_CASE("a whole batch arrives once, and counts when it is kept") {
  Desk desk;
  desk.say(begin_line);
  desk.say(case_line("a"));
  desk.say(case_line("b"));
  desk.say(R"({"kind":"removed","id":"x"})");
  CHECK(desk.batches.empty());
  desk.say(end_line(2));
  REQUIRE(desk.batches.size() == 1);
  CHECK(desk.batches[0].full);
  REQUIRE(desk.batches[0].cases.size() == 2);
  CHECK(desk.batches[0].cases[1].id == "b");
  CHECK(desk.batches[0].cases[1].applicant_display == "applicant_display");
  CHECK(desk.batches[0].removed == std::vector<std::string>{"x"});
  CHECK(desk.batches[0].cursor == "c9");
  CHECK(desk.batches[0].skipped == 2);
  CHECK(desk.device().state == hall::DeviceState::absent);
  desk.executor.run_for(seconds(5));
  desk.answers[0](true);
  CHECK(desk.child().written.back() == R"({"taken":true})");
  CHECK(desk.device().state == hall::DeviceState::ok);
  CHECK(desk.device().detail.find("2 rows") != std::string::npos);
  CHECK(desk.device().detail.find("2 skipped") != std::string::npos);
  REQUIRE(desk.feeds->as_of());
  CHECK(*desk.feeds->as_of() == desk.now());
  CHECK_FALSE(desk.feeds->is_stale(desk.now()));
  desk.answers[0](true);  // twice is once
  CHECK(desk.child().written.size() == 2);
}

TEST_CASE("a batch that could not be kept is said so, and is no news") {
  Desk desk;
  desk.batch({"a"});
  desk.answers[0](false);
  CHECK(desk.child().written.back() == R"({"taken":false})");
  CHECK(desk.device().state == hall::DeviceState::degraded);
  CHECK_FALSE(desk.feeds->as_of());
  desk.batch({"a"});
  desk.answers[1](true);
  CHECK(desk.device().state == hall::DeviceState::ok);
}

TEST_CASE("an unchanged answer makes what is shown young again") {
  Desk desk;
  desk.batch({"a"});
  desk.answers[0](true);
  desk.executor.run_for(seconds(30));
  desk.say(fresh_line);
  CHECK(*desk.feeds->as_of() == desk.now());
  CHECK(desk.batches.size() == 1);
}

TEST_CASE("a fault is shown once; the process lives as long as it keeps its own word") {
  Desk desk;
  desk.batch({"a"});
  desk.answers[0](true);
  const auto before = desk.changes.size();
  for (int i = 0; i < 5; ++i) {
    desk.say(fault_line("the upstream cannot be reached", 300));
    desk.executor.run_for(seconds(360));
  }
  CHECK(desk.scripts.size() == 1);
  CHECK(desk.device().state == hall::DeviceState::degraded);
  // The fault, and that it is stale now: nothing else was worth recording.
  CHECK(desk.changes.size() - before == 2);
  CHECK(desk.device().reason.find("stale") != std::string::npos);
  CHECK(desk.device().reason.find("the upstream cannot be reached") != std::string::npos);
  desk.say(fresh_line);
  CHECK(desk.device().state == hall::DeviceState::ok);
  CHECK(desk.device().reason.empty());
}

TEST_CASE("rows grow stale by the configured limit, even when nobody says anything wrong") {
  Desk desk;
  desk.batch({"a"});
  desk.answers[0](true);
  for (int i = 0; i < 19; ++i) {
    desk.executor.run_for(seconds(31));
    desk.say(fault_line("why", 1));
  }
  CHECK_FALSE(desk.feeds->is_stale(desk.now()));
  desk.executor.run_for(seconds(12));
  CHECK(desk.feeds->is_stale(desk.now()));
  CHECK(desk.device().state == hall::DeviceState::degraded);
}

TEST_CASE("half a batch is never delivered") {
  Desk desk;
  SUBCASE("its process ends") {
    desk.say(begin_line);
    desk.say(case_line("a"));
    desk.child().events.ended("lobby-feed was ended by SIGKILL");
    CHECK(desk.device().state == hall::DeviceState::gone);
    CHECK(desk.device().reason == "lobby-feed was ended by SIGKILL");
    desk.executor.run_for(seconds(1));
    REQUIRE(desk.scripts.size() == 2);
    CHECK(desk.child().written.size() == 1);
    desk.say(case_line("b"));
  }
  SUBCASE("a fault comes instead of the end") {
    desk.say(begin_line);
    desk.say(case_line("a"));
    desk.say(fault_line("why", 1));
    desk.say(end_line(1));
  }
  SUBCASE("its end counts more rows than came") {
    desk.say(begin_line);
    desk.say(case_line("a"));
    desk.say(end_line(2));
    CHECK(desk.device().state == hall::DeviceState::gone);
  }
  SUBCASE("another begins") {
    desk.say(begin_line);
    desk.say(case_line("a"));
    desk.say(begin_line);
    desk.say(end_line(1));
  }
  CHECK(desk.batches.empty());
}

TEST_CASE("whatever is no line of the protocol ends the process") {
  for (const std::string& line :
       {std::string("hello"), std::string(), std::string("[]"), std::string("{}"),
        std::string(R"({"kind":"x"})"), std::string(R"({"kind":"begin"})"),
        std::string(R"({"kind":"case","id":"a"})"), std::string(R"({"kind":"fault","reason":7,"retry_s":1})"),
        std::string(R"({"kind":"removed","id":""})"),
        std::string(R"({"kind":"fresh","rows":-1,"skipped":0,"unknown_status":0,"bad_values":0})"),
        std::string("\xff\xfe"), "\"" + std::string(feed_lines::max_line, 'x') + "\"",
        case_line("outside")}) {
    CAPTURE(line.substr(0, 60));
    Desk desk;
    const auto first = desk.scripts[0];
    desk.say(line);
    CHECK(first->killed);
    CHECK(desk.device().state == hall::DeviceState::gone);
    CHECK_FALSE(desk.device().reason.empty());
    desk.executor.run_for(seconds(2));
    CHECK(desk.scripts.size() == 2);
    first->events.line(begin_line);  // what the old one still says is not heard
    first->events.ended("late");
    CHECK(desk.scripts.size() == 2);
  }
}

TEST_CASE("a batch has a largest size, and its sender must wait") {
  Desk desk;
  SUBCASE("more rows than allowed") {
    desk.say(begin_line);
    const std::string row = case_line("a");
    for (unsigned i = 0; i < feed_lines::max_rows; ++i) {
      desk.child().events.line(row);
    }
    CHECK(desk.device().state == hall::DeviceState::absent);
    desk.say(row);
  }
  SUBCASE("a line before the answer") {
    desk.batch({"a"});
    desk.say(begin_line);
    desk.answers[0](true);
    CHECK(desk.scripts[0]->written.size() == 1);
  }
  CHECK(desk.device().state == hall::DeviceState::gone);
  CHECK(desk.scripts[0]->killed);
}

TEST_CASE("silence ends the process; the daemon's own slowness does not") {
  Desk desk;
  SUBCASE("from the start") {
    desk.executor.run_for(seconds(69));
    CHECK(desk.scripts.size() == 1);
    desk.executor.run_for(seconds(4));
    CHECK(desk.scripts[0]->killed);
    CHECK(desk.scripts.size() == 2);
  }
  SUBCASE("after an answer: interval, a pull, and a margin") {
    desk.say(fresh_line);
    desk.executor.run_for(seconds(30 + 60 + 10));
    CHECK_FALSE(desk.scripts[0]->killed);
    desk.executor.run_for(seconds(9));
    CHECK(desk.scripts[0]->killed);
    CHECK(desk.device().state == hall::DeviceState::gone);
  }
  SUBCASE("a lie about the pause is bounded") {
    desk.say(fault_line("why", 100'000'000));
    desk.executor.run_for(seconds(6000));
    CHECK(desk.scripts[0]->killed);
  }
  SUBCASE("while we keep the rows") {
    desk.batch({"a"});
    desk.executor.run_for(seconds(5000));
    CHECK(desk.scripts.size() == 1);
    desk.answers[0](true);
    CHECK(desk.device().state == hall::DeviceState::ok);
    desk.executor.run_for(seconds(200));
    CHECK(desk.scripts[0]->killed);
  }
}

TEST_CASE("restarts come 1, 2, 4 … 60 s apart, and soon again after a good answer") {
  Desk desk;
  std::vector<long> pauses;
  for (int i = 0; i < 9; ++i) {
    const auto count = desk.scripts.size();
    desk.child().events.ended("crashed");
    const auto died = desk.executor.now();
    while (desk.scripts.size() == count) {
      desk.executor.run_for(milliseconds(100));
    }
    pauses.push_back((desk.executor.now() - died) / seconds(1));
  }
  CHECK(pauses == std::vector<long>{1, 2, 4, 8, 16, 32, 60, 60, 60});
  desk.say(fresh_line);
  desk.child().events.ended("crashed");
  desk.executor.run_for(seconds(1));
  CHECK(desk.scripts.size() == 11);
}

TEST_CASE("why a process gave up is in the reason") {
  Desk desk;
  desk.say(fault_line("m.toml:3:1: unknown key", 0));
  desk.child().events.ended("lobby-feed ended with status 2");
  CHECK(desk.device().reason == "lobby-feed ended with status 2: m.toml:3:1: unknown key");
}

TEST_CASE("an answer for a process that is gone, or after the end of all, changes nothing") {
  Desk desk;
  desk.batch({"a"});
  desk.child().events.ended("crashed");
  desk.executor.run_for(seconds(1));
  desk.answers[0](true);
  CHECK(desk.child().written.size() == 1);
  desk.batch({"b"});
  const auto child = desk.scripts.back();
  desk.feeds.reset();
  CHECK(child->killed);
  desk.answers[1](true);
  child->events.line(begin_line);
  child->events.ended("late");
  desk.executor.run_for(seconds(1000));
  CHECK(desk.scripts.size() == 2);
}

TEST_CASE("stopped feeds start nothing any more, and what is known of them stays") {
  Desk desk;
  desk.say(fresh_line);
  const auto as_of = desk.feeds->as_of();
  REQUIRE(as_of);
  SUBCASE("a process runs") {}
  SUBCASE("one is to be restarted") {
    desk.child().events.ended("exit status 1");
  }
  SUBCASE("rows wait to be kept") {
    desk.batch({"a"});
  }
  desk.feeds->stop();
  desk.executor.run_for(seconds(20));
  CHECK(desk.child().killed);
  CHECK(desk.scripts.size() == 1);
  for (auto& answer : desk.answers) {
    answer(true);
  }
  CHECK(desk.feeds->as_of() == as_of);
  CHECK_FALSE(desk.feeds->is_stale(desk.now()));
}

TEST_CASE("of several feeds the one that is furthest behind speaks for all") {
  Desk desk(2);
  REQUIRE(desk.scripts.size() == 2);
  desk.scripts[0]->events.line(fresh_line);
  CHECK_FALSE(desk.feeds->as_of());
  CHECK(desk.feeds->is_stale(desk.now()));
  const auto early = desk.now();
  desk.executor.run_for(seconds(20));
  desk.scripts[1]->events.line(fresh_line);
  CHECK(*desk.feeds->as_of() == early);
  CHECK_FALSE(desk.feeds->is_stale(desk.now()));
  desk.scripts[1]->events.ended("crashed");
  CHECK(desk.device(0).state == hall::DeviceState::ok);
  CHECK(desk.device(1).state == hall::DeviceState::gone);
}

}  // namespace
}  // namespace lobby::devices
