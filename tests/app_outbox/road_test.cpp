// From the journal on disk to the line that lobby-feed gets, and back.
#include <doctest/doctest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>

#include "daemon/app/outbox_wiring.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/app/site_cases.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/fakes/memory_desk.hpp"

namespace {

using namespace lobby;
namespace json = boost::json;
using std::chrono::milliseconds;

/// lobby-feed in the hand of the test.
struct Script {
  devices::Feeds::ProcessEvents events;
  std::vector<std::string> written;
};
class ScriptedProcess final : public devices::Feeds::Process {
 public:
  explicit ScriptedProcess(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  void write_line(std::string line) override { script_->written.push_back(std::move(line)); }

 private:
  std::shared_ptr<Script> script_;
};

/// Everything between the hall and lobby-feed, on a state directory that outlives it.
struct Road {
  explicit Road(std::string directory, std::vector<app::OutboxSite> sites)
      : state(std::move(directory)), outboxes(std::move(sites)) {
    journal::Options options;
    options.directory = state;
    options.post = [this](std::function<void()> work) { executor.post(std::move(work)); };
    journal = journal::Journal::open(std::move(options));
    app::Registrar::Hooks hooks;
    hooks.recorded = [](const hall::Event&, const journal::Line&) {};
    hooks.storage = [](bool, const std::string&) {};
    hooks.post = [this](std::function<void()> work) { executor.post(std::move(work)); };
    hooks.in_one_second = [](const std::function<void()>&) {};
    registrar = std::make_unique<app::Registrar>(
        *journal, site, [this] { return now; }, std::move(hooks));
    wiring = std::make_unique<app::OutboxWiring>(
        outboxes,
        app::OutboxWiring::House{executor, *journal, *registrar, site, roster, state, [this] { return now; },
                                 [this](const devices::FeedConfig&, devices::Feeds::ProcessEvents events) {
                                   script = std::make_shared<Script>();
                                   script->events = std::move(events);
                                   return std::make_unique<ScriptedProcess>(script);
                                 },
                                 1773622740000});
  }
  ~Road() {
    wiring->stop();
    wiring.reset();
  }
  Road(const Road&) = delete;
  Road& operator=(const Road&) = delete;

  void act(hall::Command command) {
    bool done = false;
    app::Registrar::Request request;
    request.command = std::move(command);
    request.done = [&](const auto& result) {
      CHECK(result.index() == 0);
      done = true;
    };
    registrar->submit(std::move(request));
    REQUIRE(loop.until([&] { return done; }));
  }
  void issue(int count) {
    for (int i = 0; i < count; ++i) {
      act(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, std::nullopt, ""});
    }
  }
  /// Waits until the outbox has kept where it begins.
  void begin() {
    REQUIRE(loop.until([&] { return journal->place(outboxes[0].target.id.value).has_value(); }));
  }
  /// The line that the process has got last, once it has got so many batches.
  json::object batch(std::size_t count) {
    REQUIRE(loop.until([&] { return script && script->written.size() == count + 1; }));
    return json::parse(script->written.back()).as_object();
  }
  void say(const std::string& line) { script->events.line(line); }
  const hall::DeviceView& device() { return *roster.find(outboxes[0].target.id); }

  std::string state;
  std::vector<app::OutboxSite> outboxes;
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  hall::Site site = fakes::small_site();
  hall::Instant now{1773622800000, 480};
  devices::Roster roster{[this] { return now; }, [](const hall::ReportDevice&) {}};
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<app::Registrar> registrar;
  std::shared_ptr<Script> script;
  std::unique_ptr<app::OutboxWiring> wiring;
};

std::vector<app::OutboxSite> queue_events() {
  app::OutboxSite outbox;
  outbox.target.id = {"supervision"};
  outbox.target.url = "http://h/queue-events";
  outbox.target.interval_s = 0;  // looks as often as it can
  outbox.node = "north";
  return {outbox};
}
std::vector<app::OutboxSite> ratings() {
  auto outboxes = queue_events();
  outboxes[0].target.id = {"praise"};
  outboxes[0].what = app::OutboxSite::What::ratings;
  outboxes[0].grades = {"5", "4", "3", "2", "1"};
  return outboxes;
}

std::vector<std::string> ids_of(const json::object& line) {
  std::vector<std::string> ids;
  for (const auto& item : line.at("items").as_array()) {
    ids.emplace_back(item.as_object().at("id").as_string().c_str());
  }
  return ids;
}
std::string posted(const json::object& line, const std::string& rejected = "") {
  return R"({"kind":"posted","batch":)" + json::serialize(line.at("batch")) + R"(,"rejected":[)" + rejected +
         "]}";
}
std::string text_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("tickets go out by the numbers of the journal, and the place is kept when they are confirmed") {
  const app::cases::Folder state;
  std::uint64_t last = 0;
  {
    Road house(state.path(), queue_events());
    house.begin();
    house.issue(2);
    CHECK(json::parse(house.script->written.at(0)).at("trial_clock_ms") == 1773622740000);
    auto line = house.batch(1);
    auto ids = ids_of(line);
    if (ids.size() == 1) {  // looked between the two
      house.say(posted(line));
      line = house.batch(2);
      ids = ids_of(line);
    }
    last = house.registrar->state().seq;
    CHECK(ids.back() == "north-" + std::to_string(last));
    house.say(posted(line));
    REQUIRE(house.loop.until([&] { return house.device().detail == "2 sent, 0 refused, 0 dropped"; }));
    CHECK(house.journal->place("supervision") == last);
    CHECK(house.device().state == hall::DeviceState::ok);
    CHECK(house.wiring->metrics().find("lobby_outbox_sent_total{outbox=\"supervision\"} 2\n") !=
          std::string::npos);
  }
  Road house(state.path(), queue_events());
  house.issue(1);
  CHECK(ids_of(house.batch(1)) == std::vector<std::string>{"north-" + std::to_string(last + 1)});
}

TEST_CASE("a daemon that is killed between confirmation and place sends the same ids again") {
  const app::cases::Folder state;
  std::vector<std::string> first;
  {
    Road house(state.path(), queue_events());
    house.begin();
    house.issue(1);
    first = ids_of(house.batch(1));
    // The target has it; nobody here has heard of that.
  }
  Road house(state.path(), queue_events());
  CHECK(ids_of(house.batch(1)) == first);
}

TEST_CASE("what happened before an outbox was there is not for it") {
  const app::cases::Folder state;
  {
    Road before(state.path(), {});
    before.issue(5);
  }
  Road house(state.path(), queue_events());
  house.begin();
  const auto last = house.registrar->state().seq;
  CHECK(house.journal->place("supervision") == last);
  house.issue(1);
  CHECK(ids_of(house.batch(1)) == std::vector<std::string>{"north-" + std::to_string(last + 1)});
}

TEST_CASE("a grade brings the case of the service that it is about") {
  const app::cases::Folder state;
  Road house(state.path(), ratings());
  house.begin();
  house.act(hall::OpenWindow{{"w1"}, {"1024"}});
  house.issue(1);
  house.act(hall::CallNext{{"w1"}});
  house.act(hall::StartService{{"w1"}});
  hall::FinishService finish;
  finish.window = {"w1"};
  finish.outcome = hall::Outcome::on_spot;
  finish.case_no = "510682-2026-0001";
  house.act(finish);
  house.act(hall::RateService{{"w1"}, hall::Score::poor, hall::RatedVia::keypad});
  const auto line = house.batch(1);
  REQUIRE(line.at("items").as_array().size() == 1);
  const auto& item = line.at("items").as_array()[0].as_object();
  CHECK(item.at("score") == "2");
  CHECK(item.at("caseNo") == "510682-2026-0001");
  CHECK(item.at("windowNo") == 1);
  CHECK(item.at("clerk") == "1024");
  CHECK(item.at("stage") == 2);
}

TEST_CASE("a refused event is on the disk before the next one goes; on a full disk nothing moves") {
  const app::cases::Folder state;
  const auto path = state.path() / "dead-letters/supervision.ndjson";
  Road house(state.path(), queue_events());
  house.begin();
  const auto before = house.journal->place("supervision");
  house.issue(1);
  const auto line = house.batch(1);
  const auto id = ids_of(line).at(0);
  const auto refusal = R"({"id":")" + id + R"(","reason":"HTTP 422: 未知窗口"})";
  std::filesystem::create_directory(state.path() / "dead-letters");
  REQUIRE(::symlink("/dev/full", path.c_str()) == 0);
  house.say(posted(line, refusal));
  const auto again = house.batch(2);
  CHECK(ids_of(again) == std::vector<std::string>{id});
  CHECK(house.device().state == hall::DeviceState::degraded);
  CHECK(house.journal->place("supervision") == before);
  std::filesystem::remove(path);
  house.now.utc_ms += 60'000;
  house.say(posted(again, refusal));
  REQUIRE(house.loop.until([&] { return house.journal->place("supervision") != before; }));
  const auto letter = json::parse(text_of_file(path)).as_object();
  CHECK(letter.at("id").as_string() == std::string_view(id));
  CHECK(letter.at("reason") == "HTTP 422: 未知窗口");
  CHECK(letter.at("refused_at") == "2026-03-16T09:01:00.000+08:00");
  CHECK(letter.at("event").as_object().at("type") == "TicketIssued");
  CHECK(house.loop.until([&] { return house.device().state == hall::DeviceState::ok; }));
  CHECK(house.device().detail == "0 sent, 1 refused, 0 dropped");
}

TEST_CASE("a site without outboxes starts nothing") {
  const app::cases::Folder state;
  Road house(state.path(), {});
  house.issue(1);
  CHECK(house.script == nullptr);
  CHECK(house.wiring->metrics().empty());
}

}  // namespace
