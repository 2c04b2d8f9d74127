#include "drivers/http/client.hpp"

#include <doctest/doctest.h>

#include "tests/drivers_http/bench.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using fakes::http_answer;
using http::Answer;
using http::Fault;
using http::Request;

TEST_CASE("a request and its answer, byte for byte") {
  http::Bench bench;
  bench.peer->answer = [](const fakes::HttpAsked&) {
    auto said = http_answer(200, "hello", "X-One: 1\r\nx-two:  2 \r\n");
    said.portion = 1;
    return said;
  };
  bench.start();
  Request request;
  request.method = "POST";
  request.target = "/a?b=%20";
  request.fields = {{"Content-Type", "text/plain"}};
  request.body = "body";
  const auto answer = bench.ask(request);
  CHECK(answer.fault == Fault::none);
  CHECK(answer.status == 200);
  CHECK(answer.body == "hello");
  CHECK(answer.field("x-ONE") == "1");
  CHECK(answer.field("X-Two") == "2");
  CHECK(answer.field("none").empty());
  REQUIRE(bench.peer->asked.size() == 1);
  CHECK(bench.peer->asked[0].head ==
        "POST /a?b=%20 HTTP/1.1\r\nHost: cam\r\nAccept: */*\r\nConnection: keep-alive\r\n"
        "Content-Type: text/plain\r\nContent-Length: 4\r\n");
  CHECK(bench.peer->asked[0].body == "body");
}

TEST_CASE("chunks, interim answers and bodies that end with the connection") {
  http::Bench bench;
  std::string bytes;
  bool hangs_up = false;
  bench.peer->answer = [&](const fakes::HttpAsked&) { return fakes::HttpSaid{bytes, 1ms, 3, hangs_up}; };
  bench.start();
  bytes =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n";
  CHECK(bench.get("/").body == "hello world");
  CHECK(bench.get("/").body == "hello world");
  CHECK(bench.peer->connections == 1);
  bytes = "HTTP/1.0 200 OK\r\n\r\nuntil the end";
  hangs_up = true;
  CHECK(bench.get("/").body == "until the end");
  bytes = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ntoo little";
  const auto cut = bench.get("/");
  CHECK(cut.fault == Fault::closed);
  CHECK(cut.was_sent);
  bytes = "HTTP/1.1 204 No Content\r\n\r\n";
  hangs_up = false;
  CHECK(bench.get("/").status == 204);
}

TEST_CASE("one connection serves until the device gives it up") {
  http::Bench bench;
  bench.start();
  for (int i = 0; i < 5; ++i) {
    CHECK(bench.get("/").status == 200);
  }
  CHECK(bench.peer->connections == 1);

  SUBCASE("while nothing is asked") {
    bench.peer->hang_up();
    CHECK(bench.get("/").status == 200);
    CHECK(bench.peer->connections == 2);
  }
  SUBCASE("at the moment when it is asked") {
    bool hung = false;
    bench.peer->answer = [&](const fakes::HttpAsked& asked) {
      if (asked.connection == 1) {
        hung = true;
        bench.loop.post([&] { bench.peer->hang_up(); });
        return fakes::HttpSaid{};
      }
      return http_answer(200, "again");
    };
    const auto answer = bench.get("/");
    CHECK(hung);
    CHECK(answer.body == "again");
    CHECK(bench.peer->connections == 2);
  }
  SUBCASE("by its own word") {
    bench.peer->answer = [](const fakes::HttpAsked&) {
      return http_answer(200, "", "Connection: close\r\n");
    };
    bench.get("/");
    bench.get("/");
    CHECK(bench.peer->connections == 2);
  }
  SUBCASE("by saying what nobody asked") {
    bench.peer->say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    CHECK_FALSE(bench.peer->is_open());
    CHECK(bench.get("/").body.empty());
    CHECK(bench.peer->connections == 2);
  }
  SUBCASE("by saying more than was asked") {
    bench.peer->answer = [](const fakes::HttpAsked&) {
      auto said = http_answer(200, "one");
      said.bytes += "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
      return said;
    };
    CHECK(bench.get("/").body == "one");
    CHECK(bench.get("/").body == "one");
    CHECK(bench.peer->connections == 2);
  }
}

TEST_CASE("what may not be done twice goes over a connection of its own, once") {
  http::Bench bench;
  bench.start();
  bench.get("/");
  int times = 0;
  bench.peer->answer = [&](const fakes::HttpAsked& asked) {
    times += asked.method == "POST" ? 1 : 0;
    bench.loop.post([&] { bench.peer->hang_up(); });
    return fakes::HttpSaid{};
  };
  Request request;
  request.method = "POST";
  request.repeatable = false;
  const auto answer = bench.ask(request);
  CHECK(answer.fault == Fault::closed);
  CHECK(answer.was_sent);
  CHECK(times == 1);
  CHECK(bench.peer->asked.back().connection == 2);
}

TEST_CASE("each fault has its name, and says whether anything was sent") {
  http::Bench bench;
  bench.start();
  for (const auto fault : {Fault::refused, Fault::unreachable, Fault::unresolved}) {
    bench.peer->opens = fault;
    const auto answer = bench.get("/");
    CHECK(answer.fault == fault);
    CHECK_FALSE(answer.was_sent);
    CHECK_FALSE(answer.reason.empty());
  }
  bench.peer->opens = Fault::timeout;
  const auto unheard = bench.get("/");
  CHECK(unheard.fault == Fault::timeout);
  CHECK_FALSE(unheard.was_sent);
  bench.peer->opens = Fault::none;

  std::string bytes;
  bench.peer->answer = [&](const fakes::HttpAsked&) { return fakes::HttpSaid{bytes, 1ms}; };
  const auto faults = {
      std::pair{std::string(), Fault::timeout},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", Fault::timeout},
      {"SSH-2.0-OpenSSH_9.2\r\n", Fault::not_http},
      {std::string(100, '\0'), Fault::not_http},
      {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", Fault::not_http},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", Fault::not_http},
      {"HTTP/1.1 099 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Fault::not_http},
      {"HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\nok", Fault::not_http},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x'), Fault::too_long},
      {"HTTP/1.1 200 OK\r\nContent-Length: 4097\r\n\r\n", Fault::too_long},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n", Fault::too_long},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(2000, 'x'), Fault::too_long},
      {"HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x'), Fault::too_long},
  };
  for (const auto& [said, fault] : faults) {
    CAPTURE(said.substr(0, 60));
    bytes = said;
    const auto answer = bench.get("/");
    CHECK(http::to_text(answer.fault) == http::to_text(fault));
    CHECK(answer.was_sent);
    CHECK(answer.body.empty());
  }
  bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  CHECK(bench.get("/").body == "ok");
  Request bad;
  for (const std::string target : {"", "x", "/a b", "/a\r\nX: y"}) {
    bad.target = target;
    CHECK(bench.ask(bad).fault == Fault::malformed);
  }
  bad.target = "/";
  bad.fields = {{"X", "1\r\nY: 2"}};
  CHECK(bench.ask(bad).fault == Fault::malformed);
}

TEST_CASE("the deadline is one for everything, and a drip does not move it") {
  http::Bench bench;
  bench.start();
  bench.peer->answer = [&](const fakes::HttpAsked&) {
    for (int i = 0; i < 100; ++i) {
      bench.loop.after(300ms * i,
                       [&bench, i] { bench.peer->say(i == 0 ? "HTTP/1.1 200 OK\r\n" : "X: 1\r\n"); });
    }
    return fakes::HttpSaid{};
  };
  const auto before = bench.loop.now();
  Request request;
  request.within = 1s;
  CHECK(bench.ask(request).fault == Fault::timeout);
  CHECK(bench.loop.now() - before <= 1002ms);
}

TEST_CASE("requests wait their turn, the urgent ones in front, and each has its own time") {
  http::Bench bench;
  bench.start();
  std::vector<std::string> order;
  bench.peer->answer = [](const fakes::HttpAsked&) {
    auto said = http_answer(200, "");
    said.after = 100ms;
    return said;
  };
  const auto ask = [&](const std::string& target, bool urgent, link::Duration within) {
    Request request;
    request.target = target;
    request.urgent = urgent;
    request.within = within;
    return bench.client->ask(request, [&order, target](const Answer& answer) {
      order.push_back(target + " " + std::string(http::to_text(answer.fault)));
    });
  };
  ask("/1", false, 2s);
  ask("/2", false, 150ms);
  ask("/3", true, 2s);
  const auto cancelled = ask("/4", true, 2s);
  ask("/5", false, 2s);  // one too many
  CHECK(order.empty());
  bench.client->cancel(cancelled);
  bench.client->cancel(12345);
  bench.loop.run_for(1s);
  CHECK(order == std::vector<std::string>{"/5 busy", "/3 none", "/2 timeout", "/1 none"});
  REQUIRE(bench.peer->asked.size() == 2);
}

TEST_CASE("a cancelled request leaves nothing behind") {
  http::Bench bench;
  bench.start();
  bool answered = false;
  bench.peer->answer = [](const fakes::HttpAsked&) {
    auto said = http_answer(200, "late");
    said.after = 100ms;
    return said;
  };
  const auto id = bench.client->ask({}, [&](const Answer&) { answered = true; });
  bench.loop.run_for(50ms);
  bench.client->cancel(id);
  CHECK(bench.get("/").body == "late");
  CHECK(bench.peer->connections == 2);
  CHECK_FALSE(answered);

  bench.client->ask({}, [&](const Answer&) { answered = true; });
  bench.loop.run_for(50ms);
  bench.client.reset();
  bench.loop.run_for(10s);
  CHECK_FALSE(answered);
  CHECK(bench.loop.idle());
}

TEST_CASE("a client may end within its own answer") {
  http::Bench bench;
  bench.start();
  bool answered = false;
  bench.client->ask({}, [&](const Answer&) {
    answered = true;
    bench.client.reset();
  });
  bench.loop.run_for(10s);
  CHECK(answered);
  CHECK(bench.loop.idle());
}
