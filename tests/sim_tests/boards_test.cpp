// LED boards of a site, by the control API.
#include <doctest/doctest.h>
#include <httplib.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/sim_tests/village.hpp"

using namespace lobby::sim;
using namespace std::string_literals;

namespace {

std::string at_loopback(const char* scheme) {
  return std::string(scheme) + ":127.0.0.1:" + std::to_string(free_port());
}

std::string board(const std::string& id, const std::string& protocol, const std::string& at,
                  const std::string& more = "") {
  return "[[board]]\nid = \"" + id + "\"\nprotocol = \"" + protocol + "\"\nlink = \"" + at + "\"\n" + more;
}

struct Boards {
  WallClock clock{*parse_rfc3339("2026-03-16T09:00:00+08:00")};
  std::unique_ptr<SimulatedLobby> lobby;
  std::unique_ptr<httplib::Client> http;

  explicit Boards(const std::string& toml) {
    lobby =
        std::make_unique<SimulatedLobby>(parse_site(toml, "boards.toml"), clock, SimulatedLobby::Options());
    REQUIRE(lobby->start("127.0.0.1", 0) == "");
    http = std::make_unique<httplib::Client>(lobby->control_url());
    http->set_tcp_nodelay(true);
  }
  boost::json::value get(const std::string& path) const {
    const auto answer = http->Get(path);
    REQUIRE(answer);
    return boost::json::parse(answer->body);
  }
  int post(const std::string& path, const std::string& body) const {
    const auto answer = http->Post(path, body, "application/json");
    REQUIRE(answer);
    return answer->status;
  }
};

/// Width and height out of a PNG's head.
std::pair<int, int> size_of(const std::string& png) {
  REQUIRE(png.size() > 24);
  const auto number = [&](std::size_t at) {
    return static_cast<unsigned char>(png[at + 2]) << 8 | static_cast<unsigned char>(png[at + 3]);
  };
  return {number(16), number(20)};
}

}  // namespace

TEST_CASE("every kind of board of a site stands at its wire") {
  const Boards boards(
      board("k", "onbon-k", at_loopback("tcp")) + board("e5", "onbon_5e", at_loopback("tcp")) +
      board("e6", "onbon_graphic", at_loopback("tcp"), "colour = \"red\"\n") +
      board("d", "ddp", at_loopback("udp"), "width = 64\nheight = 16\n") +
      board("s", "e131", at_loopback("udp")) + board("h", "huidu", at_loopback("tcp")) +
      board("g", "gbt23828", at_loopback("tcp")) + board("c", "colorlight", "ether:no-such-port") +
      "[[board]]\nid = \"later\"\nprotocol = \"onbon_k\"\n");
  std::string seen;
  const auto all = boards.get("/sim");
  for (const boost::json::value& one : all.get_array()) {
    seen += std::string(one.at("id").get_string()) + (one.at("simulated").get_bool() ? " " : "- ");
  }
  CHECK(seen == "k e5 e6 d s h g c later- ");
  CHECK(boards.get("/sim/e6").at("protocol") == "onbon_6e");
  CHECK(boards.get("/sim/e6").at("colour") == "red");
  CHECK(boards.get("/sim/d").at("colour") == "full");
  CHECK(boards.get("/sim/c").at("plug_fault") != "");
  CHECK(boards.get("/sim/k").at("lit_dots") != 0);
  CHECK(boards.get("/sim/d").at("lit_dots") == 0);
  const auto raw = boards.http->Get("/sim/d/screen.png?scale=1");
  CHECK(raw->get_header_value("Content-Type") == "image/png");
  CHECK(size_of(raw->body) == std::pair(64, 16));
  CHECK(size_of(boards.http->Get("/sim/d/screen.png?scale=4")->body).first == 64 * 4 + 20);
  CHECK(boards.http->Get("/sim/d/screen.png?scale=17")->status == 400);
}

TEST_CASE("boards have the faults that their wires can have") {
  const Boards boards(board("k", "onbon_k", at_loopback("tcp")) + board("d", "ddp", at_loopback("udp")));
  CHECK(boards.post("/sim/k/fault", R"({"kind": "nack", "code": 5})") == 200);
  CHECK(boards.get("/sim/k").at("faults") == boost::json::array{"nack"});
  CHECK(boards.post("/sim/k/fault", R"({"kind": "nack", "code": 0})") == 400);
  CHECK(boards.post("/sim/k/fault", R"({"kind": "cut", "bytes": 100})") == 200);
  CHECK(boards.post("/sim/d/fault", R"({"kind": "nack"})") == 400);
  CHECK(boards.post("/sim/k/fault", R"({"kind": "paper_out"})") == 400);
  CHECK(boards.post("/sim/k/fault", R"({"kind": "power_cycle"})") == 200);
  CHECK(boards.get("/sim/k").at("state") == "booting");
  CHECK(boards.get("/sim/k").at("lit_dots") == 0);
  CHECK(boards.http->Delete("/sim/k/fault")->status == 200);
  CHECK(boards.get("/sim/k").at("faults") == boost::json::array());
}

TEST_CASE("a board on a wire that cannot carry its protocol is no site to stand for") {
  CHECK_THROWS_AS(parse_site(board("d", "ddp", "tcp:127.0.0.1:4048"), "a.toml"), SiteError);
  CHECK_THROWS_AS(parse_site(board("h", "huidu", "serial:/tmp/x"), "a.toml"), SiteError);
  CHECK_THROWS_AS(parse_site(board("k", "onbon_k", "tcp:192.168.1.60:5005"), "a.toml"), SiteError);
  CHECK_THROWS_AS(parse_site(board("k", "onbon_k", "tcp:127.0.0.1:1", "width = 0\n"), "a.toml"), SiteError);
  // One that is not known is only listed.
  CHECK(parse_site(board("x", "alpha", "tcp:192.168.1.60:1"), "a.toml").others.size() == 1);
}
