// What a client may send, how fast, and how many of them: no one can hold up the others.
#include <doctest/doctest.h>

#include <sys/resource.h>

#include <utility>

#include "tests/api/house.hpp"

using lobby::fakes::Client;
using lobby::fakes::House;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("requests on one connection, also all at once") {
  House house;
  Client client(house);
  std::string many;
  for (int i = 0; i < 20; ++i) {
    many += house.request("POST", "/api/v1/tickets", "kiosk", R"({"service":"social"})");
  }
  many += house.request("GET", "/api/v1/hall", "screen");
  REQUIRE(client.send(many));
  for (int i = 1; i <= 20; ++i) {
    CHECK(client.read().json().at("id").to_number<int>() == i);  // in order
  }
  CHECK(client.read().json().at("services").at(0).at("waiting").to_number<int>() == 20);
  REQUIRE(client.send(house.request("GET", "/api/v1/tickets/20", "clerk")));
  CHECK(client.read().status == 200);
}

TEST_CASE("a request in pieces, byte by byte") {
  House house;
  Client client(house);
  for (const char c : house.request("POST", "/api/v1/tickets", "kiosk", R"({"service":"social"})")) {
    REQUIRE(client.send(std::string_view(&c, 1)));
    house.settle();
  }
  CHECK(client.read().status == 201);
}

TEST_CASE("a body in chunks") {
  House house;
  Client client(house);
  const std::string head =
      house.request("POST", "/api/v1/tickets", "kiosk", "", "Transfer-Encoding: chunked\r\n");
  client.send(head + "c;x=y\r\n{\"service\":\"\r\n");
  client.send("8\r\nsocial\"}\r\n0\r\n\r\n");
  CHECK(client.read().status == 201);
}

TEST_CASE("a client that waits to be told to go on") {
  House house;
  Client client(house);
  client.send(
      "POST /api/v1/tickets HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 20\r\nAuthorization: "
      "Bearer " +
      house.token("kiosk") + "\r\n\r\n");
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 100 "));
  client.got().clear();
  client.send(R"({"service":"social"})");
  CHECK(client.read().status == 201);
}

TEST_CASE("too large: by length, by chunks, by head, by line") {
  House house;
  Client client(house);
  std::string request;
  SUBCASE("a length is enough to say so") {
    request = house.request("POST", "/api/v1/tickets", "kiosk", "", "Content-Length: 65537\r\n");
  }
  SUBCASE("a body that is sent") {
    request = house.request("POST", "/api/v1/tickets", "kiosk", std::string(300'000, ' '));
  }
  SUBCASE("chunks without end") {
    request = house.request("POST", "/api/v1/tickets", "kiosk", "", "Transfer-Encoding: chunked\r\n");
    for (int i = 0; i < 70; ++i) {
      request += "400\r\n" + std::string(1024, ' ') + "\r\n";
    }
  }
  SUBCASE("a chunk whose length never ends") {
    request = house.request("POST", "/api/v1/tickets", "kiosk", "", "Transfer-Encoding: chunked\r\n") + "1;" +
              std::string(20'000, 'x');
  }
  SUBCASE("one long field") {
    request = house.request("GET", "/api/v1/hall", "screen", "", "X: " + std::string(17'000, 'x') + "\r\n");
  }
  SUBCASE("many fields") {
    std::string fields;
    for (int i = 0; i < 2000; ++i) {
      fields += "X-" + std::to_string(i) + ": 1\r\n";
    }
    request = house.request("GET", "/api/v1/hall", "screen", "", fields);
  }
  SUBCASE("a long target") {
    request = house.request("GET", "/" + std::string(20'000, 'x'), "screen");
  }
  SUBCASE("a head that never ends") {
    request = "GET / HTTP/1.1\r\nX: " + std::string(40'000, 'x');
  }
  client.send(request);
  const auto reply = client.read();
  CHECK(reply.status == 413);
  CHECK(reply.code() == "too_large");
  CHECK(reply.headers.at("connection") == "close");
  client.end_sending();
  CHECK(client.is_closed());
  CHECK(house.get("/api/v1/hall").status == 200);
  CHECK(house.backend.count("TicketIssued") == 0);
}

TEST_CASE("a body and a head as large as they may be") {
  House house;
  const std::string json = R"({"service":"social"})";
  CHECK(house.post("/api/v1/tickets", "kiosk", json + std::string(65536 - json.size(), ' ')).status == 201);
  CHECK(house.call("GET", "/api/v1/hall", "screen", "", "X: " + std::string(16'000, 'x') + "\r\n").status ==
        200);
}

TEST_CASE("what is no HTTP") {
  House house;
  for (const char* bytes :
       {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "hello\r\n\r\n", "GET / HTTP/3.0\r\n\r\n",
        "GET /\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /api/v1/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET / HTTP/1.1\r\nX y: 1\r\n\r\n"}) {
    Client client(house);
    client.send(bytes);
    const auto reply = client.read();
    CHECK_MESSAGE(reply.status == 400, bytes);
    CHECK(reply.code() == "bad_request");
    client.end_sending();
    CHECK(client.is_closed());
  }
}

TEST_CASE("HEAD is answered like GET, without a body, and what follows is in step") {
  House house;
  Client client(house);
  for (const char* target : {"/healthz", "/", "/api/v1/hall", "/api/v1/nothing", "/api/v1/tickets/1/cancel",
                             "/api/v1/hall?x=1", "/api/v1/journal"}) {
    INFO(target);
    client.send(house.request("HEAD", target, "admin"));
    client.read_until("\r\n\r\n");
    house.settle();
    client.pull();
    const std::string head = std::exchange(client.got(), {});
    CHECK(head.find("\r\n\r\n") == head.size() - 4);
    // The very next byte begins the next answer; the heads differ in nothing.
    client.send(house.request("GET", "/api/v1/hall", "screen"));
    CHECK(client.read().json().at("name").as_string() == "什邡市政务服务中心");
    client.send(house.request("GET", target, "admin"));
    const auto& whole = client.read_until("\r\n\r\n");
    CHECK(whole.substr(0, whole.find("\r\n\r\n") + 4) == head);
    house.settle();
    client.pull();
    client.got().clear();
  }
  client.send(house.request("HEAD", "/api/v1/tickets", "kiosk"));
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 403 "));
  client.got().clear();
  // A stream's head, and no stream.
  client.send(house.request("HEAD", "/api/v1/events", "screen"));
  CHECK(client.read_until("\r\n\r\n").find("text/event-stream") != std::string::npos);
  client.end_sending();
  CHECK(client.is_closed());
  CHECK(client.got().ends_with("\r\n\r\n"));
  CHECK(house.server->counters().streams == 0);
}

TEST_CASE("who is not let in is told so by the head alone, and no body is read") {
  House house;
  const auto half = [&](const char* target, const std::string& who, const std::string& more = "") {
    return house.request("POST", target, who, "", "Content-Length: 60000\r\n" + more) +
           std::string(3000, ' ');
  };
  for (const auto& [request, status] :
       {std::pair{half("/api/v1/tickets", ""), 401},
        {half("/api/v1/tickets", "", "Authorization: Bearer nobody\r\n"), 401},
        {half("/api/v1/tickets", "", "Expect: 100-continue\r\n"), 401},
        {half("/api/v1/tickets", "screen"), 403},
        {half("/api/v1/nothing", ""), 404},
        {half("/api/v1/hall", ""), 405},
        {half("/api/v1/session", ""), 413}}) {
    INFO(request.substr(0, request.find("\r\n\r\n")));
    Client client(house);
    client.send(request);
    const auto reply = client.read();
    CHECK(reply.status == status);
    CHECK(reply.headers.at("connection") == "close");
    client.end_sending();
    CHECK(client.is_closed());
  }
  Client chunks(house);
  chunks.send("POST /api/v1/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n");
  chunks.send(std::string(5000, ' '));
  CHECK(chunks.read().code() == "too_large");
  // Without a body there is nothing to be out of step with.
  Client client(house);
  client.send(house.request("GET", "/api/v1/hall", ""));
  CHECK(client.read().status == 401);
  client.send(house.request("GET", "/api/v1/hall", "screen"));
  CHECK(client.read().status == 200);
}

TEST_CASE("who is removed while the body comes is not let in") {
  House house;
  Client client(house);
  const std::string body = R"({"service":"social"})";
  client.send(house.request("POST", "/api/v1/tickets", "kiosk", "",
                            "Content-Length: " + std::to_string(body.size()) + "\r\n"));
  client.send(body.substr(0, 5));
  house.settle();
  REQUIRE(house.call("DELETE", "/api/v1/users/kiosk").status == 204);
  client.send(body.substr(5));
  CHECK(client.read().status == 401);
  CHECK(house.backend.count("TicketIssued") == 0);
}

TEST_CASE("a request must be whole in time") {
  House house;
  Client slow(house), idle(house), other(house);
  slow.send(house.request("POST", "/api/v1/tickets", "kiosk", "", "Content-Length: 10\r\n") + "{");
  house.settle();
  house.advance(milliseconds(4900));
  slow.send("\"");  // bytes that trickle in buy no time
  house.settle();
  slow.pull();
  CHECK(house.server->counters().late == 0);
  house.advance(milliseconds(200));
  CHECK(slow.is_closed());
  CHECK(slow.got().empty());
  CHECK(house.server->counters().late == 1);
  CHECK(house.get("/api/v1/hall").status == 200);
  // One that has not begun has a minute.
  other.send(house.request("GET", "/api/v1/hall", "screen"));
  CHECK(other.read().status == 200);
  house.advance(seconds(50));
  other.send(house.request("GET", "/api/v1/hall", "screen"));
  CHECK(other.read().status == 200);
  house.advance(seconds(11));
  CHECK(idle.is_closed());
  house.advance(seconds(50));
  CHECK(other.is_closed());
}

TEST_CASE("an answer that is never read is given up") {
  House house;
  for (int i = 0; i < 1000; ++i) {
    house.backend.happen(lobby::hall::IssueTicket{{"social"}, {}, {}, {}});
  }
  Client client(house);
  client.shrink_buffers();
  std::string many;
  for (int i = 0; i < 40; ++i) {
    many += house.request("GET", "/api/v1/tickets?limit=1000", "clerk");
  }
  client.send(many);
  const auto blocked = [&] {
    house.settle();
    return house.server->counters().connections == 1;
  };
  REQUIRE(blocked());
  house.advance(seconds(29));
  house.settle();
  CHECK(house.server->counters().connections == 1);
  house.advance(seconds(40));
  CHECK(house.turn_until([&] { return house.server->counters().connections == 0; }));
}

TEST_CASE("a thousand clients that dawdle, and one that does not") {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
  ::setrlimit(RLIMIT_NOFILE, &files);
  House house;
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 1000; ++i) {
    slow.push_back(std::make_unique<Client>(house));
    slow.back()->send("GET /api/v1/hall HTTP/1.1\r\nX: ");
  }
  REQUIRE(house.turn_until([&] { return house.server->counters().connections == 1000; }));
  house.settle();
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    REQUIRE(house.get("/api/v1/hall", "screen").status == 200);
  }
  // Far more than it takes, far less than one deadline of a dawdler.
  CHECK(std::chrono::steady_clock::now() - began < seconds(2));
  CHECK(house.server->counters().refused == 0);
  house.advance(seconds(6));
  CHECK(house.turn_until([&] { return house.server->counters().connections == 0; }));
  CHECK(house.server->counters().late == 1000);
}

TEST_CASE("at the limit of connections") {
  lobby::api::Options options;
  options.most_connections = 3;
  House house(options);
  const std::string half = "GET /api/v1/hall HTTP/1.1\r\n";
  SUBCASE("the one that is idle longest makes room") {
    Client busy(house), first(house), second(house);
    busy.send(half);
    for (Client* client : {&first, &second}) {
      client->send(house.request("GET", "/api/v1/hall", "screen"));
      CHECK(client->read().status == 200);
      house.advance(seconds(1));
    }
    first.send(house.request("GET", "/api/v1/hall", "screen"));  // now `second` is idle longer
    CHECK(first.read().status == 200);
    CHECK(house.get("/api/v1/hall").status == 200);
    CHECK(second.is_closed());
    CHECK(house.server->counters().evicted == 1);
    busy.send("Authorization: Bearer " + house.token("screen") + "\r\n\r\n");
    CHECK(busy.read().status == 200);
  }
  SUBCASE("when none is idle, the one that has sent half a head for longest") {
    Client a(house), b(house), c(house);
    for (Client* client : {&a, &b, &c}) {
      client->send(half);
      house.settle();
      house.advance(milliseconds(10));
    }
    CHECK(house.get("/healthz", "").status == 200);
    CHECK(a.is_closed());
    CHECK(house.server->counters().refused == 0);
    b.send("Authorization: Bearer " + house.token("screen") + "\r\n\r\n");
    CHECK(b.read().status == 200);
  }
  SUBCASE("who waits for an answer is never closed") {
    house.backend.commit_at_once(false);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 3; ++i) {
      clients.push_back(std::make_unique<Client>(house));
      clients.back()->send(house.request("POST", "/api/v1/tickets", "kiosk", R"({"service":"social"})"));
    }
    REQUIRE(house.turn_until([&] { return house.backend.waiting() == 3; }));
    Client late(house);
    CHECK(late.is_closed());
    CHECK(house.server->counters().refused == 1);
    house.backend.commit();
    for (auto& client : clients) {
      CHECK(client->read().status == 201);
    }
  }
}

TEST_CASE("half a head from a thousand and more locks nobody out") {
  House house;
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 1050; ++i) {
    slow.push_back(std::make_unique<Client>(house));
    slow.back()->send("GET /api/v1/hall HTTP/1.1\r\nX: ");
    house.settle();
  }
  CHECK(house.get("/healthz", "").status == 200);
  CHECK(house.get("/api/v1/hall", "admin").status == 200);
  CHECK(house.server->counters().refused == 0);
  CHECK(house.server->counters().connections <= 1024);
}

TEST_CASE("the streams of one account lock nobody out") {
  House house;
  std::vector<std::unique_ptr<Client>> greedy;
  const auto listen = [&](const char* who) {
    greedy.push_back(std::make_unique<Client>(house));
    greedy.back()->send(house.request("GET", "/api/v1/events", who));
    CHECK(greedy.back()->read_until("\r\n").starts_with("HTTP/1.1 200 "));
  };
  for (int i = 0; i < 300; ++i) {
    listen("screen");
  }
  // The oldest went, the newest are there.
  CHECK(house.server->counters().streams == 256);
  CHECK(greedy.front()->is_closed());
  CHECK(house.server->counters().evicted == 44);
  SUBCASE("nor those of many accounts") {
    for (const char* who : {"kiosk", "clerk", "evaluator", "supervisor"}) {
      for (int i = 0; i < 255; ++i) {
        listen(who);
      }
    }
    CHECK(house.server->counters().streams == 1024 - 16);
    Client other(house);
    other.send(house.request("GET", "/api/v1/events", "clerk-1"));
    CHECK(other.read_until("\r\n").starts_with("HTTP/1.1 200 "));
    CHECK(house.server->counters().streams == 1024 - 16);
  }
  const auto evicted = house.server->counters().evicted;
  for (int i = 0; i < 20; ++i) {
    CHECK(house.get("/healthz", "").status == 200);
    CHECK(house.get("/api/v1/hall", "admin").status == 200);
  }
  CHECK(house.server->counters().evicted == evicted);
  CHECK(house.server->counters().refused == 0);
}

TEST_CASE("a machine has its share and takes nobody else's") {
  lobby::api::Options options;
  options.most_of_this_machine = 3;
  House house(options);
  Client busy(house), idle(house);
  busy.send("GET /api/v1/hall HTTP/1.1\r\n");
  idle.send(house.request("GET", "/api/v1/hall", "screen"));
  CHECK(idle.read().status == 200);
  Client third(house), fourth(house);
  CHECK(idle.is_closed());
  third.send(house.request("GET", "/api/v1/hall", "screen"));
  CHECK(third.read().status == 200);
  CHECK(house.server->counters().connections == 3);
  busy.send("Authorization: Bearer " + house.token("screen") + "\r\n\r\n");
  CHECK(busy.read().status == 200);
}

TEST_CASE("a client that goes while its answer is being made") {
  House house;
  house.backend.commit_at_once(false);
  {
    Client client(house);
    client.send(house.request("POST", "/api/v1/tickets", "kiosk", R"({"service":"social"})"));
    REQUIRE(house.turn_until([&] { return house.backend.waiting() == 1; }));
  }
  house.settle();
  house.backend.commit();
  house.backend.commit_at_once(true);
  CHECK(house.backend.count("TicketIssued") == 1);
  CHECK(house.turn_until([&] { return house.server->counters().connections == 0; }));
}

TEST_CASE("a client that says all and then only listens") {
  House house;
  Client client(house);
  client.send(house.request("GET", "/api/v1/hall", "screen"));
  client.end_sending();
  CHECK(client.read().status == 200);
  CHECK(client.is_closed());
}

TEST_CASE("old clients and polite ones are closed after the answer") {
  House house;
  Client old(house), polite(house);
  old.send("GET / HTTP/1.0\r\n\r\n");
  polite.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  for (Client* client : {&old, &polite}) {
    CHECK(client->read().headers.at("connection") == "close");
    client->end_sending();
    CHECK(client->is_closed());
  }
}

TEST_CASE("the plain pages") {
  House house;
  const auto page = house.get("/", "");
  CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
  CHECK(page.body.find("/api/v1/openapi.yaml") != std::string::npos);
  CHECK(page.body.find("http://") == std::string::npos);  // nothing from elsewhere
  CHECK(page.body.find("https://") == std::string::npos);
  CHECK(page.headers.at("content-security-policy").find("default-src 'none'") != std::string::npos);
  CHECK(house.get("/healthz", "").status == 200);
  CHECK(house.get("/readyz", "").status == 200);
  lobby::hall::DeviceView device;
  device.id = {"p\"1"};
  house.backend.device_views.push_back(device);
  const auto metrics = house.get("/metrics", "").body;
  for (const char* line :
       {"lobby_http_answers_total{status=\"200\"} 3\n", "lobby_fake 1\n", "lobby_journal_writable 1\n",
        "lobby_device_state{id=\"p\\\"1\",kind=\"printer\",state=\"absent\"} 1\n",
        "# TYPE lobby_http_connections gauge\n"}) {
    CHECK_MESSAGE(metrics.find(line) != std::string::npos, line);
  }
}
