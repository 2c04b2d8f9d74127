// The event stream and the journal.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "tests/api/house.hpp"

using lobby::fakes::Client;
using lobby::fakes::House;
namespace hall = lobby::hall;

namespace {

struct Event {
  std::uint64_t id = 0;
  std::string type, data;
};

/// Reads frames by the rules of the format: comments skipped, a blank line ends one.
class Frames {
 public:
  /// Takes what is whole of the text, from where the last call stopped.
  void read(const std::string& got) {
    if (at_ == 0) {
      const auto head = got.find("\r\n\r\n");
      at_ = head == std::string::npos ? 0 : head + 4;
    }
    for (auto end = got.find('\n', at_); at_ != 0 && end != std::string::npos; end = got.find('\n', at_)) {
      take(std::string_view(got).substr(at_, end - at_));
      at_ = end + 1;
    }
  }
  const std::vector<Event>& events() const { return events_; }

 private:
  void take(std::string_view line) {
    if (line.empty()) {
      if (!event_.data.empty()) {
        events_.push_back(event_);
      }
      event_ = {};
    } else if (line.starts_with("id: ")) {
      event_.id = std::stoull(std::string(line.substr(4)));
    } else if (line.starts_with("event: ")) {
      event_.type = line.substr(7);
    } else if (line.starts_with("data: ")) {
      event_.data = line.substr(6);
    }
  }
  std::size_t at_ = 0;
  Event event_;
  std::vector<Event> events_;
};

class Listener {
 public:
  Listener(House& house, const std::string& query, const std::string& who = "screen",
           const std::string& headers = "", bool small = false)
      : house_(house), client_(house) {
    if (small) {
      client_.shrink_buffers();
    }
    client_.send(house.request("GET", "/api/v1/events" + query, who, "", headers));
  }
  /// All that came so far.
  const std::vector<Event>& heard() {
    client_.pull();
    frames_.read(client_.got());
    return frames_.events();
  }
  /// The same, once there are so many.
  const std::vector<Event>& wait(std::size_t count) {
    house_.turn_until([&] { return heard().size() >= count; });
    return frames_.events();
  }
  /// The same, once this event has come.
  const std::vector<Event>& wait_for(std::uint64_t id) {
    CHECK(house_.turn_until([&] { return !heard().empty() && frames_.events().back().id == id; }));
    return frames_.events();
  }
  void connect() { client_.read_until(": connected\n\n"); }
  Client& client() { return client_; }

 private:
  House& house_;
  Client client_;
  Frames frames_;
};

/// Events of some kilobytes each.
void flood(House& house, int count) {
  const std::string reason(4000, 'x');
  for (int i = 0; i < count; ++i) {
    const auto state = i % 2 == 0 ? hall::DeviceState::gone : hall::DeviceState::degraded;
    house.backend.happen(hall::ReportDevice{{"p1"}, hall::DeviceKind::printer, state, reason});
  }
}

void issue_some(House& house, int count = 1) {
  for (int i = 0; i < count; ++i) {
    house.backend.happen(hall::IssueTicket{{"social"}, {}, {}, {}});
  }
}

void open(House& house, const char* window) {
  house.backend.happen(hall::OpenWindow{{window}, {"li"}});
}

std::vector<std::uint64_t> ids(const std::vector<Event>& events) {
  std::vector<std::uint64_t> result;
  std::transform(events.begin(), events.end(), std::back_inserter(result),
                 [](const auto& e) { return e.id; });
  return result;
}

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> result;
  for (; first <= last; ++first) {
    result.push_back(first);
  }
  return result;
}

}  // namespace

TEST_CASE("what happens is told as the journal has it") {
  House house;
  Listener listener(house, "");
  listener.connect();
  CHECK(listener.client().got().find("Content-Type: text/event-stream\r\n") != std::string::npos);
  issue_some(house);
  open(house, "w1");
  const auto events = listener.wait(2);
  REQUIRE(events.size() == 2);
  CHECK(events[0].type == "TicketIssued");
  CHECK(events[0].id == 2);  // the day's opening was before
  CHECK(events[0].data == house.backend.journal()[1].json);
  CHECK(events[1].type == "WindowOpened");
}

TEST_CASE("a stream begins where it is told to") {
  House house;
  issue_some(house, 5);  // events 2 to 6
  CHECK(ids(Listener(house, "?after=0").wait(6)) == from_to(1, 6));
  CHECK(ids(Listener(house, "?after=4").wait(2)) == from_to(5, 6));
  // The header is what a browser sends when it comes back, to the same address as before.
  CHECK(ids(Listener(house, "?after=0", "screen", "Last-Event-ID: 5\r\n").wait(1)) == from_to(6, 6));
  for (const char* query : {"?after=-1", "?after=x", "?after=", "?types=Nothing", "?types=", "?kind=x"}) {
    CHECK_MESSAGE(house.get(std::string("/api/v1/events") + query).code() == "bad_request", query);
  }
  CHECK(house.call("GET", "/api/v1/events", "screen", "", "Last-Event-ID: x\r\n").code() == "bad_request");
}

TEST_CASE("a client that comes back again and again misses nothing and hears nothing twice") {
  House house;
  std::vector<std::uint64_t> heard;
  std::uint64_t last = 1;
  for (int round = 0; round < 30; ++round) {
    issue_some(house, round % 4);
    Listener listener(house, "?after=1", "screen", "Last-Event-ID: " + std::to_string(last) + "\r\n");
    listener.connect();
    issue_some(house, (round + 1) % 3);
    for (const auto& event : listener.wait(house.backend.state().seq - last)) {
      heard.push_back(event.id);
      last = event.id;
    }
  }
  CHECK(heard == from_to(2, house.backend.state().seq));
}

TEST_CASE("events older than memory come from the journal, in pages, and join the new ones") {
  lobby::api::Options options;
  options.ring = 50;
  House house(options);
  issue_some(house, 1000);
  Listener listener(house, "?after=0");
  listener.connect();
  issue_some(house, 200);
  CHECK(ids(listener.wait(1201)) == from_to(1, 1201));
  REQUIRE(!house.backend.journal_pages.empty());
  for (const auto limit : house.backend.journal_pages) {
    CHECK(limit <= 1000);
  }
}

TEST_CASE("only the types that are asked for") {
  House house;
  Listener listener(house, "?after=0&types=WindowOpened,DayOpened,TicketHeld");
  issue_some(house, 3);
  open(house, "w2");
  issue_some(house, 3);
  const auto events = listener.wait(2);
  REQUIRE(events.size() == 2);
  CHECK(events[0].type == "DayOpened");
  CHECK(events[1].type == "WindowOpened");
}

TEST_CASE("a clerk hears of the account's windows and of what is at no window") {
  House house;
  Listener bound(house, "?after=0", "clerk-1"), free(house, "?after=0", "clerk"), screen(house, "?after=0");
  issue_some(house);
  open(house, "w2");
  open(house, "w1");
  house.backend.happen(hall::CallNext{{"w2"}, false});
  issue_some(house);
  CHECK(screen.wait(6).size() == 6);
  CHECK(free.wait(6).size() == 6);
  const auto events = bound.wait(4);
  REQUIRE(events.size() == 4);
  CHECK(events[2].type == "WindowOpened");
  CHECK(events[2].data.find("\"w1\"") != std::string::npos);
  for (const auto& event : events) {
    CHECK(event.data.find("\"w2\"") == std::string::npos);
  }
}

TEST_CASE("who is too far behind gets the hall as it is, and goes on") {
  lobby::api::Options options;
  options.far_behind = 100;
  House house(options);
  issue_some(house, 101);  // events 2 to 102
  SUBCASE("just not too far") {
    CHECK(ids(Listener(house, "?after=2").wait(100)) == from_to(3, 102));
  }
  SUBCASE("too far") {
    Listener listener(house, "?after=1");
    REQUIRE(listener.wait(1).size() == 1);
    issue_some(house, 2);
    const auto events = listener.wait(3);
    REQUIRE(events.size() == 3);
    CHECK(events[0].type == "snapshot");
    CHECK(events[0].id == 102);
    const auto snapshot = boost::json::parse(events[0].data);
    CHECK(snapshot.at("seq").to_number<int>() == 102);
    CHECK(snapshot.at("services").at(0).at("waiting").to_number<int>() == 101);
    CHECK(events[1].id == 103);
    CHECK(events[2].id == 104);
    CHECK(house.server->counters().snapshots == 1);
  }
  SUBCASE("ahead of all there is: another journal's number") {
    Listener listener(house, "?after=5000");
    const auto events = listener.wait(1);
    REQUIRE(events.size() == 1);
    CHECK(events[0].type == "snapshot");
    CHECK(events[0].id == 102);
  }
  SUBCASE("the snapshot shows only what is durable") {
    house.backend.commit_at_once(false);
    issue_some(house);
    Listener listener(house, "?after=0");
    listener.connect();
    house.settle();
    CHECK(listener.heard().empty());
    house.backend.commit();
    const auto events = listener.wait(1);
    REQUIRE(events.size() == 1);
    CHECK(events[0].id == 103);
  }
}

TEST_CASE("a slow reader holds up nobody and gets all of it in the end") {
  House house;
  Listener slow(house, "?after=0", "screen", "", true), quick(house, "?after=0");
  slow.connect();
  quick.connect();
  // Far more than the kernel keeps for it.
  for (int i = 0; i < 30; ++i) {
    flood(house, 100);
    quick.wait_for(house.backend.state().seq);
  }
  CHECK(ids(quick.heard()) == from_to(1, 3001));
  CHECK(ids(slow.wait_for(3001)) == from_to(1, 3001));
  for (const auto& event : slow.heard()) {
    CHECK(event.data == house.backend.journal()[event.id - 1].json);
  }
}

TEST_CASE("a slow reader that falls too far behind goes on with the hall as it is") {
  lobby::api::Options options;
  options.far_behind = 500;
  House house(options);
  Listener slow(house, "?after=0", "screen", "", true);
  slow.connect();
  flood(house, 3000);
  house.settle();
  const auto& events = slow.wait_for(3001);
  std::uint64_t last = 0;
  bool jumped = false;
  for (const auto& event : events) {
    CHECK((event.type == "snapshot" || event.id == last + 1));
    jumped = jumped || event.type == "snapshot";
    last = event.id;
  }
  CHECK(jumped);
}

TEST_CASE("a reader that takes nothing at all is given up; one that is only idle is not") {
  House house;
  Listener stuck(house, "?after=0", "screen", "", true), idle(house, "");
  stuck.connect();
  idle.connect();
  for (int i = 0; i < 30; ++i) {
    flood(house, 100);
    idle.wait_for(house.backend.state().seq);
  }
  house.advance(std::chrono::seconds(31));
  CHECK(house.turn_until([&] { return house.server->counters().streams == 1; }));
  issue_some(house);
  idle.wait_for(house.backend.state().seq);
}

TEST_CASE("a comment every 15 seconds, to every stream") {
  House house;
  Listener listener(house, "");
  listener.connect();
  listener.client().got().clear();
  house.advance(std::chrono::milliseconds(14'900));
  house.settle();
  listener.client().pull();
  CHECK(listener.client().got().empty());
  house.advance(std::chrono::milliseconds(200));
  CHECK(listener.client().read_until("\n\n").starts_with(":"));
}

TEST_CASE("the stream of an account that is removed ends") {
  House house;
  Listener listener(house, "", "screen");
  listener.connect();
  REQUIRE(house.call("DELETE", "/api/v1/users/screen").status == 204);
  house.advance(std::chrono::seconds(16));
  CHECK(listener.client().is_closed());
  CHECK(house.server->counters().streams == 0);
}

TEST_CASE("a stream ends with the login that it was opened by") {
  House house;
  house.add_account("wang", lobby::api::Role::clerk, {}, "correct horse", "2468");
  const auto log_in = [&](const char* secret) {
    const auto login = house.post("/api/v1/session", "", std::string(R"({"name":"wang",)") + secret + "}");
    REQUIRE(login.status == 201);
    const auto set = login.headers.at("set-cookie");
    return "Cookie: " + set.substr(0, set.find(';')) +
           "\r\nX-Lobby-CSRF: " + std::string(login.json().at("csrf").as_string()) + "\r\n";
  };
  const std::string headers = log_in(R"("password":"correct horse")");
  Listener listener(house, "", "", headers);
  listener.connect();
  house.advance(std::chrono::seconds(16));
  listener.client().read_until(": alive");
  SUBCASE("by logging out") {
    CHECK(house.call("DELETE", "/api/v1/session", "", "", headers).status == 204);
    house.advance(std::chrono::seconds(16));
  }
  SUBCASE("by its age") {
    house.advance(std::chrono::hours(12));
  }
  CHECK(listener.client().is_closed());
  CHECK(house.server->counters().streams == 0);
  // A login for one act ends with it.
  const std::string once = log_in(R"("pin":"2468")");
  Listener shared(house, "", "", once);
  shared.connect();
  CHECK(house.post("/api/v1/tickets", "", R"({"service":"social"})", once).status == 201);
  house.advance(std::chrono::seconds(16));
  CHECK(shared.client().is_closed());
}

TEST_CASE("a client that goes is noticed") {
  House house;
  {
    Listener listener(house, "");
    listener.connect();
    CHECK(house.server->counters().streams == 1);
  }
  CHECK(house.turn_until([&] { return house.server->counters().connections == 0; }));
  issue_some(house);
}

TEST_CASE("an event reaches a thousand streams") {
  House house;
  std::vector<std::unique_ptr<Listener>> listeners;
  const std::array<const char*, 4> accounts{"screen", "kiosk", "evaluator", "supervisor"};
  for (std::size_t i = 0; i < 1000; ++i) {
    listeners.push_back(std::make_unique<Listener>(house, "", accounts.at(i % accounts.size())));
  }
  REQUIRE(house.turn_until([&] { return house.server->counters().streams == 1000; }));
  house.settle();
  Client clerk(house);
  clerk.send(house.request("POST", "/api/v1/tickets", "clerk", R"({"service":"social"})"));
  // Whoever asked does not wait for a thousand others.
  std::size_t told = 0;
  REQUIRE(house.turn_until([&] {
    clerk.pull();
    return !clerk.got().empty();
  }));
  for (auto& listener : listeners) {
    told += listener->heard().size();
  }
  CHECK(told < 1000);
  for (auto& listener : listeners) {
    CHECK(listener->wait(1).size() == 1);
  }
}

TEST_CASE("events that come together leave together") {
  House house;
  Listener listener(house, "");
  listener.connect();
  house.backend.commit_at_once(false);
  issue_some(house, 20);
  house.backend.commit();
  issue_some(house);
  house.backend.commit();
  CHECK(ids(listener.wait(21)) == from_to(2, 22));
}

TEST_CASE("the journal, line by line") {
  House house;
  issue_some(house, 1500);
  const auto lines_of = [&](const std::string& query) {
    Client client(house);
    client.send(house.request("GET", "/api/v1/journal" + query, "supervisor"));
    std::istringstream chunks(client.read_until("\r\n0\r\n\r\n"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(chunks, line);) {
      if (line.starts_with('{')) {
        lines.push_back(line);
      }
    }
    return lines;
  };
  CHECK(lines_of("").size() == 1000);
  CHECK(lines_of("?after=1495").size() == 6);
  CHECK(lines_of("?after=1501").empty());
  CHECK(lines_of("?after=99999").empty());
  const auto page = lines_of("?after=3&limit=2");
  REQUIRE(page.size() == 2);
  CHECK(page[0] == house.backend.journal()[3].json);
  CHECK(lines_of("?limit=10000").size() == 1501);
  CHECK(house.get("/api/v1/journal?limit=10001").code() == "bad_request");
  CHECK(house.get("/api/v1/journal?limit=0").code() == "bad_request");
  // The connection serves on.
  Client client(house);
  client.send(house.request("GET", "/api/v1/journal?limit=1", "supervisor"));
  client.read_until("\r\n0\r\n\r\n");
  CHECK(client.got().find("application/x-ndjson") != std::string::npos);
  client.got().clear();
  client.send(house.request("GET", "/api/v1/hall", "screen"));
  CHECK(client.read().status == 200);
  // HTTP/1.0 knows no chunks: plain lines until the end.
  Client old(house);
  old.send("GET /api/v1/journal?limit=2 HTTP/1.0\r\nAuthorization: Bearer " + house.token("supervisor") +
           "\r\n\r\n");
  old.read_until("\n{");
  old.end_sending();
  REQUIRE(old.is_closed());
  CHECK(old.got().ends_with("\r\n\r\n" + house.backend.journal()[0].json + "\n" +
                            house.backend.journal()[1].json + "\n"));
}
