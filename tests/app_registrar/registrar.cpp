#include "daemon/app/registrar.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <stdexcept>

#include "tests/fakes/memory_desk.hpp"

namespace {

using namespace lobby;
using app::Registrar;
using journal::Commit;
using Result = std::variant<std::vector<hall::Event>, hall::Refusal>;

/// A disk in the hand of the test: batches become durable, or fail, when it says so.
class HandJournal final : public journal::Journal {
 public:
  hall::State recover() override {
    hall::State state;
    for (const auto& line : lines) {
      hall::apply(state, *journal::from_json(line.json));
    }
    return state;
  }
  void append(journal::Batch batch, std::function<void(Commit)> done) override {
    waiting.emplace_back(std::move(batch), std::move(done));
  }
  std::string reason() const override { return "the disk is full"; }
  void probe(std::function<void(Commit)> done) override { probes.push_back(std::move(done)); }
  bool wants_snapshot() const override { return false; }
  void snapshot(const hall::State&) override {}
  std::vector<journal::Line> after(std::uint64_t, std::size_t) override { return lines; }
  std::vector<journal::Line> history(hall::TicketId, std::size_t) override { return {}; }
  std::optional<journal::KeptAnswer> kept_answer(std::string_view, std::string_view, std::string_view,
                                                 std::int64_t) override {
    return std::nullopt;
  }
  std::optional<hall::KeyPress> last_press(const hall::DeviceId&) override { return std::nullopt; }
  std::optional<std::uint64_t> place(std::string_view) override { return std::nullopt; }

  /// The oldest batch that waits ends so.
  void commit(Commit outcome) {
    auto [batch, done] = std::move(waiting.front());
    waiting.pop_front();
    if (outcome == Commit::durable) {
      lines.insert(lines.end(), batch.events.begin(), batch.events.end());
    }
    done(outcome);
  }

  std::vector<journal::Line> lines;
  std::deque<std::pair<journal::Batch, std::function<void(Commit)>>> waiting;
  std::deque<std::function<void(Commit)>> probes;
};

struct House {
  House() {
    registrar.report(hall::ReportAccount{"first", "added"}, "");  // turns the day by the way
    turn();
    disk.commit(Commit::durable);
  }
  void turn() {
    while (!posted.empty()) {
      auto work = std::move(posted.front());
      posted.pop_front();
      work();
    }
  }
  void second() {
    for (auto& work : std::exchange(seconds, {})) {
      work();
    }
  }
  void ask(hall::Command command) {
    Registrar::Request request;
    request.command = std::move(command);
    request.done = [this](Result result) { results.push_back(std::move(result)); };
    registrar.submit(std::move(request));
  }
  void issue() { ask(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, std::nullopt, ""}); }
  Registrar::Hooks hooks() {
    Registrar::Hooks result;
    result.recorded = [this](const hall::Event& event, const journal::Line&) {
      recorded.emplace_back(hall::type_of(event));
      state_was_durable = state_was_durable && registrar.state().seq == disk.lines.size();
    };
    result.storage = [this](bool is_writable, const std::string&) { writable.push_back(is_writable); };
    result.post = [this](std::function<void()> work) { posted.push_back(std::move(work)); };
    result.in_one_second = [this](std::function<void()> work) { seconds.push_back(std::move(work)); };
    return result;
  }
  static bool failed(const Result& result) {
    const auto* refusal = std::get_if<hall::Refusal>(&result);
    return refusal != nullptr && refusal->code == hall::Refused::storage_failed;
  }

  hall::Site site = fakes::small_site();
  hall::Instant now{1773622800000, 480};
  std::deque<std::function<void()>> posted;
  std::vector<std::function<void()>> seconds;
  std::vector<Result> results;
  std::vector<std::string> recorded;
  std::vector<bool> writable;
  bool state_was_durable = true;
  HandJournal disk;
  Registrar registrar{disk, site, [this] { return now; }, hooks()};
};

}  // namespace

TEST_CASE("nobody is told anything before it is durable, neither an answer nor a reader") {
  House house;
  house.issue();
  house.turn();
  bool read = false;
  house.registrar.when_durable([&] { read = true; });
  CHECK(house.results.empty());
  CHECK_FALSE(read);
  house.disk.commit(Commit::durable);
  CHECK(house.results.size() == 1);
  CHECK(read);
  CHECK(house.recorded.back() == "TicketIssued");
  CHECK(house.state_was_durable);
}

TEST_CASE("what arrives during a commit shares the next one") {
  House house;
  house.issue();
  house.turn();
  for (int i = 0; i < 7; ++i) {
    house.issue();
  }
  house.turn();
  CHECK(house.disk.waiting.size() == 1);
  house.disk.commit(Commit::durable);
  house.issue();  // who was answered asks again in the same turn of the loop
  house.turn();
  REQUIRE(house.disk.waiting.size() == 1);
  CHECK(house.disk.waiting.front().first.events.size() == 8);
  house.disk.commit(Commit::durable);
  CHECK(house.results.size() == 9);
  CHECK(house.state_was_durable);
}

TEST_CASE("a refusal that rests on what is not durable yet waits for it, and falls with it") {
  House house;
  house.ask(hall::OpenWindow{{"w1"}, {"c1"}});
  house.ask(hall::OpenWindow{{"w1"}, {"c2"}});
  house.turn();
  CHECK(house.results.empty());
  house.disk.commit(Commit::failed);
  REQUIRE(house.results.size() == 2);
  CHECK(House::failed(house.results[0]));
  CHECK(House::failed(house.results[1]));
}

TEST_CASE("a failed commit takes the state back, refuses by name, and goes on when the disk does") {
  House house;
  const auto before = hall::encode(house.registrar.state());
  house.issue();
  house.turn();
  CHECK(hall::encode(house.registrar.state()) != before);
  house.disk.commit(Commit::failed);
  CHECK(hall::encode(house.registrar.state()) == before);
  CHECK(House::failed(house.results.at(0)));
  CHECK(house.writable == std::vector<bool>{false});

  house.issue();
  house.turn();
  CHECK(House::failed(house.results.at(1)));
  CHECK(house.disk.waiting.empty());

  house.second();
  house.disk.probes.front()(Commit::failed);
  house.disk.probes.pop_front();
  house.second();
  house.disk.probes.front()(Commit::durable);
  CHECK(house.writable == std::vector<bool>{false, true});
  house.issue();
  house.turn();
  house.disk.commit(Commit::durable);
  const auto& events = std::get<std::vector<hall::Event>>(house.results.at(2));
  CHECK(std::get<hall::TicketIssued>(events.back().body).number == "A001");
}

TEST_CASE("what has happened in the world is recorded after the disk is back") {
  House house;
  house.issue();
  house.turn();
  house.disk.commit(Commit::failed);
  house.registrar.report(hall::ReportAccount{"second", "added"}, "");
  house.second();
  house.disk.probes.front()(Commit::durable);
  house.turn();
  house.disk.commit(Commit::durable);
  CHECK(house.recorded.back() == "AccountChanged");
}

TEST_CASE("a command of a new day opens that day first, in the same commit") {
  House house;
  house.issue();
  house.turn();
  house.disk.commit(Commit::durable);
  house.now.utc_ms += 24LL * 3600 * 1000;
  house.issue();
  house.turn();
  const auto& events = house.disk.waiting.front().first.events;
  REQUIRE(events.size() == 4);
  CHECK(events[0].type == "TicketExpired");
  CHECK(events[1].type == "DayClosed");
  CHECK(events[2].type == "DayOpened");
  CHECK(events[3].type == "TicketIssued");
  house.disk.commit(Commit::durable);
  const auto& issued = std::get<std::vector<hall::Event>>(house.results.at(1));
  CHECK(std::get<hall::TicketIssued>(issued.back().body).number == "A001");
  CHECK(std::get<hall::TicketIssued>(issued.back().body).ticket == hall::TicketId{2});
}

TEST_CASE("what is attached travels in the commit of its events") {
  House house;
  Registrar::Request request;
  request.command = hall::IssueTicket{{"s1"}, hall::Lane::ordinary, std::nullopt, ""};
  request.attach = [&](const std::vector<hall::Event>& events, journal::Batch& batch) {
    CHECK(events.size() == 1);
    CHECK(house.registrar.state().find(hall::TicketId{1}) != nullptr);
    batch.answers.push_back({"kiosk", "/tickets", "k", "h", 201, "{}", 0});
  };
  house.registrar.submit(std::move(request));
  house.turn();
  CHECK(house.disk.waiting.front().first.answers.size() == 1);
  CHECK(house.disk.waiting.front().first.events.size() == 1);
}

TEST_CASE("idle is when nothing waits to be recorded any more") {
  House house;
  int idle = 0;
  const auto wait = [&] { house.registrar.when_idle([&] { ++idle; }); };
  SUBCASE("at once when nothing does") {
    wait();
    CHECK(idle == 1);
  }
  SUBCASE("after what is being committed, and what came meanwhile") {
    house.issue();
    house.turn();
    house.issue();
    wait();
    house.disk.commit(Commit::durable);
    house.turn();
    CHECK(idle == 0);
    house.disk.commit(Commit::durable);
    CHECK(house.results.size() == 2);
    CHECK(idle == 0);  // who was just answered may still say something
    house.turn();
    CHECK(idle == 1);
  }
  SUBCASE("after a mere refusal") {
    house.ask(hall::CallNext{{"w1"}, false});
    wait();
    house.turn();
    CHECK(house.results.size() == 1);
    CHECK(idle == 1);
  }
  SUBCASE("reports that the disk refuses are waited for") {
    house.registrar.report(hall::ReportAccount{"second", "added"}, "");
    wait();
    house.turn();
    house.disk.commit(Commit::failed);
    house.turn();
    CHECK(idle == 0);
    house.second();
    house.disk.probes.front()(Commit::durable);
    house.turn();
    house.disk.commit(Commit::durable);
    house.turn();
    CHECK(idle == 1);
    CHECK(house.recorded.back() == "AccountChanged");
  }
}

TEST_CASE("a key press is committed with what it did, and also with its refusal") {
  House house;
  const auto press = [&](std::uint16_t number) {
    Registrar::Request request;
    request.command = hall::OpenWindow{{"w1"}, {"c1"}};
    request.press = hall::KeyPress{{"u1"}, 7, number};
    request.done = [&house](Result result) { house.results.push_back(std::move(result)); };
    house.registrar.submit(std::move(request));
    house.turn();
  };
  press(1);
  REQUIRE(house.disk.waiting.size() == 1);
  CHECK(house.disk.waiting.front().first.events.size() == 1);
  CHECK(house.disk.waiting.front().first.presses == std::vector<hall::KeyPress>{{{"u1"}, 7, 1}});
  house.disk.commit(Commit::durable);
  house.turn();
  press(2);
  REQUIRE(house.disk.waiting.size() == 1);
  CHECK(house.disk.waiting.front().first.events.empty());
  CHECK(house.disk.waiting.front().first.presses == std::vector<hall::KeyPress>{{{"u1"}, 7, 2}});
  CHECK(house.results.size() == 1);  // the refusal waits for its commit
  house.disk.commit(Commit::durable);
  CHECK(std::holds_alternative<hall::Refusal>(house.results.at(1)));
}

TEST_CASE("a place is committed without a question to the hall, and is refused while the disk fails") {
  House house;
  const auto keep = [&house](std::uint64_t seq) {
    Registrar::Request request;
    request.asks_hall = false;
    request.attach = [seq](const std::vector<hall::Event>&, journal::Batch& batch) {
      batch.places.push_back({"supervision", seq});
    };
    request.done = [&house](Result result) { house.results.push_back(std::move(result)); };
    house.registrar.submit(std::move(request));
    house.turn();
  };
  // A day that is over is not opened for it: nothing has happened in the hall.
  house.now.utc_ms += 24LL * 3600 * 1000;
  const auto events = house.disk.lines.size();
  keep(7);
  REQUIRE(house.disk.waiting.size() == 1);
  REQUIRE(house.disk.waiting.front().first.places.size() == 1);
  CHECK(house.disk.waiting.front().first.places[0].seq == 7);
  house.disk.commit(Commit::durable);
  REQUIRE(house.results.size() == 1);
  CHECK(std::holds_alternative<std::vector<hall::Event>>(house.results[0]));
  CHECK(house.disk.lines.size() == events);

  keep(8);
  house.disk.commit(Commit::failed);
  CHECK(House::failed(house.results[1]));
  keep(8);
  CHECK(house.disk.waiting.empty());
  CHECK(House::failed(house.results[2]));
  house.second();
  house.disk.probes.front()(Commit::durable);
  keep(8);
  house.disk.commit(Commit::durable);
  CHECK_FALSE(House::failed(house.results[3]));
}
