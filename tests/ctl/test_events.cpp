// Following the event stream.
#include <doctest/doctest.h>

#include <atomic>

#include "daemon/ctl/event_stream.hpp"
#include "tests/ctl/fake_server.hpp"
#include "tests/ctl/program.hpp"

using lobby::ctl::EventStream;
using lobby::ctl::ServerEvent;
using lobby::tests::FakeServer;
using lobby::tests::lobbyctl;

namespace {

std::string told(EventStream& stream, std::string_view bytes) {
  std::string out;
  CHECK(stream.feed(
      bytes, [&](const ServerEvent& event) { out += event.id + "|" + event.type + "|" + event.data + ";"; }));
  return out;
}

}  // namespace

TEST_CASE("events come out whole, however the bytes are cut") {
  const std::string bytes =
      ": hello\n\nid: 4\nevent: TicketCalled\ndata: {\"a\":1}\n\nid:5\r\nevent:X\r\ndata:one\r\ndata: "
      "two\r\n\r\n";
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    EventStream stream;
    std::string out = told(stream, bytes.substr(0, cut));
    out += told(stream, bytes.substr(cut));
    CHECK(out == "4|TicketCalled|{\"a\":1};5|X|one\ntwo;");
    CHECK(stream.last_id() == "5");
  }
}

TEST_CASE("half an event of a lost connection counts for nothing") {
  EventStream stream;
  CHECK(told(stream, "id: 1\ndata: a\n\nid: 2\ndata: b\n") == "1||a;");
  stream.restart();
  CHECK(stream.last_id() == "1");
  CHECK(told(stream, "id: 2\ndata: b\n\n") == "2||b;");
}

TEST_CASE("a line without end is given up") {
  EventStream stream;
  const std::string part(1 << 16, 'x');
  bool readable = true;
  for (int i = 0; i < 20 && readable; ++i) {
    readable = stream.feed(part, [](const ServerEvent&) {});
  }
  CHECK_FALSE(readable);
}

TEST_CASE("the stream is resumed where it broke, and ends when the server refuses") {
  std::atomic<int> connections{0};
  const FakeServer server([&](const FakeServer::Asked&, httplib::Response& response) {
    if (connections++ == 0) {
      response.set_content(
          "id: 7\nevent: WindowClosed\ndata: {\"seq\":7,\"type\":\"WindowClosed\",\"window\":\"w1\"}\n\n"
          "id: 8\ndata: cut o",
          "text/event-stream");
    } else {
      response.status = 403;
      response.set_content(R"({"detail":"Your account is gone."})", "application/problem+json");
    }
  });
  const auto ran = lobbyctl({"--server", server.url(), "state", "events", "--follow", "--after", "6",
                             "--types", "WindowClosed,WindowOpened"});
  CHECK(ran.status == 1);
  CHECK(ran.err == "Your account is gone.\n");
  CHECK(ran.out == "     7    window w1 closed\n");
  const auto asked = server.asked();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].target == "/api/v1/events?after=6&types=WindowClosed%2CWindowOpened");
  CHECK(asked[0].last_event_id.empty());
  CHECK(asked[1].last_event_id == "7");
}

TEST_CASE("without --follow the journal answers, filtered by type") {
  const FakeServer server(200,
                          "{\"seq\":1,\"type\":\"DayOpened\",\"date\":\"2026-03-16\"}\n"
                          "{\"seq\":2,\"type\":\"WindowClosed\",\"window\":\"w1\"}\n");
  const auto ran = lobbyctl({"--server", server.url(), "state", "events", "--types", "DayOpened"});
  CHECK(ran.status == 0);
  CHECK(ran.out == "     1    business day 2026-03-16 begins\n");
  CHECK(server.asked().at(0).target == "/api/v1/journal");
}
