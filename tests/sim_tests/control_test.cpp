#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>

#include <netinet/in.h>

#include "tests/sim_tests/village.hpp"

using namespace lobby::sim;
using namespace std::string_literals;
namespace fs = std::filesystem;

namespace {

// "Who are you?" to unit 1; the checksum was worked out apart.
const std::string identity_request = "\x01\x04\x00\x00\x00\x04\xF1\xC9"s;

}  // namespace

TEST_CASE("every device of the site is listed, with what is not simulated marked") {
  Village village;
  const boost::json::value all = village.get("/sim");
  REQUIRE(all.is_array());
  std::string ids;
  for (const boost::json::value& one : all.get_array()) {
    ids += std::string(one.at("id").get_string()) + (one.at("simulated").get_bool() ? " " : "- ");
  }
  CHECK(ids == "p1 p2 line-1 u1 u2 b1 approvals board-a- ");
  CHECK(village.get("/sim/p1").at("columns") == 32);
  CHECK(village.get("/sim/p2").at("columns") == 48);
}

TEST_CASE("a ticket on the serial printer comes out as text, bytes and a picture") {
  Village village;
  const int wire = village.open("p1");
  REQUIRE(wire >= 0);
  const std::string job = "\x1B@\x1C&\xC4\xE3\xBA\xC3\nA017\n\x1DV\x42\x00\x1Dr\x01"s;
  write_all(wire, job);
  CHECK(read_some(wire, 1, 5000) == "\0"s);
  const boost::json::value printer = village.get("/sim/p1");
  CHECK(printer.at("sheet_count") == 1);
  CHECK(printer.at("state") == "idle");
  CHECK(printer.at("sheets").at(0).at("lines") == boost::json::array{"你好", "A017"});
  CHECK(village.http->Get("/sim/p1/bytes")->body == job);
  const auto picture = village.http->Get("/sim/p1/paper.png?sheet=1");
  CHECK(picture->get_header_value("Content-Type") == "image/png");
  CHECK(picture->body.starts_with("\x89PNG\r\n"));
  CHECK(village.http->Get("/sim/p1/paper.png?sheet=2")->status == 404);
  ::close(wire);
}

TEST_CASE("a network printer answers on its port and its cable can be pulled") {
  Village village;
  const auto dial = [&] {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(village.printer_port));
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      ::close(fd);
      return -1;
    }
    return fd;
  };
  const int host = dial();
  REQUIRE(host >= 0);
  write_all(host, "\x10\x04\x04"s);
  CHECK(read_some(host, 1, 5000) == "\x12"s);
  village.post("/sim/p2/fault", R"({"kind":"paper_low"})");
  write_all(host, "\x10\x04\x04"s);
  CHECK(read_some(host, 1, 5000) == "\x1E"s);
  village.post("/sim/p2/fault", R"({"kind":"gone"})");
  pollfd hung{host, POLLIN, 0};
  REQUIRE(::poll(&hung, 1, 5000) == 1);
  char byte = 0;
  CHECK(::recv(host, &byte, 1, 0) <= 0);
  ::close(host);
  // The port goes after what was plugged into it.
  int still = dial();
  for (int attempt = 0; attempt < 100'000 && still >= 0; ++attempt) {
    ::close(still);
    still = dial();
  }
  CHECK(still == -1);
  village.mend("p2");
  int again = -1;
  for (int attempt = 0; attempt < 100'000 && again < 0; ++attempt) {
    again = dial();
  }
  REQUIRE(again >= 0);
  ::close(again);
}

TEST_CASE("a unit answers on its line; a bad checksum, silence and a pulled adapter are as ordered") {
  Village village;
  int wire = village.open("line-1");
  REQUIRE(wire >= 0);
  const auto ask = [&](int ms) {
    write_all(wire, identity_request);
    return read_some(wire, 13, ms);
  };
  const std::string good = ask(5000);
  REQUIRE(good.size() == 13);
  CHECK(good.substr(0, 11) == "\x01\x04\x08\x4C\x57\x00\x01\x00\x01\x01\x00"s);
  village.post("/sim/u1/fault", R"({"kind":"corrupt"})");
  const std::string bad = ask(5000);
  REQUIRE(bad.size() == 13);
  CHECK(bad.substr(0, 11) == good.substr(0, 11));
  CHECK(bad != good);
  village.mend("u1");
  village.post("/sim/u1/fault", R"({"kind":"silent"})");
  CHECK(ask(60).empty());
  village.mend("u1");
  CHECK(ask(5000) == good);
  village.post("/sim/line-1/fault", R"({"kind":"gone"})");
  pollfd hung{wire, POLLIN, 0};
  REQUIRE(::poll(&hung, 1, 5000) == 1);
  CHECK((hung.revents & POLLHUP) != 0);
  ::close(wire);
  CHECK_FALSE(fs::is_symlink(village.folder / "run/line-1"));
  village.mend("line-1");
  for (int attempt = 0; attempt < 1'000'000 && !fs::exists(village.folder / "run/line-1"); ++attempt) {
  }
  wire = village.open("line-1");
  REQUIRE(wire >= 0);
  CHECK(ask(5000) == good);
  ::close(wire);
}

TEST_CASE("keys count, a reset unit counts from the start, and the sign has a picture") {
  Village village;
  CHECK(village.post("/sim/u1/key", R"({"key":"call"})").at("key_count") == 1);
  CHECK(village.post("/sim/u1/key", R"({"key":"7"})").at("key_count") == 2);
  village.post("/sim/u1/key", R"({"key":"dance"})", 400);
  village.post("/sim/p1/key", R"({"key":"call"})", 400);
  const auto boot = village.get("/sim/u1").at("boot_id");
  const auto after = village.post("/sim/u1/fault", R"({"kind":"power_cycle"})");
  CHECK(after.at("key_count") == 0);
  CHECK(after.at("boot_id") != boot);
  CHECK(after.at("faults").get_array().empty());
  CHECK(village.http->Get("/sim/u1/screen.png")->body.starts_with("\x89PNG\r\n"));
}

TEST_CASE("what the control API does not understand it says, and goes on") {
  Village village;
  CHECK(village.get("/sim/nobody", 404).at("detail") == "The site has no device nobody.");
  village.get("/sim/board-a", 404);
  village.get("/elsewhere", 404);
  village.post("/sim/u1/fault", R"({"kind":"paper_out"})", 400);
  village.post("/sim/u1/fault", R"({"kind":"tired"})", 400);
  village.post("/sim/u1/fault", R"({"kind":)", 400);
  village.post("/sim/u1/fault", "[]", 400);
  village.post("/sim/u1/fault", R"({"kind":"slow","ms":-1})", 400);
  village.post("/sim/people", R"({"speed":"fast"})", 400);
  village.post("/sim/people", R"({"speed":10,"server":""})", 400);
  village.post("/sim/u1/fault", std::string(70'000, ' '), 413);
  CHECK(village.get("/sim/u1").at("faults").get_array().empty());
}

TEST_CASE("the approval system can go, ask for a login, be silent about its token, and come back") {
  Village village;
  httplib::Client upstream("127.0.0.1", village.feed_port);
  upstream.set_tcp_nodelay(true);
  const auto pull = [&] {
    return upstream.Post("/list", R"({"token":"secret","params":{}})", "application/json");
  };
  CHECK(pull()->body.find("\"code\":\"1\"") != std::string::npos);
  std::ofstream(village.folder / "token") << "other\n";
  const auto refused = pull();
  CHECK(refused->status == 200);
  CHECK(refused->body.find("身份验证失败") != std::string::npos);
  std::ofstream(village.folder / "token") << "secret\n";
  CHECK(pull()->body.find("身份验证失败") == std::string::npos);
  village.post("/sim/approvals/fault", R"({"kind":"garbage"})");
  CHECK(pull()->body.starts_with("<!DOCTYPE html>"));
  village.mend("approvals");
  village.post("/sim/approvals/fault", R"({"kind":"gone"})");
  CHECK_FALSE(pull());
  village.mend("approvals");
  CHECK(pull()->status == 200);
  CHECK(village.get("/sim/approvals").at("requests").at("/list").as_int64() == 5);
  village.post("/sim/approvals/case", R"({"case_no":"SF-1","status":"finished","applicant_name":"欧阳三"})");
  CHECK(village.get("/sim/approvals").at("cases") == 49);
  village.post("/sim/approvals/case", R"({"status":"finished"})", 400);
}

TEST_CASE("the approval system is filled, scaled and asked what it told by the control API") {
  Village village;
  httplib::Client upstream("127.0.0.1", village.feed_port);
  village.post("/sim/approvals/scale", R"({"cases":5000})");
  CHECK(village.get("/sim/approvals").at("cases") == 5000);
  village.post("/sim/approvals/scale", R"({"cases":-1})", 400);
  village.post("/sim/approvals/scale", R"({"cases":5000000})", 400);
  CHECK(village.http->Get("/sim/approvals/names")->body.empty());
  village.post("/sim/approvals/case", R"({"case_no":"SF-1","applicant_name":"诸葛二"})");
  upstream.Post("/list", R"({"token":"","params":{"currentpage":"0","pagesize":"50"}})", "application/json");
  CHECK(village.http->Get("/sim/approvals/names")->body.find("诸葛二\n") != std::string::npos);
  village.post("/sim/approvals/bid", R"({"project_no":"T-1","project_name":"某项目"})");
  CHECK(upstream.Get("/list/bids")->body.find("T-1") != std::string::npos);
  village.post("/sim/approvals/notice", R"({"project_no":"T-1","notice_type":"failed"})");
  village.post("/sim/approvals/notice", R"({"title":"of nothing"})", 400);
  village.post("/sim/approvals/day", R"({"date":"2026-13-01","off":true})", 400);
  village.post("/sim/p1/case", R"({"case_no":"SF-1"})", 400);
  village.post("/sim/nobody/case", R"({"case_no":"SF-1"})", 404);
  CHECK(village.http->Get("/sim/p1/names")->status == 404);
  village.post("/sim/approvals/fault", R"({"kind":"drip","ms":"soon"})", 400);
  village.post("/sim/p1/fault", R"({"kind":"endless"})", 400);
}

TEST_CASE("two feeds are two systems, each with an address and case numbers of its own") {
  const Site site = parse_site(
      "feed = [{id = \"a\", mapping = \"native\", url = \"http://127.0.0.1:18081/api/?x=1\"},\n"
      "  {id = \"b\", mapping = \"mappings/trs.toml\", url = \"http://127.0.0.1:18082\"}]\n",
      "s");
  REQUIRE(site.feeds.size() == 2);
  CHECK(site.feeds[0].mapping == "native");
  CHECK(site.feeds[0].path == "/api");
  CHECK(site.feeds[1].mapping == "trs");
  CHECK(site.feeds[1].path.empty());
  CHECK(site.feeds[0].series != site.feeds[1].series);
  CHECK_THROWS_AS(parse_site("feed = [{id = \"a\", url = \"http://127.0.0.1:18081/a\"},\n"
                             "  {id = \"b\", url = \"http://127.0.0.1:18081/b\"}]\n",
                             "s"),
                  SiteError);
}

TEST_CASE("a file at a wire's place is not replaced, a link of ours is gone at the end") {
  fs::path folder;
  {
    Village village;
    folder = village.folder;
    CHECK(fs::is_symlink(folder / "run/p1"));
    std::ofstream(folder / "precious") << "x";
    std::string why;
    CHECK(Pty::open((folder / "precious").string(), why) == nullptr);
    CHECK(why.find("is no symbolic link") != std::string::npos);
    CHECK(fs::is_regular_file(folder / "precious"));
    village.lobby.reset();
    CHECK_FALSE(fs::exists(fs::symlink_status(folder / "run/p1")));
    CHECK_FALSE(fs::exists(fs::symlink_status(folder / "run/line-1")));
  }
}

TEST_CASE("the simulator stands at loopback addresses only") {
  CHECK_THROWS_WITH_AS(
      parse_site(R"(printer = [{id = "p", link = "tcp:192.0.2.1:9100"}])", "s"),
      "printer p: 192.0.2.1 is not this machine; the simulator stands only at loopback addresses, "
      "use 127.0.0.1.",
      SiteError);
  CHECK_THROWS_AS(parse_site(R"(feed = [{id = "f", url = "http://example.org:80/x"}])", "s"), SiteError);
  CHECK_THROWS_AS(parse_site("a = = 1", "s"), SiteError);
  Control control({}, {}, {});
  CHECK_FALSE(control.start("0.0.0.0", 0).empty());
}
